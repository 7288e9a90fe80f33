#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "ascii.hpp"
#include "http_engine.hpp"

namespace editprep::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How soon a raised cancel flag is seen.
constexpr milliseconds kGlance{100};
constexpr milliseconds kProgressInterval{200};
constexpr long kUploadBufferBytes = 256 << 10;
constexpr long kReceiveBufferBytes = 128 << 10;
constexpr long kKeptConnections = 8;
constexpr std::uint64_t kMaxHeadBytes = 64 << 10;

struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Multi = std::unique_ptr<CURLM, FreeMulti>;
using Easy = std::unique_ptr<CURL, FreeEasy>;
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) {
        throw std::bad_alloc();
    }
    static_cast<void>(list.release());
    list.reset(longer);
}

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
    if (curl_easy_setopt(easy, option, value) == CURLE_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
}

template <typename Value>
Value info(CURL* easy, CURLINFO what) {
    Value value{};
    curl_easy_getinfo(easy, what, &value);
    return value;
}

ExchangeFailure failure_from(CURLcode code, bool started, bool has_proxy) {
    switch (code) {
        case CURLE_OK:
            return ExchangeFailure::none;
        case CURLE_COULDNT_RESOLVE_HOST:
            return ExchangeFailure::host_not_found;
        case CURLE_COULDNT_RESOLVE_PROXY:
            return ExchangeFailure::proxy_not_found;
        case CURLE_PEER_FAILED_VERIFICATION:
            return ExchangeFailure::certificate;
        case CURLE_SSL_CACERT_BADFILE:
            return ExchangeFailure::ca_bundle;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ENGINE_INITFAILED:
            return ExchangeFailure::tls;
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_HTTP2:
        case CURLE_BAD_CONTENT_ENCODING:
            return ExchangeFailure::malformed;
        default:
            break;
    }
    if (started) {
        return ExchangeFailure::broken;
    }
    const bool answered = code != CURLE_COULDNT_CONNECT;
    return has_proxy && answered ? ExchangeFailure::proxy_refused : ExchangeFailure::no_connection;
}

/// One exchange: the callbacks that libcurl calls, and the clocks that watch it.
class Transfer {
public:
    Transfer(CURLM* multi, CURL* easy, const Exchange& exchange, ExchangePartner& partner)
        : multi_(multi), easy_(easy), exchange_(exchange), partner_(partner) {
        configure_connection();
        configure_request();
        configure_callbacks();
    }

    ExchangeResult run() noexcept {
        if (is_cancelled()) {
            return {ExchangeFailure::cancelled, false, {}};
        }
        try {
            return carry_out();
        } catch (const std::bad_alloc&) {
            return {ExchangeFailure::out_of_memory, request_sent(), {}};
        }
    }

private:
    ExchangeResult carry_out() {
        const Attachment attachment(multi_, easy_);
        last_activity_ = last_progress_ = steady_clock::now();
        while (true) {
            int running = 0;
            curl_multi_perform(multi_, &running);
            if (running == 0) {
                return result_of(code_of_finished());
            }
            if (const ExchangeFailure failure = watch(); failure != ExchangeFailure::none) {
                return {failure, request_sent(), {}};
            }
            curl_multi_poll(multi_, nullptr, 0, static_cast<int>(next_look().count()), nullptr);
        }
    }

    /// Taking an unfinished transfer out closes its connection.
    class Attachment {
    public:
        Attachment(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) {
            curl_multi_add_handle(multi, easy);
        }
        ~Attachment() { curl_multi_remove_handle(multi_, easy_); }
        Attachment(const Attachment&) = delete;
        Attachment& operator=(const Attachment&) = delete;

    private:
        CURLM* multi_;
        CURL* easy_;
    };

