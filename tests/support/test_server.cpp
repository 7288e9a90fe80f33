#include "test_server.hpp"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <exception>
#include <latch>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

namespace editprep::testing {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool equal_names(std::string_view a, std::string_view b) {
    const auto lower = [](unsigned char c) { return std::tolower(c); };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view without_blanks(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// Takes the text up to `end` off the front, and `end` with it.
std::string_view take_until(std::string_view& text, std::string_view end) {
    const std::size_t place = text.find(end);
    const std::string_view taken = text.substr(0, place);
    text.remove_prefix(place == std::string_view::npos ? text.size() : place + end.size());
    return taken;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

std::string header_in(const Headers& headers, std::string_view name) {
    const auto found = std::ranges::find_if(
        headers, [&](const auto& header) { return equal_names(header.first, name); });
    return found != headers.end() ? found->second : "";
}

Headers headers_from(std::string_view lines) {
    Headers headers;
    while (!lines.empty()) {
        std::string_view value = take_until(lines, kLineEnd);
        const std::string_view name = take_until(value, ":");
        headers.emplace_back(name, without_blanks(value));
    }
    return headers;
}

/// Method, target and headers; the body is left to the caller.
RecordedRequest head_from(std::string_view text) {
    std::string_view first = take_until(text, kLineEnd);
    RecordedRequest request;
    request.method = take_until(first, " ");
    request.target = take_until(first, " ");
    request.headers = headers_from(text);
    return request;
}

/// What a connection sends, with what was read too far kept for later.
class Reader {
public:
    explicit Reader(int socket) : socket_(socket) {}

    /// Up to and including `end`; nothing when the other side closes before.
    std::optional<std::string> read_until(std::string_view end) {
        std::size_t searched = 0;
        while (true) {
            const std::size_t place = buffer_.find(end, searched);
            if (place != std::string::npos) {
                return take(place + end.size());
            }
            searched = buffer_.size() - std::min(buffer_.size(), end.size() - 1);
            if (!receive()) {
                return std::nullopt;
            }
        }
    }

    /// Less when the other side closes before.
    std::string read_bytes(std::size_t count) {
        while (buffer_.size() < count && receive()) {
        }
        return take(std::min(count, buffer_.size()));
    }

private:
    std::string take(std::size_t count) {
        if (count == buffer_.size()) {
            return std::exchange(buffer_, {});
        }
        std::string taken = buffer_.substr(0, count);
        buffer_.erase(0, count);
        return taken;
    }

    bool receive() {
        std::array<char, 64 << 10> piece;
        ssize_t count = 0;
        do {
            count = ::recv(socket_, piece.data(), piece.size(), 0);
        } while (count < 0 && errno == EINTR);
        if (count <= 0) {
            return false;
        }
        buffer_.append(piece.data(), static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    std::string buffer_;
};

std::string read_chunks(Reader& reader) {
    std::string body;
    while (const auto line = reader.read_until(kLineEnd)) {
        const std::size_t size = std::stoul(*line, nullptr, 16);
        if (size == 0) {
            reader.read_until(kLineEnd);
            break;
        }
        body += reader.read_bytes(size);
        reader.read_bytes(kLineEnd.size());
    }
    return body;
}

std::optional<RecordedRequest> next_request(Reader& reader) {
    const auto head = reader.read_until(kHeadEnd);
    if (!head) {
        return std::nullopt;
    }
    RecordedRequest request =
        head_from(std::string_view(*head).substr(0, head->size() - kLineEnd.size()));
    const std::string length = request.header("Content-Length");
    if (equal_names(request.header("Transfer-Encoding"), "chunked")) {
        request.body = read_chunks(reader);
    } else if (!length.empty()) {
        request.body = reader.read_bytes(std::stoul(length));
    }
    return request;
}

std::string text_of(const Reply& reply, bool without_body) {
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Status\r\n";
    if (!reply.content_type.empty()) {
        text += "Content-Type: " + reply.content_type + "\r\n";
    }
    for (const auto& [name, value] : reply.headers) {
        text.append(name).append(": ").append(value).append(kLineEnd);
    }
    const bool has_length = reply.status >= 200 && reply.status != 204 && reply.status != 304;
    if (has_length) {
        text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
    }
    text += kLineEnd;
    return without_body || !has_length ? text : text + reply.body;
}

/// `name="..."` of a header's parameters; nothing when there is none.
std::optional<std::string> parameter(std::string_view header, const std::string& name) {
    const std::string start = name + "=";
    while (!header.empty()) {
        std::string_view piece = without_blanks(take_until(header, ";"));
        if (piece.starts_with(start)) {
            piece.remove_prefix(start.size());
            const bool quoted = piece.size() > 1 && piece.front() == '"' && piece.back() == '"';
            return std::string(quoted ? piece.substr(1, piece.size() - 2) : piece);
        }
    }
    return std::nullopt;
}

RecordedPart part_from(std::string_view text) {
    const std::size_t head_end = text.find(kHeadEnd);
    if (head_end == std::string_view::npos) {
        throw std::runtime_error("a part without a head");
    }
    const Headers headers = headers_from(text.substr(0, head_end + kLineEnd.size()));
    const std::string disposition = header_in(headers, "Content-Disposition");
    const auto name = parameter(disposition, "name");
    if (!name) {
        throw std::runtime_error("a part without a name");
    }
    return {*name, parameter(disposition, "filename").value_or(""),
            header_in(headers, "Content-Type"),
            std::string(text.substr(head_end + kHeadEnd.size()))};
}

}  // namespace

std::string RecordedRequest::header(const std::string& name) const {
    return header_in(headers, name);
}

bool RecordedRequest::has_header(const std::string& name) const {
    return std::ranges::any_of(headers,
                               [&](const auto& header) { return equal_names(header.first, name); });
}

std::vector<RecordedPart> parts_of(const RecordedRequest& request) {
    const std::string type = request.header("Content-Type");
    const auto boundary = parameter(type, "boundary");
    if (!type.starts_with("multipart/form-data") || !boundary) {
        throw std::runtime_error("no multipart/form-data: " + type);
    }
    const std::string mark = "\r\n--" + *boundary;
    const std::string whole = "\r\n" + request.body;
    std::string_view rest = whole;
    if (!take_until(rest, mark).empty()) {
        throw std::runtime_error("text before the first boundary");
    }
    std::vector<RecordedPart> parts;
    while (rest.starts_with(kLineEnd)) {
        rest.remove_prefix(kLineEnd.size());
        if (rest.find(mark) == std::string_view::npos) {
            throw std::runtime_error("a part without an end");
        }
        parts.push_back(part_from(take_until(rest, mark)));
    }
    if (!rest.starts_with("--")) {
        throw std::runtime_error("no final boundary");
    }
    return parts;
}

struct RawServer::State {
    struct Connection {
        int socket;
        std::thread thread;
        std::atomic<bool> finished{false};
    };

    explicit State(std::function<void(int)> work) : serve(std::move(work)) {
        listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        if (listener < 0 || ::bind(listener, generic, size) != 0 ||
            ::listen(listener, SOMAXCONN) != 0 || ::getsockname(listener, generic, &size) != 0) {
            throw std::system_error(errno, std::generic_category(), "a test server's socket");
        }
        port = ntohs(address.sin_port);
        acceptor = std::thread([this] { accept_all(); });
    }

    ~State() {
        stopping = true;
        ::shutdown(listener, SHUT_RDWR);
        acceptor.join();
        ::close(listener);
        for (Connection& connection : open) {
            // Ends whatever wait the serving function is in.
            ::shutdown(connection.socket, SHUT_RDWR);
            close(connection);
        }
    }

    State(const State&) = delete;
    State& operator=(const State&) = delete;

    static void close(Connection& connection) {
        connection.thread.join();
        ::close(connection.socket);
    }

    void accept_all() {
        while (!stopping) {
            const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) {
                continue;
            }
            ++accepted;
            open.remove_if([](Connection& connection) {
                if (connection.finished) {
                    close(connection);
                }
                return connection.finished.load();
            });
            Connection& connection = open.emplace_back();
            connection.socket = socket;
            connection.thread = std::thread([this, &connection] {
                serve(connection.socket);
                ::shutdown(connection.socket, SHUT_RDWR);
                connection.finished = true;
            });
        }
    }

    std::function<void(int)> serve;
    int listener = -1;
    std::uint16_t port = 0;
    std::atomic<int> accepted{0};
    std::atomic<bool> stopping{false};
    /// Touched by the acceptor's thread, and after its end by the destructor.
    std::list<Connection> open;
    std::thread acceptor;
};

RawServer::RawServer(std::function<void(int socket)> serve)
    : state_(std::make_unique<State>(std::move(serve))) {}
RawServer::~RawServer() = default;
std::uint16_t RawServer::port() const noexcept { return state_->port; }
std::string RawServer::url() const { return "http://127.0.0.1:" + std::to_string(port()); }
int RawServer::connections() const noexcept { return state_->accepted; }

struct TestServer::State {
    explicit State(Handler work)
        : handler(std::move(work)), server([this](int socket) { serve(socket); }) {}

    void serve(int socket) {
        whole.wait();
        Reader reader(socket);
        while (const auto request = next_request(reader)) {
            const Reply reply = reply_to(*request);
            if (!write_all(socket, text_of(reply, request->method == "HEAD")) ||
                equal_names(request->header("Connection"), "close")) {
                return;
            }
        }
    }

    Reply reply_to(const RecordedRequest& request) {
        {
            const std::lock_guard lock(requests_mutex);
            requests.push_back(request);
        }
        const std::lock_guard lock(handler_mutex);
        try {
            return handler(request);
        } catch (const std::exception& error) {
            return {.status = 500, .body = error.what(), .content_type = "text/plain"};
        }
    }

    Handler handler;
    std::mutex handler_mutex;
    std::mutex requests_mutex;
    std::vector<RecordedRequest> requests;
    /// Open when the TestServer is made: a handler may ask it for its address.
    std::latch whole{1};
    /// The last member: it accepts as soon as it exists.
    RawServer server;
};

TestServer::TestServer(Handler handler) : state_(std::make_unique<State>(std::move(handler))) {
    state_->whole.count_down();
}
TestServer::~TestServer() = default;
std::uint16_t TestServer::port() const noexcept { return state_->server.port(); }
std::string TestServer::url() const { return state_->server.url(); }

std::vector<RecordedRequest> TestServer::requests() const {
    const std::lock_guard lock(state_->requests_mutex);
    return state_->requests;
}

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate self_signed_certificate(EVP_PKEY* key) {
    Certificate certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const std::array<unsigned char, 10> common_name{"localhost"};
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name.data(), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> names(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1"),
        X509_EXTENSION_free);
    X509_add_ext(certificate.get(), names.get(), -1);
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

std::string pem_of(X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(memory.get(), certificate);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

struct TlsServer::State {
    State()
        : key(EVP_EC_gen("P-256"), EVP_PKEY_free),
          certificate(self_signed_certificate(key.get())),
          pem(pem_of(certificate.get())),
          server(certificate.get(), key.get()) {
        server.Get(".*", [](const httplib::Request& request, httplib::Response& response) {
            const std::size_t mark = request.target.find('?');
            if (mark == std::string::npos) {
                response.set_content(R"({"secure":true})", "application/json");
            } else {
                response.set_redirect(request.target.substr(mark + 1));
            }
        });
        port = server.bind_to_any_port("127.0.0.1");
        thread = std::thread([this] { server.listen_after_bind(); });
        // Stopping a server that does not run yet would be forgotten.
        while (!server.is_running()) {
            std::this_thread::yield();
        }
    }
    ~State() {
        server.stop();
        thread.join();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    Key key;
    Certificate certificate;
    std::string pem;
    httplib::SSLServer server;
    int port = 0;
    std::thread thread;
};

TlsServer::TlsServer() : state_(std::make_unique<State>()) {}
TlsServer::~TlsServer() = default;
std::string TlsServer::url() const { return "https://127.0.0.1:" + std::to_string(state_->port); }
const std::string& TlsServer::certificate() const noexcept { return state_->pem; }

std::string read_request(int socket) {
    Reader reader(socket);
    const std::string head = reader.read_until(kHeadEnd).value_or("");
    const std::string length = head_from(head).header("Content-Length");
    return length.empty() ? head : head + reader.read_bytes(std::stoul(length));
}

bool write_all(int socket, const std::string& text) {
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t count = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        rest.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return true;
}

}  // namespace editprep::testing
