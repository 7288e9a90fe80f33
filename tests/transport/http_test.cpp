#include "editprep/transport/http.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "http_engine.hpp"
#include "http_support.hpp"
#include "module_loader.hpp"
#include "temp_folder.hpp"
#include "test_server.hpp"

namespace editprep::transport {
namespace {

using namespace editprep::testing;

/// Answers with the request's own body.
Reply echo(const RecordedRequest& request) { return {.status = 200, .body = request.body}; }

TEST(Http, ReturnsWhatTheServerSends) {
    TestServer server([](const RecordedRequest&) {
        return Reply{.status = 201,
                     .body = R"({"id":7})",
                     .content_type = "application/json",
                     .headers = {{"X-Fal-Request-Id", "abc"}, {"Empty", ""}}};
    });
    HttpClient client({.user_agent = "editprep/1.2"});
    HttpRequest request = get(server.url() + "/a%2Fb//../c?x=1&y=%20#part");
    request.headers = {{"Accept", "application/json"}, {"X-Empty", ""}};
    const HttpResponse response = client.send(request);
    EXPECT_EQ(response.status, 201);
    EXPECT_TRUE(response.ok());
    EXPECT_EQ(response.body, R"({"id":7})");
    EXPECT_EQ(response.header("x-fal-request-id"), "abc");
    EXPECT_EQ(response.header("empty"), "");
    EXPECT_EQ(response.header("absent"), std::nullopt);
    EXPECT_EQ(response.url, server.url() + "/a%2Fb//../c?x=1&y=%20");

    ASSERT_EQ(server.requests().size(), 1U);
    const RecordedRequest seen = server.requests().front();
    EXPECT_EQ(seen.method, "GET");
    EXPECT_EQ(seen.target, "/a%2Fb//../c?x=1&y=%20");
    EXPECT_EQ(seen.header("User-Agent"), "editprep/1.2");
    EXPECT_EQ(seen.header("Accept"), "application/json");
    EXPECT_TRUE(seen.has_header("X-Empty"));
    EXPECT_FALSE(seen.has_header("Content-Length"));
    EXPECT_FALSE(seen.has_header("Authorization"));
    EXPECT_FALSE(seen.has_header("Cookie"));
}

TEST(Http, AnyStatusIsAResponse) {
    TestServer server([](const RecordedRequest& request) {
        return Reply{.status = std::stoi(request.target.substr(1)), .body = "text"};
    });
    HttpClient client({});
    for (const int status : {200, 202, 301, 304, 400, 401, 404, 422, 429, 500, 503, 599}) {
        EXPECT_EQ(client.send(get(server.url() + "/" + std::to_string(status))).status, status);
    }
}

TEST(Http, SendsBodiesWithTheirExactLength) {
    TestServer server(echo);
    HttpClient client({});
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        HttpRequest request = post(server.url(), "{\"prompt\":\"x\"}");
        request.method = method;
        EXPECT_EQ(client.send(request).body, "{\"prompt\":\"x\"}");
        const RecordedRequest seen = server.requests().back();
        EXPECT_EQ(seen.method, method);
        EXPECT_EQ(seen.header("Content-Length"), "14");
        EXPECT_EQ(seen.header("Content-Type"), "application/json");
        EXPECT_FALSE(seen.has_header("Transfer-Encoding"));
        EXPECT_FALSE(seen.has_header("Expect"));
    }
}

TEST(Http, SaysThatThereIsNoBodyWhereOneIsExpected) {
    TestServer server(echo);
    HttpClient client({});
    for (const char* method : {"POST", "PUT"}) {
        HttpRequest request = get(server.url());
        request.method = method;
        EXPECT_EQ(client.send(request).status, 200);
        EXPECT_EQ(server.requests().back().header("Content-Length"), "0");
    }
    HttpRequest request = get(server.url());
    request.method = "DELETE";
    EXPECT_EQ(client.send(request).status, 200);
    EXPECT_FALSE(server.requests().back().has_header("Content-Length"));
}

TEST(Http, HeadHasHeadersOnly) {
    TestServer server([](const RecordedRequest&) { return Reply{.body = "12345"}; });
    HttpClient client({});
    HttpRequest request = get(server.url());
    request.method = "HEAD";
    request.max_response_bytes = 3;
    const HttpResponse response = client.send(request);
    EXPECT_EQ(response.header("Content-Length"), "5");
    EXPECT_EQ(response.body, "");
}

TEST(Http, WritesOtherAlphabetsAsTheWireWantsThem) {
    TestServer server(echo);
    HttpClient client({});
    EXPECT_EQ(client.send(get(server.url() + "/b\xC3\xA4r?q=\xE2\x82\xAC")).status, 200);
    EXPECT_EQ(server.requests().back().target, "/b%C3%A4r?q=%E2%82%AC");
}

TEST(Http, ReadsChunkedBodies) {
    RawServer server([](int socket) {
        read_request(socket);
        write_all(socket,
                  "HTTP/1.1 100 Continue\r\n\r\n"
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n"
                  "X-Folded: one\r\n two\r\n\r\n"
                  "5\r\nhello\r\n6\r\n world\r\n0\r\nX-End: 1\r\n\r\n");
    });
    HttpClient client({});
    const HttpResponse response = client.send(get(server.url()));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hello world");
    EXPECT_EQ(response.header("X-Folded"), "one two");
    EXPECT_EQ(response.header("X-End"), std::nullopt);
}

// --- connections ---

/// Answers every request on a connection.
void serve_all(int socket) {
    while (!read_request(socket).empty() &&
           write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
    }
}

TEST(Http, KeepsAConnectionForTheNextRequest) {
    RawServer server(serve_all);
    HttpClient client({});
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(client.send(get(server.url())).body, "ok");
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST(Http, WhatMustNotArriveTwiceGetsAConnectionOfItsOwn) {
    RawServer server(serve_all);
    HttpClient client({});
    HttpRequest request = post(server.url(), "{}");
    request.send_once = true;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(client.send(request).body, "ok");
    }
    EXPECT_EQ(server.connections(), 3);
}

/// A server may close a kept connection at the moment of the next request.
TEST(Http, SendOnceArrivesAtMostOnce) {
    std::atomic<int> posts = 0;
    RawServer server([&](int socket) {
        bool first = true;
        while (true) {
            const std::string request = read_request(socket);
            if (request.empty()) {
                return;
            }
            posts += request.starts_with("POST") ? 1 : 0;
            if (request.starts_with("POST") || !first) {
                return;
            }
            first = false;
            write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    HttpClient client({});
    EXPECT_EQ(client.send(get(server.url())).body, "ok");
    HttpRequest request = post(server.url(), "{}");
    request.send_once = true;
    const Error error = error_of([&] { static_cast<void>(client.send(request)); });
    EXPECT_EQ(error.errc(), Errc::connection_lost) << error.what();
    EXPECT_EQ(posts, 1);
}

TEST(Http, AClientCanBeMoved) {
    TestServer server(echo);
    HttpClient first({.user_agent = "moved"});
    EXPECT_EQ(first.send(get(server.url())).status, 200);
    HttpClient second = std::move(first);
    EXPECT_EQ(second.send(get(server.url())).status, 200);
    EXPECT_EQ(server.requests().back().header("User-Agent"), "moved");
}

/// The engine alone, for the one thing that a test without a network cannot reach through the
/// client: a public name whose checked address the connection has to go to.
TEST(Http, ConnectsToTheCheckedAddress) {
    class Ignore final : public ExchangePartner {
    public:
        std::size_t read_body(std::span<std::byte>) noexcept override { return 0; }
        bool rewind_body() noexcept override { return true; }
        bool take_head(int, std::span<const Header>) noexcept override { return true; }
        bool take_body(std::span<const std::byte>) noexcept override { return true; }
        bool show_progress(const Progress&) noexcept override { return true; }
        bool note_deferred_cancel() noexcept override { return true; }
    };
    TestServer server(echo);
    auto* create =
        reinterpret_cast<NewHttpEngine*>(module_symbol("editprep_curl", kHttpEngineSymbol));
    const std::unique_ptr<HttpEngine> engine(create());
    Exchange exchange;
    exchange.method = "GET";
    exchange.url = "http://pinned.invalid:8080/";
    exchange.connect_to = "127.0.0.1:" + std::to_string(server.port());
    Ignore partner;
    const ExchangeResult result = engine->exchange(exchange, partner);
    EXPECT_EQ(result.failure, ExchangeFailure::none) << result.reason.data();
    ASSERT_EQ(server.requests().size(), 1U);
    EXPECT_EQ(server.requests().front().header("Host"), "pinned.invalid:8080");
}

// --- streams and bounds ---

TEST(Http, HandsTheBodyToTheSink) {
    TestServer server([](const RecordedRequest& request) {
        return Reply{.status = request.target == "/good" ? 200 : 404,
                     .body = std::string(300'000, 'x')};
    });
    HttpClient client({});
    std::string taken;
    HttpRequest request = get(server.url() + "/good");
    request.sink = [&](std::span<const std::byte> piece) {
        taken.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    };
    EXPECT_EQ(client.send(request).body, "");
    EXPECT_EQ(taken, std::string(300'000, 'x'));

    taken.clear();
    request.url = server.url() + "/bad";
    EXPECT_EQ(client.send(request).body.size(), 300'000U);
    EXPECT_EQ(taken, "");
}

TEST(Http, ErrorsOfTheSinkAndOfTheBodyPassThrough) {
    TestServer server([](const RecordedRequest&) { return Reply{.body = "text"}; });
    HttpRequest request = get(server.url());
    request.sink = [](std::span<const std::byte>) {
        throw Error(Errc::write_failed, "the disk is full");
    };
    EXPECT_EQ(error_of(request).errc(), Errc::write_failed);

    const TempFolder folder;
    const std::string path = (folder / "clip").string();
    std::ofstream(path) << std::string(1000, 'x');
    HttpRequest upload = get(server.url());
    upload.method = "PUT";
    upload.body = file_body(path);
    std::filesystem::resize_file(path, 10);
    EXPECT_EQ(error_of(upload).errc(), Errc::read_failed);
}

TEST(Http, RefusesWhatIsAnnouncedTooLargeAtOnce) {
    RawServer server([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\nx");
        read_request(socket);
    });
    HttpRequest request = get(server.url() + "/?signature=canary");
    request.max_response_bytes = 1000;
    const auto time = time_of([&] {
        const Error error = error_of(request);
        EXPECT_EQ(error.errc(), Errc::too_large);
        EXPECT_TRUE(contains(error.what(), "2147483648")) << error.what();
        EXPECT_FALSE(contains(error.what(), "canary"));
    });
    EXPECT_LT(time, 4s);
}

TEST(Http, StopsWhenMoreArrivesThanIsAllowed) {
    RawServer server([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (write_all(socket, "400\r\n" + std::string(1024, 'x') + "\r\n")) {
        }
    });
    HttpRequest request = get(server.url());
    request.max_response_bytes = 5000;
    std::size_t taken = 0;
    request.sink = [&](std::span<const std::byte> piece) { taken += piece.size(); };
    EXPECT_EQ(error_of(request).errc(), Errc::too_large);
    EXPECT_LE(taken, 5000U);
}

TEST(Http, TakesExactlyWhatIsAllowed) {
    TestServer server([](const RecordedRequest&) { return Reply{.body = std::string(5000, 'x')}; });
    HttpClient client({});
    HttpRequest request = get(server.url());
    request.max_response_bytes = 5000;
    EXPECT_EQ(client.send(request).body.size(), 5000U);
    request.max_response_bytes = 4999;
    EXPECT_EQ(error_of(request).errc(), Errc::too_large);
}

TEST(Http, AnErrorsTextIsCutAndNotRefused) {
    TestServer server([](const RecordedRequest&) {
        return Reply{.status = 500, .body = std::string(3 << 20, 'x')};
    });
    HttpClient client({});
    const HttpResponse response = client.send(get(server.url()));
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.size(), std::size_t{1} << 20);
    HttpRequest request = get(server.url());
    request.max_response_bytes = 10;
    EXPECT_EQ(client.send(request).body, std::string(10, 'x'));
}

TEST(Http, BoundsTheHeaders) {
    RawServer server([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\n");
        while (write_all(socket, "X-More: " + std::string(1000, 'x') + "\r\n")) {
        }
    });
    EXPECT_EQ(error_of(get(server.url())).errc(), Errc::too_large);
}

TEST(Http, ShowsProgress) {
    RawServer server([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
        std::this_thread::sleep_for(500ms);
        write_all(socket, "def");
    });
    HttpClient client({});
    HttpRequest request = post(server.url(), "12345");
    std::vector<Progress> shown;
    request.progress = [&](const Progress& progress) { shown.push_back(progress); };
    EXPECT_EQ(client.send(request).body, "abcdef");
    ASSERT_GE(shown.size(), 2U);
    EXPECT_EQ(shown.back().sent_bytes, 5U);
    EXPECT_EQ(shown.back().received_bytes, 6U);
    EXPECT_EQ(shown.back().expected_bytes, 6U);
    EXPECT_TRUE(std::ranges::any_of(
        shown, [](const Progress& progress) { return progress.received_bytes == 3; }));
}

/// In KiB, since reset_peak_memory().
std::size_t peak_memory_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::stoul(line.substr(6));
        }
    }
    return 0;
}

bool reset_peak_memory() {
    return static_cast<bool>(std::ofstream("/proc/self/clear_refs") << "5" << std::flush);
}

TEST(Http, UploadsALargeFileInLittleMemory) {
    constexpr std::uint64_t kFileBytes = 160 << 20;
    const TempFolder folder;
    const std::string path = (folder / "clip.mp4").string();
    std::ofstream(path).close();
    std::filesystem::resize_file(path, kFileBytes);
    std::atomic<std::uint64_t> arrived = 0;
    RawServer server([&](int socket) {
        std::string start;
        std::vector<char> piece(64 << 10);
        std::uint64_t expected = UINT64_MAX;
        while (arrived < expected) {
            const ssize_t count = ::recv(socket, piece.data(), piece.size(), 0);
            if (count <= 0) {
                return;
            }
            arrived += static_cast<std::uint64_t>(count);
            if (expected == UINT64_MAX) {
                start.append(piece.data(), static_cast<std::size_t>(count));
                const std::size_t head_end = start.find("\r\n\r\n");
                const std::size_t length = start.find("Content-Length: ");
                if (head_end != std::string::npos && length != std::string::npos) {
                    expected = head_end + 4 + std::stoull(start.substr(length + 16, 20));
                }
            }
        }
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    HttpClient client({});
    EXPECT_EQ(error_of(get("http://127.0.0.1:1/")).errc(), Errc::connection_failed);
    if (!reset_peak_memory()) {
        GTEST_SKIP() << "this system does not let a process reset its peak memory";
    }
    const std::size_t before = peak_memory_kib();
    const std::string token = new_inline_token();
    HttpRequest request = post(server.url(), "");
    request.body =
        json_body("{\"video_url\":\"" + token + "\"}",
                  {{.token = token, .content = file_body(path), .media_type = "video/mp4"}});
    EXPECT_EQ(client.send(request).body, "ok");
    EXPECT_GT(arrived, kFileBytes / 3 * 4);
    EXPECT_LT(peak_memory_kib() - before, 16U << 10);
}

// --- what is no business of the client ---

/// Sets a variable for one test.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) {
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() { ::unsetenv(name_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
};

TEST(Http, ReadsNoEnvironmentAndNoNetrc) {
    const TempFolder folder;
    std::ofstream(folder / ".netrc") << "machine 127.0.0.1 login someone password canary\n";
    const Variable home("HOME", folder.path().string());
    const Variable proxy("http_proxy", "http://127.0.0.1:1");
    const Variable all("ALL_PROXY", "http://127.0.0.1:1");
    TestServer server(echo);
    HttpClient client({});
    EXPECT_EQ(client.send(get(server.url())).status, 200);
    EXPECT_FALSE(server.requests().front().has_header("Authorization"));
    // Not exempt from proxies, as the loopback is.
    EXPECT_TRUE(contains(error_of(get("http://nowhere.invalid/")).what(), "not known"));
}

TEST(Http, RefusesWhatIsNoRequest) {
    const std::string url = "http://127.0.0.1:1/";
    EXPECT_EQ(error_of(get("ftp://127.0.0.1/")).errc(), Errc::invalid_url);
    EXPECT_EQ(error_of(get(url + "a\r\nX: y")).errc(), Errc::invalid_url);
    const auto with_header = [&](std::string name, std::string value) {
        HttpRequest request = get(url);
        request.headers = {{std::move(name), std::move(value)}};
        return error_of(request).errc();
    };
    EXPECT_EQ(with_header("X-A", "b\r\nX-C: d"), Errc::invalid_argument);
    EXPECT_EQ(with_header("X-A", "b\n"), Errc::invalid_argument);
    EXPECT_EQ(with_header("X-A", std::string("b\0c", 3)), Errc::invalid_argument);
    EXPECT_EQ(with_header("X A", "b"), Errc::invalid_argument);
    EXPECT_EQ(with_header("X-A:", "b"), Errc::invalid_argument);
    EXPECT_EQ(with_header("", "b"), Errc::invalid_argument);
    EXPECT_EQ(with_header("host", "b"), Errc::invalid_argument);
    EXPECT_EQ(with_header("Content-Length", "5"), Errc::invalid_argument);
    EXPECT_EQ(with_header("Transfer-Encoding", "chunked"), Errc::invalid_argument);
    HttpRequest request = get(url);
    request.method = "GET / HTTP/1.1\r\nX: y";
    EXPECT_EQ(error_of(request).errc(), Errc::invalid_argument);
}

}  // namespace
}  // namespace editprep::transport
