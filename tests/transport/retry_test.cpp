#include "editprep/transport/retry.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "editprep/transport/error.hpp"
#include "http_support.hpp"
#include "test_server.hpp"

namespace editprep::transport {
namespace {

using namespace editprep::testing;
using std::chrono::milliseconds;

/// Noon on 1 January 2030, and no pause takes any time.
struct FakeTime {
    std::chrono::system_clock::time_point now =
        std::chrono::sys_days{std::chrono::January / 1 / 2030} + std::chrono::hours(12);
    std::vector<milliseconds> pauses{};
    bool interrupted = false;

    Clock clock() {
        return {.now = [this] { return now; },
                .steady_now = [] { return std::chrono::steady_clock::time_point(); },
                .sleep =
                    [this](milliseconds pause) {
                        pauses.push_back(pause);
                        return !interrupted;
                    },
                .random = [] { return 0.5; }};
    }
};

/// Answers with these one after the other, the last one for ever.
TestServer::Handler in_turn(std::vector<Reply> replies) {
    return [replies, next = std::size_t{0}](const RecordedRequest&) mutable {
        return replies[std::min(next++, replies.size() - 1)];
    };
}

using Pauses = std::vector<milliseconds>;

TEST(Retry, DelaysDoubleUpToTheirCap) {
    const Backoff backoff{.base = 1s, .cap = 30s};
    EXPECT_EQ(backoff.delay(0, 0.5), 1s);
    EXPECT_EQ(backoff.delay(1, 0.5), 2s);
    EXPECT_EQ(backoff.delay(4, 0.5), 16s);
    EXPECT_EQ(backoff.delay(5, 0.5), 30s);
    EXPECT_EQ(backoff.delay(5000, 0.5), 30s);
    EXPECT_EQ(backoff.delay(0, 0.0), 750ms);
    EXPECT_EQ(backoff.delay(0, 0.999999), 1250ms);
}

TEST(Retry, ReadsEveryFormOfRetryAfter) {
    const FakeTime time;
    const auto requested = [&](const char* name, const char* value) {
        return requested_delay({.headers = {{name, value}}}, time.now);
    };
    EXPECT_EQ(requested("Retry-After", "7"), 7s);
    EXPECT_EQ(requested("retry-after", "0"), 0s);
    EXPECT_EQ(requested("Retry-After", "1.5"), 1500ms);
    EXPECT_EQ(requested("retry-after-ms", "250"), 250ms);
    EXPECT_EQ(requested("Retry-After", "Tue, 01 Jan 2030 12:00:30 GMT"), 30s);
    EXPECT_EQ(requested("Retry-After", "Tuesday, 01-Jan-30 12:00:30 GMT"), 30s);
    EXPECT_EQ(requested("Retry-After", "Tue Jan  1 12:00:30 2030"), 30s);
    EXPECT_EQ(requested("Retry-After", "Sat, 01 Jan 2000 00:00:00 GMT"), 0s);
    for (const char* nonsense : {"", "-1", "soon", "1e999", "nan", "inf", "7 s", "0x10"}) {
        EXPECT_EQ(requested("Retry-After", nonsense), std::nullopt) << nonsense;
    }
    EXPECT_GT(requested("Retry-After", "99999999999999999999"), 1000h);
    EXPECT_EQ(
        requested_delay({.headers = {{"retry-after-ms", "x"}, {"Retry-After", "3"}}}, time.now),
        3s);
    EXPECT_EQ(requested_delay({}, time.now), std::nullopt);
}

TEST(Retry, TriesAgainUntilItWorks) {
    TestServer server(in_turn({{.status = 503},
                               {.status = 429, .headers = {{"Retry-After", "9"}}},
                               {.status = 200, .body = "done"}}));
    FakeTime time;
    HttpClient client({});
    std::vector<std::string> told;
    const RetryPolicy policy{.retry_response = is_transient,
                             .on_retry = [&](const std::string& reason, milliseconds pause) {
                                 told.push_back(reason + " " + std::to_string(pause.count()));
                             }};
    const HttpResponse response =
        send_with_retries(client, post(server.url(), "{\"a\":1}"), policy, time.clock());
    EXPECT_EQ(response.body, "done");
    EXPECT_EQ(time.pauses, (Pauses{1s, 9s}));
    EXPECT_EQ(told, (std::vector<std::string>{"HTTP 503 1000", "HTTP 429 9000"}));
    ASSERT_EQ(server.requests().size(), 3U);
    for (const RecordedRequest& request : server.requests()) {
        EXPECT_EQ(request.body, "{\"a\":1}");
    }
}

TEST(Retry, TheLastResponseIsTheOutcome) {
    TestServer server(in_turn({{.status = 500, .body = "storm"}}));
    FakeTime time;
    HttpClient client({});
    const RetryPolicy policy{.attempts = 3, .retry_response = is_transient};
    EXPECT_EQ(send_with_retries(client, get(server.url()), policy, time.clock()).status, 500);
    EXPECT_EQ(server.requests().size(), 3U);
    EXPECT_EQ(time.pauses, (Pauses{1s, 2s}));
}

TEST(Retry, DoesNotWaitLongerThanAllowed) {
    TestServer server(in_turn({{.status = 429, .headers = {{"Retry-After", "121"}}}}));
    FakeTime time;
    HttpClient client({});
    const RetryPolicy policy{.retry_response = is_transient};
    EXPECT_EQ(send_with_retries(client, get(server.url()), policy, time.clock()).status, 429);
    EXPECT_TRUE(time.pauses.empty());
}

TEST(Retry, OrdinaryAnswersAreFinal) {
    for (const int status : {200, 400, 401, 404, 409, 422, 501}) {
        TestServer server(in_turn({{.status = status}}));
        FakeTime time;
        HttpClient client({});
        const RetryPolicy policy{.retry_response = is_transient};
        EXPECT_EQ(send_with_retries(client, get(server.url()), policy, time.clock()).status,
                  status);
        EXPECT_EQ(server.requests().size(), 1U);
    }
}

TEST(Retry, WithoutARuleEveryResponseIsFinal) {
    TestServer server(in_turn({{.status = 503}}));
    FakeTime time;
    HttpClient client({});
    EXPECT_EQ(send_with_retries(client, get(server.url()), {}, time.clock()).status, 503);
    EXPECT_EQ(server.requests().size(), 1U);
}

/// Reads the first `count` requests and drops their connections.
RawServer dropping(int count) {
    return RawServer([count, seen = std::make_shared<std::atomic<int>>(0)](int socket) {
        read_request(socket);
        if ((*seen)++ >= count) {
            write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
}

TEST(Retry, BrokenConnectionsAreTriedAgainWhenThatDoesNoHarm) {
    const RawServer server = dropping(2);
    FakeTime time;
    HttpClient client({});
    EXPECT_EQ(send_with_retries(client, get(server.url()), {}, time.clock()).body, "ok");
    EXPECT_EQ(server.connections(), 3);
}

TEST(Retry, WhatMayHaveArrivedIsNotSentAgain) {
    const RawServer server = dropping(2);
    FakeTime time;
    HttpClient client({});
    HttpRequest request = post(server.url(), "{}");
    request.send_once = true;
    const RetryPolicy policy{.idempotent = false};
    const Error error = error_of(
        [&] { static_cast<void>(send_with_retries(client, request, policy, time.clock())); });
    EXPECT_EQ(error.errc(), Errc::connection_lost);
    EXPECT_EQ(server.connections(), 1);
    EXPECT_TRUE(time.pauses.empty());
}

TEST(Retry, WhatNeverArrivedIsSentAgain) {
    FakeTime time;
    HttpClient client({});
    const RetryPolicy policy{.attempts = 3, .idempotent = false};
    const Error error = error_of([&] {
        static_cast<void>(
            send_with_retries(client, post("http://127.0.0.1:1/", "{}"), policy, time.clock()));
    });
    EXPECT_EQ(error.errc(), Errc::connection_failed);
    EXPECT_EQ(time.pauses.size(), 2U);
}

TEST(Retry, ASinkIsNeverFedTwice) {
    const RawServer server([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
    });
    FakeTime time;
    HttpClient client({});
    std::string taken;
    HttpRequest request = get(server.url());
    request.sink = [&](std::span<const std::byte> piece) {
        taken.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    };
    const Error error =
        error_of([&] { static_cast<void>(send_with_retries(client, request, {}, time.clock())); });
    EXPECT_EQ(error.errc(), Errc::connection_lost);
    EXPECT_EQ(taken, "12345");
    EXPECT_EQ(server.connections(), 1);
}

TEST(Retry, OtherErrorsAreFinal) {
    FakeTime time;
    HttpClient client({});
    for (const char* url : {"ftp://x/", "http://localhost/"}) {
        HttpRequest request = get(url);
        request.reach = {};
        const Error error = error_of(
            [&] { static_cast<void>(send_with_retries(client, request, {}, time.clock())); });
        EXPECT_FALSE(may_have_been_received(error.errc())) << error.what();
    }
    EXPECT_TRUE(time.pauses.empty());
}

TEST(Retry, AnInterruptedPauseCancels) {
    TestServer server(in_turn({{.status = 503}}));
    FakeTime time{.interrupted = true};
    HttpClient client({});
    const RetryPolicy policy{.retry_response = is_transient};
    const Error error = error_of([&] {
        static_cast<void>(
            send_with_retries(client, get(server.url() + "?canary"), policy, time.clock()));
    });
    EXPECT_EQ(error.errc(), Errc::cancelled);
    EXPECT_FALSE(contains(error.what(), "canary"));
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Retry, AnInterruptedPauseOfAPaidRequestLeavesItsOutcome) {
    TestServer server(in_turn({{.status = 503}}));
    FakeTime time{.interrupted = true};
    HttpClient client({});
    HttpRequest request = get(server.url());
    request.finish_despite_cancel = true;
    const RetryPolicy policy{.retry_response = is_transient};
    EXPECT_EQ(send_with_retries(client, request, policy, time.clock()).status, 503);
    EXPECT_EQ(server.requests().size(), 1U);

    request.url = "http://127.0.0.1:1/";
    const Error error = error_of(
        [&] { static_cast<void>(send_with_retries(client, request, policy, time.clock())); });
    EXPECT_EQ(error.errc(), Errc::connection_failed);
}

TEST(Retry, TheSystemsClockSleepsAndCanBeWoken) {
    std::atomic<bool> cancel = false;
    const Clock clock = system_clock(&cancel);
    EXPECT_GE(time_of([&] { EXPECT_TRUE(clock.sleep(120ms)); }), 120ms);
    std::thread other([&] {
        std::this_thread::sleep_for(100ms);
        cancel = true;
    });
    EXPECT_LT(time_of([&] { EXPECT_FALSE(clock.sleep(10s)); }), 1s);
    other.join();
    EXPECT_TRUE(system_clock(nullptr).sleep(0ms));
    const double number = clock.random();
    EXPECT_TRUE(number >= 0 && number < 1);
    EXPECT_LT(std::chrono::abs(clock.now() - std::chrono::system_clock::now()), 10s);
}

}  // namespace
}  // namespace editprep::transport
