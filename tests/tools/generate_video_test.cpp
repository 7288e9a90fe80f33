#include "tools/generate_video/generate_video.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "parse_support.hpp"
#include "tools/generate_video/fal_check.hpp"
#include "tools/generate_video/fal_form.hpp"
#include "tools/remote/openai_job.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::generate_video {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::ordered_json;

constexpr const char* kEdit = "fal-ai/kling-video/o3/pro/video-to-video/edit";

const transport::ModelRegistry& registry() {
    static const transport::ModelRegistry models = transport::ModelRegistry::built_in();
    return models;
}

Json form_of(const char* model, const Words& words) {
    Words all{"--prompt", "p"};
    all.insert(all.end(), words.begin(), words.end());
    return fal_form(parse(all), "p", registry().find(model), model).values;
}

TEST(GenerateVideoParse, HasTheDefaultsOfTheContract) {
    const Options options = parse({"--prompt", " p "});
    EXPECT_EQ(options.prompt, " p ");
    EXPECT_EQ(options.status_template, "/videos/{id}");
    EXPECT_EQ(options.prefix, "generated-video");
    EXPECT_EQ(options.remote.timeout_seconds, 600);
    EXPECT_FALSE(options.poll_interval);
    EXPECT_FALSE(options.max_polls);
    EXPECT_FALSE(options.keep_audio);
    EXPECT_EQ(options.mode, Mode::text);
}

TEST(GenerateVideoParse, TheLastOfTwoSwitchesWins) {
    EXPECT_EQ(parse({"--prompt", "p", "--keep-audio", "--no-keep-audio"}).keep_audio, false);
    EXPECT_EQ(parse({"--prompt", "p", "--no-generate-audio", "--generate-audio"}).generate_audio,
              true);
    EXPECT_FALSE(parse({"--prompt", "p", "--no-download", "--download"}).no_download);
}

TEST(GenerateVideoParse, ElementsAreAFrontAndOthers) {
    const Options options = parse({"--prompt", "p", "--element", "a.png,b.png,,c.png", "--element",
                                   "d.png", "--element", ",e.png"});
    ASSERT_EQ(options.elements.size(), 3U);
    EXPECT_EQ(options.elements[0].frontal, "a.png");
    EXPECT_THAT(options.elements[0].references, ElementsAre("b.png", "c.png"));
    EXPECT_THAT(options.elements[1].references, IsEmpty());
    EXPECT_EQ(options.elements[2].frontal, "");
    EXPECT_THAT(options.elements[2].references, ElementsAre("e.png"));
}

TEST(GenerateVideoParse, APromptOrAJobIsNeeded) {
    EXPECT_EQ(refusal(parse, {}), "the following arguments are required: --prompt");
    EXPECT_FALSE(refusal(parse, {"--resume", "1"}));
    EXPECT_FALSE(refusal(parse, {"--prom", ""}));
}

TEST(FalVideoForm, UsesTheFieldsOfTheModel) {
    EXPECT_EQ(form_of(kEdit, {"--video", "a.mp4", "--no-keep-audio"}).dump(),
              R"({"prompt":"p","video_url":"a.mp4","keep_audio":false})");
    EXPECT_EQ(form_of("bytedance/seedance-2.0/reference-to-video",
                      {"--video", "a.mp4", "--image", "i.png", "--reference-image", "j.png"})
                  .dump(),
              R"({"prompt":"p","video_urls":["a.mp4"],"image_urls":["i.png","j.png"]})");
    EXPECT_EQ(form_of("fal-ai/heygen/v2/video-agent", {"--seconds", "6"}).dump(),
              R"({"prompt":"p","config":{"duration":6}})");
    EXPECT_EQ(form_of("fal-ai/wan/v2.2-a14b/text-to-video", {"--fps", "24"}).dump(),
              R"({"prompt":"p","frames_per_second":24})");
}

