#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <span>
#include <thread>

#include "clip_maker.hpp"
#include "editprep/transport/base64.hpp"
#include "provider_fixture.hpp"

/// Cases C80 to C83: reference_media and its older name against an OpenAI-compatible provider, and
/// what section 13 of the contract says beside them.
namespace editprep::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

const char* const kRefusal = R"({"error": {"message": "unknown parameter"}})";
const char* const kFallbackLine =
    "INFO: provider-json reference transport failed; retrying without provider-json references\n";
const char* const kFallbackWarning =
    "WARN: the provider refused the references (HTTP 400), so this was made without them; "
    "--transport provider-json never goes on without\n";

class ContractReference : public ProviderTest {
protected:
    using Json = nlohmann::ordered_json;

    ContractReference() {
        serve_png("/media/a.png", "S2.png");
        refuse_references_with(400);
    }

    [[nodiscard]] Reply picture_reply() const {
        return {.body = Json{{"data", {{{"url", url() + "/media/a.png"}}}}}.dump()};
    }
    /// Requests without any are answered with a picture.
    void refuse_references_with(int status) {
        reply_by([this, status](const RecordedRequest& request) {
            const bool has_references = Json::parse(request.body).contains("reference_images");
            return has_references ? Reply{.status = status, .body = kRefusal} : picture_reply();
        });
    }
    void accept_everything() {
        reply_by([this](const RecordedRequest&) { return picture_reply(); });
    }

    [[nodiscard]] ProcessResult make(const Arguments& added,
                                     const std::string& command = "reference_media") const {
        Arguments arguments{"--prompt", "p", "--model", "m"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call(command, arguments);
    }

    [[nodiscard]] std::string data_url_of(const std::string& name,
                                          const std::string& type = "image/png") const {
        const std::string content = content_of(file(name));
        return "data:" + type + ";base64," +
               transport::encode_base64(std::as_bytes(std::span(content)));
    }
    /// Bodies of the POSTs, in order.
    [[nodiscard]] std::vector<Json> bodies() const {
        std::vector<Json> bodies;
        for (const RecordedRequest& request : requests()) {
            if (request.method == "POST") {
                bodies.push_back(Json::parse(request.body));
            }
        }
        return bodies;
    }

    static void expect_refused_twice_tried(const Json& summary) {
        EXPECT_EQ(summary.at("fallbackUsed"), true);
        ASSERT_EQ(summary.at("attempts").size(), 2U);
        const Json& first = summary.at("attempts").at(0);
        EXPECT_EQ(keys_of(first),
                  (std::vector<std::string>{"label", "script", "command", "returncode", "ok",
                                            "stdout", "stderr"}));
        EXPECT_EQ(first.at("label"), "primary");
        EXPECT_EQ(first.at("script"), "generate_image.py");
        EXPECT_EQ(first.at("returncode"), 1);
        EXPECT_EQ(first.at("ok"), false);
        EXPECT_EQ(first.at("stdout").at("status"), 400);
        EXPECT_EQ(first.at("stderr"), nullptr);
        EXPECT_EQ(first.at("command").dump(),
                  R"(["generate_image","--prompt","p","--model","m","--print-json",)"
                  R"("--extra-json","{\"reference_images\": [\"data:...\"]}"])");
        const Json& second = summary.at("attempts").at(1);
        EXPECT_EQ(second.at("label"), "fallback-without-provider-json");
        EXPECT_EQ(second.at("returncode"), 0);
        EXPECT_EQ(second.at("ok"), true);
        EXPECT_EQ(second.at("stdout"), summary.at("result"));
        EXPECT_EQ(second.at("command").dump(),
                  R"(["generate_image","--prompt","p","--model","m","--print-json"])");
    }
};

TEST_F(ContractReference, C80FallsBackWhenReferencesAreRefused) {
    const ProcessResult result = make({"--reference-image", "S1.png", "--print-json"});
    expect_success(result);
    EXPECT_EQ(result.err, kFallbackWarning);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(result.out, summary.dump(2) + '\n');
    EXPECT_EQ(keys_of(summary),
              (std::vector<std::string>{"mode", "referenceCount", "transport", "prompt",
                                        "fallbackUsed", "result", "attempts", "hints"}));
    EXPECT_EQ(summary.at("mode"), "image");
    EXPECT_EQ(summary.at("referenceCount"), 1);
    EXPECT_EQ(summary.at("transport"), "auto");
    EXPECT_EQ(summary.at("prompt"), "p");
    EXPECT_EQ(summary.at("hints").size(), 2U);
    EXPECT_EQ(summary.at("result").at("status"), 200);
    const auto downloaded = summary.at("result").at("downloaded").get<std::string>();
    EXPECT_EQ(content_of(file(downloaded)), content_of(file("S2.png")));
    expect_refused_twice_tried(summary);

    ASSERT_THAT(bodies(), SizeIs(2));
    EXPECT_EQ(bodies()[0].dump(), R"({"model":"m","prompt":"p","reference_images":[")" +
                                      data_url_of("S1.png") + R"("]})");
    EXPECT_EQ(bodies()[1].dump(), R"({"model":"m","prompt":"p"})");
    EXPECT_THAT(result.out, Not(HasSubstr("base64,")));
}

