#include "fal_protocol.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "editprep/transport/error.hpp"
#include "http_support.hpp"

namespace editprep::transport {
namespace {

using namespace std::chrono_literals;
using testing::error_of;

HttpResponse response_with(int status, std::string body, std::vector<Header> headers = {}) {
    return {.status = status, .headers = std::move(headers), .body = std::move(body), .url = ""};
}

std::string message_of(const std::string& body) {
    return describe_fal_failure(response_with(422, body)).message;
}

TEST(FalBaseModel, IsOwnerAndApp) {
    EXPECT_EQ(fal_base_model("fal-ai/flux/dev/image-to-image"), "fal-ai/flux");
    EXPECT_EQ(fal_base_model("fal-ai/kling-video/o3/pro/video-to-video/edit"),
              "fal-ai/kling-video");
    EXPECT_EQ(fal_base_model("fal-ai/nano-banana-pro"), "fal-ai/nano-banana-pro");
}

TEST(FalBaseModel, KeepsOneSegmentMoreInNamespaces) {
    EXPECT_EQ(fal_base_model("workflows/me/upscale/fast"), "workflows/me/upscale");
    EXPECT_EQ(fal_base_model("comfy/me/graph"), "comfy/me/graph");
    EXPECT_EQ(fal_base_model("workflows/me"), "workflows/me");
    EXPECT_EQ(fal_base_model("me/workflows/upscale"), "me/workflows");
}

TEST(FalBaseModel, OfAnIdWithoutASlash) {
    EXPECT_EQ(fal_base_model("110602490-fast-sdxl"), "110602490/fast-sdxl");
    EXPECT_EQ(fal_base_model("flux"), "flux");
    EXPECT_EQ(fal_base_model("110602490"), "110602490");
    EXPECT_EQ(fal_base_model("110602490-"), "110602490-");
    EXPECT_EQ(fal_base_model("12-a/b/c"), "12-a/b");
    EXPECT_EQ(fal_base_model(""), "");
}

TEST(FalEndpointId, StaysOnePathOfTheQueue) {
    for (const char* id :
         {"fal-ai/flux", "a", "fal-ai/flux-pro/v1.1-ultra", "1-b", "me/app:v_2~x"}) {
        EXPECT_NO_THROW(check_fal_endpoint_id(id)) << id;
    }
    for (const char* id :
         {"", "/", "/fal-ai/flux", "fal-ai/flux/", "fal-ai//flux", "..", "fal-ai/../secret",
          "fal-ai/./flux", "fal-ai/flux?x=1", "fal-ai/flux#x", "fal-ai/fl ux", "fal-ai/fl%2fux",
          "fal-ai\\flux", "fal-ai/fl\xC3\xBCx", "fal-ai/flux\r\nX: y", "https://evil.example/a"}) {
        EXPECT_EQ(error_of([&] { check_fal_endpoint_id(id); }).errc(), Errc::invalid_argument)
            << id;
    }
}

TEST(FalExpiry, KnowsTheWordsOfTheOfficialClient) {
    EXPECT_EQ(parse_fal_expiry("immediate"), 60s);
    EXPECT_EQ(parse_fal_expiry("1h"), 1h);
    EXPECT_EQ(parse_fal_expiry("1d"), 24h);
    EXPECT_EQ(parse_fal_expiry("7d"), 168h);
    EXPECT_EQ(parse_fal_expiry("30d"), 720h);
    EXPECT_EQ(parse_fal_expiry("1y"), 8760h);
    EXPECT_EQ(parse_fal_expiry("never"), std::nullopt);
    EXPECT_EQ(parse_fal_expiry("90"), 90s);
}

TEST(FalExpiry, RefusesEverythingElse) {
    for (const char* text :
         {"", "0", "-1", "1.5", "1w", "90 ", " 90", "90s", "NEVER", "99999999999999999999"}) {
        EXPECT_EQ(error_of([&] { static_cast<void>(parse_fal_expiry(text)); }).errc(),
                  Errc::invalid_argument)
            << text;
    }
}

TEST(FalStepUrl, FollowsTheQueuesOwnUrls) {
    const FalRequest request{.model = "fal-ai/flux/dev",
                             .request_id = "r1",
                             .status_url = "https://queue.fal.run/fal-ai/flux/requests/r1/status",
                             .response_url = "https://QUEUE.fal.run:443/x/r1/response?sig=a%2Fb",
                             .cancel_url = "https://queue.fal.run/y/cancel"};
    const std::string queue = "https://queue.fal.run";
    EXPECT_EQ(fal_step_url(queue, request, FalStep::status), request.status_url);
    EXPECT_EQ(fal_step_url(queue, request, FalStep::status_stream), request.status_url + "/stream");
    EXPECT_EQ(fal_step_url(queue, request, FalStep::result),
              "https://queue.fal.run/x/r1/response?sig=a%2Fb");
    EXPECT_EQ(fal_step_url(queue, request, FalStep::cancel), request.cancel_url);
}

TEST(FalStepUrl, MakesItsOwnInThePlaceOfForeignOnes) {
    const std::string queue = "https://queue.fal.run";
    for (const char* foreign :
         {"", "https://evil.example/fal-ai/flux/requests/r1", "http://queue.fal.run/r1",
          "https://queue.fal.run:444/r1", "https://queue.fal.run.evil.example/r1",
          "https://queue.fal.run@evil.example/r1", "//evil.example/r1", "/r1", "file:///etc/passwd",
          "https://queue.fal.run\\@evil.example/r1"}) {
        const FalRequest request{"fal-ai/flux/dev", "r1", foreign, foreign, foreign};
        EXPECT_EQ(fal_step_url(queue, request, FalStep::status),
                  "https://queue.fal.run/fal-ai/flux/requests/r1/status");
        EXPECT_EQ(fal_step_url(queue, request, FalStep::status_stream),
                  "https://queue.fal.run/fal-ai/flux/requests/r1/status/stream");
        EXPECT_EQ(fal_step_url(queue, request, FalStep::result),
                  "https://queue.fal.run/fal-ai/flux/requests/r1");
        EXPECT_EQ(fal_step_url(queue, request, FalStep::cancel),
                  "https://queue.fal.run/fal-ai/flux/requests/r1/cancel");
    }
}

TEST(FalStepUrl, RefusesRequestIdsThatAreNone) {
    for (const char* id : {"", "..", "a/b", "a?b", "a b", "a%2fb", "a#b"}) {
        const FalRequest request{.model = "fal-ai/flux", .request_id = id};
        EXPECT_EQ(
            error_of([&] {
                static_cast<void>(fal_step_url("https://queue.fal.run", request, FalStep::result));
            }).errc(),
            Errc::invalid_argument)
            << id;
    }
}

std::string header_in(const std::vector<Header>& headers, std::string_view name) {
    return response_with(0, "", headers).header(name).value_or("(none)");
}

TEST(FalCallHeaders, OfPlainOptionsAreTheCommonOnes) {
    const std::vector<Header> headers = fal_call_headers({});
    EXPECT_EQ(headers.size(), 2U);
    EXPECT_EQ(header_in(headers, "Accept"), "application/json");
    EXPECT_EQ(header_in(headers, "Content-Type"), "application/json");
}

TEST(FalCallHeaders, SayWhatTheOptionsSay) {
    const std::vector<Header> headers = fal_call_headers({.priority = FalPriority::low,
                                                          .hint = "runner-7",
                                                          .start_timeout_seconds = 30,
                                                          .expires_in = 1h});
    EXPECT_EQ(header_in(headers, "X-Fal-Queue-Priority"), "low");
    EXPECT_EQ(header_in(headers, "X-Fal-Runner-Hint"), "runner-7");
    EXPECT_EQ(header_in(headers, "X-Fal-Request-Timeout"), "30");
    EXPECT_EQ(header_in(headers, "X-Fal-Object-Lifecycle-Preference"),
              R"({"expiration_duration_seconds":3600})");
    EXPECT_EQ(header_in(fal_call_headers({.start_timeout_seconds = 1.5}), "X-Fal-Request-Timeout"),
              "1.5");
}

TEST(FalCallHeaders, TakeTheCallersOwnInThePlaceOfTheCommonOnes) {
    const std::vector<Header> headers = fal_call_headers(
        {.priority = FalPriority::low,
         .headers = {
             {"ACCEPT", "*/*"}, {"x-fal-queue-priority", "normal"}, {"X-Fal-Store-IO", "0"}}});
    EXPECT_EQ(headers.size(), 4U);
    EXPECT_EQ(header_in(headers, "Accept"), "*/*");
    EXPECT_EQ(header_in(headers, "X-Fal-Queue-Priority"), "low");
    EXPECT_EQ(header_in(headers, "X-Fal-Store-IO"), "0");
}

TEST(FalCallHeaders, RefuseOptionsOutsideTheirRange) {
    const double infinity = std::numeric_limits<double>::infinity();
    for (const double seconds :
         {1.0, 0.0, -3.0, infinity, std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_EQ(error_of([&] {
                      static_cast<void>(fal_call_headers({.start_timeout_seconds = seconds}));
                  }).errc(),
                  Errc::invalid_argument)
            << seconds;
    }
    // The server would take 0 for "no expiry".
    EXPECT_EQ(error_of([] { static_cast<void>(fal_lifecycle(0s)); }).errc(),
              Errc::invalid_argument);
}

TEST(FalStatusParser, ReadsAJobInTheQueue) {
    const FalStatus status = parse_fal_status(
        R"({"status":"IN_QUEUE","queue_position":0,"request_id":"r","logs":null,"metrics":{}})");
    EXPECT_EQ(status.status, "IN_QUEUE");
    EXPECT_EQ(status.queue_position, 0);
    EXPECT_TRUE(status.waiting());
    EXPECT_FALSE(status.failed());
    EXPECT_FALSE(status.completed());
    EXPECT_TRUE(status.log_lines.empty());
}

TEST(FalStatusParser, ReadsLogs) {
    const FalStatus status = parse_fal_status(
        R"({"status":"IN_PROGRESS","logs":[{"message":"loading","level":"INFO"},"plain",{"x":1},7]})");
    EXPECT_TRUE(status.waiting());
    EXPECT_EQ(status.log_lines, (std::vector<std::string>{"loading", "plain", "", ""}));
}

TEST(FalStatusParser, KnowsThatAFailedJobIsCompleted) {
    const FalStatus status = parse_fal_status(
        R"({"status":"COMPLETED","error":"Invalid status code: 422","error_type":"bad_request"})");
    EXPECT_TRUE(status.failed());
    EXPECT_FALSE(status.completed());
    EXPECT_FALSE(status.waiting());
    EXPECT_EQ(status.error, "Invalid status code: 422");
    EXPECT_EQ(status.error_type, "bad_request");

    EXPECT_TRUE(parse_fal_status(R"({"status":"COMPLETED","error_type":"bad_request"})").failed());
    EXPECT_TRUE(parse_fal_status(R"({"status":"COMPLETED","error":{"code":7}})").failed());
    EXPECT_EQ(parse_fal_status(R"({"status":"COMPLETED","error":{"message":"no"}})").error, "no");
}

TEST(FalStatusParser, TakesAnEmptyErrorForNone) {
    for (const char* error : {"null", "\"\"", "{}", "[]", "false"}) {
        const FalStatus status =
            parse_fal_status(R"({"status":"COMPLETED","error":)" + std::string(error) + "}");
        EXPECT_TRUE(status.completed()) << error;
    }
    EXPECT_TRUE(parse_fal_status(R"({"status":"completed","detail":"done"})").completed());
}

TEST(FalStatusParser, KnowsTheWordsOfGateways) {
    for (const char* word : {"PROCESSING", "queued", "Started"}) {
        EXPECT_TRUE(parse_fal_status(R"({"status":")" + std::string(word) + "\"}").waiting());
    }
    const FalStatus failed = parse_fal_status(R"({"status":"FAILED","detail":"out of memory"})");
    EXPECT_TRUE(failed.failed());
    EXPECT_EQ(failed.error, "out of memory");
    EXPECT_TRUE(parse_fal_status(R"({"status":"CANCELLED"})").failed());
    EXPECT_EQ(parse_fal_status(R"({"status":"CANCELLED"})").error, std::nullopt);
}

TEST(FalStatusParser, JudgesUnknownWordsNeitherWay) {
    for (const char* body : {R"({"status":"DREAMING"})", "{}", R"({"status":5})"}) {
        const FalStatus status = parse_fal_status(body);
        EXPECT_FALSE(status.waiting() || status.failed() || status.completed()) << body;
    }
    EXPECT_EQ(parse_fal_status("{}").status, "UNKNOWN");
}

TEST(FalStatusParser, RefusesWhatIsNoStatus) {
    const std::string deep(200'000, '[');
    for (const std::string& body :
         {std::string(), std::string("<html>"), std::string("[]"), std::string("\"IN_QUEUE\""),
          std::string("{\"status\":"), std::string("{\"status\":\"\xFF\"}"), deep}) {
        EXPECT_EQ(error_of([&] { static_cast<void>(parse_fal_status(body)); }).errc(),
                  Errc::invalid_response);
    }
    EXPECT_EQ(
        parse_fal_status("{\"status\":\"IN_QUEUE\",\"x\":" + deep + std::string(200'000, ']') + "}")
            .status,
        "IN_QUEUE");
}

TEST(FalSubmissionParser, ReadsIdsAndUrls) {
    const FalRequest request = parse_fal_submission(
        "fal-ai/flux/dev",
        R"({"status":"IN_QUEUE","request_id":"r1","response_url":"https://q/r","status_url":"https://q/s","cancel_url":null})");
    EXPECT_EQ(request.model, "fal-ai/flux/dev");
    EXPECT_EQ(request.request_id, "r1");
    EXPECT_EQ(request.response_url, "https://q/r");
    EXPECT_EQ(request.status_url, "https://q/s");
    EXPECT_EQ(request.cancel_url, "");
}

TEST(FalSubmissionParser, CallsAnUnreadableAnswerAJobThatMayExist) {
    for (const char* body : {"", "<html>ok</html>", "{}", R"({"request_id":""})",
                             R"({"request_id":7})", R"({"request_id":"r1")"}) {
        const Error error = error_of([&] { static_cast<void>(parse_fal_submission("a/b", body)); });
        EXPECT_EQ(error.errc(), Errc::invalid_response) << body;
        EXPECT_TRUE(may_have_been_received(error.errc()));
        EXPECT_NE(error.next_step(), "");
    }
}

TEST(FalFailures, OfAValidationNameTheField) {
    EXPECT_EQ(
        message_of(
            R"({"detail":[{"loc":["body","image_urls",0],"msg":"Not an image","type":"image_load_error","input":"data:image/png;base64,AAAA"},{"loc":["body"],"msg":"Too few","type":"x"}]})"),
        "image_urls.0: Not an image; Too few");
    EXPECT_EQ(describe_fal_failure(
                  response_with(422, R"({"detail":[{"type":"image_load_error","msg":"m"}]})"))
                  .type,
              "image_load_error");
}

TEST(FalFailures, NeverEchoTheInput) {
    const std::string payload(5'000, 'A');
    const std::string message = message_of(
        R"({"detail":[{"loc":["body","image_url"],"msg":"cannot load data:image/png;base64,)" +
        payload + R"( now","type":"file_download_error","input":{"image_url":"secret-input"}}]})");
    EXPECT_EQ(message.find("secret-input"), std::string::npos);
    EXPECT_EQ(message.find("AAAAAAAA"), std::string::npos);
    EXPECT_NE(message.find("cannot load"), std::string::npos);
}

TEST(FalFailures, HaveManyShapes) {
    EXPECT_EQ(message_of(R"({"detail":"User is locked."})"), "User is locked.");
    EXPECT_EQ(message_of(R"({"error":{"type":"not_found","message":"No such endpoint"}})"),
              "No such endpoint");
    EXPECT_EQ(message_of(R"({"error":"text"})"), "text");
    EXPECT_EQ(message_of(R"({"message":"text"})"), "text");
    EXPECT_EQ(message_of(R"({"detail":{"msg":"inside"}})"), "inside");
    EXPECT_EQ(message_of(R"({"detail":[],"status":"NOT_FOUND"})"), "NOT_FOUND");
    EXPECT_EQ(message_of(R"({"detail":[{"type":"missing"}]})"), "missing");
    EXPECT_EQ(message_of("plain\r\n  text\n"), "plain text");
    EXPECT_EQ(message_of("<html><head><TITLE>502 Bad\nGateway</TITLE></head></html>"),
              "502 Bad Gateway");
    for (const char* nothing :
         {"", "{}", "[]", "null", "<html><body>x</body></html>", "{\"a\":1}"}) {
        EXPECT_EQ(message_of(nothing), "HTTP status 422") << nothing;
    }
}

TEST(FalFailures, StayShortAndReadable) {
    EXPECT_LT(message_of(std::string(1 << 20, 'x') + " y").size(), 1'000U);
    EXPECT_EQ(message_of("caf\xE9 \x1B[31mred"), "caf\xEF\xBF\xBD [31mred");
    std::string faults;
    for (int i = 0; i < 1'000; ++i) {
        faults += std::string(i == 0 ? "" : ",") + R"({"msg":"bad"})";
    }
    EXPECT_EQ(message_of("{\"detail\":[" + faults + "]}"), "bad; bad; bad; bad; bad; and 995 more");
}

TEST(FalFailures, TakeTheTypeFromBodyOrHeader) {
    EXPECT_EQ(describe_fal_failure(
                  response_with(504, R"({"detail":"late","error_type":"request_timeout"})"))
                  .type,
              "request_timeout");
    EXPECT_EQ(describe_fal_failure(
                  response_with(503, "busy", {{"X-Fal-Error-Type", "runner_disconnected"}}))
                  .type,
              "runner_disconnected");
}

bool worth_retrying(int status, const std::string& body, std::vector<Header> headers = {}) {
    return describe_fal_failure(response_with(status, body, std::move(headers))).worth_retrying;
}

TEST(FalFailures, SayWhetherAnotherAttemptMayHelp) {
    EXPECT_TRUE(worth_retrying(500, R"({"detail":"x","error_type":"runner_server_error"})"));
    EXPECT_TRUE(worth_retrying(503, "busy"));
    EXPECT_TRUE(worth_retrying(429, R"({"detail":"slow down"})"));
    EXPECT_FALSE(worth_retrying(500, "oops"));
    EXPECT_FALSE(worth_retrying(401, R"({"detail":"no key"})"));
    EXPECT_FALSE(worth_retrying(422, R"({"detail":[{"type":"content_policy_violation"}]})"));
}

TEST(FalFailures, BelieveWhatTheServerSaysOfAnotherAttempt) {
    const std::string timeout = R"({"detail":[{"msg":"late","type":"generation_timeout"}]})";
    EXPECT_FALSE(worth_retrying(504, timeout));
    EXPECT_TRUE(worth_retrying(504, timeout, {{"X-Fal-Retryable", "true"}}));
    EXPECT_TRUE(worth_retrying(504, timeout, {{"x-fal-needs-retry", "True"}}));
    EXPECT_FALSE(worth_retrying(503, "busy", {{"X-Fal-Retryable", "false"}}));
    EXPECT_FALSE(worth_retrying(504, R"({"error_type":"request_timeout"})",
                                {{"X-Fal-Request-Timeout-Type", "user"}}));
}

TEST(FalCancelling, HasThreeOutcomes) {
    EXPECT_EQ(fal_cancel_outcome(response_with(202, R"({"status":"CANCELLATION_REQUESTED"})")),
              CancelOutcome::requested);
    EXPECT_EQ(fal_cancel_outcome(response_with(200, R"({"success":true})")),
              CancelOutcome::requested);
    EXPECT_EQ(fal_cancel_outcome(response_with(204, "")), CancelOutcome::requested);
    EXPECT_EQ(fal_cancel_outcome(response_with(400, R"({"status":"ALREADY_COMPLETED"})")),
              CancelOutcome::already_completed);
    EXPECT_EQ(fal_cancel_outcome(response_with(404, R"({"status":"NOT_FOUND"})")),
              CancelOutcome::not_found);
}

TEST(FalCancelling, ThrowsForAnythingElse) {
    for (const HttpResponse& response :
         {response_with(400, R"({"detail":"bad"})"), response_with(404, "<html></html>"),
          response_with(401, R"({"detail":"no user"})"), response_with(302, "")}) {
        EXPECT_EQ(error_of([&] { static_cast<void>(fal_cancel_outcome(response)); }).errc(),
                  Errc::http_status)
            << response.status;
    }
}

TEST(FalPrices, SkipWhatIsNoPrice) {
    const auto prices = parse_fal_prices(
        R"({"prices":[{"endpoint_id":"a/b","unit_price":0.05,"unit":"image","currency":"USD"},
                      {"endpoint_id":"c"},7,{"unit_price":1}],"has_more":false})");
    ASSERT_EQ(prices.size(), 1U);
    EXPECT_EQ(prices[0].endpoint_id, "a/b");
    EXPECT_DOUBLE_EQ(prices[0].unit_price, 0.05);
    EXPECT_EQ(prices[0].unit, "image");
    EXPECT_EQ(prices[0].currency, "USD");
    EXPECT_EQ(error_of([] { static_cast<void>(parse_fal_prices("{}")); }).errc(),
              Errc::invalid_response);
}

}  // namespace
}  // namespace editprep::transport
