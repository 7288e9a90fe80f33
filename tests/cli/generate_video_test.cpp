#include <gmock/gmock.h>

#include "clip_maker.hpp"
#include "fault_fixture.hpp"

/// generate_video from local files to the saved result, against provider_emulator.
namespace editprep::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const char* const kEditModel = "fal-ai/kling-video/o3/pro/video-to-video/edit";
const char* const kEditPrompt = "@Video1 in the light of @Image1 with @Element1";

class GenerateVideo : public FaultTest {
protected:
    GenerateVideo() : FaultTest("0.3") {
        clip("clip.mp4", "720x720", "3.5");
        picture("ref.png", {400, 300});
        picture("face.png", {320, 320});
        picture("side.png", {300, 400});
    }

    void clip(const std::string& name, const std::string& size, const std::string& seconds) const {
        make_clip("-f lavfi -i testsrc2=size=" + size + ":rate=2:duration=" + seconds +
                      " -c:v libx264 -preset ultrafast",
                  file(name));
    }
    void picture(const std::string& name, Size size) const {
        write_png_reference(file(name), make_image(size, Channels::rgb, [](int x, int y) {
                                return Color{static_cast<std::uint8_t>(x / 50 * 10),
                                             static_cast<std::uint8_t>(y / 50 * 10), 90};
                            }));
    }

