#include <gmock/gmock.h>

#include <future>

#include "clip_maker.hpp"
#include "fal_fixture.hpp"

/// The cases C109 to C129 of the compatibility contract.
namespace editprep::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ContractFal : public FalTest {
protected:
    ContractFal() { environment_.erase("FAL_KEY"); }

    void write_home(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((file("home") / name).parent_path());
        write_text(file("home") / name, text);
    }

    void with_key() { environment_["FAL_KEY"] = "uuid-1:test_secret"; }
};

TEST_F(ContractFal, C109NoKey) {
    const ProcessResult result = fal({"check-key"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "ERROR: No key found\n");
}

TEST_F(ContractFal, C110KeyFromTheEnvironment) {
    environment_["FAL_KEY"] = "abcdefghijklmnop";
    const ProcessResult result = fal({"check-key"});
    expect_success(result);
    EXPECT_EQ(result.out, "OK: Key found (abcdefgh...)\n");
    EXPECT_THAT(result.err, HasSubstr("FAL_KEY"));
}

TEST_F(ContractFal, C111KeyFromTheSecondVariable) {
    environment_["FAL_API_KEY"] = "abcdefghijklmnop";
    EXPECT_EQ(fal({"check-key"}).out, "OK: Key found (abcdefgh...)\n");
}

TEST_F(ContractFal, C112KeyFromTheNotes) {
    write_home(".openclaw/workspace/TOOLS.md", "FAL_KEY: \"uuid-1:sec_2\"\n");
    answer_json("POST /some/model", R"({"request_id":"r1"})");
    expect_success(fal({"submit", "some/model", "{}"}));
    ASSERT_EQ(requests().size(), 1U);
    EXPECT_EQ(requests()[0].header("Authorization"), "Key uuid-1:sec_2");
}

TEST_F(ContractFal, C113ProseIsNoKey) {
    write_home(".openclaw/workspace/TOOLS.md", "Set FAL_KEY env var first\n");
    EXPECT_EQ(fal({"check-key"}).out, "ERROR: No key found\n");
}

TEST_F(ContractFal, C114TheConfigurationComesBeforeTheNotes) {
    write_home(".openclaw/workspace/TOOLS.md", "FAL_KEY: notes-key-0123456789\n");
    write_home(".openclaw/openclaw.json",
               R"({"integrations":{"fal":{"apiKey":"config-key-0123456789"}}})");
    EXPECT_EQ(fal({"check-key"}).out, "OK: Key found (config-k...)\n");
}

TEST_F(ContractFal, WithoutAKeyTheOldTextGoesToStdout) {
    const ProcessResult result = fal({"submit", "some/model", "{}"});
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], "ERROR: No FAL_KEY found. Set FAL_KEY env var or add to TOOLS.md:");
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractFal, C115SubmitQueuesAndRemembers) {
    with_key();
    answer_json("POST /fal-ai/nano-banana-pro",
                R"({"request_id":"r1","status":"IN_QUEUE","queue_position":0})");
    const ProcessResult result = fal({"submit", "fal-ai/nano-banana-pro", R"({"prompt":"p"})"});
    expect_success(result);
    EXPECT_EQ(result.out,
              "{\n  \"request_id\": \"r1\",\n  \"status\": \"IN_QUEUE\",\n  \"queue_position\": "
              "0\n}\n");
    ASSERT_EQ(requests().size(), 1U);
    EXPECT_EQ(requests()[0].header("Authorization"), "Key uuid-1:test_secret");
    EXPECT_EQ(requests()[0].header("Content-Type"), "application/json");
    EXPECT_EQ(requests()[0].body, R"({"prompt":"p"})");

    const Json store = listed();
    EXPECT_EQ(store["count"], 1);
    const Json& entry = store["pending"][0];
    EXPECT_THAT(keys_of(entry), ElementsAre("request_id", "model_id", "input", "status",
                                            "submitted_at", "updated_at"));
    EXPECT_EQ(entry["request_id"], "r1");
    EXPECT_EQ(entry["model_id"], "fal-ai/nano-banana-pro");
    EXPECT_EQ(entry["input"], Json::parse(R"({"prompt":"p"})"));
    EXPECT_EQ(entry["status"], "IN_QUEUE");
    expect_matches(entry["submitted_at"], R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})");
}

