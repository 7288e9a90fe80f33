#include <gmock/gmock.h>

#include <cstdint>
#include <span>

#include "clip_maker.hpp"
#include "editprep/transport/base64.hpp"
#include "provider_fixture.hpp"

/// Cases C73 to C79: generate_video against an OpenAI-compatible provider, and what section 12 of
/// the contract says beside them.
namespace editprep::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

const std::string& clip() {
    static const std::string content = [] {
        const TempFolder folder;
        make_clip(kPicture, folder / "clip.mp4");
        return content_of(folder / "clip.mp4");
    }();
    return content;
}

class ContractVideo : public ProviderTest {
protected:
    ContractVideo() {
        serve("/media/v.mp4", {.body = clip(), .content_type = "video/mp4"});
        reply_with({{"id", "a1"}, {"status", "queued"}}, 202);
        serve_job({{{"id", "a1"}, {"status", "processing"}},
                   {{"id", "a1"}, {"status", "completed"}, {"video_url", media_url()}}});
    }

    [[nodiscard]] std::string media_url() const { return url() + "/media/v.mp4"; }

    void serve_job(const std::vector<Json>& states) {
        std::vector<Reply> replies;
        for (const Json& state : states) {
            replies.push_back({.body = state.dump()});
        }
        serve_in_turn("/v1/videos/a1", std::move(replies));
    }

    [[nodiscard]] ProcessResult generate(const Arguments& added) const {
        Arguments arguments{"--prompt", "p", "--model", "v", "--poll-interval", "0.01"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call("generate_video", arguments);
    }

    /// Everything that was sent, as `METHOD /path`.
    [[nodiscard]] std::vector<std::string> calls() const {
        std::vector<std::string> calls;
        for (const RecordedRequest& request : requests()) {
            calls.push_back(request.method + ' ' + request.target);
        }
        return calls;
    }

    [[nodiscard]] Json pending() const {
        const ProcessResult result = call("fal_client", {"list"});
        return Json::parse(result.out).at("pending");
    }
};

TEST_F(ContractVideo, C73PollsWithTheKeyAndDownloadsWithoutIt) {
    const ProcessResult result = call("generate_video", {"--prompt", " go ", "--seconds", "6",
                                                         "--model", "v", "--poll-interval", "0.1"});
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 202");
    const Json summary = Json::parse(lines[1]);
    EXPECT_EQ(keys_of(summary),
              (std::vector<std::string>{"status", "ok", "model", "provider", "endpoint", "mode",
                                        "image", "prompt", "request", "response", "resolved",
                                        "downloaded", "hints"}));
    EXPECT_EQ(summary.at("prompt"), "go");
    EXPECT_EQ(summary.at("endpoint"), url() + "/v1/videos");
    EXPECT_EQ(summary.at("response").at("status"), "queued");
    EXPECT_EQ(summary.at("resolved").at("video_url"), media_url());
    EXPECT_EQ(summary.at("image").dump(),
              R"({"provided":false,"field":null,"transport":null,"path":null})");
    expect_matches(lines[2], "DOWNLOADED: tmp/videos/generated-video_[0-9a-f]{8}\\.mp4");
    EXPECT_EQ(summary.at("downloaded"), lines[2].substr(12));
    EXPECT_EQ(content_of(file(lines[2].substr(12))), clip());

    const auto sent = requests();
    ASSERT_THAT(calls(), ElementsAre("POST /v1/videos", "GET /v1/videos/a1", "GET /v1/videos/a1",
                                     "GET /media/v.mp4"));
    EXPECT_EQ(Json::parse(sent[0].body).dump(), R"({"model":"v","prompt":"go","seconds":6})");
    EXPECT_EQ(sent[0].header("Accept"), "application/json");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(sent[static_cast<std::size_t>(i)].header("Authorization"), "Bearer k-alpha");
    }
    EXPECT_EQ(sent[1].header("Accept"), "application/json");
    EXPECT_FALSE(sent[3].has_header("Authorization"));
    EXPECT_EQ(sent[3].header("User-Agent"), "Mozilla/5.0");
    EXPECT_THAT(pending(), IsEmpty());
}

