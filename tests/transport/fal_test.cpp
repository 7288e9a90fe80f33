#include "editprep/transport/fal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "editprep/transport/error.hpp"
#include "fake_clock.hpp"
#include "http_support.hpp"
#include "test_server.hpp"

namespace editprep::transport {
namespace {

using namespace std::chrono_literals;
using testing::error_of;
using testing::FakeClock;
using testing::RawServer;
using testing::RecordedRequest;
using testing::Reply;
using testing::TestServer;

using Pauses = std::vector<std::chrono::milliseconds>;

constexpr const char* kKey = "id:canary-secret";

FalEndpoints endpoints_at(const std::string& url) {
    return {.run_url = url + "/run",
            .queue_url = url,
            .rest_url = url + "/rest",
            .api_url = url + "/v1"};
}

/// A client of a server that gives the replies in turn, the last one for ever.
class FalCall {
public:
    explicit FalCall(std::vector<Reply> replies)
        : replies_(std::move(replies)),
          server_([this](const RecordedRequest&) {
              return replies_[std::min<std::size_t>(answered_++, replies_.size() - 1)];
          }),
          client_(http_, clock_.clock(), endpoints_at(server_.url()), Secret(kKey)) {}

    [[nodiscard]] FalClient& client() { return client_; }
    [[nodiscard]] std::vector<RecordedRequest> requests() const { return server_.requests(); }
    [[nodiscard]] RecordedRequest request() const {
        const auto all = requests();
        return all.empty() ? RecordedRequest{} : all.front();
    }
    [[nodiscard]] const Pauses& pauses() const { return clock_.pauses(); }
    [[nodiscard]] std::string url() const { return server_.url(); }

private:
    std::vector<Reply> replies_;
    std::size_t answered_ = 0;
    TestServer server_;
    FakeClock clock_;
    HttpClient http_{HttpSettings{.user_agent = "editprep-test"}};
    FalClient client_;
};

Reply refusal(int status, std::vector<std::pair<std::string, std::string>> headers = {}) {
    return {.status = status, .body = R"({"detail":"no"})", .headers = std::move(headers)};
}

const Reply kAccepted{.status = 200, .body = R"({"status":"IN_QUEUE","request_id":"r1"})"};

Body input() { return text_body(R"({"prompt":"p"})"); }

FalRequest job() { return {.model = "fal-ai/flux/dev", .request_id = "r1"}; }

/// For a client whose server is no TestServer.
Error submit_error(const std::string& url, FakeClock& clock) {
    HttpClient http({});
    FalClient client(http, clock.clock(), endpoints_at(url), Secret(kKey));
    return error_of([&] { static_cast<void>(client.submit("a/b", input(), {})); });
}

TEST(FalSubmit, SendsTheInputToTheWholeId) {
    FalCall call({kAccepted});
    const HttpResponse response =
        call.client().submit("fal-ai/flux/dev/image-to-image", input(), {});
    EXPECT_EQ(response.status, 200);
    const RecordedRequest request = call.request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/fal-ai/flux/dev/image-to-image");
    EXPECT_EQ(request.body, R"({"prompt":"p"})");
    EXPECT_EQ(request.header("Authorization"), std::string("Key ") + kKey);
    EXPECT_EQ(request.header("Accept"), "application/json");
    EXPECT_EQ(request.header("Content-Type"), "application/json");
    EXPECT_EQ(request.header("X-Fal-Queue-Priority"), "normal");
    EXPECT_FALSE(request.has_header("X-Fal-Request-Timeout"));
    EXPECT_FALSE(request.has_header("Expect"));
}

TEST(FalSubmit, SendsTheOptions) {
    FalCall call({kAccepted});
    static_cast<void>(call.client().submit(
        "110602490-sdxl", input(),
        {.priority = FalPriority::low,
         .hint = "h",
         .start_timeout_seconds = 30,
         .expires_in = 60s,
         .webhook = "https://me.example/hook?a=b&c=d",
         .headers = {{"X-Fal-Store-IO", "0"}, {"Authorization", "Key other"}}}));
    const RecordedRequest request = call.request();
    EXPECT_EQ(request.target,
              "/110602490/sdxl?fal_webhook=https%3A%2F%2Fme.example%2Fhook%3Fa%3Db%26c%3Dd");
    EXPECT_EQ(request.header("X-Fal-Queue-Priority"), "low");
    EXPECT_EQ(request.header("X-Fal-Runner-Hint"), "h");
    EXPECT_EQ(request.header("X-Fal-Request-Timeout"), "30");
    EXPECT_EQ(request.header("X-Fal-Object-Lifecycle-Preference"),
              R"({"expiration_duration_seconds":60})");
    EXPECT_EQ(request.header("X-Fal-Store-IO"), "0");
    EXPECT_EQ(request.header("Authorization"), std::string("Key ") + kKey);
}

TEST(FalSubmit, LetsAHeaderSayThePriority) {
    FalCall call({kAccepted});
    static_cast<void>(
        call.client().submit("a/b", input(), {.headers = {{"x-fal-queue-priority", "low"}}}));
    EXPECT_EQ(call.request().header("X-Fal-Queue-Priority"), "low");
}

TEST(FalSubmit, SendsNothingForABadIdOrOption) {
    FalCall call({kAccepted});
    for (const char* id : {"", "a/../b", "a//b", "a/b?c", "a b/c"}) {
        EXPECT_EQ(
            error_of([&] { static_cast<void>(call.client().submit(id, input(), {})); }).errc(),
            Errc::invalid_argument);
    }
    EXPECT_EQ(error_of([&] {
                  static_cast<void>(
                      call.client().submit("a/b", input(), {.headers = {{"X-A", "b\r\nX-C: d"}}}));
              }).errc(),
              Errc::invalid_argument);
    EXPECT_TRUE(call.requests().empty());
}

struct RetryCase {
    const char* name;
    Reply first;
    std::size_t attempts;

