#include <gmock/gmock.h>

#include "fault_fixture.hpp"

/// reference_media from local files to the saved result, against provider_emulator.
namespace editprep::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ReferenceMedia : public FaultTest {
protected:
    ReferenceMedia() {
        write_png_reference(file("small.png"), noise_image({300, 200}, Channels::rgb));
        write_png_reference(file("large.png"), noise_image({800, 600}, Channels::rgb));
    }

    [[nodiscard]] ProcessResult make(const Arguments& added) const {
        Arguments arguments{"--prompt", "like @Image1 and @Image2", "--out-dir", "out",
                            "--print-json"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call("reference_media", arguments);
    }
    [[nodiscard]] ProcessResult make_at_fal(const Arguments& added) const {
        Arguments arguments{"--provider", "fal", "--reference-image", "small.png"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return make(arguments);
    }

    /// A model of the user's own.
    void know_model(const Json& field) {
        const Json models{{"source", "a test"},
                          {"date", "2026-01-01"},
                          {"models",
                           {{{"id", "test/pictures"},
                             {"title", "Pictures"},
                             {"category", "image"},
                             {"fields",
                              {{"prompt", {{"type", "string"}, {"required", true}}},
                               {"reference_image_urls", field}}},
                             {"output", {"images[]"}}}}}};
        write_text(file("home/models.json"), models.dump());
        options_.environment["EDITPREP_MODELS"] = file("home/models.json").string();
    }

    [[nodiscard]] std::size_t submits() const {
        return requests("POST", "/queue/") + requests("POST", "/v1/");
    }
    static Json attempt_of(const ProcessResult& result) {
        return Json::parse(result.out).at("attempts").back();
    }
    /// Nothing was sent, for that reason.
    void expect_refused(const ProcessResult& result, const std::string& reason) const {
        EXPECT_EQ(result.exit_code, 1) << result.out;
        EXPECT_THAT(attempt_of(result).at("stderr").get<std::string>(), HasSubstr(reason));
        EXPECT_THAT(journal().at("requests"), IsEmpty());
        EXPECT_THAT(files_in("out"), IsEmpty());
    }
};

TEST_F(ReferenceMedia, FalGetsSmallReferencesInsideAndLargeOnesUploaded) {
    const ProcessResult result = make_at_fal({"--reference-image", "large.png"});
    expect_success(result);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("fallbackUsed"), false);
    EXPECT_EQ(summary.at("result").at("model"), "fal-ai/nano-banana-pro/edit");
    EXPECT_EQ(summary.at("result").at("request").at("image_urls").size(), 2U);
    EXPECT_EQ(requests("PUT", "/"), 1U);
    EXPECT_EQ(submits(), 1U);
    EXPECT_EQ(files_in("out").size(), 1U);
    EXPECT_THAT(result.out, Not(HasSubstr("base64,iVBOR")));
    EXPECT_THAT(kept_jobs(), IsEmpty());
}

TEST_F(ReferenceMedia, AnOpenAiCompatibleProviderGetsThemInTheJson) {
    const ProcessResult result =
        make({"--provider", "openai", "--model", "gpt-image-1", "--reference-image", "large.png"});
    expect_success(result);
    EXPECT_EQ(submits(), 1U);
    EXPECT_EQ(files_in("out").size(), 1U);
}

TEST_F(ReferenceMedia, AModelWithoutAFieldForThemIsRefused) {
    expect_refused(make_at_fal({"--model", "fal-ai/flux/dev"}),
                   "fal-ai/flux/dev takes no reference pictures; models that do: "
                   "fal-ai/nano-banana-pro/edit, ");
}

TEST_F(ReferenceMedia, AModelForOnePictureRefusesTwo) {
    const Arguments model{"--model", "fal-ai/flux/dev/image-to-image"};
    expect_refused(make_at_fal({"--reference-image", "large.png", model[0], model[1]}),
                   "takes one picture, and there are 2");
    expect_success(make_at_fal(model));
}

TEST_F(ReferenceMedia, ReferencesAreHeldAgainstTheLimitsOfTheModel) {
    know_model({{"type", "array"},
                {"items", "string"},
                {"file", "image"},
                {"max_items", 1},
                {"formats", {".jpeg"}},
                {"max_px", 250}});
    const ProcessResult result = make_at_fal({"--model", "test/pictures"});
    expect_refused(result, "small.png is of type image/png, the model takes .jpeg");
    EXPECT_THAT(result.out, HasSubstr("small.png is 300x200; sides must be at most 250"));

    know_model({{"type", "array"}, {"items", "string"}, {"file", "image"}, {"max_items", 1}});
    expect_refused(make_at_fal({"--model", "test/pictures", "--reference-image", "large.png"}),
                   "reference_image_urls");

    know_model({{"type", "array"}, {"items", "string"}, {"file", "image"}, {"max_mb", 0.01}});
    expect_refused(make_at_fal({"--model", "test/pictures"}), "MB, the limit is 0.01");

    write_text(file("text.png"), "no picture");
    expect_refused(make_at_fal({"--reference-image", "text.png"}), "text.png");
}

TEST_F(ReferenceMedia, AVideoReferenceOfTheWrongSizeIsToldByTheOptionThatWasTyped) {
    expect_refused(make({"--provider", "openai", "--mode", "video", "--model", "sora-2",
                         "--reference-image", "small.png"}),
                   "--reference-image small.png is 300x200, and sora-2 wants the size of the "
                   "video, 720x1280. It makes 720x1280, 1280x720, 1024x1792, 1792x1024; nearest "
                   "is 1280x720: resize the file to that, and give --size 1280x720");
}

TEST_F(ReferenceMedia, FalFallsBackOnlyWhereTheModelCanDoWithout) {
    misbehave("status-422@POST /queue/*:1");
    const ProcessResult needed = make_at_fal({});
    EXPECT_EQ(needed.exit_code, 1) << needed.out;
    EXPECT_EQ(Json::parse(needed.out).at("fallbackUsed"), false);
    EXPECT_EQ(submits(), 1U);

    behave();
    misbehave("status-422@POST /queue/*:1");
    know_model({{"type", "array"}, {"items", "string"}, {"file", "image"}});
    const ProcessResult optional = make_at_fal({"--model", "test/pictures"});
    expect_success(optional);
    const Json summary = Json::parse(optional.out);
    EXPECT_EQ(summary.at("fallbackUsed"), true);
    EXPECT_EQ(summary.at("attempts").size(), 2U);
    EXPECT_EQ(summary.at("result").at("request").dump(),
              R"({"prompt":"like @Image1 and @Image2"})");
    EXPECT_EQ(submits(), 3U);
}

TEST_F(ReferenceMedia, ALostAnswerIsNotPaidForTwice) {
    misbehave("drop-before-answer@POST /v1/*");
    const ProcessResult result =
        make({"--provider", "openai", "--model", "gpt-image-1", "--reference-image", "small.png"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(Json::parse(result.out).at("fallbackUsed"), false);
    EXPECT_EQ(submits(), 1U);
    expect_one_unknown_job();
}

TEST_F(ReferenceMedia, FalVideosTakeAllReferences) {
    const ProcessResult result = make_at_fal({"--mode", "video", "--reference-image", "large.png",
                                              "--seconds", "4", "--poll-interval", "0.1"});
    expect_success(result);
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary.at("result").at("model"), "bytedance/seedance-2.0/reference-to-video");
    EXPECT_EQ(summary.at("result").at("request").at("image_urls").size(), 2U);
    EXPECT_EQ(submits(), 1U);
    EXPECT_EQ(files_in("out").size(), 1U);
}

TEST_F(ReferenceMedia, TheCostLimitHasItsOwnExitCode) {
    const ProcessResult result = make_at_fal({"--max-cost", "0.01"});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(attempt_of(result).at("returncode"), 3);
    // Nothing but the price was asked for.
    EXPECT_EQ(requests("GET", "/api/v1/models/pricing"), 1U);
    EXPECT_EQ(journal().at("requests").size(), 1U);
}

TEST_F(ReferenceMedia, ADryRunUploadsNothing) {
    const ProcessResult result = make_at_fal({"--reference-image", "large.png", "--dry-run"});
    expect_success(result);
    const Json shown = Json::parse(result.out);
    EXPECT_EQ(shown.at("dry_run"), true);
    EXPECT_THAT(shown.at("body").at("image_urls").at(1).get<std::string>(),
                HasSubstr("uploaded first"));
    EXPECT_THAT(journal().at("requests"), IsEmpty());
}

}  // namespace
}  // namespace editprep::testing