TEST_F(ContractVideo, C74FailedJobHasNoStatusLine) {
    serve_job({{{"status", "FAILED"}}});
    const ProcessResult result = generate({});
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 2U) << result.out;
    EXPECT_EQ(Json::parse(lines[0]).at("resolved").dump(), R"({"status":"FAILED"})");
    EXPECT_EQ(lines[1],
              "HINT: the provider accepted the request but the async job finished in a failed "
              "state");
    EXPECT_THAT(new_files(), IsEmpty());
    EXPECT_THAT(pending(), IsEmpty());

    const ProcessResult as_json = generate({"--print-json"});
    EXPECT_EQ(as_json.exit_code, 1);
    EXPECT_EQ(Json::parse(as_json.out).at("hints").size(), 1U);
}

TEST_F(ContractVideo, C75UnfinishedJobIsNamedAndKept) {
    serve_job({{{"id", "a1"}, {"status", "processing"}}});
    const ProcessResult result = generate({"--max-polls", "2"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(calls(), ElementsAre("POST /v1/videos", "GET /v1/videos/a1", "GET /v1/videos/a1"));
    EXPECT_THAT(result.err, HasSubstr("job a1 is not finished after 2 polls"));
    EXPECT_THAT(result.err, HasSubstr("generate_video --resume 1"));
    EXPECT_THAT(result.err, HasSubstr("fal_client collect 1"));
    EXPECT_THAT(result.out, Not(HasSubstr("STATUS")));
    ASSERT_EQ(pending().size(), 1U);
    EXPECT_EQ(pending().at(0).at("request_id"), "a1");
}

TEST_F(ContractVideo, C76DurationIsTruncated) {
    for (const char* given : {"5.9s", " 5S ", "5", "5.0e0"}) {
        const ProcessResult result = generate({"--duration", given, "--print-json"});
        expect_success(result);
        EXPECT_EQ(Json::parse(result.out).at("request").at("seconds").dump(), "5") << given;
    }
    const ProcessResult none = generate({"--duration", " ", "--print-json"});
    EXPECT_FALSE(Json::parse(none.out).at("request").contains("seconds"));
    const ProcessResult both = generate({"--duration", "5", "--seconds", "0", "--print-json"});
    EXPECT_EQ(Json::parse(both.out).at("request").at("seconds"), 0);
}

TEST_F(ContractVideo, C77BadRequestsAreNotSent) {
    expect_failure(generate({"--duration", "0"}), "duration/seconds must be positive");
    expect_failure(generate({"--duration", "0.5s"}), "duration/seconds must be positive");
    expect_failure(generate({"--duration", "-3"}), "duration/seconds must be positive");
    expect_failure(generate({"--duration", "abc"}), "invalid --duration value: abc");
    expect_failure(generate({"--duration", "inf"}), "invalid --duration value: inf");
    expect_failure(generate({"--mode", "animate"}), "--mode animate requires --image");
    expect_failure(generate({"--image", "none.png"}), "image not found: none.png");
    expect_failure(generate({"--extra-json", "[1]"}), "--extra-json must decode to a JSON object");
    expect_error_line(generate({"--input-reference", "none.png"}),
                      "^input reference not found: none.png$");
    expect_error_line(generate({"--prefix", "../x"}), "prefix");
    EXPECT_THAT(requests(), IsEmpty());
    EXPECT_THAT(new_files(), IsEmpty());
}

TEST_F(ContractVideo, C78ImageTravelsWholeAndIsShownShort) {
    reply_with({{"url", media_url()}});
    const ProcessResult result =
        generate({"--image", "S1.png", "--mode", "reference", "--no-download", "--print-json"});
    expect_success(result);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(
        summary.at("image").dump(),
        R"({"provided":true,"field":"reference_images","transport":"data-url","path":"S1.png"})");
    EXPECT_EQ(summary.at("request").at("reference_images").dump(), R"(["data:..."])");
    EXPECT_EQ(summary.at("downloaded"), nullptr);
    const std::string picture = content_of(file("S1.png"));
    EXPECT_EQ(
        Json::parse(requests().at(0).body).at("reference_images").at(0),
        "data:image/png;base64," + transport::encode_base64(std::as_bytes(std::span(picture))));
}

TEST_F(ContractVideo, C79PresetIsSent) {
    reply_with({{"url", media_url()}});
    const ProcessResult result = generate({"--preset", "normal", "--no-download", "--print-json"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out).at("request").at("preset"), "normal");
}

TEST_F(ContractVideo, BodyHasItsKeysInOrder) {
    reply_with({{"url", media_url()}});
    const ProcessResult result =
        generate({"--preset", "fun", "--seed", "4294967297", "--fps", "24", "--seconds", "6",
                  "--size", "1280x720", "--image", "S1.png", "--extra-json",
                  R"({"x":1,"prompt":"over"})", "--no-download"});
    expect_success(result);
    const Json body = Json::parse(requests().at(0).body);
    EXPECT_EQ(keys_of(body), (std::vector<std::string>{"model", "prompt", "size", "seconds", "fps",
                                                       "seed", "preset", "image", "x"}));
    EXPECT_EQ(body.at("prompt"), "over");
    EXPECT_EQ(body.at("seed"), 4294967297);
}

TEST_F(ContractVideo, ImageGoesWhereItIsToldTo) {
    reply_with({{"url", media_url()}});
    const auto image_of = [&](const Arguments& added) {
        Arguments arguments{"--image", "./S1.png", "--no-download", "--print-json"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        const ProcessResult result = generate(arguments);
        expect_success(result);
        return Json::parse(result.out).at("image").dump();
    };
    EXPECT_EQ(image_of({}),
              R"({"provided":true,"field":"image","transport":"data-url","path":"S1.png"})");
    EXPECT_EQ(
        image_of({"--mode", "animate"}),
        R"({"provided":true,"field":"first_frame_image","transport":"data-url","path":"S1.png"})");
    EXPECT_EQ(image_of({"--image-field", "input_image", "--image-transport", "path"}),
              R"({"provided":true,"field":"input_image","transport":"path","path":"S1.png"})");
    EXPECT_EQ(Json::parse(requests().back().body).at("input_image"), "./S1.png");
}

TEST_F(ContractVideo, InputReferenceMakesAForm) {
    reply_with({{"url", media_url()}});
    const ProcessResult result = generate({"--input-reference", "S1.png", "--seconds", "8",
                                           "--preset", "fun", "--no-download", "--print-json"});
    expect_success(result);
    const auto parts = parts_of(requests().at(0));
    ASSERT_EQ(parts.size(), 5U);
    EXPECT_EQ(parts[0].name, "model");
    EXPECT_EQ(parts[1].name, "prompt");
    EXPECT_EQ(parts[2].name, "seconds");
    EXPECT_EQ(parts[2].content, "8");
    EXPECT_EQ(parts[2].media_type, "");
    EXPECT_EQ(parts[3].name, "preset");
    EXPECT_EQ(parts[4].name, "input_reference");
    EXPECT_EQ(parts[4].file_name, "S1.png");
    EXPECT_EQ(parts[4].media_type, "image/png");
    EXPECT_EQ(parts[4].content, content_of(file("S1.png")));
    EXPECT_EQ(keys_of(Json::parse(result.out).at("request")),
              (std::vector<std::string>{"model", "prompt", "seconds", "preset"}));
}

TEST_F(ContractVideo, FormsWithoutFilesCarryImagesAsText) {
    reply_with({{"url", media_url()}});
    expect_success(generate({"--request-form", "multipart", "--image", "S1.png", "--mode",
                             "reference", "--no-download"}));
    const auto parts = parts_of(requests().at(0));
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[2].name, "reference_images");
    EXPECT_THAT(parts[2].content, StartsWith("[\"data:image/png;base64,iVBOR"));
}

TEST_F(ContractVideo, SecondsAreWrittenAsWanted) {
    reply_with({{"url", media_url()}});
    const auto seconds_of = [&](const Arguments& added) {
        Arguments arguments{"--seconds", "8", "--no-download", "--print-json"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        const ProcessResult result = generate(arguments);
        expect_success(result);
        return Json::parse(requests().back().body).at("seconds").dump();
    };
    EXPECT_EQ(seconds_of({}), "8");
    EXPECT_EQ(seconds_of({"--seconds-as", "string"}), "\"8\"");
    EXPECT_EQ(seconds_of({"--model", "sora-2"}), "\"8\"");
    EXPECT_EQ(seconds_of({"--model", "sora-2", "--seconds-as", "number"}), "8");
}

TEST_F(ContractVideo, RefusalIsPrintedAsItCame) {
    reply_with(Reply{.status = 404, .body = "{\"error\":  \"no\"}"});
    const ProcessResult result = generate({"--endpoint", "/clips"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out,
              "STATUS: 404\n{\"error\":  \"no\"}\n"
              "HINT: check whether the provider exposes /clips for video generation\n");
    const ProcessResult as_json = generate({"--print-json"});
    EXPECT_EQ(as_json.exit_code, 1);
    const Json summary = Json::parse(as_json.out);
    EXPECT_EQ(summary.at("ok"), false);
    EXPECT_EQ(summary.at("resolved"), nullptr);
    EXPECT_EQ(summary.at("hints").size(), 1U);
}

TEST_F(ContractVideo, NoResponseIsOneLineAndAdvice) {
    configure({{"alpha", {{"baseUrl", "http://127.0.0.1:1/v1"}, {"apiKey", "k"}}}});
    const ProcessResult result = generate({"--quiet"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, StartsWith("request failed: "));
    EXPECT_EQ(lines_of(result.err).size(), 2U);
}

TEST_F(ContractVideo, TextIsKeptAsRaw) {
    reply_with(Reply{.body = "please wait", .content_type = "text/plain"});
    const ProcessResult result = generate({"--print-json"});
    expect_success(result);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("response").dump(), R"({"raw":"please wait"})");
    EXPECT_EQ(summary.at("resolved"), summary.at("response"));
    EXPECT_EQ(summary.at("downloaded"), nullptr);
    EXPECT_EQ(requests().size(), 1U);
}

TEST_F(ContractVideo, FinalFirstAnswerIsNotPolled) {
    reply_with({{"id", "a1"}, {"status", "completed"}, {"data", {{{"url", media_url()}}}}});
    expect_success(generate({}));
    EXPECT_THAT(calls(), ElementsAre("POST /v1/videos", "GET /media/v.mp4"));
}

TEST_F(ContractVideo, ResultUrlOfAJobThatGoesOnIsPolled) {
    const std::string place = url() + "/v1/results/7";
    reply_with({{"task_id", 7}, {"status", "pending"}, {"result_url", place}});
    serve_in_turn(
        "/v1/results/7",
        {{.body = Json({{"task_id", 7}, {"state", "RUNNING"}, {"result_url", place}}).dump()},
         {.body = Json({{"output", {{"video_url", media_url()}}}}).dump()}});
    const ProcessResult result = generate({});
    expect_success(result);
    EXPECT_THAT(calls(), ElementsAre("POST /v1/videos", "GET /v1/results/7", "GET /v1/results/7",
                                     "GET /media/v.mp4"));
    EXPECT_THAT(result.out, HasSubstr("DOWNLOADED: "));
}

TEST_F(ContractVideo, RelativeStatusUrlAndReferenceBelongToTheBaseUrl) {
    reply_with({{"job_id", "j"}, {"status_url", "/jobs/j?x=1"}});
    serve("/v1/jobs/j", {.body = R"({"path":"/v1/files/v.mp4"})"});
    serve("/v1/files/v.mp4", {.body = clip(), .content_type = "video/mp4"});
    expect_success(generate({}));
    EXPECT_THAT(calls(),
                ElementsAre("POST /v1/videos", "GET /v1/jobs/j?x=1", "GET /v1/files/v.mp4"));
}

TEST_F(ContractVideo, TemplateTakesTheId) {
    reply_with({{"data", {{"id", "a b/c?d"}}}, {"state", "queued"}});
    serve("/v1/tasks/a%20b/c%3Fd", {.body = R"({"url":")" + media_url() + "\"}"});
    expect_success(generate({"--status-endpoint-template", "/tasks/{id}"}));
    EXPECT_EQ(calls().at(1), "GET /v1/tasks/a%20b/c%3Fd");
}

TEST_F(ContractVideo, KeyNeverGoesToAnotherOrigin) {
    const TestServer other([this](const RecordedRequest&) {
        return Reply{.body = R"({"video_url":")" + media_url() + "\"}"};
    });
    reply_with({{"id", "a1"}, {"status", "queued"}, {"status_url", other.url() + "/jobs/a1"}});
    expect_success(generate({}));
    ASSERT_EQ(other.requests().size(), 1U);
    EXPECT_FALSE(other.requests().at(0).has_header("Authorization"));
}

TEST_F(ContractVideo, ContentIsFetchedWithTheKeyWhereNothingRefersToIt) {
    serve_job({{{"id", "a1"}, {"object", "video"}, {"status", "in_progress"}, {"progress", 40}},
               {{"id", "a1"}, {"object", "video"}, {"status", "completed"}, {"error", nullptr}}});
    serve_in_turn("/v1/videos/a1/content",
                  {{.status = 503, .body = "busy"}, {.body = clip(), .content_type = "video/mp4"}});
    const ProcessResult result = generate({});
    expect_success(result);
    EXPECT_THAT(lines_of(result.out).at(2), MatchesRegex("DOWNLOADED: tmp/videos/.*\\.mp4"));
    const RecordedRequest content = requests().back();
    EXPECT_EQ(content.target, "/v1/videos/a1/content");
    EXPECT_EQ(content.header("Authorization"), "Bearer k-alpha");
    EXPECT_EQ(content.header("Accept"), "application/binary");
    EXPECT_EQ(content.header("User-Agent"), "Mozilla/5.0");
    EXPECT_THAT(pending(), IsEmpty());
}

TEST_F(ContractVideo, CompletedWithoutMediaIsAskedAfterAgain) {
    serve_job({{{"id", "a1"}, {"status", "completed"}},
               {{"id", "a1"}, {"status", "completed"}, {"url", media_url()}}});
    expect_success(generate({}));
    EXPECT_THAT(calls(),
                ElementsAre("POST /v1/videos", "GET /v1/videos/a1", "GET /v1/videos/a1/content",
                            "GET /v1/videos/a1", "GET /media/v.mp4"));
}

TEST_F(ContractVideo, PollsThatAreRefusedEndTheCommand) {
    for (const int status : {401, 404}) {
        serve("/v1/videos/a1", {.status = status, .body = R"({"error":{"message":"gone"}})"});
        const ProcessResult result = generate({"--print-json"});
        EXPECT_EQ(result.exit_code, 1);
        const Json summary = Json::parse(result.out);
        EXPECT_EQ(summary.at("resolved").at("error").at("message"), "gone");
        EXPECT_THAT(result.err, HasSubstr("HTTP " + std::to_string(status) + ": gone"));
        EXPECT_THAT(summary.at("hints").at(0).get<std::string>(), HasSubstr("a1"));
    }
    EXPECT_EQ(requests().size(), 4U);
    EXPECT_EQ(pending().size(), 2U);
}

TEST_F(ContractVideo, PassingTroubleIsWaitedOut) {
    const Reply busy{.status = 429, .body = "{}", .headers = {{"Retry-After", "0"}}};
    const Reply down{.status = 500, .body = "{}", .headers = {{"Retry-After", "0"}}};
    serve_in_turn("/v1/videos/a1", {busy,
                                    down,
                                    busy,
                                    down,
                                    {.body = R"({"state":"queued"})"},
                                    {.body = R"({"url":")" + media_url() + "\"}"}});
    expect_success(generate({"--max-polls", "3"}));
}

TEST_F(ContractVideo, ResultSurvivesAFailedDownload) {
    reply_with({{"id", "a1"}, {"url", url() + "/media/none.mp4"}});
    const ProcessResult result = generate({});
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 4U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 200");
    EXPECT_EQ(Json::parse(lines[1]).at("downloaded"), nullptr);
    EXPECT_THAT(lines[2], StartsWith("HINT: 404 Not Found for "));
    EXPECT_THAT(lines[3], HasSubstr("generate_video --resume 1"));

    serve("/media/none.mp4", {.body = clip(), .content_type = "video/mp4"});
    const ProcessResult resumed = call("generate_video", {"--resume", "1"});
    expect_success(resumed);
    EXPECT_THAT(resumed.out, HasSubstr("DOWNLOADED: tmp/videos/generated-video_"));
    EXPECT_THAT(pending(), IsEmpty());
}

TEST_F(ContractVideo, AnAnswerWithoutAJobIsAnUnknownOutcome) {
    const std::vector<std::string> bodies{R"({"status":"queued","message":"accepted"})",
                                          R"({"request_id":"cut-off)"};
    for (const std::string& body : bodies) {
        reply_with(Reply{.status = 202, .body = body});
        const ProcessResult result = generate({});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.err, HasSubstr("names no job to ask after"));
    }
    ASSERT_EQ(pending().size(), 2U);
    EXPECT_EQ(pending().at(0).at("status"), "UNKNOWN");
}