    friend void PrintTo(const RetryCase& given, std::ostream* out) { *out << given.name; }
};

std::string name_of(const ::testing::TestParamInfo<RetryCase>& info) { return info.param.name; }

const std::pair<std::string, std::string> kRequestId{"x-fal-request-id", "r1"};
const std::pair<std::string, std::string> kOwnDeadline{"X-Fal-Request-Timeout-Type", "user"};

class FalSubmitRetries : public ::testing::TestWithParam<RetryCase> {};

TEST_P(FalSubmitRetries, OnlyWhatTheQueueHasNotSeen) {
    FalCall call({GetParam().first, kAccepted});
    const HttpResponse response = call.client().submit("a/b", input(), {});
    EXPECT_EQ(call.requests().size(), GetParam().attempts);
    EXPECT_EQ(response.status, GetParam().attempts == 1 ? GetParam().first.status : 200);
    for (const RecordedRequest& request : call.requests()) {
        EXPECT_EQ(request.body, R"({"prompt":"p"})");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Responses, FalSubmitRetries,
    ::testing::Values(
        RetryCase{"accepted", kAccepted, 1}, RetryCase{"status400", refusal(400), 1},
        RetryCase{"status401", refusal(401), 1}, RetryCase{"status408", refusal(408), 1},
        RetryCase{"status409", refusal(409), 1}, RetryCase{"status422", refusal(422), 1},
        RetryCase{"status500", refusal(500), 1}, RetryCase{"status429", refusal(429), 2},
        RetryCase{"status502", refusal(502), 2}, RetryCase{"status503", refusal(503), 2},
        RetryCase{"status504", refusal(504), 2},
        RetryCase{"status429WithRequestId", refusal(429, {kRequestId}), 1},
        RetryCase{"status502WithRequestId", refusal(502, {kRequestId}), 1},
        RetryCase{"status503WithRequestId", refusal(503, {kRequestId}), 1},
        RetryCase{"status504WithRequestId", refusal(504, {kRequestId}), 1},
        RetryCase{"ownDeadline", refusal(504, {kOwnDeadline}), 1},
        RetryCase{"longRetryAfter", refusal(429, {{"Retry-After", "9999"}}), 1},
        RetryCase{"redirect", refusal(307, {{"Location", "/elsewhere"}}), 1}),
    name_of);

TEST(FalSubmit, GivesUpAfterFourAttempts) {
    FalCall call({refusal(503)});
    EXPECT_EQ(call.client().submit("a/b", input(), {}).status, 503);
    EXPECT_EQ(call.requests().size(), 4U);
    EXPECT_EQ(call.pauses(), (Pauses{1s, 2s, 4s}));
}

TEST(FalSubmit, WaitsAsLongAsTheServerAsks) {
    FalCall call({refusal(429, {{"Retry-After", "7"}}), kAccepted});
    std::vector<std::string> told;
    call.client().on_retry([&](const std::string& reason, std::chrono::milliseconds pause) {
        told.push_back(reason + " " + std::to_string(pause.count()));
    });
    EXPECT_EQ(call.client().submit("a/b", input(), {}).status, 200);
    EXPECT_EQ(call.pauses(), Pauses{7s});
    EXPECT_EQ(told, std::vector<std::string>{"HTTP 429 7000"});
}

TEST(FalSubmit, TriesAgainWhenThereWasNoConnection) {
    std::string url;
    {
        const RawServer gone([](int) {});
        url = gone.url();
    }
    FakeClock clock;
    const Error error = submit_error(url, clock);
    EXPECT_EQ(error.errc(), Errc::connection_failed);
    EXPECT_FALSE(may_have_been_received(error.errc()));
    EXPECT_EQ(clock.pauses().size(), 3U);
}

TEST(FalSubmit, IsNotRepeatedWhenTheConnectionBreaks) {
    const RawServer server([](int socket) { testing::read_request(socket); });
    FakeClock clock;
    const Error error = submit_error(server.url(), clock);
    EXPECT_TRUE(may_have_been_received(error.errc())) << error.what();
    EXPECT_EQ(server.connections(), 1);
    EXPECT_TRUE(clock.pauses().empty());
}

TEST(FalSubmit, IsNotRepeatedWhenTheAnswerIsCutOff) {
    for (const char* answer :
         {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"request_id\"", "garbage\r\n\r\n",
          "HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\n{"}) {
        const RawServer server([answer](int socket) {
            testing::read_request(socket);
            testing::write_all(socket, answer);
        });
        FakeClock clock;
        const Error error = submit_error(server.url(), clock);
        EXPECT_TRUE(may_have_been_received(error.errc())) << error.what();
        EXPECT_EQ(server.connections(), 1) << answer;
    }
}

TEST(FalSubmit, TakesAConnectionOfItsOwn) {
    const RawServer server([](int socket) {
        while (!testing::read_request(socket).empty()) {
            testing::write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        }
    });
    FakeClock clock;
    HttpClient http({});
    FalClient client(http, clock.clock(), endpoints_at(server.url()), Secret(kKey));
    static_cast<void>(client.status(job(), false));
    static_cast<void>(client.status(job(), false));
    EXPECT_EQ(server.connections(), 1);
    static_cast<void>(client.submit("a/b", input(), {}));
    EXPECT_EQ(server.connections(), 2);
}

TEST(FalSubmit, NeverShowsTheKey) {
    FakeClock clock;
    const RawServer server([](int socket) { testing::read_request(socket); });
    EXPECT_FALSE(testing::contains(submit_error(server.url(), clock).what(), "canary"));
}

TEST(FalSubmit, KeepsTheKeyFromPlainHttp) {
    FakeClock clock;
    const Error error = submit_error("http://queue.example", clock);
    EXPECT_EQ(error.errc(), Errc::insecure_url);
    EXPECT_TRUE(clock.pauses().empty());
}

TEST(FalRun, SendsTheInputAndNoPriority) {
    FalCall call({{.body = R"({"images":[]})"}});
    EXPECT_EQ(call.client().run("fal-ai/flux/dev", input(), {.expires_in = 60s}).body,
              R"({"images":[]})");
    const RecordedRequest request = call.request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/run/fal-ai/flux/dev");
    EXPECT_FALSE(request.has_header("X-Fal-Queue-Priority"));
    EXPECT_TRUE(request.has_header("X-Fal-Object-Lifecycle-Preference"));
}

TEST(FalRun, IsSentOnceWhateverTheAnswer) {
    for (const int status : {429, 500, 502, 503, 504}) {
        FalCall call({refusal(status), kAccepted});
        EXPECT_EQ(call.client().run("a/b", input(), {}).status, status);
        EXPECT_EQ(call.requests().size(), 1U);
    }
}

class FalStatusRetries : public ::testing::TestWithParam<RetryCase> {};

TEST_P(FalStatusRetries, WhatMayPass) {
    FalCall call({GetParam().first, {.body = R"({"status":"IN_QUEUE"})"}});
    static_cast<void>(call.client().status(job(), false));
    EXPECT_EQ(call.requests().size(), GetParam().attempts);
}

INSTANTIATE_TEST_SUITE_P(Responses, FalStatusRetries,
                         ::testing::Values(RetryCase{"status202", {.status = 202, .body = "{}"}, 1},
                                           RetryCase{"status404", refusal(404), 1},
                                           RetryCase{"status401", refusal(401), 1},
                                           RetryCase{"status405", refusal(405), 1},
                                           RetryCase{"status429", refusal(429), 2},
                                           RetryCase{"status500", refusal(500), 2},
                                           RetryCase{"status503", refusal(503, {kRequestId}), 2},
                                           RetryCase{"ownDeadline", refusal(504, {kOwnDeadline}),
                                                     1}),
                         name_of);

TEST(FalStatusCall, UsesOwnerAndApp) {
    FalCall call({{.body = R"({"status":"IN_QUEUE"})"}});
    static_cast<void>(call.client().status(job(), false));
    static_cast<void>(call.client().status(job(), true));
    const auto requests = call.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0].method, "GET");
    EXPECT_EQ(requests[0].target, "/fal-ai/flux/requests/r1/status?logs=0");
    EXPECT_EQ(requests[1].target, "/fal-ai/flux/requests/r1/status?logs=1");
    EXPECT_EQ(requests[0].header("Accept"), "application/json");
    EXPECT_EQ(requests[0].header("Content-Type"), "application/json");
    EXPECT_EQ(requests[0].header("Authorization"), std::string("Key ") + kKey);
}

TEST(FalStatusCall, IsRepeatedAfterABrokenConnection) {
    std::atomic<int> served{0};
    const RawServer server([&](int socket) {
        testing::read_request(socket);
        if (++served > 2) {
            testing::write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        }
    });
    FakeClock clock;
    HttpClient http({});
    FalClient client(http, clock.clock(), endpoints_at(server.url()), Secret(kKey));
    EXPECT_EQ(client.status(job(), false).body, "{}");
    EXPECT_EQ(server.connections(), 3);
}

TEST(FalStatusCall, KeepsTheKeyFromForeignHosts) {
    const TestServer thief([](const RecordedRequest&) { return Reply{}; });
    FalCall call({{.body = "{}"}});
    FalRequest request = job();
    request.status_url = thief.url() + "/status";
    request.response_url = thief.url() + "/result";
    request.cancel_url = thief.url() + "/cancel";
    static_cast<void>(call.client().status(request, false));
    static_cast<void>(call.client().result(request));
    static_cast<void>(call.client().cancel(request));
    static_cast<void>(call.client().follow(request, false, [](const FalStatus&) {}));
    EXPECT_TRUE(thief.requests().empty());
    EXPECT_EQ(call.requests().size(), 4U);
}

TEST(FalStatusCall, KeepsTheKeyFromTheTargetsOfRedirects) {
    const TestServer thief([](const RecordedRequest&) { return Reply{.body = "{}"}; });
    FalCall call({{.status = 302, .headers = {{"Location", thief.url() + "/status"}}}});
    static_cast<void>(call.client().status(job(), false));
    ASSERT_EQ(thief.requests().size(), 1U);
    EXPECT_FALSE(thief.requests()[0].has_header("Authorization"));
}

TEST(FalResult, FollowsTheQueuesUrl) {
    FalCall call({{.body = "{}"}});
    FalRequest request = job();
    static_cast<void>(call.client().result(request));
    request.response_url = call.url() + "/fal-ai/flux/requests/r1/response?sig=a%2Fb";
    static_cast<void>(call.client().result(request));
    const auto requests = call.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0].target, "/fal-ai/flux/requests/r1");
    EXPECT_EQ(requests[1].target, "/fal-ai/flux/requests/r1/response?sig=a%2Fb");
}

