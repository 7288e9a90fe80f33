#include "editprep/transport/openai.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "editprep/transport/error.hpp"
#include "fake_clock.hpp"
#include "http_support.hpp"
#include "test_server.hpp"

namespace editprep::transport {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::contains;
using testing::error_of;
using testing::FakeClock;
using testing::parts_of;
using testing::RawServer;
using testing::RecordedPart;
using testing::RecordedRequest;
using testing::Reply;
using testing::TestServer;

constexpr const char* kKey = "sk-canary-secret";
const Reply kMade{.body = R"({"created":1,"data":[{"b64_json":"AAAA"}]})"};

/// A client of a server that gives the replies in turn, the last one for ever.
class OpenAiUser {
public:
    explicit OpenAiUser(std::vector<Reply> replies = {kMade}, const std::string& key = kKey)
        : replies_(std::move(replies)),
          server_([this](const RecordedRequest&) {
              return replies_[std::min<std::size_t>(answered_++, replies_.size() - 1)];
          }),
          client_(http_, clock_.clock(), server_.url() + "/v1", Secret(key)) {}

    OpenAiClient* operator->() { return &client_; }
    [[nodiscard]] std::vector<RecordedRequest> requests() const { return server_.requests(); }
    [[nodiscard]] RecordedRequest request() const {
        const auto all = requests();
        return all.empty() ? RecordedRequest{} : all.front();
    }
    [[nodiscard]] const FakeClock& clock() const { return clock_; }