    void configure_connection() {
        set(easy_, CURLOPT_NOSIGNAL, 1L);
        // Otherwise giving up waits for the thread that asks the name server.
        set(easy_, CURLOPT_QUICK_EXIT, 1L);
        set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
        set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
        set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(easy_, CURLOPT_FRESH_CONNECT, exchange_.fresh_connection ? 1L : 0L);
        // The clocks of watch() are finer than libcurl's; its own must not come first.
        set(easy_, CURLOPT_CONNECTTIMEOUT_MS, std::numeric_limits<long>::max() / 4'000);
        set(easy_, CURLOPT_PROXY, exchange_.proxy.c_str());
        set(easy_, CURLOPT_NOPROXY, "");
        set(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        if (!exchange_.ca_bundle.empty()) {
            set(easy_, CURLOPT_CAINFO, exchange_.ca_bundle.c_str());
            set(easy_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        }
        if (!exchange_.connect_to.empty()) {
            append(connect_to_, "::" + exchange_.connect_to);
            set(easy_, CURLOPT_CONNECT_TO, connect_to_.get());
        }
        set(easy_, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBufferBytes);
        set(easy_, CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
    }

    void configure_request() {
        set(easy_, CURLOPT_URL, exchange_.url.c_str());
        set(easy_, CURLOPT_PATH_AS_IS, 1L);
        // A server that ignores an expectation costs a second.
        append(headers_, "Expect:");
        for (const Header& header : exchange_.headers) {
            append(headers_,
                   header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
        }
        set(easy_, CURLOPT_HTTPHEADER, headers_.get());
        const std::string& method = exchange_.method;
        const bool announces_length = method == "POST" || method == "PUT" || method == "PATCH";
        if (exchange_.body_bytes || announces_length) {
            body_bytes_ = exchange_.body_bytes.value_or(0);
            set(easy_, CURLOPT_UPLOAD, 1L);
            set(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_bytes_));
        }
        if (method == "HEAD") {
            set(easy_, CURLOPT_NOBODY, 1L);
        } else {
            set(easy_, CURLOPT_CUSTOMREQUEST, method.c_str());
        }
    }

    void configure_callbacks() {
        set(easy_, CURLOPT_ERRORBUFFER, reason_.data());
        set(easy_, CURLOPT_PREREQFUNCTION, &Transfer::on_start);
        set(easy_, CURLOPT_PREREQDATA, this);
        set(easy_, CURLOPT_READFUNCTION, &Transfer::on_read);
        set(easy_, CURLOPT_READDATA, this);
        set(easy_, CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
        set(easy_, CURLOPT_SEEKDATA, this);
        set(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
        set(easy_, CURLOPT_HEADERDATA, this);
        set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_write);
        set(easy_, CURLOPT_WRITEDATA, this);
    }

    /// Whether the exchange does, now that the partner said whether it wants that: one no is
    /// enough.
    bool goes_on(bool wanted) {
        stopped_ = stopped_ || !wanted;
        return !stopped_;
    }

    static Transfer& self(void* data) { return *static_cast<Transfer*>(data); }

    static int on_start(void* data, char*, char*, int, int) {
        Transfer& transfer = self(data);
        if (!transfer.started_) {
            transfer.started_ = true;
            // What a proxy was told to open the way is no part of the request.
            transfer.bytes_before_start_ = info<long>(transfer.easy_, CURLINFO_REQUEST_SIZE);
            transfer.last_activity_ = steady_clock::now();
        }
        return CURL_PREREQFUNC_OK;
    }

    static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* data) {
        return self(data).read_body({buffer, size * count});
    }

    static int on_seek(void* data, curl_off_t offset, int origin) {
        return self(data).rewind_body(offset, origin);
    }

    /// No exception may pass through libcurl.
    static std::size_t on_header(char* line, std::size_t size, std::size_t count,
                                 void* data) noexcept {
        Transfer& transfer = self(data);
        const std::string_view text(line, size * count);
        try {
            return transfer.take_header_line(text) ? text.size() : 0;
        } catch (const std::bad_alloc&) {
            transfer.out_of_memory_ = true;
            return 0;
        }
    }

    static std::size_t on_write(char* piece, std::size_t size, std::size_t count, void* data) {
        Transfer& transfer = self(data);
        const std::span<const char> bytes(piece, size * count);
        return transfer.goes_on(transfer.partner_.take_body(std::as_bytes(bytes))) ? bytes.size()
                                                                                   : 0;
    }

    std::size_t read_body(std::span<char> buffer) {
        const std::uint64_t left = body_bytes_ - body_position_;
        if (left == 0) {
            return 0;
        }
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left));
        const std::size_t count = partner_.read_body(std::as_writable_bytes(buffer.first(wanted)));
        body_position_ += count;
        return count != 0 ? count : CURL_READFUNC_ABORT;
    }

    int rewind_body(curl_off_t offset, int origin) {
        if (offset != 0 || origin != SEEK_SET || !exchange_.body_bytes) {
            return CURL_SEEKFUNC_FAIL;
        }
        body_position_ = 0;
        return goes_on(partner_.rewind_body()) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
    }

    bool take_header_line(std::string_view line) {
        head_bytes_ += line.size();
        if (head_bytes_ > kMaxHeadBytes) {
            head_too_large_ = true;
            return false;
        }
        // Behind the body of a chunked response there may be trailers.
        return head_complete_ || take_head_line(line.substr(0, line.find_last_not_of("\r\n") + 1));
    }

    bool take_head_line(std::string_view line) {
        if (line.starts_with("HTTP/")) {
            head_.clear();
            const std::string_view code =
                line.substr(std::min(line.find(' '), line.size() - 1) + 1);
            status_ = 0;
            std::from_chars(code.data(), code.data() + code.size(), status_);
            return true;
        }
        if (line.empty()) {
            // 100 Continue and its kind announce the response proper.
            head_complete_ = status_ >= 200;
            return !head_complete_ || goes_on(partner_.take_head(status_, head_));
        }
        const std::size_t colon = line.find(':');
        if ((line.front() == ' ' || line.front() == '\t') && !head_.empty()) {
            head_.back().value.append(" ").append(trimmed(line));
        } else if (colon != std::string_view::npos) {
            head_.push_back({std::string(trimmed(line.substr(0, colon))),
                             std::string(trimmed(line.substr(colon + 1)))});
        }
        return true;
    }

    [[nodiscard]] bool request_sent() const {
        return started_ && (info<long>(easy_, CURLINFO_REQUEST_SIZE) > bytes_before_start_ ||
                            info<curl_off_t>(easy_, CURLINFO_SIZE_UPLOAD_T) > 0);
    }

    [[nodiscard]] CURLcode code_of_finished() const {
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(multi_, &left);
        return message != nullptr && message->msg == CURLMSG_DONE ? message->data.result
                                                                  : CURLE_FAILED_INIT;
    }

    [[nodiscard]] ExchangeResult result_of(CURLcode code) {
        show_progress();
        if (out_of_memory_) {
            return {ExchangeFailure::out_of_memory, true, {}};
        }
        if (head_too_large_ || stopped_) {
            return {head_too_large_ ? ExchangeFailure::head_too_large : ExchangeFailure::stopped,
                    true,
                    {}};
        }
        ExchangeResult result{
            failure_from(code, started_, !exchange_.proxy.empty()), request_sent(), {}};
        const std::string reason = reason_of(code);
        reason.copy(result.reason.data(), result.reason.size() - 1);
        return result;
    }

    [[nodiscard]] std::string reason_of(CURLcode code) const {
        const long os_error = info<long>(easy_, CURLINFO_OS_ERRNO);
        if (code == CURLE_COULDNT_CONNECT && os_error != 0) {
            return std::generic_category().message(static_cast<int>(os_error));
        }
        return reason_.front() != '\0' ? reason_.data() : curl_easy_strerror(code);
    }

    [[nodiscard]] bool is_cancelled() const {
        return exchange_.cancel != nullptr && exchange_.cancel->load(std::memory_order_relaxed);
    }

    /// Tells the partner so for the first time.
    [[nodiscard]] bool defers_cancel() {
        if (!exchange_.finish_once_started || !started_) {
            return false;
        }
        if (!std::exchange(cancel_deferred_, true)) {
            goes_on(partner_.note_deferred_cancel());
        }
        return true;
    }

    [[nodiscard]] ExchangeFailure watch() {
        if (is_cancelled() && !defers_cancel()) {
            return ExchangeFailure::cancelled;
        }
        const steady_clock::time_point now = steady_clock::now();
        note_activity(now);
        if (now - last_progress_ >= kProgressInterval) {
            last_progress_ = now;
            show_progress();
        }
        if (stopped_) {
            return ExchangeFailure::stopped;
        }
        if (exchange_.deadline && now >= *exchange_.deadline) {
            return ExchangeFailure::too_slow;
        }
        const milliseconds bound = silence_bound();
        if (bound > milliseconds::zero() && now - last_activity_ >= bound) {
            return started_ ? ExchangeFailure::stalled : ExchangeFailure::connect_timeout;
        }
        return ExchangeFailure::none;
    }

    /// Until the request starts, last_activity_ is when the exchange began.
    [[nodiscard]] milliseconds silence_bound() const {
        return started_ ? exchange_.stall : exchange_.connect;
    }

    void note_activity(steady_clock::time_point now) {
        const curl_off_t moved = info<long>(easy_, CURLINFO_REQUEST_SIZE) +
                                 info<long>(easy_, CURLINFO_HEADER_SIZE) +
                                 info<curl_off_t>(easy_, CURLINFO_SIZE_UPLOAD_T) +
                                 info<curl_off_t>(easy_, CURLINFO_SIZE_DOWNLOAD_T);
        if (started_ && moved != moved_bytes_) {
            moved_bytes_ = moved;
            last_activity_ = now;
        }
    }

    [[nodiscard]] milliseconds next_look() const {
        using std::chrono::ceil;
        const steady_clock::time_point now = steady_clock::now();
        milliseconds wait = kGlance;
        if (exchange_.deadline) {
            wait = std::min(wait, ceil<milliseconds>(*exchange_.deadline - now));
        }
        if (const milliseconds bound = silence_bound(); bound > milliseconds::zero()) {
            wait = std::min(wait, ceil<milliseconds>(last_activity_ + bound - now));
        }
        return std::max(wait, milliseconds::zero());
    }

    void show_progress() {
        goes_on(partner_.show_progress(
            {static_cast<std::uint64_t>(info<curl_off_t>(easy_, CURLINFO_SIZE_UPLOAD_T)),
             static_cast<std::uint64_t>(info<curl_off_t>(easy_, CURLINFO_SIZE_DOWNLOAD_T)),
             std::nullopt}));
    }

    CURLM* multi_;
    CURL* easy_;
    const Exchange& exchange_;
    ExchangePartner& partner_;
    List headers_;
    List connect_to_;
    std::array<char, CURL_ERROR_SIZE> reason_{};

    std::uint64_t body_bytes_ = 0;
    std::uint64_t body_position_ = 0;
    std::vector<Header> head_;
    std::uint64_t head_bytes_ = 0;
    int status_ = 0;
    bool head_complete_ = false;
    bool head_too_large_ = false;
    bool stopped_ = false;
    bool out_of_memory_ = false;

    bool started_ = false;
    bool cancel_deferred_ = false;
    long bytes_before_start_ = 0;
    curl_off_t moved_bytes_ = 0;
    steady_clock::time_point last_activity_;
    steady_clock::time_point last_progress_;
};

class CurlEngine final : public HttpEngine {
public:
    CurlEngine() : multi_(curl_multi_init()), easy_(curl_easy_init()) {
        if (!multi_ || !easy_) {
            throw std::bad_alloc();
        }
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kKeptConnections);
    }

    [[nodiscard]] ExchangeResult exchange(const Exchange& exchange,
                                          ExchangePartner& partner) noexcept override {
        curl_easy_reset(easy_.get());
        try {
            // Only what comes before its run() throws.
            return Transfer(multi_.get(), easy_.get(), exchange, partner).run();
        } catch (const std::bad_alloc&) {
            return {ExchangeFailure::out_of_memory, false, {}};
        }
    }

private:
    // In this order: the transfers go before what keeps their connections.
    Multi multi_;
    Easy easy_;
};

}  // namespace

extern "C" __attribute__((visibility("default"))) HttpEngine* editprep_new_http_engine() noexcept {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    try {
        return ready ? new CurlEngine() : nullptr;
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

}  // namespace editprep::transport