TEST(FalResult, IsRepeatedUnlessItIsTheModelsVerdict) {
    FalCall busy({refusal(503), {.body = "{}"}});
    EXPECT_EQ(busy.client().result(job()).status, 200);

    FalCall verdict(
        {{.status = 504, .body = R"({"detail":[{"msg":"late","type":"generation_timeout"}]})"}});
    EXPECT_EQ(verdict.client().result(job()).status, 504);
    EXPECT_EQ(verdict.requests().size(), 1U);

    FalCall failed({refusal(500)});
    EXPECT_EQ(failed.client().result(job()).status, 500);
    EXPECT_EQ(failed.requests().size(), 1U);
}

TEST(FalCancel, SendsAnEmptyPut) {
    FalCall call({{.status = 202, .body = R"({"status":"CANCELLATION_REQUESTED"})"}});
    EXPECT_EQ(call.client().cancel(job()), CancelOutcome::requested);
    const RecordedRequest request = call.request();
    EXPECT_EQ(request.method, "PUT");
    EXPECT_EQ(request.target, "/fal-ai/flux/requests/r1/cancel");
    EXPECT_EQ(request.header("Content-Length"), "0");
    EXPECT_EQ(request.header("Content-Type"), "application/json");
    EXPECT_EQ(request.body, "");
}