    HttpResponse generate() {
        return client_.post_json({.endpoint = "/images/generations"}, text_body("{}"));
    }

private:
    std::vector<Reply> replies_;
    std::size_t answered_ = 0;
    TestServer server_;
    FakeClock clock_;
    HttpClient http_{HttpSettings{.user_agent = "editprep-test"}};
    OpenAiClient client_;
};

FormFile file(const std::string& content, const std::string& name, const std::string& type) {
    return {text_body(content), name, type};
}

ImageEditForm edit_of(std::size_t images) {
    ImageEditForm form{.model = "m", .prompt = " two\r\nlines ", .images = {}};
    for (std::size_t i = 0; i < images; ++i) {
        form.images.push_back(file("image " + std::to_string(i), "a.webp", "image/webp"));
    }
    return form;
}

std::vector<std::string> names_of(const std::vector<RecordedPart>& parts) {
    std::vector<std::string> names;
    for (const RecordedPart& part : parts) {
        names.push_back(part.name);
    }
    return names;
}

TEST(OpenAiJson, IsPostedWithTheKey) {
    OpenAiUser user;
    EXPECT_EQ(user.generate().body, kMade.body);
    const RecordedRequest request = user.request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/v1/images/generations");
    EXPECT_EQ(request.header("Authorization"), std::string("Bearer ") + kKey);
    EXPECT_EQ(request.header("Accept"), "application/json");
    EXPECT_EQ(request.header("Content-Type"), "application/json");
    EXPECT_FALSE(request.has_header("Idempotency-Key"));
    EXPECT_EQ(request.body, "{}");
}

TEST(OpenAiJson, NeedsNoKey) {
    OpenAiUser user({kMade}, "");
    static_cast<void>(user.generate());
    EXPECT_FALSE(user.request().has_header("Authorization"));
}

TEST(OpenAiRetrieve, SendsTheKeyToItsOwnOriginOnly) {
    OpenAiUser user;
    TestServer other([](const RecordedRequest&) { return Reply{.body = "{}"}; });
    EXPECT_EQ(user->retrieve({.url = user->base_url() + "/videos/1"}).status, 200);
    EXPECT_EQ(user->retrieve({.url = other.url() + "/videos/1", .any_address = true}).status, 200);
    EXPECT_EQ(user.request().method, "GET");
    EXPECT_EQ(user.request().header("Authorization"), std::string("Bearer ") + kKey);
    EXPECT_EQ(user.request().header("Accept"), "application/json");
    ASSERT_EQ(other.requests().size(), 1U);
    EXPECT_FALSE(other.requests().front().has_header("Authorization"));
}

TEST(OpenAiRetrieve, DoesNotFollowAnAnswerIntoPrivateNetworks) {
    OpenAiUser user;
    EXPECT_EQ(error_of([&] {
                  static_cast<void>(user->retrieve({.url = "http://10.1.2.3/videos/1"}));
              }).errc(),
              Errc::address_refused);
}

TEST(OpenAiRetrieve, WaitsOutWhatPasses) {
    for (const int status : {408, 409, 425, 429, 500, 503, 520}) {
        OpenAiUser user({{.status = status}, kMade});
        EXPECT_EQ(user->retrieve({.url = user->base_url() + "/videos/1"}).status, 200) << status;
        EXPECT_EQ(user.requests().size(), 2U) << status;
    }
    for (const int status : {401, 404, 410, 501}) {
        OpenAiUser user({{.status = status}, kMade});
        EXPECT_EQ(user->retrieve({.url = user->base_url() + "/videos/1"}).status, status);
    }
}

TEST(OpenAiRetrieve, WaitsNoLongerThanItMay) {
    const Reply later{.status = 429, .headers = {{"Retry-After", "60"}}};
    OpenAiUser user({later, kMade});
    EXPECT_EQ(user->retrieve({.url = user->base_url() + "/videos/1", .longest_wait = 30s}).status,
              429);
    EXPECT_EQ(user->retrieve({.url = user->base_url() + "/videos/1"}).status, 200);
}

TEST(OpenAiHost, IsToldByItsName) {
    EXPECT_TRUE(is_openai("https://api.openai.com/v1"));
    EXPECT_TRUE(is_openai("https://API.OpenAI.com"));
    EXPECT_FALSE(is_openai("https://api.openai.com.example/v1"));
}

TEST(OpenAiEdit, SendsOneImageAsImage) {
    OpenAiUser user;
    ImageEditForm form = edit_of(1);
    form.mask = file("mask", "m.png", "image/png");
    form.fields = {{"size", "1024x1024"}, {"n", "2"}};
    EXPECT_EQ(user->edit_image({.endpoint = "/images/edits"}, std::move(form)).status, 200);
    const RecordedRequest request = user.request();
    EXPECT_EQ(request.target, "/v1/images/edits");
    EXPECT_EQ(request.header("Accept"), "application/json");
    const auto parts = parts_of(request);
    EXPECT_EQ(names_of(parts),
              (std::vector<std::string>{"model", "prompt", "image", "mask", "size", "n"}));
    EXPECT_EQ(parts[0].content, "m");
    EXPECT_EQ(parts[0].media_type, "");
    EXPECT_EQ(parts[1].content, " two\r\nlines ");
    EXPECT_EQ(parts[2].content, "image 0");
    EXPECT_EQ(parts[2].file_name, "a.webp");
    EXPECT_EQ(parts[2].media_type, "image/webp");
    EXPECT_EQ(parts[3].media_type, "image/png");
    EXPECT_EQ(parts[5].content, "2");
    EXPECT_EQ(parts[5].media_type, "");
}

TEST(OpenAiEdit, SendsSeveralImagesAsAList) {
    OpenAiUser user;
    static_cast<void>(user->edit_image({.endpoint = "/images/edits"}, edit_of(2)));
    const auto parts = parts_of(user.request());
    EXPECT_EQ(names_of(parts), (std::vector<std::string>{"model", "prompt", "image[]", "image[]"}));
    EXPECT_EQ(parts[2].content, "image 0");
    EXPECT_EQ(parts[3].content, "image 1");
}

TEST(OpenAiEdit, SendsJsonOnRequest) {
    OpenAiUser user;
    ImageEditForm form = edit_of(2);
    form.mask = file("mask", "m.png", "image/png");
    form.fields = {{"n", "2"},       {"stream", "true"}, {"size", "1024x1024"},
                   {"user", "4711"}, {"quality", ""},    {"style", "[1]"}};
    static_cast<void>(user->edit_image_json({.endpoint = "/images/edits"}, std::move(form)));
    EXPECT_EQ(user.request().header("Content-Type"), "application/json");
    EXPECT_EQ(json::parse(user.request().body), json::parse(R"({
        "model": "m", "prompt": " two\r\nlines ",
        "images": [{"image_url": "data:image/webp;base64,aW1hZ2UgMA=="},
                   {"image_url": "data:image/webp;base64,aW1hZ2UgMQ=="}],
        "mask": {"image_url": "data:image/png;base64,bWFzaw=="},
        "n": 2, "stream": true, "size": "1024x1024", "user": "4711", "quality": "",
        "style": "[1]"})"));
}

TEST(OpenAiEdit, RefusesTextThatIsNotUtf8InJson) {
    OpenAiUser user;
    EXPECT_EQ(error_of([&] {
                  static_cast<void>(user->edit_image_json(
                      {.endpoint = "/e"}, {.model = "m", .prompt = "\xFF", .images = {}}));
              }).errc(),
              Errc::invalid_argument);
    EXPECT_TRUE(user.requests().empty());
}

Reply error_reply(int status, const std::string& code,
                  std::vector<std::pair<std::string, std::string>> headers = {}) {
    return {.status = status,
            .body = R"({"error":{"message":"no","type":"t","param":null,"code":")" + code + "\"}}",
            .headers = std::move(headers)};
}

