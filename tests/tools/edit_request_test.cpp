#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tools/shared/failure.hpp"
#include "tools/workflow/edit_summary.hpp"
#include "tools/workflow/remote_call.hpp"

/// What is asked of a provider, before anything is sent.
namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::HasSubstr;

JobFile picture(std::size_t size_bytes, const std::string& name = "a.png") {
    return {transport::bytes_body(std::vector<std::byte>(size_bytes)), name, "image/png", {4, 4}};
}

RemoteProvider provider_at(const std::string& base_url) {
    RemoteProvider provider;
    provider.name = "alpha";
    provider.entry.base_url = base_url;
    return provider;
}

PlannedCall plan_at(const std::string& base_url, EditJob job, const RemoteGroup& options = {}) {
    return plan_openai_edit(provider_at(base_url), std::move(job), "/images/edits",
                            RequestForm::multipart, options);
}

std::string refusal(EditJob job) {
    try {
        static_cast<void>(plan_at("https://api.openai.com/v1", std::move(job)));
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "planned";
}

TEST(PlanOpenAiEdit, ShowsThePartsInTheirOrder) {
    EditJob job{"m", "p", {picture(3)}};
    job.mask = picture(2, "m.png");
    job.extra = Json::parse(R"({"n":2,"prompt":"q","size":"auto"})");
    const PlannedCall call = plan_at("https://h/v1", std::move(job));
    EXPECT_EQ(call.url, "https://h/v1/images/edits");
    EXPECT_EQ(call.content_type, "multipart/form-data");
    EXPECT_EQ(call.body.at("prompt"), "q");
    EXPECT_EQ(call.body.at("n"), "2");
    EXPECT_EQ(call.body.at("image").at("size_bytes"), 3);
    EXPECT_EQ(call.body.begin().key(), "model");
}

TEST(PlanOpenAiEdit, LimitsHoldAtOpenAiOnly) {
    const EditJob many{"m", "p", std::vector<JobFile>(17, picture(1))};
    EXPECT_THAT(refusal(many), HasSubstr("17 pictures"));
    EXPECT_NO_THROW(static_cast<void>(plan_at("https://h/v1", many)));
    RemoteGroup skip;
    skip.skip_validation = true;
    EXPECT_NO_THROW(static_cast<void>(plan_at("https://api.openai.com/v1", many, skip)));

    EXPECT_EQ(refusal({"m", "p", {picture(49'999'999)}}), "planned");
    EXPECT_THAT(refusal({"m", "p", {picture(50'000'000)}}), HasSubstr("a.png: 50 MB"));
    EditJob masked{"m", "p", {picture(1)}};
    masked.mask = picture(4'000'000, "m.png");
    EXPECT_THAT(refusal(masked), HasSubstr("m.png: 4 MB"));
    EXPECT_EQ(refusal({"m", std::string(32'000, 'x'), {picture(1)}}), "planned");
    EXPECT_THAT(refusal({"m", std::string(32'001, 'x'), {picture(1)}}), HasSubstr("32001"));
    // Characters, not bytes.
    std::string umlauts;
    for (int i = 0; i < 32'000; ++i) {
        umlauts += "\xc3\xa4";
    }
    EXPECT_EQ(refusal({"m", umlauts, {picture(1)}}), "planned");
}

TEST(EditFieldsOf, UnknownModelsAreJudgedByTheirNames) {
    EXPECT_EQ(edit_fields_of(nullptr, "x/some-inpainting").mask, "mask_url");
    EXPECT_EQ(edit_fields_of(nullptr, "x/some-inpainting").image, "image_url");
    EXPECT_EQ(edit_fields_of(nullptr, "x/some/edit").image, "image_urls");
    EXPECT_EQ(edit_fields_of(nullptr, "x/some/edit").mask, "");
    EXPECT_EQ(edit_fields_of(nullptr, "x/some/image-to-image").image, "image_url");
}

TEST(EditFieldsOf, KnownModelsSayItThemselves) {
    const transport::ModelRegistry registry = transport::ModelRegistry::built_in();
    const auto fields = [&](const std::string& id) {
        return edit_fields_of(registry.find(id), id);
    };
    EXPECT_EQ(fields("fal-ai/flux-pro/v1/fill").mask, "mask_url");
    EXPECT_EQ(fields("fal-ai/nano-banana-pro/edit").image, "image_urls");
    EXPECT_EQ(fields("fal-ai/nano-banana-pro/edit").mask, "");
    EXPECT_EQ(fields("fal-ai/gpt-image-1.5/edit").mask, "mask_image_url");
}

const transport::FalEndpoints kEndpoints;
const Story kSilence([](std::string_view) {}, true);

TEST(PlanFalEdit, PutsFilesWhereTheModelWantsThem) {
    const transport::ModelRegistry registry = transport::ModelRegistry::built_in();
    const std::string id = "fal-ai/gpt-image-1.5/edit";
    EditJob job{id, "p", {picture(3)}};
    job.mask = picture(2);
    const PlannedCall call = plan_fal_edit(kEndpoints, job, registry.find(id), {}, kSilence);
    EXPECT_EQ(call.url, "https://queue.fal.run/" + id);
    ASSERT_TRUE(call.body.at("image_urls").is_array());
    EXPECT_THAT(call.body.at("mask_image_url").get<std::string>(),
                HasSubstr("data:image/png;base64,..."));
    // Its size is a word, not two numbers.
    EXPECT_FALSE(call.body.contains("image_size"));
}

TEST(PlanFalEdit, GivenFieldsReplaceFiles) {
    EditJob job{"fal-ai/flux/dev/image-to-image", "p", {picture(3)}};
    job.extra = Json::parse(R"({"image_url":"https://h/x.png","num_images":3})");
    const PlannedCall call = plan_fal_edit(kEndpoints, job, nullptr, {}, kSilence);
    EXPECT_EQ(call.body.at("image_url"), "https://h/x.png");
}

TEST(PlanFalEdit, OnePictureIsNotMany) {
    const EditJob job{"fal-ai/flux/dev/image-to-image", "p", {picture(3), picture(3)}};
    EXPECT_THROW(static_cast<void>(plan_fal_edit(kEndpoints, job, nullptr, {}, kSilence)), Failure);
}

TEST(PlanFalEdit, LargeFilesAreUploadedFirst) {
    const EditJob job{"fal-ai/flux/dev/image-to-image", "p", {picture(300'000)}};
    const PlannedCall call = plan_fal_edit(kEndpoints, job, nullptr, {}, kSilence);
    EXPECT_THAT(call.body.at("image_url").get<std::string>(), HasSubstr("uploaded first"));
}

TEST(EditSummaryText, BareNullAndBrokenJsonAreText) {
    EXPECT_TRUE(is_json_answer("{\"a\":1}"));
    EXPECT_TRUE(is_json_answer(" [1] "));
    EXPECT_FALSE(is_json_answer("null"));
    EXPECT_FALSE(is_json_answer(""));
    EXPECT_FALSE(is_json_answer("{\"a\":"));
    EXPECT_FALSE(is_json_answer("<html>"));
    EditSummary summary;
    summary.response = "null";
    EXPECT_EQ(Json::parse(edit_json(summary)).at("response"), "null");
}

}  // namespace
}  // namespace editprep::tools
