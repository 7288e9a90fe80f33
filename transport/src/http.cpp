#include "editprep/transport/http.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <new>
#include <set>
#include <utility>

#include "address_guard.hpp"
#include "ascii.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"
#include "http_engine.hpp"
#include "module_loader.hpp"

namespace editprep::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Of a response that reports an error, as much as a message may need; the rest is not read.
constexpr std::uint64_t kMaxErrorBytes = 1 << 20;
/// The text that comes with a redirect; beyond this its connection is given up.
constexpr std::uint64_t kMaxRedirectBytes = 64 << 10;
/// For a name server, when a proxy will look the name up in any case.
constexpr milliseconds kLookUpBesideProxy{3'000};

std::string as_seconds(milliseconds time) {
    const auto tenths = (time.count() + 50) / 100;
    const std::string whole = std::to_string(tenths / 10);
    return (tenths % 10 == 0 ? whole : whole + "." + std::to_string(tenths % 10)) + " s";
}

std::optional<std::string> find_header(const std::vector<Header>& headers, std::string_view name) {
    const auto found = std::ranges::find_if(
        headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); });
    return found != headers.end() ? std::optional(found->value) : std::nullopt;
}

std::optional<std::uint64_t> announced_bytes(const std::vector<Header>& headers) {
    const std::optional<std::string> text = find_header(headers, "Content-Length");
    std::uint64_t bytes = 0;
    if (!text ||
        std::from_chars(text->data(), text->data() + text->size(), bytes).ec != std::errc{}) {
        return std::nullopt;
    }
    return bytes;
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

[[noreturn]] void refuse_argument(const std::string& message, const std::string& subject) {
    throw Error(Errc::invalid_argument, message, subject);
}

/// Nothing that could end a header and begin another.
void check_header(const std::string& name, const std::string& value) {
    constexpr auto kOwn =
        std::to_array<std::string_view>({"Host", "Content-Length", "Transfer-Encoding"});
    if (!is_token(name)) {
        refuse_argument(
            "not the name of an HTTP header: " + name.substr(0, name.find_first_of("\r\n")),
            "header");
    }
    if (std::ranges::any_of(value, [](char c) { return is_control(c) && c != '\t'; })) {
        refuse_argument(
            "the value of the header " + name + " holds a line end or control character", name);
    }
    if (std::ranges::any_of(kOwn, [&](auto own) { return equal_ignoring_case(own, name); })) {
        refuse_argument("the header " + name + " is made by the client itself", name);
    }
}

/// What may follow a redirect to a server that the caller did not choose.
bool is_harmless_header(const std::string& name) {
    const std::string lower = lower_case(name);
    return lower.starts_with("accept") || lower.starts_with("if-") || lower == "range" ||
           lower == "user-agent";
}

bool is_about_body(const std::string& name) { return lower_case(name).starts_with("content-"); }

/// As it may stand in a request line (RFC 3986 knows ASCII only).
std::string for_wire(const Url& url) {
    std::string text;
    for (const char c : url.text()) {
        text += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c)
                                                     : percent_encode(std::string_view(&c, 1));
    }
    return text;
}

/// Servers write blanks into Location although they may not.
std::string without_blanks(std::string_view location) {
    std::string text;
    for (const char c : trimmed(location)) {
        text += c == ' ' ? "%20" : std::string(1, c);
    }
    return text;
}

std::string reason_of(const ExchangeResult& result) { return result.reason.data(); }

std::unique_ptr<HttpEngine> new_engine() {
    auto* create =
        reinterpret_cast<NewHttpEngine*>(module_symbol("editprep_curl", kHttpEngineSymbol));
    std::unique_ptr<HttpEngine> engine(create());
    if (!engine) {
        throw Error(Errc::module_unavailable, "libcurl cannot be started", "editprep_curl");
    }
    return engine;
}

/// Collects a response, or passes it on, within the request's bounds. False ends the exchange.
class Collector {
public:
    explicit Collector(const HttpRequest& request) : request_(request) {}

    bool take_head(int status, std::span<const Header> headers) {
        response_.status = status;
        response_.headers.assign(headers.begin(), headers.end());
        expected_ = announced_bytes(response_.headers);
        leads_elsewhere_ = request_.max_redirects > 0 && is_redirect(status) &&
                           response_.header("Location").has_value();
        const bool has_body = request_.method != "HEAD" && status != 204 && status != 304;
        if (may_cut() || !has_body || !expected_) {
            return true;
        }
        too_large_ = *expected_ > request_.max_response_bytes;
        return !too_large_;
    }