TEST(OpenAiRetries, NothingThatMayHaveBeenAccepted) {
    for (const int status : {400, 401, 403, 404, 408, 409, 413, 422, 500, 502, 503, 504}) {
        OpenAiUser user({error_reply(status, "c"), kMade});
        EXPECT_EQ(user.generate().status, status);
        EXPECT_EQ(user.requests().size(), 1U) << status;
    }
    OpenAiUser advised({error_reply(500, "c", {{"x-should-retry", "true"}}), kMade});
    EXPECT_EQ(advised.generate().status, 500);
    EXPECT_EQ(advised.requests().size(), 1U);
}

TEST(OpenAiRetries, ARefusalForNow) {
    OpenAiUser user({error_reply(429, "rate_limit_exceeded", {{"retry-after-ms", "1500"}}),
                     error_reply(429, "rate_limit_exceeded"), kMade});
    EXPECT_EQ(user.generate().status, 200);
    EXPECT_EQ(user.requests().size(), 3U);
    EXPECT_EQ(user.clock().pauses(), (std::vector<std::chrono::milliseconds>{1500ms, 1s}));
}

TEST(OpenAiRetries, TwiceAtMost) {
    OpenAiUser user({error_reply(429, "rate_limit_exceeded")});
    int told = 0;
    user->on_retry([&](const std::string&, std::chrono::milliseconds) { ++told; });
    EXPECT_EQ(user.generate().status, 429);
    EXPECT_EQ(user.requests().size(), 3U);
    EXPECT_EQ(told, 2);
}

TEST(OpenAiRetries, NoRefusalThatLasts) {
    for (const Reply& reply : {error_reply(429, "insufficient_quota"),
                               error_reply(429, "c", {{"X-Should-Retry", "false"}}),
                               error_reply(429, "c", {{"Retry-After", "3600"}})}) {
        OpenAiUser user({reply, kMade});
        EXPECT_EQ(user.generate().status, 429);
        EXPECT_EQ(user.requests().size(), 1U);
    }
}

TEST(OpenAiRetries, TheWholeForm) {
    OpenAiUser user({error_reply(429, "c"), kMade});
    static_cast<void>(user->edit_image({.endpoint = "/images/edits"}, edit_of(1)));
    ASSERT_EQ(user.requests().size(), 2U);
    EXPECT_EQ(user.requests()[0].body, user.requests()[1].body);
}

/// For a client whose server is no TestServer.
Error generate_error(const std::string& url, FakeClock& clock) {
    HttpClient http({});
    OpenAiClient client(http, clock.clock(), url, Secret(kKey));
    return error_of([&] {
        static_cast<void>(client.post_json({.endpoint = "/images/generations"}, text_body("{}")));
    });
}

TEST(OpenAiRetries, AConnectionThatNeverCameAbout) {
    std::string url;
    {
        const RawServer gone([](int) {});
        url = gone.url();
    }
    FakeClock clock;
    EXPECT_EQ(generate_error(url, clock).errc(), Errc::connection_failed);
    EXPECT_EQ(clock.pauses().size(), 2U);
}

TEST(OpenAiRetries, NoConnectionThatBroke) {
    const RawServer server([](int socket) { testing::read_request(socket); });
    FakeClock clock;
    const Error error = generate_error(server.url(), clock);
    EXPECT_TRUE(may_have_been_received(error.errc()));
    EXPECT_FALSE(contains(error.what(), "canary"));
    EXPECT_EQ(server.connections(), 1);
    EXPECT_TRUE(clock.pauses().empty());
}

TEST(OpenAiKey, StaysAtHomeWhenRedirected) {
    const TestServer thief([](const RecordedRequest&) { return kMade; });
    OpenAiUser user({{.status = 303, .headers = {{"Location", thief.url() + "/x"}}}});
    EXPECT_EQ(user.generate().status, 200);
    ASSERT_EQ(thief.requests().size(), 1U);
    EXPECT_EQ(thief.requests()[0].method, "GET");
    EXPECT_FALSE(thief.requests()[0].has_header("Authorization"));
}

