#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// A real HTTP server on the loopback, in the test's own process, that records what it is sent.
namespace editprep::testing {

struct RecordedRequest {
    std::string method;
    /// Path and query as they came.
    std::string target;
    /// In the order in which they came, names as written.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// The first header of that name in any letter case; empty when there is none.
    [[nodiscard]] std::string header(const std::string& name) const;
    [[nodiscard]] bool has_header(const std::string& name) const;
};

/// One part of a multipart/form-data body.
struct RecordedPart {
    std::string name;
    std::string file_name;
    /// Empty when the part had no Content-Type.
    std::string media_type;
    std::string content;
};

/// Throws std::runtime_error when the body is not what its Content-Type says.
[[nodiscard]] std::vector<RecordedPart> parts_of(const RecordedRequest& request);

struct Reply {
    int status = 200;
    std::string body{};
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers{};
};

class TestServer {
public:
    using Handler = std::function<Reply(const RecordedRequest&)>;

    /// Listens on 127.0.0.1, on a free port. The handler is called from other threads, one at a
    /// time.
    explicit TestServer(Handler handler);
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// `http://127.0.0.1:<port>`
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::vector<RecordedRequest> requests() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A socket on 127.0.0.1 that hands every accepted connection to a function, on a thread of its
/// own: for answers that no HTTP library would give.
class RawServer {
public:
    /// @param serve gets the connected socket and closes nothing; the server does
    explicit RawServer(std::function<void(int socket)> serve);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::string url() const;
    [[nodiscard]] int connections() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// An https server on 127.0.0.1 whose certificate nobody trusts, made when the server starts. It
/// answers GET with `{"secure":true}`, and with a redirect to the query where there is one.
class TlsServer {
public:
    TlsServer();
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    /// `https://127.0.0.1:<port>`
    [[nodiscard]] std::string url() const;
    /// The certificate in PEM form, for a CA bundle.
    [[nodiscard]] const std::string& certificate() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads a request's head and as much body as its Content-Length says; the whole text.
std::string read_request(int socket);
/// False when the other side is gone.
bool write_all(int socket, const std::string& text);

}  // namespace editprep::testing
