#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <string>
#include <thread>

#include "editprep/transport/http.hpp"
#include "http_support.hpp"
#include "test_server.hpp"

/// What a network and its servers do to a request.
namespace editprep::transport {
namespace {

using namespace editprep::testing;

/// Until the other side, or the server's end, closes the connection.
void wait_for_end(int socket) {
    char byte = 0;
    while (::recv(socket, &byte, 1, 0) > 0) {
    }
}

/// Reads a request and answers with these bytes; then stays silent.
RawServer silent_after(const std::string& text) {
    return RawServer([text](int socket) {
        read_request(socket);
        write_all(socket, text);
        wait_for_end(socket);
    });
}

/// Reads a request, answers with these bytes and closes.
RawServer closing_after(const std::string& text) {
    return RawServer([text](int socket) {
        read_request(socket);
        write_all(socket, text);
    });
}

HttpRequest impatient(const std::string& url) {
    HttpRequest request = get(url);
    request.timeouts = {.connect = 300ms, .stall = 300ms, .total = 10s};
    return request;
}

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

TEST(HttpFaults, NobodyListens) {
    const Error error = error_of(get("http://127.0.0.1:1/path?signature=canary"));
    EXPECT_EQ(error.errc(), Errc::connection_failed);
    EXPECT_EQ(std::string(error.what()),
              "cannot connect to http://127.0.0.1:1: Connection refused");
    EXPECT_EQ(error.subject(), "http://127.0.0.1:1/path");
    EXPECT_FALSE(error.next_step().empty());
}

TEST(HttpFaults, TheNameIsUnknown) {
    const Error error = error_of(get("http://nowhere.invalid/?signature=canary"));
    EXPECT_EQ(error.errc(), Errc::connection_failed);
    EXPECT_EQ(std::string(error.what()),
              "cannot connect to http://nowhere.invalid: the name nowhere.invalid is not known");
    EXPECT_TRUE(contains(error.next_step(), "name server"));
}

TEST(HttpFaults, TheHandshakeNeverEnds) {
    const RawServer server(wait_for_end);
    const auto time = time_of([&] {
        const Error error = error_of(impatient("https" + server.url().substr(4)));
        EXPECT_EQ(error.errc(), Errc::connection_failed) << error.what();
        EXPECT_TRUE(contains(error.what(), "no connection within 0.")) << error.what();
    });
    EXPECT_GE(time, 300ms);
    EXPECT_LT(time, 2s);
}

TEST(HttpFaults, TheServerIsSilentBeforeItsHeaders) {
    const RawServer server = silent_after("");
    const auto time = time_of([&] {
        const Error error = error_of(impatient(server.url()));
        EXPECT_EQ(error.errc(), Errc::timed_out);
        EXPECT_TRUE(contains(error.what(), "was silent for 0.3 s")) << error.what();
    });
    EXPECT_GE(time, 300ms);
    EXPECT_LT(time, 2s);
}

TEST(HttpFaults, TheServerIsSilentWithinItsHeaders) {
    const RawServer server = silent_after("HTTP/1.1 200 OK\r\nContent-");
    EXPECT_EQ(error_of(impatient(server.url())).errc(), Errc::timed_out);
}

TEST(HttpFaults, TheServerIsSilentWithinItsBody) {
    const RawServer server = silent_after(kHead + "12345");
    EXPECT_EQ(error_of(impatient(server.url())).errc(), Errc::timed_out);
}

TEST(HttpFaults, TheServerStopsReading) {
    const RawServer server([](int socket) {
        std::string some(1000, '\0');
        static_cast<void>(::recv(socket, some.data(), some.size(), 0));
        // Nothing more is read until the client has given up: its end shuts the socket down.
        std::this_thread::sleep_for(1500ms);
    });
    HttpRequest request = impatient(server.url());
    request.method = "PUT";
    request.body = text_body(std::string(32 << 20, 'x'));
    EXPECT_EQ(error_of(request).errc(), Errc::timed_out);
}

TEST(HttpFaults, ADripIsNoSilenceButHasAnEnd) {
    const RawServer server([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (write_all(socket, "x")) {
            std::this_thread::sleep_for(50ms);
        }
    });
    HttpRequest request = get(server.url());
    request.timeouts = {.connect = 1s, .stall = 600ms, .total = 1200ms};
    const auto time = time_of([&] {
        const Error error = error_of(request);
        EXPECT_EQ(error.errc(), Errc::timed_out);
        EXPECT_TRUE(contains(error.what(), "not finished within 1.2 s")) << error.what();
    });
    EXPECT_GE(time, 1200ms);
    EXPECT_LT(time, 3s);
}

TEST(HttpFaults, TheTotalIncludesRedirects) {
    TestServer server([](const RecordedRequest& request) {
        std::this_thread::sleep_for(200ms);
        return Reply{.status = 302, .headers = {{"Location", request.target + "x"}}};
    });
    HttpRequest request = get(server.url());
    request.max_redirects = 100;
    request.timeouts.total = 700ms;
    EXPECT_EQ(error_of(request).errc(), Errc::timed_out);
}

TEST(HttpFaults, TheConnectionDropsBeforeTheResponse) {
    const RawServer server = closing_after("");
    const Error error = error_of(post(server.url() + "/?signature=canary", "{}"));
    EXPECT_EQ(error.errc(), Errc::connection_lost);
    EXPECT_TRUE(may_have_been_received(error.errc()));
    EXPECT_FALSE(contains(error.what(), "canary"));
}

TEST(HttpFaults, TheBodyEndsBeforeItsAnnouncedLength) {
    const RawServer server = closing_after(kHead + "12345");
    const Error error = error_of(get(server.url()));
    EXPECT_EQ(error.errc(), Errc::connection_lost) << error.what();
}

TEST(HttpFaults, TheBodyGoesOnBeyondItsAnnouncedLength) {
    const RawServer server = closing_after(kHead + "1234567890 and more");
    HttpClient client({});
    EXPECT_EQ(client.send(get(server.url())).body, "1234567890");
}

TEST(HttpFaults, AChunkedBodyBreaksOff) {
    const RawServer server =
        closing_after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    EXPECT_EQ(error_of(get(server.url())).errc(), Errc::connection_lost);
}

TEST(HttpFaults, ABodyWithoutLengthEndsWithTheConnection) {
    const RawServer server = closing_after("HTTP/1.0 200 OK\r\n\r\nhello");
    HttpClient client({});
    EXPECT_EQ(client.send(get(server.url())).body, "hello");
}

TEST(HttpFaults, TheConnectionIsReset) {
    const RawServer server([](int socket) {
        read_request(socket);
        const linger abort{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    });
    EXPECT_EQ(error_of(post(server.url(), "{}")).errc(), Errc::connection_lost);
}

TEST(HttpFaults, TheServerSpeaksSomethingElse) {
    for (const char* text : {"SSH-2.0-OpenSSH_9.2\r\n", "<html>hello</html>", "\r\n\r\n\r\n"}) {
        const RawServer server = closing_after(text);
        const Error error = error_of(get(server.url()));
        EXPECT_TRUE(may_have_been_received(error.errc())) << text << ": " << error.what();
    }
    const RawServer server = closing_after("SSH-2.0-OpenSSH_9.2\r\n");
    EXPECT_EQ(error_of(get(server.url())).errc(), Errc::invalid_response);
}

TEST(HttpFaults, TheServerSpeaksNoTls) {
    const RawServer server(
        [](int socket) { write_all(socket, "HTTP/1.1 400 Bad Request\r\n\r\n"); });
    const Error error = error_of(get("https" + server.url().substr(4)));
    EXPECT_EQ(error.errc(), Errc::tls_failed) << error.what();
    EXPECT_TRUE(contains(error.what(), "TLS failed")) << error.what();
}

// --- cancellation ---

/// Raises the flag while the request is under way, and returns what the request ended with.
void expect_cancelled(const HttpRequest& request, const HttpSettings& base = {}) {
    std::atomic<bool> cancel = false;
    HttpSettings settings = base;
    settings.cancel = &cancel;
    std::thread other([&] {
        std::this_thread::sleep_for(150ms);
        cancel = true;
    });
    const auto time = time_of([&] {
        const Error error = error_of(request, settings);
        EXPECT_EQ(error.errc(), Errc::cancelled) << error.what();
    });
    other.join();
    EXPECT_LT(time, 1150ms);
}

TEST(HttpFaults, CancelsWhileTheServerIsSilent) {
    const RawServer server = silent_after("");
    expect_cancelled(get(server.url()));
}

TEST(HttpFaults, CancelsWithinTheHandshake) {
    const RawServer server(wait_for_end);
    expect_cancelled(get("https" + server.url().substr(4)));
}

TEST(HttpFaults, CancelsWithinABody) {
    const RawServer server([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
        while (write_all(socket, std::string(1 << 16, 'x'))) {
        }
    });
    HttpRequest request = get(server.url());
    request.max_response_bytes = UINT64_MAX;
    request.sink = [](std::span<const std::byte>) {};
    expect_cancelled(request);
}

TEST(HttpFaults, CancelsWithinAnUpload) {
    /// Never ends.
    class Zeros final : public BodySource {
    public:
        [[nodiscard]] std::uint64_t size_bytes() const override { return std::uint64_t{1} << 40; }
        [[nodiscard]] std::size_t read(std::span<std::byte> buffer) override {
            return buffer.size();
        }
        void rewind() override {}
    };
    const RawServer server([](int socket) {
        std::string piece(1 << 16, '\0');
        while (::recv(socket, piece.data(), piece.size(), 0) > 0) {
        }
    });
    HttpRequest request = get(server.url());
    request.method = "PUT";
    request.body = std::make_shared<Zeros>();
    expect_cancelled(request);
}

TEST(HttpFaults, ARaisedFlagSendsNothing) {
    const RawServer server = closing_after(kHead + "1234567890");
    const std::atomic<bool> cancel = true;
    EXPECT_EQ(error_of(get(server.url()), {.cancel = &cancel}).errc(), Errc::cancelled);
    EXPECT_EQ(server.connections(), 0);
}

// --- requests that are paid for ---

HttpRequest paid_post(const std::string& url) {
    HttpRequest request = get(url);
    request.method = "POST";
    request.body = text_body("a picture of a mug");
    request.max_redirects = 3;
    request.finish_despite_cancel = true;
    return request;
}

/// A flag that the server raises once it has the request, and what the client makes of that.
class CancelledWhilePaying {
public:
    /// On the server's side; returns when the client has seen the flag.
    void raise() {
        cancel_ = true;
        for (int i = 0; told_ == 0 && i < 2'000; ++i) {
            std::this_thread::sleep_for(5ms);
        }
    }
    [[nodiscard]] HttpResponse send(HttpRequest request) {
        request.cancel_deferred = [this] { ++told_; };
        return HttpClient({.cancel = &cancel_}).send(request);
    }
    [[nodiscard]] int told() const { return told_; }

private:
    std::atomic<bool> cancel_ = false;
    std::atomic<int> told_ = 0;
};

TEST(HttpFaults, APaidRequestIsFinishedDespiteTheFlag) {
    CancelledWhilePaying paying;
    const RawServer server([&](int socket) {
        read_request(socket);
        paying.raise();
        // Looked at a few times more.
        std::this_thread::sleep_for(300ms);
        write_all(socket, kHead + "1234567890");
    });
    EXPECT_EQ(paying.send(paid_post(server.url())).body, "1234567890");
    EXPECT_EQ(paying.told(), 1);
}

TEST(HttpFaults, ThePaidAnswerElsewhereIsFetchedDespiteTheFlag) {
    CancelledWhilePaying paying;
    TestServer server([&](const RecordedRequest& request) {
        if (request.method == "GET") {
            return Reply{.body = "the answer"};
        }
        paying.raise();
        return Reply{.status = 303, .headers = {{"Location", "/answer"}}};
    });
    EXPECT_EQ(paying.send(paid_post(server.url() + "/make")).body, "the answer");
}

TEST(HttpFaults, APaidRequestThatStallsEndsByItsTimeOut) {
    const RawServer server = silent_after("");
    HttpRequest request = paid_post(server.url());
    request.timeouts.stall = 400ms;
    std::atomic<bool> cancel = false;
    request.progress = [&](const Progress&) { cancel = true; };
    const Error error = error_of(request, {.cancel = &cancel});
    EXPECT_EQ(error.errc(), Errc::timed_out) << error.what();
}

TEST(HttpFaults, APaidRequestIsCancelledBeforeItIsSent) {
    const RawServer server(wait_for_end);
    std::atomic<bool> cancel = false;
    std::thread other([&] {
        std::this_thread::sleep_for(150ms);
        cancel = true;
    });
    // In the handshake, which never ends.
    const Error error = error_of(paid_post("https" + server.url().substr(4)), {.cancel = &cancel});
    other.join();
    EXPECT_EQ(error.errc(), Errc::cancelled_unsent) << error.what();
    EXPECT_FALSE(may_have_been_received(error.errc()));
    EXPECT_EQ(error_of(paid_post(server.url()), {.cancel = &cancel}).errc(),
              Errc::cancelled_unsent);
    EXPECT_LE(server.connections(), 1);
}

}  // namespace
}  // namespace editprep::transport