TEST(FalCancel, IsRepeated) {
    FalCall call({refusal(502), {.status = 400, .body = R"({"status":"ALREADY_COMPLETED"})"}});
    EXPECT_EQ(call.client().cancel(job()), CancelOutcome::already_completed);
    EXPECT_EQ(call.requests().size(), 2U);
}

TEST(FalCancel, ThrowsTheServersReason) {
    FalCall call({{.status = 401, .body = R"({"detail":"No user found for Key ID and Secret"})"}});
    const Error error = error_of([&] { static_cast<void>(call.client().cancel(job())); });
    EXPECT_EQ(error.errc(), Errc::http_status);
    EXPECT_TRUE(testing::contains(error.what(), "HTTP 401, No user found")) << error.what();
    EXPECT_NE(error.next_step(), "");
}

std::string events(const std::vector<std::string>& texts) {
    std::string stream;
    for (const std::string& text : texts) {
        stream += "data: " + text + "\n\n";
    }
    return stream;
}

TEST(FalFollow, ReportsEveryStatus) {
    FalCall call({{.body = ": ping\n\n" +
                           events({R"({"status":"IN_QUEUE","queue_position":2})",
                                   R"({"status":"IN_PROGRESS"})", R"({"status":"COMPLETED"})"}),
                   .content_type = "text/event-stream"}});
    std::vector<std::string> seen;
    const HttpResponse response = call.client().follow(
        job(), true, [&](const FalStatus& status) { seen.push_back(status.status); });
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(seen, (std::vector<std::string>{"IN_QUEUE", "IN_PROGRESS", "COMPLETED"}));
    const RecordedRequest request = call.request();
    EXPECT_EQ(request.target, "/fal-ai/flux/requests/r1/status/stream?logs=1");
    EXPECT_EQ(request.header("Accept"), "application/json, text/event-stream");
}