/// A server that took a request and put the answer elsewhere has been asked once.
TEST(OpenAiRetries, NotWhatWasTakenAndAnsweredElsewhere) {
    const TestServer busy([](const RecordedRequest&) { return Reply{.status = 429}; });
    for (const std::string& place :
         {std::string("http://127.0.0.1:1/x"), busy.url() + "/x", std::string("http://10.0.0.1/x"),
          std::string("ftp://elsewhere/")}) {
        const TestServer server([&](const RecordedRequest&) {
            return Reply{.status = 303, .headers = {{"Location", place}}};
        });
        FakeClock clock;
        const Error error = generate_error(server.url(), clock);
        EXPECT_TRUE(may_have_been_received(error.errc())) << place << ": " << error.what();
        EXPECT_TRUE(contains(error.what(), "took the request")) << error.what();
        EXPECT_EQ(server.requests().size(), 1U) << place;
    }
}

OpenAiFailure failure_of(const std::string& body) {
    return describe_openai_failure({.status = 502, .headers = {}, .body = body, .url = ""});
}

TEST(OpenAiFailures, HaveMessageTypeAndCode) {
    const OpenAiFailure failure = failure_of(
        R"({"error":{"message":"Your request was rejected","type":"image_generation_user_error","param":null,"code":"moderation_blocked"}})");
    EXPECT_EQ(failure.message, "Your request was rejected");
    EXPECT_EQ(failure.type, "image_generation_user_error");
    EXPECT_EQ(failure.code, "moderation_blocked");
    EXPECT_EQ(failure_of(R"({"error":{"message":"m","type":null,"code":null}})").code, "");
    EXPECT_EQ(failure_of(R"({"error":{"message":"m","code":1301}})").code, "1301");
}

TEST(OpenAiFailures, ComeInOtherShapesToo) {
    EXPECT_EQ(failure_of(R"({"error":"model not found"})").message, "model not found");
    EXPECT_EQ(failure_of(R"({"detail":"Not authenticated"})").message, "Not authenticated");
    EXPECT_EQ(failure_of(R"({"detail":[{"loc":["body","n"],"msg":"too many"}]})").message,
              "n: too many");
    EXPECT_EQ(failure_of(R"({"code":"InvalidKey","message":"wrong key"})").code, "InvalidKey");
    EXPECT_EQ(failure_of(R"({"errors":[{"message":"a"},"b"]})").message, "a; b");
    EXPECT_EQ(failure_of("upstream connect error").message, "upstream connect error");
    EXPECT_EQ(failure_of("<!DOCTYPE html><title>Bad gateway</title>").message, "Bad gateway");
    EXPECT_EQ(failure_of("").message, "HTTP status 502");
}

class OpenAiStream : public ::testing::Test {
protected:
    HttpResponse generate(OpenAiUser& user) {
        return user->post_json_streamed(
            {.endpoint = "/images/generations"}, text_body(R"({"stream":true})"),
            [this](const PartialImage& partial) { partials_.push_back(partial); });
    }

    HttpResponse generate_from(const std::string& stream) {
        OpenAiUser user({{.body = stream, .content_type = "text/event-stream"}});
        return generate(user);
    }

    Error error_from(const std::string& stream) {
        return error_of([&] { static_cast<void>(generate_from(stream)); });
    }

    std::vector<PartialImage> partials_;
};

constexpr const char* kPartial =
    "event: image_generation.partial_image\n"
    "data: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"UEFSVA==\","
    "\"partial_image_index\":1}\n\n";
constexpr const char* kCompleted =
    "event: image_generation.completed\n"
    "data: {\"type\":\"image_generation.completed\",\"b64_json\":\"RE9ORQ==\",\"created_at\":17,"
    "\"size\":\"1024x1024\",\"output_format\":\"png\",\"usage\":{\"total_tokens\":9}}\n\n";