    [[nodiscard]] ProcessResult generate(const Arguments& more) const {
        Arguments arguments{"--out-dir", "videos", "--poll-interval", "0.1"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return call("generate_video", arguments);
    }
    /// The job that was asked for from the beginning.
    [[nodiscard]] ProcessResult edit(const Arguments& more = {},
                                     const std::string& prompt = kEditPrompt) const {
        Arguments arguments{"--provider",        "fal",      "--prompt",  prompt,
                            "--video",           "clip.mp4", "--element", "face.png,side.png",
                            "--reference-image", "ref.png"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return generate(arguments);
    }

    [[nodiscard]] std::size_t submits() const {
        return requests("POST", "/queue/") + requests("POST", "/v1/");
    }
    void expect_refused(const ProcessResult& result,
                        const std::vector<std::string>& reasons) const {
        EXPECT_EQ(result.exit_code, 1) << result.out;
        EXPECT_EQ(result.out, "");
        for (const std::string& reason : reasons) {
            EXPECT_THAT(result.err, HasSubstr(reason));
        }
        EXPECT_THAT(journal().at("requests"), IsEmpty());
        EXPECT_THAT(kept_jobs(), IsEmpty());
    }
};

TEST_F(GenerateVideo, EditsAClipWithAReferenceAndAnElement) {
    const ProcessResult result = edit({"--shot-type", "customize"});
    expect_success(result);
    EXPECT_THAT(result.err, HasSubstr(std::string("no model was named; using ") + kEditModel));
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 200");
    expect_matches(lines[2], "DOWNLOADED: videos/generated-video_[0-9a-f]{8}\\.mp4");
    EXPECT_TRUE(content_of(file(lines[2].substr(12))) == content_of(file("clip.mp4")));

    const Json summary = Json::parse(lines[1]);
    EXPECT_EQ(summary.at("provider"), "fal");
    EXPECT_EQ(summary.at("model"), kEditModel);
    const Json& request = summary.at("request");
    EXPECT_EQ(request.at("keep_audio"), true);
    EXPECT_EQ(request.at("shot_type"), "customize");
    EXPECT_EQ(request.at("image_urls").dump(), R"(["data:..."])");
    EXPECT_EQ(request.at("elements").dump(),
              R"([{"frontal_image_url":"data:...","reference_image_urls":["data:..."]}])");
    EXPECT_EQ(submits(), 1U);
    EXPECT_THAT(kept_jobs(), IsEmpty());
}

TEST_F(GenerateVideo, LargeClipsAreUploadedFirst) {
    make_clip(
        "-f lavfi -i testsrc2=size=1280x720:rate=24:duration=4 -c:v libx264 -preset ultrafast -qp "
        "1",
        file("clip.mp4"));
    ASSERT_GT(content_of(file("clip.mp4")).size(), 256U << 10);
    const ProcessResult result = edit({"--print-json"});
    expect_success(result);
    EXPECT_GT(requests("PUT", "/"), 0U);
    EXPECT_THAT(Json::parse(result.out).at("request").at("video_url").get<std::string>(),
                HasSubstr("http://"));
    const std::size_t uploads = requests("PUT", "/");
    expect_success(edit({"--inline"}));
    EXPECT_EQ(requests("PUT", "/"), uploads);
}

TEST_F(GenerateVideo, EverythingThatIsWrongIsToldAtOnceAndNothingIsSent) {
    clip("clip.mp4", "640x480", "2");
    expect_refused(
        edit({"--element", "face.png", "--element", "face.png", "--reference-image", "ref.png"},
             "@Video1 and @Image3 and @Audio1"),
        {"video_url: clip.mp4", "at least 3", "at least 720", "together exceed max count of 4",
         "mentions @Image3, but image_urls has 2", "--skip-validation"});
}

TEST_F(GenerateVideo, PicturesAreHeldAgainstTheirLimits) {
    picture("tiny.png", {200, 700});
    write_text(file("text.png"), "no picture");
    expect_refused(edit({"--model", "fal-ai/kling-video/o1/video-to-video/edit", "--element",
                         "tiny.png,text.png"}),
                   {"frontal_image_url: tiny.png is 200x700; sides must be at least 300",
                    "width through height must be at least 0.4 and at most 2.5",
                    "reference_image_urls: text.png is of type"});
}

TEST_F(GenerateVideo, MissingFilesAreNamedInTheWordsOfTheContract) {
    expect_refused(edit({"--video", "none.mp4"}), {"video not found: none.mp4\n"});
    expect_refused(edit({"--element", "none.png"}), {"image not found: none.png\n"});
    expect_refused(edit({"--reference-audio", "none.mp3"}), {"audio not found: none.mp3\n"});
}

TEST_F(GenerateVideo, OptionsWithoutAFieldAreRefused) {
    expect_refused(edit({"--reference-audio", "clip.mp4"}), {"has no field for --reference-audio"});
    expect_refused(edit({"--fps", "24", "--resolution", "720p"}),
                   {"has no field for --resolution, --fps; it takes prompt, video_url"});
    expect_refused(edit({"--input-reference", "ref.png"}), {"--input-reference is for OpenAI"});
}

TEST_F(GenerateVideo, AttachmentsThatAreNeverMentionedAreToldOf) {
    const ProcessResult result = edit({"--no-download"}, "@Video1 at night, @Image1");
    expect_success(result);
    EXPECT_THAT(result.err, HasSubstr("the prompt never mentions @Element1"));
    EXPECT_THAT(result.err, Not(HasSubstr("mentions @Image1")));
    EXPECT_THAT(files_in("videos"), IsEmpty());
}

TEST_F(GenerateVideo, TheSummarySaysThatTheVideoIsMadeFromAClip) {
    const ProcessResult result = edit({"--no-download", "--print-json"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out).at("mode"), "video");
}

TEST_F(GenerateVideo, CostIsReckonedByTheClipThatGoesIn) {
    const ProcessResult dear = edit({"--max-cost", "1"});
    EXPECT_EQ(dear.exit_code, 3);
    EXPECT_THAT(dear.err, HasSubstr("more than --max-cost $1"));
    EXPECT_EQ(submits(), 0U);
    expect_success(edit({"--max-cost", "1.2"}));
}

TEST_F(GenerateVideo, ADryRunSendsNothing) {
    const ProcessResult result = edit({"--dry-run"});
    expect_success(result);
    const Json shown = Json::parse(result.out);
    EXPECT_THAT(shown.at("url").get<std::string>(), HasSubstr(kEditModel));
    EXPECT_EQ(shown.at("headers").at("Authorization"), "Key ***");
    EXPECT_THAT(shown.at("body").at("image_urls").at(0).get<std::string>(),
                HasSubstr("data:image/png;base64,... ("));
    EXPECT_THAT(journal().at("requests"), IsEmpty());
}

TEST_F(GenerateVideo, ModelsWithoutClipsTakeTextAndPictures) {
    const ProcessResult text =
        generate({"--provider", "fal", "--prompt", "p", "--duration", "4s", "--resolution", "720P",
                  "--aspect-ratio", "16:9", "--no-generate-audio", "--seed", "7", "--print-json"});
    expect_success(text);
    const Json summary = Json::parse(text.out);
    EXPECT_EQ(summary.at("model"), "bytedance/seedance-2.0/text-to-video");
    EXPECT_EQ(summary.at("request").dump(),
              R"({"prompt":"p","aspect_ratio":"16:9","resolution":"720p","seed":7,)"
              R"("duration":"4","generate_audio":false})");
    const ProcessResult picture =
        generate({"--provider", "fal", "--prompt", "p", "--image", "ref.png", "--mode", "animate",
                  "--end-image", "side.png", "--seconds", "4", "--print-json"});
    expect_success(picture);
    EXPECT_EQ(Json::parse(picture.out).at("model"), "bytedance/seedance-2.0/image-to-video");
    EXPECT_EQ(Json::parse(picture.out).at("image").dump(),
              R"({"provided":true,"field":"image_url","transport":"data-url","path":"ref.png"})");
    EXPECT_EQ(files_in("videos").size(), 2U);
}

TEST_F(GenerateVideo, AClipIsEditedByAForm) {
    const ProcessResult result = generate({"--provider", "openai", "--prompt", "p", "--model", "m",
                                           "--video", "clip.mp4", "--print-json"});
    expect_success(result);
    EXPECT_THAT(Json::parse(result.out).at("endpoint").get<std::string>(),
                HasSubstr("/v1/videos/edits"));
    EXPECT_EQ(requests("POST", "/v1/videos/edits"), 1U);
    EXPECT_EQ(files_in("videos").size(), 1U);
}

TEST_F(GenerateVideo, AReferenceMustHaveTheSizeOfTheVideo) {
    const Arguments request{
        "--provider", "openai",   "--prompt",  "p", "--model",           "sora-2",
        "--size",     "1280x720", "--seconds", "4", "--input-reference", "ref.png"};
    expect_refused(generate(request),
                   {"--input-reference ref.png is 400x300", "wants the size of the video, 1280x720",
                    "It makes 720x1280, 1280x720, 1024x1792, 1792x1024; nearest is 1280x720: "
                    "resize the file to that, and give --size 1280x720"});
    picture("ref.png", {1280, 720});
    expect_success(generate(request));
}

TEST_F(GenerateVideo, OptionsOfFalAreRefusedElsewhere) {
    expect_refused(generate({"--provider", "openai", "--prompt", "p", "--model", "m", "--element",
                             "face.png", "--keep-audio"}),
                   {"no field for --element, --keep-audio"});
}

TEST_F(GenerateVideo, JobsOfEitherProviderAreTakenUpByNumberOrId) {
    misbehave("never-finishes");
    const ProcessResult fal = edit({"--max-polls", "1"});
    const ProcessResult openai = generate({"--provider", "openai", "--prompt", "p", "--model", "m",
                                           "--size", "64x48", "--max-polls", "1"});
    for (const ProcessResult& result : {fal, openai}) {
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.err,
                    AllOf(HasSubstr("generate_video --resume "), HasSubstr("fal_client collect ")));
    }
    behave();
    ASSERT_EQ(kept_jobs().size(), 2U);
    for (const char* name : {"1", "2"}) {
        const ProcessResult result = generate({"--resume", name, "--print-json"});
        expect_success(result);
        const Json summary = Json::parse(result.out);
        EXPECT_EQ(summary.at("prompt"), name == std::string("1") ? kEditPrompt : "p");
        EXPECT_EQ(summary.at("request").at("prompt"), summary.at("prompt"));
    }
    EXPECT_EQ(files_in("videos").size(), 2U);
    EXPECT_EQ(submits(), 2U);
    EXPECT_THAT(kept_jobs(), IsEmpty());
    expect_error_line(generate({"--resume", "77"}), "no such job: 77");
}

TEST_F(GenerateVideo, FalClientCollectsVideosOfOtherProviders) {
    misbehave("never-finishes");
    const ProcessResult result = generate({"--provider", "openai", "--prompt", "p", "--model", "m",
                                           "--size", "64x48", "--max-polls", "1"});
    EXPECT_EQ(result.exit_code, 1);
    const ProcessResult waiting = call("fal_client", {"collect", "--out-dir", "videos"});
    expect_success(waiting);
    EXPECT_THAT(waiting.err, HasSubstr("1 job is not finished yet"));
    behave();
    ProcessResult collected;
    for (int look = 0; look < 100 && collected.out.empty(); ++look) {
        collected = call("fal_client", {"collect", "--out-dir", "videos"});
        expect_success(collected);
    }
    expect_matches(collected.out, "videos/fal_[0-9a-f]{8}\\.mp4\n");
    EXPECT_THAT(kept_jobs(), IsEmpty());
}

TEST_F(GenerateVideo, LooksAsOftenAsToldAndNoMore) {
    misbehave("never-finishes");
    const ProcessResult result = edit({"--max-polls", "2"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("not finished after 2 polls"));
    EXPECT_EQ(requests("GET", "/queue/"), 2U);
    const Json summary = Json::parse(lines_of(result.out).at(0));
    EXPECT_EQ(summary.at("outcome"), "unfinished");
    EXPECT_EQ(summary.at("job"), 1);
}

TEST_F(GenerateVideo, AJobThatIsResumedTakesNoOtherInput) {
    for (const Arguments& more : {Arguments{"--prompt", "p"}, Arguments{"--dry-run"},
                                  Arguments{"--model", "m"}, Arguments{"--video", "clip.mp4"}}) {
        Arguments arguments{"--resume", "1"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const ProcessResult result = call("generate_video", arguments);
        EXPECT_EQ(result.exit_code, 2);
        EXPECT_THAT(result.err, HasSubstr("argument --resume: "));
    }
}

TEST_F(GenerateVideo, ADryRunNeedsNoKey) {
    options_.environment["FAL_KEY"] = "";
    const ProcessResult result = edit({"--dry-run"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out).at("body").at("keep_audio"), true);
}

TEST_F(GenerateVideo, UnknownModelsGetTheUsualFields) {
    const ProcessResult result =
        generate({"--provider", "fal", "--model", "some/new-model", "--prompt", "p", "--video",
                  "clip.mp4", "--reference-image", "ref.png", "--fps", "24", "--dry-run"});
    expect_success(result);
    const Json body = Json::parse(result.out).at("body");
    EXPECT_THAT(body.at("video_url").get<std::string>(), HasSubstr("data:video/mp4"));
    EXPECT_EQ(body.at("image_urls").size(), 1U);
    EXPECT_EQ(body.at("fps"), 24);
    EXPECT_THAT(result.err, HasSubstr("No schema found for some/new-model"));
}

}  // namespace
}  // namespace editprep::testing