TEST_F(ContractReference, C81ProviderJsonIsOneAttempt) {
    const ProcessResult result =
        make({"--reference-image", "S1.png", "--transport", "provider-json"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(result.out, "STATUS: 400\n" + std::string(kRefusal) +
                              "\nHINT: check provider-specific payload fields, model name, and "
                              "extra-json contents\n");
    EXPECT_THAT(bodies(), SizeIs(1));
    EXPECT_THAT(new_files(), IsEmpty());
}

class ContractReferenceVideo : public ContractReference {
protected:
    ContractReferenceVideo() {
        make_clip(kPicture, file("made.mp4"));
        serve("/media/v.mp4", {.body = content_of(file("made.mp4")), .content_type = "video/mp4"});
        reply_by([this](const RecordedRequest&) {
            return Reply{.body = Json{{"video_url", url() + "/media/v.mp4"}}.dump()};
        });
    }

    [[nodiscard]] ProcessResult make_video(const Arguments& added) const {
        Arguments arguments{"--mode", "video", "--prompt", " p ", "--model", "v"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call("reference_media", arguments);
    }
};

TEST_F(ContractReferenceVideo, C82TheReferenceIsAPartOfAForm) {
    const ProcessResult result =
        make_video({"--reference-image", "S1.png", "--preset", "fun", "--print-json"});
    expect_success(result);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("mode"), "video");
    EXPECT_EQ(summary.at("prompt"), "p");
    EXPECT_EQ(summary.at("fallbackUsed"), false);
    EXPECT_EQ(summary.at("result").at("request").at("preset"), "fun");
    ASSERT_EQ(summary.at("attempts").size(), 1U);
    EXPECT_EQ(summary.at("attempts").at(0).at("script"), "generate_video.py");
    EXPECT_THAT(summary.at("attempts").at(0).at("command").get<std::vector<std::string>>(),
                AllOf(Contains("--input-reference"), Contains("S1.png")));

    ASSERT_FALSE(requests().empty());
    EXPECT_EQ(requests()[0].target, "/v1/videos");
    const auto parts = parts_of(requests()[0]);
    ASSERT_EQ(parts.size(), 4U);
    EXPECT_EQ(parts[0].name, "model");
    EXPECT_EQ(parts[1].name, "prompt");
    EXPECT_EQ(parts[1].content, "p");
    EXPECT_EQ(parts[2].name, "preset");
    EXPECT_EQ(parts[2].content, "fun");
    EXPECT_EQ(parts[3].name, "input_reference");
    EXPECT_EQ(parts[3].file_name, "S1.png");
    EXPECT_EQ(parts[3].content, content_of(file("S1.png")));
}

TEST_F(ContractReferenceVideo, OfSeveralReferencesTheFirstIsSentAndThatIsTold) {
    const ProcessResult result =
        make_video({"--reference-image", "S1.png", "--reference-image", "S2.png", "--transport",
                    "none", "--reference-key", "k"});
    expect_success(result);
    EXPECT_THAT(result.err, HasSubstr("WARN: an OpenAI-compatible provider takes one reference"));
    EXPECT_EQ(parts_of(requests().at(0)).back().content, content_of(file("S1.png")));
    EXPECT_THAT(result.out, StartsWith("STATUS: 200\n"));
}

TEST_F(ContractReferenceVideo, IsNotTriedASecondTime) {
    reply_by([](const RecordedRequest&) { return Reply{.status = 400, .body = kRefusal}; });
    const ProcessResult result = make_video({"--reference-image", "S1.png", "--print-json"});
    EXPECT_EQ(result.exit_code, 1);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("fallbackUsed"), false);
    EXPECT_EQ(summary.at("result"), nullptr);
    EXPECT_EQ(summary.at("attempts").size(), 1U);
    EXPECT_THAT(requests(), SizeIs(1));
}

TEST_F(ContractReferenceVideo, TheOptionsOfVideosAreForwarded) {
    reply_by([](const RecordedRequest&) {
        return Reply{.status = 202, .body = R"({"id":"a1","status":"queued"})"};
    });
    serve("/v1/jobs/a1", {.body = R"({"id":"a1","status":"queued"})"});
    const ProcessResult result = make_video(
        {"--image", "S1.png", "--fps", "24", "--duration", "5s", "--status-endpoint-template",
         "/jobs/{id}", "--max-polls", "2", "--poll-interval", "0.01", "--timeout", "5",
         "--extra-json", R"({"x":1})", "--no-download", "--quality", "ignored"});
    EXPECT_EQ(result.exit_code, 1);
    ASSERT_EQ(requests().size(), 3U);
    const Json body = Json::parse(requests()[0].body);
    EXPECT_EQ(body.at("image"), data_url_of("S1.png"));
    EXPECT_EQ(body.at("fps"), 24);
    EXPECT_EQ(body.at("seconds"), 5);
    EXPECT_EQ(body.at("x"), 1);
    EXPECT_FALSE(body.contains("quality"));
    EXPECT_EQ(requests()[1].target, "/v1/jobs/a1");
}

TEST_F(ContractReference, C83TheOlderNameDoesTheSame) {
    const ProcessResult result =
        make({"--reference-image", "S1.png", "--print-json"}, "generate_consistent_media");
    expect_success(result);
    EXPECT_EQ(result.err, kFallbackWarning);
    expect_refused_twice_tried(Json::parse(result.out));
    EXPECT_THAT(bodies(), SizeIs(2));

    const ProcessResult old =
        make({"--video-reference-mode", "animate", "--no-download"}, "generate_consistent_media");
    expect_success(old);
    EXPECT_EQ(old.err, "WARN: --video-reference-mode has no effect\n");

    const ProcessResult unknown = make({"--frob"}, "generate_consistent_media");
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_THAT(unknown.err, HasSubstr("generate_consistent_media: error: "));
}

TEST_F(ContractReference, PlainOutputIsThatOfTheAttemptThatCounts) {
    const ProcessResult result = make({"--reference-image", "S1.png"});
    expect_success(result);
    EXPECT_EQ(result.err, std::string(kFallbackLine) + kFallbackWarning);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 200");
    expect_matches(lines[2], "DOWNLOADED: tmp/images/generated_[0-9a-f]{8}\\.png");
}

TEST_F(ContractReference, TheSecondRefusalIsTheOneThatIsShown) {
    reply_by([](const RecordedRequest& request) {
        const bool first = Json::parse(request.body).contains("reference_images");
        return Reply{.status = first ? 422 : 400, .body = first ? "\"first\"" : "\"second\""};
    });
    const ProcessResult result = make({"--reference-image", "S1.png"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err, kFallbackLine);
    EXPECT_THAT(result.out, AllOf(StartsWith("STATUS: 400\n\"second\"\n"), Not(HasSubstr("422"))));

    const ProcessResult as_json = make({"--reference-image", "S1.png", "--print-json"});
    EXPECT_EQ(as_json.exit_code, 1);
    const Json summary = Json::parse(as_json.out);
    EXPECT_EQ(summary.at("fallbackUsed"), true);
    EXPECT_EQ(summary.at("result"), nullptr);
    EXPECT_EQ(summary.at("attempts").size(), 2U);
}

TEST_F(ContractReference, OnlyARefusalIsWorthASecondAttempt) {
    for (const int status : {400, 404, 413, 415, 422, 401, 403, 500, 502}) {
        SCOPED_TRACE(status);
        const std::size_t before = bodies().size();
        refuse_references_with(status);
        const bool refusal =
            status == 400 || status == 404 || status == 413 || status == 415 || status == 422;
        const ProcessResult result = make({"--reference-image", "S1.png", "--print-json"});
        EXPECT_EQ(result.exit_code, refusal ? 0 : 1);
        const Json summary = Json::parse(result.out);
        EXPECT_EQ(summary.at("fallbackUsed"), refusal);
        EXPECT_EQ(summary.at("result").is_null(), !refusal);
        EXPECT_EQ(bodies().size() - before, refusal ? 2U : 1U);
    }
}

TEST_F(ContractReference, AFailedDownloadIsNotPaidForTwice) {
    reply_by([this](const RecordedRequest&) {
        return Reply{.body = Json{{"data", {{{"url", url() + "/media/none.png"}}}}}.dump()};
    });
    const ProcessResult result = make({"--reference-image", "S1.png", "--print-json"});
    EXPECT_EQ(result.exit_code, 1);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("fallbackUsed"), false);
    EXPECT_EQ(summary.at("result"), nullptr);
    EXPECT_EQ(summary.at("attempts").at(0).at("stdout").at("downloaded"), nullptr);
    EXPECT_THAT(bodies(), SizeIs(1));
}

TEST_F(ContractReference, ATimeOutIsNotPaidForTwice) {
    std::atomic<bool> done = false;
    const RawServer silent([&done](int socket) {
        read_request(socket);
        while (!done) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    configure({{"alpha", {{"baseUrl", silent.url()}, {"apiKey", "k-alpha"}}}});
    const ProcessResult result =
        make({"--reference-image", "S1.png", "--timeout", "1", "--print-json"});
    done = true;
    EXPECT_EQ(result.exit_code, 1);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("fallbackUsed"), false);
    EXPECT_EQ(summary.at("result"), nullptr);
    EXPECT_EQ(summary.at("attempts").at(0).at("stdout"), nullptr);
    EXPECT_THAT(summary.at("attempts").at(0).at("stderr").get<std::string>(),
                StartsWith("request failed: "));
    EXPECT_EQ(silent.connections(), 1);
}

TEST_F(ContractReference, NoneSendsNoReferences) {
    const ProcessResult result =
        make({"--reference-image", "S1.png", "--transport", "none", "--print-json"});
    expect_success(result);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("transport"), "none");
    EXPECT_EQ(summary.at("referenceCount"), 1);
    EXPECT_EQ(summary.at("fallbackUsed"), false);
    EXPECT_EQ(summary.at("attempts").size(), 1U);
    ASSERT_THAT(bodies(), SizeIs(1));
    EXPECT_EQ(bodies()[0].dump(), R"({"model":"m","prompt":"p"})");
}

TEST_F(ContractReference, WithoutReferencesItDelegates) {
    const ProcessResult result = make({"--n", "1", "--nsfw", "false", "--seed", "7", "--quality",
                                       "high", "--prompt", "  go  ", "--seconds", "9", "--prefix",
                                       "x", "--out-dir", "o", "--extra-json", R"({"k":1})"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    ASSERT_THAT(bodies(), SizeIs(1));
    EXPECT_EQ(bodies()[0].dump(),
              R"({"model":"m","prompt":"go","quality":"high","n":1,"seed":7,"nsfw":false,"k":1})");
    EXPECT_THAT(result.out, HasSubstr("DOWNLOADED: o/x_"));
    reply_by([](const RecordedRequest&) { return Reply{.status = 400, .body = "{}"}; });
    EXPECT_EQ(make({}).exit_code, 1);
    EXPECT_THAT(bodies(), SizeIs(2));
}

TEST_F(ContractReference, TwentyReferencesArriveInTheirOrderUnderTheirKey) {
    accept_everything();
    Arguments arguments{"--reference-key", "pictures", "--print-json"};
    std::vector<std::string> expected;
    for (int i = 0; i < 20; ++i) {
        const std::string name = "r" + std::to_string(i) + ".png";
        write_png_reference(file(name), noise_image({20 + i, 10}, Channels::rgb));
        arguments.insert(arguments.end(), {"--reference-image", name});
        expected.push_back(data_url_of(name));
    }
    const ProcessResult result = make(arguments);
    expect_success(result);
    EXPECT_EQ(bodies().at(0).at("pictures").get<std::vector<std::string>>(), expected);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("referenceCount"), 20);
    EXPECT_EQ(summary.at("result").at("request").at("pictures").at(19), "data:...");
    EXPECT_THAT(result.out, Not(HasSubstr("base64,")));
}

TEST_F(ContractReference, TheTypeIsThatOfTheName) {
    accept_everything();
    write_text(file("a.bin"), "no picture");
    write_text(file("b.gif"), "no picture either");
    const ProcessResult result = make({"--reference-image", "a.bin", "--reference-image", "b.gif"});
    expect_success(result);
    EXPECT_THAT(result.err, AllOf(HasSubstr("WARN: the reference a.bin is no picture"),
                                  HasSubstr("WARN: the reference b.gif is no picture")));
    EXPECT_EQ(
        bodies().at(0).at("reference_images").dump(),
        Json({data_url_of("a.bin", "application/octet-stream"), data_url_of("b.gif", "image/gif")})
            .dump());
}

#if !defined(EDITPREP_SANITIZED_COMMANDS)
TEST_F(ContractReference, ALargeReferenceTakesNoMemory) {
    accept_everything();
    write_text(file("large.png"), content_of(file("S1.png")));
    std::filesystem::resize_file(file("large.png"), 40U << 20);
    options.memory_bytes = 90'000'000;
    const ProcessResult result =
        make({"--reference-image", "large.png", "--print-json", "--transport", "provider-json"});
    expect_success(result);
    EXPECT_GT(requests().at(0).body.size(), 50'000'000U);
    EXPECT_LT(result.out.size(), 5'000U);
}
#endif

TEST_F(ContractReference, BadReferencesAreFoundBeforeAnythingIsSent) {
    write_text(file("closed.png"), content_of(file("S1.png")));
    std::filesystem::permissions(file("closed.png"), std::filesystem::perms::none);
    std::filesystem::create_directory(file("folder"));
    options.obey_permissions = true;
    for (const char* mode : {"image", "video"}) {
        const auto with = [&](const char* reference) {
            return make({"--mode", mode, "--print-json", "--reference-image", "S1.png",
                         "--reference-image", reference});
        };
        expect_failure(with("./none.png"), "reference image not found: none.png");
        expect_error_line(with("closed.png"), "^ERROR: .*closed.png");
        expect_error_line(with("folder"), "^ERROR: .*folder");
    }
    EXPECT_THAT(requests(), IsEmpty());
}

TEST_F(ContractReference, AMemberThatIsThereAlreadyIsRefused) {
    expect_error_line(make({"--reference-image", "S1.png", "--extra-json",
                            R"({"reference_images":["u"]})", "--transport", "provider-json"}),
                      "^ERROR: the request has a member reference_images of its own");
    expect_error_line(make({"--reference-image", "S1.png", "--reference-key", "prompt"}),
                      "^ERROR: the request has a member prompt of its own");
    EXPECT_THAT(requests(), IsEmpty());
}

TEST_F(ContractReference, ADryRunShowsTheRequestAndSendsNothing) {
    const ProcessResult result = make({"--reference-image", "S1.png", "--print-json", "--dry-run"});
    expect_success(result);
    const Json shown = Json::parse(result.out);
    EXPECT_EQ(shown.at("dry_run"), true);
    EXPECT_THAT(shown.at("body").at("reference_images").at(0).get<std::string>(),
                StartsWith("data:image/png;base64,... ("));
    EXPECT_EQ(shown.begin().key(), "dry_run");
    EXPECT_EQ(keys_of(shown).back(), "cost_basis");
    EXPECT_THAT(requests(), IsEmpty());
    EXPECT_THAT(new_files(), IsEmpty());
}

TEST_F(ContractReference, AKeyIsNotPaidForTwiceWhicheverAttemptWasAccepted) {
    const Arguments words{"--reference-image", "S1.png", "--print-json", "--idempotency-key", "k"};
    const ProcessResult first = make(words);
    expect_success(first);
    EXPECT_THAT(bodies(), SizeIs(2));
    // What was refused would be taken now.
    accept_everything();
    const ProcessResult second = make(words);
    expect_success(second);
    EXPECT_THAT(bodies(), SizeIs(2));
    const Json summary = Json::parse(second.out);
    EXPECT_EQ(summary.at("fallbackUsed"), true);
    EXPECT_EQ(summary.at("attempts").size(), 1U);
    EXPECT_EQ(summary.at("result").at("downloaded"),
              Json::parse(first.out).at("result").at("downloaded"));
    EXPECT_THAT(second.err, HasSubstr("NOTE: an earlier run of this key went on without"));

    const Arguments other{"--reference-image", "S1.png", "--idempotency-key", "other"};
    expect_success(make(other));
    expect_success(make(other));
    EXPECT_THAT(bodies(), SizeIs(3));
}

TEST_F(ContractReference, KeysStayOutOfTheSummary) {
    accept_everything();
    const ProcessResult result =
        make({"--reference-image", "S1.png", "--print-json", "--extra-json",
              R"({"note":"k-alpha-is-not-it","api_key":"sk-0123456789abcdef0123"})"});
    expect_success(result);
    EXPECT_THAT(result.out, Not(HasSubstr("sk-0123456789abcdef0123")));
}

TEST_F(ContractReference, ABadProviderIsAFailedAttempt) {
    const ProcessResult plain = make({"--reference-image", "S1.png", "--provider", "nope"});
    EXPECT_EQ(plain.exit_code, 1);
    EXPECT_EQ(plain.out, "");
    EXPECT_THAT(plain.err, StartsWith("provider not found: nope\n"));
    for (const char* mode : {"image", "video"}) {
        const ProcessResult result = make(
            {"--mode", mode, "--reference-image", "S1.png", "--provider", "nope", "--print-json"});
        EXPECT_EQ(result.exit_code, 1);
        const Json attempt = Json::parse(result.out).at("attempts").at(0);
        EXPECT_THAT(attempt.at("stderr").get<std::string>(),
                    StartsWith("provider not found: nope\n"));
        EXPECT_EQ(attempt.at("stdout"), nullptr);
    }
}

}  // namespace
}  // namespace editprep::testing