TEST_F(OpenAiStream, BecomesAnOrdinaryAnswer) {
    const HttpResponse response =
        generate_from(std::string(kPartial) + kCompleted + "data: [DONE]\n\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(json::parse(response.body), json::parse(R"({
        "created": 17, "data": [{"b64_json": "RE9ORQ=="}], "size": "1024x1024",
        "output_format": "png", "usage": {"total_tokens": 9}})"));
    ASSERT_EQ(partials_.size(), 1U);
    EXPECT_EQ(partials_[0].index, 1);
    EXPECT_EQ(partials_[0].b64_json, "UEFSVA==");
}

TEST_F(OpenAiStream, MayBringTheFinalPictureFirst) {
    const HttpResponse response = generate_from(std::string(kCompleted) + kPartial);
    EXPECT_EQ(json::parse(response.body)["data"].size(), 1U);
    EXPECT_EQ(partials_.size(), 1U);
}

TEST_F(OpenAiStream, KnowsEditsAndEventsWithoutAName) {
    const HttpResponse response = generate_from(
        "data: {\"type\":\"image_edit.partial_image\",\"b64_json\":\"x\"}\n\n"
        "data: {\"type\":\"image_edit.completed\",\"b64_json\":\"y\"}\n\n"
        "event: image_edit.completed\ndata: {\"b64_json\":\"z\"}\n\n");
    EXPECT_EQ(json::parse(response.body)["data"],
              json::parse(R"([{"b64_json":"y"},{"b64_json":"z"}])"));
    EXPECT_EQ(partials_.size(), 1U);
}

TEST_F(OpenAiStream, MayBeNone) {
    OpenAiUser user({{.body = "\n " + kMade.body}});
    EXPECT_EQ(json::parse(generate(user).body), json::parse(kMade.body));
    EXPECT_TRUE(partials_.empty());
}

TEST_F(OpenAiStream, ThatEndsEarlyIsAnError) {
    for (const std::string& stream :
         {std::string(), std::string(kPartial),
          std::string(kCompleted).substr(0, std::string(kCompleted).size() - 2)}) {
        const Error error = error_from(stream);
        EXPECT_EQ(error.errc(), Errc::invalid_response);
        EXPECT_TRUE(may_have_been_received(error.errc()));
    }
}

TEST_F(OpenAiStream, ReportsAnErrorOnTheWay) {
    for (const char* event : {"event: error\ndata: {\"error\":{\"message\":\"blocked\"}}\n\n",
                              "data: {\"type\":\"error\",\"message\":\"blocked\"}\n\n",
                              "data: {\"error\":\"blocked\"}\n\n"}) {
        EXPECT_TRUE(contains(error_from(event).what(), "blocked")) << event;
    }
}

TEST_F(OpenAiStream, GivesAnErrorStatusBack) {
    OpenAiUser user({error_reply(400, "moderation_blocked")});
    const HttpResponse response = generate(user);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(describe_openai_failure(response).code, "moderation_blocked");
}

TEST_F(OpenAiStream, IsAskedForAgainAfterARefusal) {
    OpenAiUser user({error_reply(429, "c"), {.body = kCompleted}});
    EXPECT_EQ(generate(user).status, 200);
    EXPECT_EQ(user.requests().size(), 2U);
}

OpenAiCall idempotent_call() {
    return {.endpoint = "/images/generations", .idempotency = Header{"Idempotency-Key", "k-1"}};
}

TEST(OpenAi, WithAnIdempotencyHeaderALostAnswerIsAskedForAgain) {
    OpenAiUser user({error_reply(409, "in_progress"), error_reply(502, "c"), kMade});
    EXPECT_EQ(user->post_json(idempotent_call(), text_body("{}")).status, 200);
    ASSERT_EQ(user.requests().size(), 3U);
    for (const RecordedRequest& request : user.requests()) {
        EXPECT_EQ(request.header("Idempotency-Key"), "k-1");
    }
}

TEST(OpenAi, NoHeaderMakesAnExhaustedQuotaWorthARetry) {
    OpenAiUser user({error_reply(429, "insufficient_quota")});
    EXPECT_EQ(user->post_json(idempotent_call(), text_body("{}")).status, 429);
    EXPECT_EQ(user.requests().size(), 1U);
}

TEST(OpenAi, WithAnIdempotencyHeaderABrokenConnectionIsTriedAgain) {
    std::atomic<int> connections = 0;
    RawServer server([&](int socket) {
        const std::string request = testing::read_request(socket);
        if (++connections == 1) {
            return;
        }
        EXPECT_TRUE(contains(request, "Idempotency-Key: k-1"));
        testing::write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    });
    FakeClock clock;
    HttpClient http{HttpSettings{}};
    OpenAiClient client(http, clock.clock(), server.url(), Secret(kKey));
    EXPECT_EQ(client.post_json(idempotent_call(), text_body("{}")).status, 200);
    EXPECT_EQ(connections, 2);
}

}  // namespace
}  // namespace editprep::transport