TEST(FalFollow, EndsWithTheJobThoughTheServerHoldsOn) {
    const RawServer server([](int socket) {
        testing::read_request(socket);
        testing::write_all(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" +
                                       events({R"({"status":"COMPLETED"})"}));
        // Nothing more, and no end.
        testing::read_request(socket);
    });
    FakeClock clock;
    HttpClient http({});
    FalClient client(http, clock.clock(), endpoints_at(server.url()), Secret(kKey));
    int seen = 0;
    EXPECT_EQ(client.follow(job(), false, [&](const FalStatus&) { ++seen; }).status, 200);
    EXPECT_EQ(seen, 1);
}

TEST(FalFollow, GivesAnErrorStatusBack) {
    FalCall call({refusal(404)});
    int seen = 0;
    const HttpResponse response =
        call.client().follow(job(), false, [&](const FalStatus&) { ++seen; });
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(describe_fal_failure(response).message, "no");
    EXPECT_EQ(seen, 0);
}

TEST(FalFollow, RefusesEventsThatAreNone) {
    FalCall call({{.body = events({"<html>"}), .content_type = "text/event-stream"}});
    EXPECT_EQ(error_of([&] {
                  static_cast<void>(call.client().follow(job(), false, [](const FalStatus&) {}));
              }).errc(),
              Errc::invalid_response);
}