    bool take_body(std::span<const std::byte> piece) {
        received_ += piece.size();
        const std::uint64_t bound = bound_bytes();
        if (received_ > bound) {
            if (!may_cut()) {
                too_large_ = true;
                return false;
            }
            piece = piece.first(piece.size() - static_cast<std::size_t>(std::min<std::uint64_t>(
                                                   received_ - bound, piece.size())));
        }
        deliver(piece);
        return received_ <= bound;
    }

    void show_progress(const Progress& progress) {
        if (request_.progress) {
            request_.progress({progress.sent_bytes, progress.received_bytes, expected_});
        }
    }

    void note_deferred_cancel() {
        if (request_.cancel_deferred) {
            request_.cancel_deferred();
        }
    }

    [[nodiscard]] bool too_large() const noexcept { return too_large_; }
    [[nodiscard]] bool leads_elsewhere() const noexcept { return leads_elsewhere_; }
    [[nodiscard]] std::optional<std::uint64_t> expected_bytes() const noexcept { return expected_; }
    [[nodiscard]] HttpResponse& response() noexcept { return response_; }

private:
    /// A part of the body is as good as the whole.
    [[nodiscard]] bool may_cut() const { return leads_elsewhere_ || response_.status >= 400; }

    [[nodiscard]] std::uint64_t bound_bytes() const {
        if (leads_elsewhere_) {
            return kMaxRedirectBytes;
        }
        return response_.status >= 400 ? std::min(kMaxErrorBytes, request_.max_response_bytes)
                                       : request_.max_response_bytes;
    }

    void deliver(std::span<const std::byte> piece) {
        if (leads_elsewhere_ || piece.empty()) {
            return;
        }
        if (request_.sink && response_.status < 400) {
            request_.sink(piece);
        } else {
            response_.body.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        }
    }

    const HttpRequest& request_;
    HttpResponse response_;
    std::optional<std::uint64_t> expected_;
    std::uint64_t received_ = 0;
    bool leads_elsewhere_ = false;
    bool too_large_ = false;
};

/// What the engine sees of a request. What is thrown on this side ends the exchange and waits here
/// until the engine has returned.
class GuardedPartner final : public ExchangePartner {
public:
    /// @param body may be null
    GuardedPartner(Collector& collector, BodySource* body) : collector_(collector), body_(body) {}

    std::size_t read_body(std::span<std::byte> buffer) noexcept override {
        std::size_t count = 0;
        static_cast<void>(guarded([&] {
            count = body_->read(buffer);
            return true;
        }));
        return count;
    }

    bool rewind_body() noexcept override {
        return guarded([&] {
            body_->rewind();
            return true;
        });
    }

    bool take_head(int status, std::span<const Header> headers) noexcept override {
        return guarded([&] { return collector_.take_head(status, headers); });
    }

    bool take_body(std::span<const std::byte> piece) noexcept override {
        return guarded([&] { return collector_.take_body(piece); });
    }

    bool show_progress(const Progress& progress) noexcept override {
        return guarded([&] {
            collector_.show_progress(progress);
            return true;
        });
    }

    bool note_deferred_cancel() noexcept override {
        return guarded([&] {
            collector_.note_deferred_cancel();
            return true;
        });
    }

    void rethrow() const {
        if (thrown_) {
            std::rethrow_exception(thrown_);
        }
    }

private:
    template <typename Work>
    [[nodiscard]] bool guarded(const Work& work) noexcept {
        try {
            return work();
        } catch (...) {
            thrown_ = std::current_exception();
            return false;
        }
    }

    Collector& collector_;
    BodySource* body_;
    std::exception_ptr thrown_;
};

/// A request on its way through redirects.
class Journey {
public:
    Journey(const HttpSettings& settings, const HttpRequest& request)
        : settings_(settings),
          request_(request),
          url_(parse_url(request.url)),
          method_(request.method),
          body_(request.body.get()) {
        check_request();
    }

    HttpResponse run(HttpEngine& engine) {
        if (request_.timeouts.total > milliseconds::zero()) {
            deadline_ = steady_clock::now() + request_.timeouts.total;
        }
        for (int redirects = 0;; ++redirects) {
            Collector collector(request_);
            try {
                send_once(engine, collector);
            } catch (const Error& error) {
                throw_if_unsent(error);
                throw_as_received(error);
            }
            HttpResponse& response = collector.response();
            response.url = url_.text();
            if (!collector.leads_elsewhere()) {
                check_answer_elsewhere(response);
                return std::move(response);
            }
            if (redirects == request_.max_redirects) {
                refuse_redirect("more than " + std::to_string(redirects) + " redirects");
            }
            try {
                follow(response);
            } catch (const Error& error) {
                throw_as_received(error);
            }
        }
    }

private:
    // --- a request that is finished once it was sent ---