TEST_F(ContractVideo, APictureOfTheRequestIsNoResult) {
    serve("/media/in.png", {.body = content_of(file("S1.png")), .content_type = "image/png"});
    serve_job({{{"id", "a1"},
                {"object", "video"},
                {"status", "completed"},
                {"input", {{"image", {{"url", url() + "/media/in.png"}}}}}}});
    serve("/v1/videos/a1/content", {.body = clip(), .content_type = "video/mp4"});
    const ProcessResult result = generate({});
    expect_success(result);
    EXPECT_EQ(content_of(file(lines_of(result.out).at(2).substr(12))), clip());
}

TEST_F(ContractVideo, AClipThatCannotBeReadIsKeptAndStaysInTheList) {
    serve("/media/v.mp4",
          {.body = clip().substr(0, clip().size() / 2), .content_type = "video/mp4"});
    const ProcessResult result = generate({});
    expect_success(result);
    EXPECT_THAT(result.err, HasSubstr("may not play"));
    EXPECT_EQ(pending().size(), 1U);
}

TEST_F(ContractVideo, DataOfAnyFieldIsShort) {
    const std::string base64 = transport::encode_base64(std::as_bytes(std::span(clip())));
    reply_with({{"url", "data:video/mp4;base64," + base64}, {"poster", "data:image/png;base64,x"}});
    const ProcessResult result = generate({"--extra-json", R"({"deep":[{"z":"data:,abc"}]})"});
    expect_success(result);
    EXPECT_THAT(result.out, Not(HasSubstr(base64)));
    const Json summary = Json::parse(lines_of(result.out).at(1));
    EXPECT_EQ(summary.at("response").dump(), R"({"url":"data:...","poster":"data:..."})");
    EXPECT_EQ(summary.at("request").at("deep").dump(), R"([{"z":"data:..."}])");
    EXPECT_EQ(content_of(file(summary.at("downloaded").get<std::string>())), clip());
}

TEST_F(ContractVideo, WrongUsageIsExplained) {
    const ProcessResult none = call("generate_video", {});
    EXPECT_EQ(none.exit_code, 2);
    EXPECT_EQ(none.out, "");
    EXPECT_THAT(none.err,
                HasSubstr("generate_video: error: the following arguments are required: --prompt"));
    for (const Arguments& wrong : {Arguments{"--poll-interval", "x"},
                                   {"--poll-interval", "-1"},
                                   {"--preset", "odd"},
                                   {"--image-field", "odd"},
                                   {"--element", ","},
                                   {"--max-polls", "1.5"}}) {
        EXPECT_EQ(generate(wrong).exit_code, 2) << wrong.front();
    }
    EXPECT_THAT(requests(), IsEmpty());
}

}  // namespace
}  // namespace editprep::testing