TEST_F(ContractFal, C116NotesAndMissingFields) {
    with_key();
    const ProcessResult result =
        fal({"submit", "fal-ai/kling-video/o3/pro/video-to-video/edit", R"({"prompt":"p"})"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    const auto lines = lines_of(result.err);
    ASSERT_EQ(lines.size(), 7U) << result.err;
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(lines[static_cast<std::size_t>(i)].starts_with("\u26a0\ufe0f  Note: "));
    }
    EXPECT_EQ(lines[5], "\u274c Validation failed:");
    EXPECT_EQ(lines[6], "   - Missing required field: video_url");
    EXPECT_TRUE(requests().empty());
    EXPECT_EQ(listed()["count"], 0);
}

TEST_F(ContractFal, C117EmptyFieldsInOrder) {
    with_key();
    const ProcessResult result =
        fal({"submit", "fal-ai/nano-banana-pro/edit", R"({"prompt":"","image_urls":[]})"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err,
              "\u274c Validation failed:\n   - Empty required field: prompt\n"
              "   - Empty required field: image_urls\n   - image_urls is empty\n");
}

TEST_F(ContractFal, C118UnknownModelsPassWithAWarning) {
    with_key();
    answer_json("POST /some/other", R"({"request_id":"r1"})");
    const ProcessResult result = fal({"submit", "some/other", R"({"prompt":"p"})"});
    expect_success(result);
    EXPECT_EQ(result.err, "\u26a0\ufe0f  No schema found for some/other - skipping validation\n");
    EXPECT_EQ(requests().size(), 1U);
}

TEST_F(ContractFal, C119StatusAsksUnderTheBaseModel) {
    with_key();
    answer_json("GET /fal-ai/flux/requests/q1/status", R"({"status":"IN_PROGRESS"})");
    const ProcessResult result = fal({"status", "fal-ai/flux/dev/image-to-image", "q1"});
    expect_success(result);
    EXPECT_EQ(result.out, "{\n  \"status\": \"IN_PROGRESS\"\n}\n");
}

TEST_F(ContractFal, C120PollTellsWhatIsFinishedAndKeepsTheRest) {
    with_key();
    submit("done");
    submit("queued");
    submit("broken");
    answer_json("GET /some/model/requests/done/status", R"({"status":"COMPLETED"})");
    answer_json("GET /some/model/requests/done", R"({"images":[{"url":"u"}],"seed":1.0})");
    answer_json("GET /some/model/requests/queued/status",
                R"({"status":"IN_QUEUE","queue_position":3})");
    answer_json("GET /some/model/requests/broken/status",
                R"({"status":"FAILED","error":"no luck"})");
    const ProcessResult result = fal({"poll"});
    expect_success(result);
    EXPECT_THAT(result.out, HasSubstr("\"seed\": 1.0"));
    const Json answer = Json::parse(result.out);
    EXPECT_EQ(answer["count"], 2);
    const Json& done = answer["completed"][0];
    EXPECT_THAT(keys_of(done), ElementsAre("request_id", "model_id", "input", "status",
                                           "submitted_at", "updated_at", "result"));
    EXPECT_EQ(done["status"], "COMPLETED");
    EXPECT_EQ(done["result"]["images"][0]["url"], "u");
    EXPECT_EQ(answer["completed"][1]["request_id"], "broken");
    EXPECT_EQ(answer["completed"][1]["status"], "FAILED");
    EXPECT_EQ(answer["completed"][1]["error"], "no luck");

    const Json store = listed();
    EXPECT_EQ(store["count"], 1);
    EXPECT_EQ(store["pending"][0]["request_id"], "queued");
    EXPECT_EQ(store["pending"][0]["queue_position"], 3);
    EXPECT_EQ(Json::parse(fal({"poll"}).out)["count"], 0);
}

TEST_F(ContractFal, C121AFailedLookKeepsTheEntry) {
    with_key();
    submit("r1");
    const ProcessResult result = fal({"poll"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out), Json::parse(R"({"completed":[],"count":0})"));
    const Json store = listed();
    EXPECT_EQ(store["count"], 1);
    EXPECT_THAT(store["pending"][0]["error"].get<std::string>(), HasSubstr("HTTP 404"));
}

TEST_F(ContractFal, PollNeedsNoKeyForAnEmptyStore) {
    const ProcessResult result = fal({"poll"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out), Json::parse(R"({"completed":[],"count":0})"));
}

TEST_F(ContractFal, C122AnOldStoreIsShownUnchanged) {
    const std::string old_store =
        R"({"requests": [{"request_id": "r1", "model_id": "fal-ai/flux/dev", "input": {"prompt": )"
        R"("p", "strength": 1.0}, "status": "IN_QUEUE", "submitted_at": )"
        R"("2026-01-02T03:04:05.678901", "updated_at": "2026-01-02T03:04:05.678901", )"
        R"("queue_position": 2}]})";
    write_home(".openclaw/workspace/fal-pending.json", old_store);
    for (int time = 0; time < 2; ++time) {
        const Json store = listed();
        EXPECT_EQ(store["count"], 1);
        EXPECT_EQ(store["pending"], Json::parse(old_store)["requests"]);
    }
    EXPECT_EQ(content_of(file("home") / ".openclaw/workspace/fal-pending.json"), old_store);
}

TEST_F(ContractFal, C123ThirtySubmitsAtOnceLeaveThirtyEntries) {
    with_key();
    answer_json("POST /some/model", R"({"request_id":"r"})");
    std::vector<std::future<int>> codes;
    for (int i = 0; i < 30; ++i) {
        codes.push_back(std::async(std::launch::async, [this, i] {
            return fal({"submit", "some/model", "{\"n\":" + std::to_string(i) + "}"}).exit_code;
        }));
    }
    for (auto& code : codes) {
        EXPECT_EQ(code.get(), 0);
    }
    const Json store = listed();
    EXPECT_EQ(store["count"], 30);
    std::vector<int> inputs;
    for (const Json& entry : store["pending"]) {
        inputs.push_back(entry["input"]["n"]);
    }
    std::ranges::sort(inputs);
    for (int i = 0; i < 30; ++i) {
        EXPECT_EQ(inputs[static_cast<std::size_t>(i)], i);
    }
    EXPECT_EQ(requests().size(), 30U);
}

TEST_F(ContractFal, C124TheRegistryIsListed) {
    const char* kIds[] = {"fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit",
                          "fal-ai/flux/dev/image-to-image",
                          "fal-ai/kling-video/o3/pro/video-to-video/edit"};
    const ProcessResult ids = fal({"model-info"});
    expect_success(ids);
    EXPECT_TRUE(ids.out.starts_with("Usage: fal_client model-info"));
    EXPECT_THAT(ids.out, HasSubstr("\n\nAvailable models:\n"));
    const ProcessResult listing = fal({"models"});
    expect_success(listing);
    EXPECT_TRUE(listing.out.starts_with("Available models with schemas:\n\n"));
    for (const char* id : kIds) {
        EXPECT_THAT(ids.out, HasSubstr(std::string("  - ") + id + '\n'));
        EXPECT_THAT(listing.out, HasSubstr('\n' + std::string(id) + "\n  Required: "));
    }
    EXPECT_THAT(listing.out,
                HasSubstr("fal-ai/nano-banana-pro/edit\n  Required: prompt, image_urls\n"
                          "  File inputs: image_urls\n"));
}

TEST_F(ContractFal, C124AModelsEntry) {
    const ProcessResult known = fal({"model-info", "fal-ai/nano-banana-pro/edit"});
    expect_success(known);
    EXPECT_EQ(known.err, "");
    const Json entry = Json::parse(known.out);
    EXPECT_EQ(entry["model_id"], "fal-ai/nano-banana-pro/edit");
    EXPECT_EQ(entry["required"], Json::parse(R"(["prompt","image_urls"])"));
    EXPECT_EQ(entry["file_fields"]["image_urls"]["accepts"], "image");

    const ProcessResult unknown = fal({"model-info", "no/such"});
    expect_success(unknown);
    EXPECT_TRUE(unknown.err.starts_with("WARN: ")) << unknown.err;
    EXPECT_EQ(Json::parse(unknown.out)["required"], Json::array());
}

TEST_F(ContractFal, C125ADataUriHoldsTheFile) {
    const ProcessResult result = fal({"to-data-uri", "S1.png"});
    expect_success(result);
    ASSERT_TRUE(result.out.starts_with("data:image/png;base64,"));
    EXPECT_EQ(lines_of(result.out).size(), 1U);
    write_text(file("uri.txt"), result.out.substr(result.out.find(',') + 1));
    const ProcessResult decoded =
        run_process("/usr/bin/base64", {.arguments = {"-d", file("uri.txt").string()}});
    EXPECT_EQ(decoded.out, content_of(file("S1.png")));
}

TEST_F(ContractFal, C126AClipThatIsTooWideIsRefused) {
    make_clip("-f lavfi -i color=size=3840x2160:rate=2:duration=5 -c:v libx264 -preset ultrafast",
              file("wide.mp4"));
    const ProcessResult refused = fal({"video-to-uri", "wide.mp4"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("width 3840 px, limit at most 2160 px"));
    EXPECT_EQ(lines_of(refused.err).size(), 2U) << refused.err;
    const ProcessResult printed = fal({"video-to-uri", "wide.mp4", "--skip-validation"});
    expect_success(printed);
    EXPECT_TRUE(printed.out.starts_with("data:video/mp4;base64,"));
    EXPECT_THAT(printed.err, HasSubstr("width 3840 px, limit at most 2160 px"));
}

TEST_F(ContractFal, C127ASmallMatroskaClipIsRefused) {
    make_clip("-f lavfi -i color=size=640x360:rate=2:duration=5 -c:v libx264 -preset ultrafast",
              file("small.mkv"));
    const ProcessResult refused = fal({"video-to-uri", "small.mkv"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("container matroska, limit mp4 or mov"));
    EXPECT_THAT(refused.err, HasSubstr("width 640 px, limit at least 720 px"));
    EXPECT_THAT(refused.err, HasSubstr("height 360 px, limit at least 720 px"));
    const ProcessResult printed = fal({"video-to-uri", "small.mkv", "--skip-validation"});
    expect_success(printed);
    EXPECT_TRUE(printed.out.starts_with("data:video/x-matroska;base64,"));
}

TEST_F(ContractFal, C128UnknownCommandsAndMissingWords) {
    const ProcessResult unknown = fal({"frob"});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_TRUE(unknown.out.starts_with("Unknown command: frob\nUsage: fal_client "));
    EXPECT_EQ(unknown.err, "");
    const ProcessResult nothing = fal({});
    EXPECT_EQ(nothing.exit_code, 1);
    EXPECT_TRUE(nothing.out.starts_with("Usage: fal_client "));
    for (const char* command : {"submit", "status", "result", "cancel", "run", "upload", "forget",
                                "to-data-uri", "video-to-uri", "estimate"}) {
        const ProcessResult missing = fal({command});
        EXPECT_EQ(missing.exit_code, 1);
        EXPECT_TRUE(missing.out.starts_with("Usage: fal_client " + std::string(command) + ' '));
        EXPECT_EQ(missing.err, "");
    }
}

TEST_F(ContractFal, C129WhatIsBeyondAsciiIsEscaped) {
    with_key();
    answer_json(
        "GET /some/model/requests/r1",
        "{\"url\":\"https://a.example/caf\u00e9-\U0001F600.png\",\"n\":12345678901234567890123}");
    const ProcessResult result = fal({"result", "some/model", "r1"});
    expect_success(result);
    EXPECT_EQ(result.out,
              "{\n  \"url\": \"https://a.example/caf\\u00e9-\\ud83d\\ude00.png\",\n  \"n\": "
              "12345678901234567890123\n}\n");
}

TEST_F(ContractFal, AFailedStatusLeavesStdoutEmpty) {
    with_key();
    answer("GET /some/model/requests/r1",
           {.status = 403, .body = R"({"detail":"User is locked."})"});
    expect_error_line(fal({"result", "some/model", "r1"}), "^ERROR: HTTP 403: User is locked");
    answer("POST /some/model", {.status = 422,
                                .body = R"({"detail":[{"loc":["body","image_url"],)"
                                        R"("msg":"bad","type":"value_error"}]})"});
    const ProcessResult refused = fal({"submit", "some/model", "{}"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("HTTP 422"));
    EXPECT_EQ(listed()["count"], 0);
}

TEST_F(ContractFal, AnAnswerWithoutARequestIdFailsAndIsKeptAsUnknown) {
    with_key();
    answer_json("POST /some/model", R"({"status":"IN_QUEUE"})");
    const ProcessResult result = fal({"submit", "some/model", "{}"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(listed()["count"], 1);
    EXPECT_EQ(listed()["pending"][0]["status"], "UNKNOWN");
}

}  // namespace
}  // namespace editprep::testing