    /// Null where nothing may end the request any more.
    [[nodiscard]] const std::atomic<bool>* cancel_flag() const {
        return sent_ && request_.finish_despite_cancel ? nullptr : settings_.cancel;
    }

    /// What ends such a request by the flag has ended it in time.
    void throw_if_unsent(const Error& error) const {
        if (request_.finish_despite_cancel && error.errc() == Errc::cancelled) {
            throw Error(Errc::cancelled_unsent, std::string(error.what()) + "; nothing was sent",
                        error.subject());
        }
    }

    // --- a request that was taken, and whose answer lies elsewhere ---

    /// Whatever goes wrong on the way to the answer, the request itself has been received.
    [[noreturn]] void throw_as_received(const Error& error) const {
        if (!body_dropped_ || may_have_been_received(error.errc())) {
            throw;
        }
        throw Error(Errc::connection_lost, where_the_answer_is() + error.what(), url_.shown(),
                    error.next_step());
    }

    void check_answer_elsewhere(const HttpResponse& response) const {
        if (body_dropped_ && request_.send_once && response.status >= 400) {
            fail(Errc::invalid_response, where_the_answer_is() + url_.shown() + " answers HTTP " +
                                             std::to_string(response.status));
        }
    }

    [[nodiscard]] std::string where_the_answer_is() const {
        return parse_url(request_.url).shown() + " took the request and put its answer elsewhere: ";
    }

    void check_request() const {
        if (!is_token(method_)) {
            refuse_argument("not an HTTP method", "method");
        }
        for (const Header& header : request_.headers) {
            check_header(header.name, header.value);
        }
        if (!request_.credential) {
            return;
        }
        const Credential& credential = *request_.credential;
        check_header(credential.header, credential.prefix + credential.key.reveal());
        if (url_.scheme == "http" && !is_loopback_host(url_.host) && !settings_.allow_insecure) {
            throw Error(Errc::insecure_url,
                        "refusing to send a key over plain http to " + url_.origin(), url_.shown(),
                        "use the server's https address");
        }
    }

    // --- one request, one response ---

    void send_once(HttpEngine& engine, Collector& collector) {
        connect_begun_ = steady_clock::now();
        const std::string proxy = proxy_for_url();
        std::vector<std::string> addresses = allowed_addresses(!proxy.empty());
        if (addresses.empty() || !proxy.empty()) {
            addresses = {""};
        }
        for (std::size_t i = 0; i < addresses.size(); ++i) {
            const std::size_t left = addresses.size() - i;
            GuardedPartner partner(collector, body_);
            const ExchangeResult result =
                engine.exchange(exchange_to(addresses[i], left, proxy), partner);
            partner.rethrow();
            sent_ = sent_ || result.request_sent;
            const bool try_next = left > 1 && (result.failure == ExchangeFailure::no_connection ||
                                               result.failure == ExchangeFailure::connect_timeout);
            if (!try_next) {
                return check_result(result, collector, proxy);
            }
        }
    }