TEST(FalPricing, AsksForFiftyIdsAtATime) {
    FalCall call({{.body = R"({"prices":[{"endpoint_id":"a/b","unit_price":1}]})"}});
    std::vector<std::string> ids(51, "fal-ai/flux/dev");
    EXPECT_EQ(call.client().prices(ids).size(), 2U);
    const auto requests = call.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_TRUE(requests[0].target.starts_with(
        "/v1/models/pricing?endpoint_id=fal-ai%2Fflux%2Fdev&endpoint_id=fal-ai%2Fflux%2Fdev&"));
    EXPECT_EQ(requests[1].target, "/v1/models/pricing?endpoint_id=fal-ai%2Fflux%2Fdev");
    EXPECT_EQ(requests[0].header("Authorization"), std::string("Key ") + kKey);
    EXPECT_TRUE(call.client().prices({}).empty());
}

TEST(FalPricing, ThrowsForAnUnknownId) {
    FalCall call({{.status = 404, .body = R"({"error":{"message":"No such endpoint"}})"}});
    const Error error = error_of([&] { static_cast<void>(call.client().prices({"a/b"})); });
    EXPECT_EQ(error.errc(), Errc::http_status);
    EXPECT_TRUE(testing::contains(error.what(), "No such endpoint"));
}

TEST(FalPricing, GivesUpWhenPatienceEnds) {
    const FalPatience patience{.timeouts = {.stall = std::chrono::seconds(3)}, .attempts = 2};
    FalCall broken({refusal(500)});
    EXPECT_EQ(
        error_of([&] { static_cast<void>(broken.client().prices({"a/b"}, patience)); }).errc(),
        Errc::http_status);
    EXPECT_EQ(broken.requests().size(), 2U);
    FalCall busy({refusal(429, {{"Retry-After", "4"}})});
    EXPECT_EQ(error_of([&] { static_cast<void>(busy.client().prices({"a/b"}, patience)); }).errc(),
              Errc::http_status);
    EXPECT_EQ(busy.requests().size(), 1U);
}