TEST(FalVideoForm, RefusesWhatHasNoField) {
    EXPECT_THROW(static_cast<void>(form_of(kEdit, {"--seconds", "5"})), Failure);
    EXPECT_THROW(static_cast<void>(form_of(kEdit, {"--video", "a.mp4", "--video", "b.mp4"})),
                 Failure);
    EXPECT_EQ(form_of(kEdit, {"--seconds", "5", "--skip-validation"}).at("duration"), "5");
}

TEST(FalVideoForm, DefaultModelsFitWhatIsAttached) {
    const auto model_for = [](const Words& words) {
        Words all{"--prompt", "p"};
        all.insert(all.end(), words.begin(), words.end());
        return std::string(default_fal_model(parse(all)));
    };
    EXPECT_EQ(model_for({"--video", "a", "--reference-image", "b"}), kEdit);
    EXPECT_EQ(model_for({}), "bytedance/seedance-2.0/text-to-video");
    EXPECT_EQ(model_for({"--image", "a"}), "bytedance/seedance-2.0/image-to-video");
    EXPECT_EQ(model_for({"--video", "a", "--video", "b"}),
              "bytedance/seedance-2.0/reference-to-video");
    EXPECT_EQ(model_for({"--reference-audio", "a"}), "bytedance/seedance-2.0/reference-to-video");
    for (const Words& words :
         {Words{}, {"--image", "a"}, {"--video", "a"}, {"--reference-image", "a"}}) {
        EXPECT_NE(registry().find(model_for(words)), nullptr);
    }
}

TEST(PromptWarnings, NameWhatIsNeverMentioned) {
    const transport::Model& model = *registry().find(kEdit);
    const auto warnings = [&](const std::string& prompt) {
        return prompt_warnings(
            model,
            {{"prompt", prompt}, {"video_url", "a.mp4"}, {"image_urls", {"b.png", "c.png"}}});
    };
    EXPECT_THAT(warnings("@Video1 @Image1 @Image2"), IsEmpty());
    EXPECT_THAT(warnings("@Video1 @Image12 @Image2."),
                ElementsAre("the prompt never mentions @Image1, which is attached (image_urls)"));
    EXPECT_THAT(warnings("@Video1 @Image1 @Image2 @Audio1"), ElementsAre(HasSubstr("@Audio1")));
}

TEST(JobAnswers, AreSearchedFromTheOutside) {
    const JobAnswer answer = read_job_answer(
        R"({"data":{"id":"inner","url":"","state":"RUNNING"},"task_id":7,"x":[{"path":"p"}]})");
    EXPECT_EQ(answer.id, "inner");
    EXPECT_EQ(answer.status, "running");
    EXPECT_TRUE(answer.pending());
    EXPECT_EQ(answer.media, "p");
    EXPECT_EQ(read_job_answer(R"({"a":{"id":1},"id":2})").id, "2");
    EXPECT_EQ(read_job_answer(R"({"task_id":"t","request_id":"r"})").id, "t");
    EXPECT_EQ(read_job_answer(R"({"result_url":"r","poll_url":"q"})").status_url, "q");
}

TEST(JobAnswers, OfNoJsonAreEmpty) {
    for (const std::string& text :
         {std::string(), std::string("ok"), std::string("{\"id\":"), std::string(100'000, '[')}) {
        const JobAnswer answer = read_job_answer(text);
        EXPECT_EQ(answer.id + answer.media + answer.status + answer.status_url, "");
    }
}

TEST(JobAnswers, HostileStatusUrlsFallBackToTheTemplate) {
    const OpenAiJob job = job_of({.id = "a", .status_url = "//evil/x"}, "https://h/v1", "/v/{id}");
    EXPECT_EQ(job.status_url, "https://h/v1/v/a");
    EXPECT_EQ(job.content_url, "https://h/v1/v/a/content");
    EXPECT_EQ(job_of({.id = "../..?x#y"}, "https://h/v1", "/v/{id}").status_url,
              "https://h/v1/v/%2E%2E/..%3Fx%23y");
}

}  // namespace
}  // namespace editprep::tools::generate_video