    /// @param address empty where the name may be looked up by whoever connects
    /// @param attempts how many addresses share the time that is left for connecting
    Exchange exchange_to(const std::string& address, std::size_t attempts,
                         const std::string& proxy) {
        Exchange exchange;
        if (body_ != nullptr) {
            body_->rewind();
            exchange.body_bytes = body_->size_bytes();
        }
        exchange.method = method_;
        exchange.url = for_wire(url_);
        exchange.headers = headers();
        if (!address.empty()) {
            const bool ipv6 = address.find(':') != std::string::npos;
            exchange.connect_to =
                (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(url_.port);
        }
        exchange.proxy = proxy;
        exchange.ca_bundle = settings_.ca_bundle;
        exchange.fresh_connection = request_.send_once;
        if (const auto end = connect_deadline()) {
            const auto left = std::chrono::ceil<milliseconds>(*end - steady_clock::now());
            exchange.connect = std::max(left / static_cast<int>(attempts), milliseconds(1));
        }
        exchange.stall = request_.timeouts.stall;
        exchange.deadline = deadline_;
        exchange.cancel = cancel_flag();
        exchange.finish_once_started = request_.finish_despite_cancel;
        return exchange;
    }

    [[nodiscard]] std::vector<Header> headers() const {
        std::vector<Header> headers;
        const bool with_key = request_.credential && !left_origin_;
        for (const Header& header : request_.headers) {
            const bool allowed = !left_origin_ || is_harmless_header(header.name);
            const bool replaced =
                with_key && equal_ignoring_case(header.name, request_.credential->header);
            const bool pointless = body_dropped_ && is_about_body(header.name);
            if (allowed && !replaced && !pointless) {
                headers.push_back(header);
            }
        }
        if (with_key) {
            const Credential& credential = *request_.credential;
            headers.push_back({credential.header, credential.prefix + credential.key.reveal()});
        }
        if (!settings_.user_agent.empty() && !find_header(headers, "User-Agent")) {
            headers.push_back({"User-Agent", settings_.user_agent});
        }
        return headers;
    }

    /// A proxy has nothing to do with servers on this machine.
    [[nodiscard]] std::string proxy_for_url() const {
        if (is_loopback_host(url_.host) || is_listed_host(url_, settings_.no_proxy)) {
            return {};
        }
        return url_.scheme == "https" ? settings_.https_proxy : settings_.http_proxy;
    }

    /// Nothing where every address is allowed; else the checked addresses to connect to.
    [[nodiscard]] std::vector<std::string> allowed_addresses(bool has_proxy) {
        const Reach& reach = request_.reach;
        const bool loopback = is_loopback_host(url_.host);
        const bool named = reach.loopback_by_name && loopback && !met_other_host_;
        met_other_host_ = met_other_host_ || !loopback;
        if (reach.any_address || named || is_trusted(url_.host)) {
            return {};
        }
        LookUpBounds bounds{.deadline = connect_deadline(), .cancel = cancel_flag()};
        if (!has_proxy) {
            return public_addresses(url_, bounds);
        }
        bounds.deadline = steady_clock::now() + kLookUpBesideProxy;
        try {
            return public_addresses(url_, bounds);
        } catch (const Error& error) {
            // Behind a proxy there may be no name server; what the name says has been checked.
            if (error.errc() != Errc::connection_failed) {
                throw;
            }
            return {};
        }
    }

    [[nodiscard]] bool is_trusted(const std::string& host) const {
        return std::ranges::any_of(request_.reach.trusted_hosts, [&](const std::string& trusted) {
            return equal_ignoring_case(trusted, host);
        });
    }

    [[nodiscard]] std::optional<steady_clock::time_point> connect_deadline() const {
        if (request_.timeouts.connect <= milliseconds::zero()) {
            return deadline_;
        }
        const auto end = connect_begun_ + request_.timeouts.connect;
        return deadline_ ? std::min(end, *deadline_) : end;
    }

    // --- what came of it ---

    void check_result(const ExchangeResult& result, Collector& collector,
                      const std::string& proxy) {
        const bool cut = result.failure == ExchangeFailure::stopped && !collector.too_large();
        if (result.failure == ExchangeFailure::none || cut) {
            if (collector.response().status == 0) {
                fail(Errc::invalid_response, url_.origin() + " sent no HTTP response");
            }
            return;
        }
        if (result.failure == ExchangeFailure::out_of_memory) {
            throw std::bad_alloc();
        }
        if (result.failure == ExchangeFailure::stopped) {
            const auto expected = collector.expected_bytes();
            fail(Errc::too_large, "the response of " + url_.shown() + " is too large: " +
                                      (expected ? std::to_string(*expected) + " bytes, and " : "") +
                                      "at most " + std::to_string(request_.max_response_bytes) +
                                      " are allowed");
        }
        if (result.failure == ExchangeFailure::cancelled) {
            fail(Errc::cancelled, "cancelled: " + method_ + " " + url_.shown());
        }
        if (result.request_sent) {
            throw_broken(result);
        }
        throw_unconnected(result, proxy);
    }

    [[noreturn]] void fail(Errc code, std::string message, std::string next_step = {}) const {
        throw Error(code, std::move(message), url_.shown(), std::move(next_step));
    }

    [[noreturn]] void throw_broken(const ExchangeResult& result) const {
        const std::string origin = url_.origin();
        switch (result.failure) {
            case ExchangeFailure::stalled:
                fail(Errc::timed_out,
                     origin + " was silent for " + as_seconds(request_.timeouts.stall),
                     "try again later or allow more time");
            case ExchangeFailure::too_slow:
                fail(Errc::timed_out,
                     "the request to " + origin + " was not finished within " +
                         as_seconds(request_.timeouts.total),
                     "try again later or allow more time");
            case ExchangeFailure::head_too_large:
                fail(Errc::too_large, origin + " sent more than 64 KiB of headers");
            case ExchangeFailure::malformed:
                fail(Errc::invalid_response,
                     origin + " did not answer in HTTP: " + reason_of(result));
            default:
                fail(Errc::connection_lost,
                     "the connection to " + origin + " broke: " + reason_of(result));
        }
    }

    [[noreturn]] void throw_unconnected(const ExchangeResult& result,
                                        const std::string& proxy) const {
        switch (result.failure) {
            case ExchangeFailure::host_not_found:
                fail_to_connect("the name " + url_.host + " is not known",
                                "check the host name and the network's name server");
            case ExchangeFailure::proxy_not_found:
            case ExchangeFailure::proxy_refused:
                fail_to_connect("the proxy does not open the way: " + reason_of(result),
                                "check the proxy setting, or exempt this host from it");
            case ExchangeFailure::certificate:
                fail_to_trust("its certificate is not trusted: " + reason_of(result),
                              "name the file of its certificate authority as the CA bundle, and "
                              "check this machine's clock");
            case ExchangeFailure::ca_bundle:
                if (settings_.ca_bundle.empty()) {
                    fail_to_trust("this system has no list of trusted certificates",
                                  "install the package ca-certificates, or name a file of "
                                  "certificates in PEM form (CURL_CA_BUNDLE)");
                }
                fail_to_trust("the CA bundle " + settings_.ca_bundle + " cannot be used",
                              "name a file of certificates in PEM form");
            case ExchangeFailure::tls:
                fail_to_trust("TLS failed: " + reason_of(result),
                              "check that the address and port belong to an https server");
            case ExchangeFailure::connect_timeout:
            case ExchangeFailure::stalled:
            case ExchangeFailure::too_slow:
                fail_to_connect("no connection within " + as_seconds(time_spent_connecting()),
                                "check the network, or allow more time");
            default:
                fail_to_connect(reason_of(result),
                                proxy.empty() ? "check the address and that the server runs"
                                              : "check that the proxy setting is right");
        }
    }

    [[noreturn]] void fail_to_connect(const std::string& why, std::string next_step) const {
        fail(Errc::connection_failed, "cannot connect to " + url_.origin() + ": " + why,
             std::move(next_step));
    }

    [[noreturn]] void fail_to_trust(const std::string& why, std::string next_step) const {
        fail(Errc::tls_failed, "cannot connect to " + url_.origin() + ": " + why,
             std::move(next_step));
    }

    [[nodiscard]] milliseconds time_spent_connecting() const {
        return std::chrono::ceil<milliseconds>(steady_clock::now() - connect_begun_);
    }

    // --- redirects ---

    [[noreturn]] void refuse_redirect(const std::string& why) const {
        fail(Errc::invalid_response, url_.shown() + " leads nowhere: " + why);
    }

    void follow(const HttpResponse& response) {
        const std::string sent_method = method_;
        const bool reads_only = method_ == "GET" || method_ == "HEAD";
        const bool becomes_get =
            response.status == 303 || (method_ == "POST" && response.status < 307);
        if (!reads_only && becomes_get) {
            method_ = "GET";
            body_ = nullptr;
            body_dropped_ = true;
        }
        Url target = resolve_url(url_, without_blanks(*response.header("Location")));
        if (url_.scheme == "https" && target.scheme == "http") {
            fail(Errc::insecure_url, "refusing to follow a redirect of " + url_.origin() +
                                         " to plain http: " + target.origin());
        }
        const bool stays = same_origin(url_, target);
        if (!reads_only && !becomes_get && !stays) {
            refuse_redirect("a " + method_ + " is not sent again to " + target.origin());
        }
        visited_.insert(sent_method + " " + url_.text());
        if (visited_.contains(method_ + " " + target.text())) {
            refuse_redirect("its redirects go round in a circle");
        }
        left_origin_ = left_origin_ || !stays;
        url_ = std::move(target);
    }

    const HttpSettings& settings_;
    const HttpRequest& request_;
    Url url_;
    std::string method_;
    BodySource* body_;
    std::optional<steady_clock::time_point> deadline_;
    steady_clock::time_point connect_begun_;
    std::set<std::string> visited_;
    /// From then on neither the key nor the caller's own headers are sent, even on the way back.
    bool left_origin_ = false;
    bool body_dropped_ = false;
    bool sent_ = false;
    bool met_other_host_ = false;
};

}  // namespace

std::optional<std::string> HttpResponse::header(std::string_view name) const {
    return find_header(headers, name);
}

HttpClient::HttpClient(HttpSettings settings) : settings_(std::move(settings)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

HttpResponse HttpClient::send(const HttpRequest& request) {
    Journey journey(settings_, request);
    if (!engine_) {
        engine_ = new_engine();
    }
    return journey.run(*engine_);
}

}  // namespace editprep::transport