TEST(FalPricing, DoesNotWaitLongerThanPatienceForASilentServer) {
    const RawServer server([](int socket) {
        testing::read_request(socket);
        testing::read_request(socket);
    });
    HttpClient http({});
    FakeClock clock;
    FalClient client(http, clock.clock(), endpoints_at(server.url()), Secret(kKey));
    const FalPatience patience{.timeouts = {.stall = std::chrono::milliseconds(300)}};
    EXPECT_EQ(error_of([&] { static_cast<void>(client.prices({"a/b"}, patience)); }).errc(),
              Errc::timed_out);
}

std::vector<FalPastRequest> recent(FalCall& call, std::chrono::system_clock::time_point since) {
    std::vector<FalPastRequest> requests;
    call.client().visit_recent_requests("fal-ai/flux/dev", since, [&](const FalPastRequest& one) {
        requests.push_back(one);
        return true;
    });
    return requests;
}

std::chrono::system_clock::time_point at_second(std::int64_t seconds) {
    return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

TEST(FalRequests, AreListedPageByPage) {
    FalCall call({{.body = R"({"items":[{"request_id":"r1","endpoint_id":"fal-ai/flux/dev",
        "sent_at":"2025-01-01T00:00:01.5Z","json_input":{"prompt":"a","n":1}}],
        "next_cursor":"Mg==","has_more":true})"},
                  {.body = R"({"items":[{"request_id":"r2","sent_at":"2025-01-01T01:00:01+01:00"},
        {"request_id":"r3","sent_at":"yesterday","json_input":null},{"endpoint_id":"no id"}, 7],
        "next_cursor":null,"has_more":false})"}});
    const auto requests = recent(call, at_second(1'735'689'600));
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(requests[0].request_id, "r1");
    EXPECT_EQ(requests[0].endpoint_id, "fal-ai/flux/dev");
    EXPECT_EQ(requests[0].input_json, R"({"n":1,"prompt":"a"})");
    EXPECT_EQ(requests[0].sent_at, at_second(1'735'689'601) + std::chrono::milliseconds(500));
    EXPECT_EQ(requests[1].sent_at, at_second(1'735'689'601));
    EXPECT_EQ(requests[1].input_json, "");
    EXPECT_EQ(requests[2].sent_at, std::nullopt);
    const auto sent = call.requests();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].target,
              "/v1/models/requests/by-endpoint?endpoint_id=fal-ai%2Fflux%2Fdev"
              "&start=2025-01-01T00%3A00%3A00Z&expand=payloads&limit=25");
    EXPECT_EQ(sent[1].target, sent[0].target + "&cursor=Mg%3D%3D");
    EXPECT_EQ(sent[0].header("Authorization"), std::string("Key ") + kKey);
}

TEST(FalRequests, AListThatNeverEndsIsLeft) {
    FalCall call({{.body = R"({"items":[],"next_cursor":"x","has_more":true})"}});
    EXPECT_TRUE(recent(call, at_second(0)).empty());
    EXPECT_EQ(call.requests().size(), 2U);
}

TEST(FalRequests, NoMoreAreAskedForOnceOneIsFound) {
    FalCall call(
        {{.body = R"({"items":[{"request_id":"r1"}],"next_cursor":"x","has_more":true})"}});
    call.client().visit_recent_requests("a/b", at_second(0),
                                        [](const FalPastRequest&) { return false; });
    EXPECT_EQ(call.requests().size(), 1U);
}

TEST(FalRequests, ThrowsForWhatIsNoList) {
    FalCall refused({{.status = 403, .body = R"({"error":{"message":"Not allowed"}})"}});
    EXPECT_EQ(error_of([&] { static_cast<void>(recent(refused, at_second(0))); }).errc(),
              Errc::http_status);
    for (const char* body : {"[]", "{}", "<html>", R"({"items":{}})"}) {
        FalCall call({{.body = body}});
        EXPECT_EQ(error_of([&] { static_cast<void>(recent(call, at_second(0))); }).errc(),
                  Errc::invalid_response)
            << body;
    }
}

}  // namespace
}  // namespace editprep::transport
