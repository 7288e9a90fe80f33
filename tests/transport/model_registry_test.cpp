#include "editprep/transport/model_registry.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "editprep/transport/error.hpp"
#include "model_value.hpp"
#include "temp_folder.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::ordered_json;

const ModelRegistry& built_in() {
    static const ModelRegistry registry = ModelRegistry::built_in();
    return registry;
}

Json described(const std::string& id) {
    const Model* model = built_in().find(id);
    return model == nullptr ? Json() : Json::parse(describe_model(*model));
}

/// What a descriptor text is refused with.
std::string refusal_of(const std::string& text) {
    ModelRegistry registry;
    try {
        registry.add_text(text, "own.json");
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::invalid_model);
        EXPECT_EQ(error.subject(), "own.json");
        EXPECT_TRUE(registry.models().empty());
        return error.what();
    }
    ADD_FAILURE() << "was accepted: " << text;
    return {};
}

/// A file with one model of these members.
std::string file_with(const std::string& members) {
    return "{source: 's', date: '2026-11-01', models: [{id: 'a/b', category: 'image', " + members +
           "}]}";
}

Model model_with(const std::string& members) {
    ModelRegistry registry;
    registry.add_text(file_with(members), "own.json");
    return registry.models().at(0);
}

const std::vector<std::string> kFirst{"fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit",
                                      "fal-ai/flux/dev/image-to-image",
                                      "fal-ai/kling-video/o3/pro/video-to-video/edit"};

TEST(ModelRegistry, ReadsOneModelAsItReadsAll) {
    for (const Model& model : built_in().models()) {
        SCOPED_TRACE(model.id);
        const ModelRegistry some = ModelRegistry::built_in(model.id);
        ASSERT_NE(some.find(model.id), nullptr);
        EXPECT_EQ(describe_model(*some.find(model.id)), describe_model(model));
    }
    EXPECT_EQ(
        ModelRegistry::built_in("fal-ai/kling-video/o3/pro/video-to-video/edit").models().size(),
        1U);
    EXPECT_EQ(ModelRegistry::built_in("no such model").models().size(), built_in().models().size());
}

TEST(ModelRegistry, NamesTheContractsModelsFirst) {
    ASSERT_GE(built_in().models().size(), kFirst.size());
    for (std::size_t i = 0; i < kFirst.size(); ++i) {
        EXPECT_EQ(built_in().models()[i].id, kFirst[i]);
    }
}

TEST(ModelRegistry, DescribesNanoBananaAsTheContractDoes) {
    const Json six = {"num_images",    "aspect_ratio", "resolution",
                      "output_format", "seed",         "safety_tolerance"};
    for (const std::string id : {"fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit"}) {
        const Json entry = described(id);
        EXPECT_EQ(entry["model_id"], id);
        Json optional = entry["optional"];
        optional.erase(optional.begin() + 6, optional.end());
        EXPECT_EQ(optional, six);
        EXPECT_EQ(entry["notes"], Json::array());
    }
    EXPECT_EQ(described("fal-ai/nano-banana-pro")["required"], Json::array({"prompt"}));
    EXPECT_EQ(described("fal-ai/nano-banana-pro")["file_fields"], Json::object());
    EXPECT_EQ(described("fal-ai/nano-banana-pro/edit")["required"],
              Json::array({"prompt", "image_urls"}));
    EXPECT_EQ(described("fal-ai/nano-banana-pro/edit")["file_fields"].dump(),
              R"({"image_urls":{"type":"array","accepts":"image"}})");
}

TEST(ModelRegistry, DescribesImageToImageAsTheContractDoes) {
    const Json entry = described("fal-ai/flux/dev/image-to-image");
    EXPECT_EQ(entry["required"], Json::array({"prompt", "image_url"}));
    Json optional = entry["optional"];
    optional.erase(optional.begin() + 6, optional.end());
    EXPECT_EQ(optional, Json::array({"strength", "num_inference_steps", "guidance_scale", "seed",
                                     "num_images", "output_format"}));
    EXPECT_EQ(entry["file_fields"].dump(), R"({"image_url":{"type":"string","accepts":"image"}})");
}

TEST(ModelRegistry, DescribesKlingAsTheContractDoes) {
    Json entry = described("fal-ai/kling-video/o3/pro/video-to-video/edit");
    EXPECT_EQ(entry["required"], Json::array({"prompt", "video_url"}));
    EXPECT_EQ(entry["optional"],
              Json::array({"image_urls", "keep_audio", "elements", "shot_type"}));
    EXPECT_EQ(entry["notes"].size(), 5U);
    Json& files = entry["file_fields"];
    EXPECT_FALSE(files["image_urls"]["description"].empty());
    EXPECT_FALSE(files["elements"]["description"].empty());
    files["image_urls"].erase("description");
    files["elements"].erase("description");
    EXPECT_EQ(files.dump(),
              R"({"video_url":{"type":"string","accepts":"video","formats":[".mp4",".mov"],)"
              R"("max_mb":200,"min_res":720,"max_res":2160,"duration":"3-10s"},)"
              R"("image_urls":{"type":"array","accepts":"image","max_count":4},)"
              R"("elements":{"type":"array","accepts":"object"}})");
}

TEST(ModelRegistry, DescribesAnUnknownModelWithEmptyLists) {
    Model unknown;
    unknown.id = "some/other";
    EXPECT_EQ(
        describe_model(unknown),
        R"({"model_id":"some/other","required":[],"optional":[],"file_fields":{},"notes":[]})");
}

/// Every fact has a source and a day; names point at something.
TEST(ModelRegistry, HoldsSoundDescriptors) {
    std::set<std::string> ids;
    for (const Model& model : built_in().models()) {
        SCOPED_TRACE(model.id);
        EXPECT_TRUE(ids.insert(model.id).second);
        EXPECT_FALSE(model.title.empty());
        EXPECT_FALSE(model.fields.empty());
        EXPECT_FALSE(model.output.empty());
        EXPECT_TRUE(model.source.starts_with("https://"));
        EXPECT_EQ(model.date.size(), 10U);
        std::set<std::string> names;
        for (const ModelField& field : model.fields) {
            EXPECT_TRUE(names.insert(field.name).second) << field.name;
        }
        if (model.edit) {
            const ModelField* image = model.field(model.edit->image);
            ASSERT_NE(image, nullptr);
            EXPECT_EQ(image->file, FileKind::image);
        }
        if (model.category == "inpaint") {
            ASSERT_TRUE(model.edit);
            EXPECT_FALSE(model.edit->mask.empty());
        }
        EXPECT_TRUE(Json::accept(describe_model(model)));
    }
    EXPECT_GE(ids.size(), 60U);
}

TEST(ModelRegistry, KnowsEveryModelOfTheWireProtocol) {
    for (const char* const id : {"fal-ai/flux/dev",
                                 "fal-ai/flux/schnell",
                                 "fal-ai/gpt-image-1.5/edit",
                                 "fal-ai/gpt-image-1/edit-image",
                                 "fal-ai/flux-pro/v1/fill",
                                 "fal-ai/flux-general/inpainting",
                                 "fal-ai/flux-lora/inpainting",
                                 "fal-ai/flux-krea-lora/inpainting",
                                 "fal-ai/qwen-image-edit/inpaint",
                                 "fal-ai/z-image/turbo/inpaint",
                                 "fal-ai/inpaint",
                                 "fal-ai/object-removal/mask",
                                 "fal-ai/finegrain-eraser/mask",
                                 "fal-ai/bria/eraser",
                                 "fal-ai/bria/genfill",
                                 "fal-ai/image-apps-v2/outpaint",
                                 "fal-ai/bria/expand",
                                 "fal-ai/luma-photon/reframe",
                                 "fal-ai/ideogram/v3/reframe",
                                 "fal-ai/esrgan",
                                 "fal-ai/aura-sr",
                                 "fal-ai/clarity-upscaler",
                                 "fal-ai/seedvr/upscale/image",
                                 "fal-ai/birefnet",
                                 "fal-ai/birefnet/v2",
                                 "fal-ai/imageutils/rembg",
                                 "fal-ai/bria/background/remove",
                                 "fal-ai/birefnet/v2/video",
                                 "bria/video/background-removal",
                                 "fal-ai/kling-video/o1/video-to-video/edit",
                                 "fal-ai/kling-video/o1/standard/video-to-video/edit",
                                 "fal-ai/kling-video/o3/standard/video-to-video/edit",
                                 "fal-ai/kling-video/o1/video-to-video/reference",
                                 "fal-ai/kling-video/o3/pro/video-to-video/reference",
                                 "kling/v4/video-to-video/edit",
                                 "fal-ai/kling-video/v2.1/master/text-to-video",
                                 "fal-ai/wan/v2.2-a14b/text-to-video",
                                 "fal-ai/wan/v2.2-a14b/image-to-video",
                                 "fal-ai/minimax/video-01-live",
                                 "fal-ai/minimax/video-01-live/image-to-video",
                                 "fal-ai/heygen/v2/video-agent",
                                 "bytedance/seedance-2.0/text-to-video",
                                 "bytedance/seedance-2.0/image-to-video",
                                 "bytedance/seedance-2.0/reference-to-video",
                                 "bytedance/seedance-2.0/fast/text-to-video",
                                 "bytedance/seedance-2.0/fast/image-to-video",
                                 "bytedance/seedance-2.0/fast/reference-to-video",
                                 "fal-ai/minimax/speech-02-hd",
                                 "fal-ai/elevenlabs/tts/eleven-v3",
                                 "fal-ai/chatterbox/text-to-speech",
                                 "sora-2",
                                 "sora-2-pro",
                                 "gpt-image-1.5",
                                 "gpt-image-1-mini",
                                 "gpt-image-2",
                                 "gpt-image-2.5-sunburst",
                                 "gpt-image-2.5-flare",
                                 "gpt-image-2.6-sunburst",
                                 "gpt-image-2.6-flare",
                                 "chatgpt-image-latest"}) {
        EXPECT_NE(built_in().find(id), nullptr) << id;
    }
}

TEST(ModelRegistry, KnowsWhoWantsAMaskHow) {
    EXPECT_EQ(built_in().find("gpt-image-2")->edit->mask_convention,
              MaskConvention::transparent_edits);
    EXPECT_EQ(built_in().find("gpt-image-2")->provider, "openai");
    const Model& fill = *built_in().find("fal-ai/flux-pro/v1/fill");
    EXPECT_EQ(fill.edit->mask_convention, MaskConvention::white_edits);
    EXPECT_EQ(fill.edit->mask, "mask_url");
    EXPECT_EQ(fill.provider, "fal");
    EXPECT_EQ(built_in().find("fal-ai/z-image/turbo/inpaint")->edit->mask, "mask_image_url");
    EXPECT_TRUE(built_in().find("fal-ai/nano-banana-pro/edit")->edit->mask.empty());
}

/// The wire protocol's section 4.
TEST(ModelRegistry, KnowsTheLimitsOfClips) {
    const auto video = [](const char* id) { return *built_in().find(id)->field("video_url"); };
    for (const char* const tier : {"o3/pro", "o3/standard", "o1", "o1/standard"}) {
        for (const char* const kind : {"edit", "reference"}) {
            const std::string id =
                std::string("fal-ai/kling-video/") + tier + "/video-to-video/" + kind;
            SCOPED_TRACE(id);
            const bool o1 = id.find("/o1") != std::string::npos;
            const ModelField field = video(id.c_str());
            EXPECT_EQ(field.formats, (std::vector<std::string>{".mp4", ".mov"}));
            EXPECT_EQ(field.min_seconds, 3);
            EXPECT_EQ(field.max_seconds, o1 ? 10.05 : 10);
            EXPECT_EQ(field.min_px, 720);
            EXPECT_EQ(field.max_px, 2160);
            EXPECT_EQ(field.min_fps, o1 ? std::optional<double>(24) : std::nullopt);
            EXPECT_EQ(field.max_fps, o1 ? std::optional<double>(60) : std::nullopt);
            EXPECT_EQ(field.max_mb, 200);
        }
    }
    const ModelField v4 = video("kling/v4/video-to-video/edit");
    EXPECT_EQ(v4.max_seconds, 30.05);
    EXPECT_EQ(v4.min_px, 700);
    EXPECT_EQ(v4.max_px, 4553);
    EXPECT_EQ(v4.min_aspect, 0.4);
    EXPECT_EQ(v4.max_aspect, 2.5);
    EXPECT_EQ(v4.min_fps, 23.9);
    EXPECT_EQ(v4.max_fps, 60.05);
    EXPECT_EQ(v4.max_mb, 300);
}

TEST(ModelRegistry, KnowsWhatReferencesMayHaveTogether) {
    for (const char* const id : {"bytedance/seedance-2.0/reference-to-video",
                                 "bytedance/seedance-2.0/fast/reference-to-video"}) {
        const Model& model = *built_in().find(id);
        const ModelField& videos = *model.field("video_urls");
        EXPECT_EQ(videos.min_pixels, 640 * 640);
        EXPECT_EQ(videos.max_pixels, 834 * 1112);
        EXPECT_EQ(videos.min_total_seconds, 2);
        EXPECT_EQ(videos.max_total_seconds, 15);
        EXPECT_EQ(videos.max_total_mb, 50);
        EXPECT_EQ(model.field("audio_urls")->max_total_seconds, 15);
        ASSERT_EQ(model.required_company.size(), 1U);
        EXPECT_EQ(model.required_company[0].field, "audio_urls");
    }
    const Json entry = described("bytedance/seedance-2.0/reference-to-video");
    const Json& videos = entry["fields"]["video_urls"];
    EXPECT_EQ(videos["min_pixels"].dump(), "409600");
    EXPECT_EQ(videos["max_pixels"].dump(), "927408");
    EXPECT_EQ(videos["max_total_seconds"].dump(), "15");
    EXPECT_EQ(entry["requires_any"].dump(),
              R"([{"field":"audio_urls","of":["image_urls","video_urls"]}])");
    EXPECT_EQ(entry["joint_limits"][0]["max_items"], 12);
}

TEST(ModelRegistry, KnowsTheVideosOfCompatibleServers) {
    for (const char* const id : {"sora-2", "sora-2-pro"}) {
        const Model& model = *built_in().find(id);
        EXPECT_EQ(model.provider, "openai");
        EXPECT_EQ(model.category, "video");
        EXPECT_EQ(model.field("prompt")->max_length, 32000U);
        EXPECT_EQ(model.field("seconds")->choices, (std::vector<std::string>{"4", "8", "12"}));
        EXPECT_EQ(model.field("seconds")->default_json, "\"4\"");
        EXPECT_EQ(model.field("size")->default_json, "\"720x1280\"");
        EXPECT_EQ(model.field("input_reference")->file, FileKind::image);
        EXPECT_EQ(model.field("video")->file, FileKind::video);
        ASSERT_EQ(model.notes.size(), 1U);
        EXPECT_NE(model.notes[0].find("2026-09-24"), std::string::npos);
    }
}

TEST(ModelRegistry, KnowsInWhichSizesModelsEdit) {
    const auto preferred = [](const char* id) {
        const Model* model = built_in().find(id);
        return model == nullptr ? std::nullopt : model->preferred_size;
    };
    const std::vector<PixelSize> three{{1024, 1024}, {1536, 1024}, {1024, 1536}};
    ASSERT_TRUE(preferred("gpt-image-1.5"));
    EXPECT_EQ(preferred("gpt-image-1.5")->field, "size");
    EXPECT_EQ(preferred("gpt-image-1-mini")->sizes, three);
    EXPECT_EQ(preferred("fal-ai/gpt-image-1.5/edit")->sizes, three);
    EXPECT_EQ(preferred("fal-ai/gpt-image-1.5/edit")->field, "image_size");
    // Any size in blocks, although its elder knows three.
    ASSERT_TRUE(preferred("gpt-image-2.5-flare"));
    EXPECT_TRUE(preferred("gpt-image-2.5-flare")->sizes.empty());
    EXPECT_EQ(preferred("gpt-image-2.5-flare")->multiple_of, 16);
    EXPECT_EQ(preferred("gpt-image-2.5-flare")->max_px, 3840);
    EXPECT_EQ(preferred("fal-ai/nano-banana-pro/edit")->aspects.size(), 10U);
    EXPECT_EQ(preferred("fal-ai/flux-krea-lora/inpainting")->field, "image_size");
    EXPECT_TRUE(preferred("fal-ai/flux-krea-lora/inpainting")->sizes.empty());
    EXPECT_FALSE(preferred("fal-ai/flux-pro/v1/fill"));
}

TEST(ModelRegistry, ReadsAPreferredSize) {
    const Model model = model_with(
        "fields: {s: {choices: ['auto', '64x48', '0x9', '7x', 'x7', '9x9 ']}, a: {choices: "
        "['4:3']}},"
        "preferred_size: {field: 's', aspect_field: 'a', pixels: 5000, max_pixels: 9000}");
    ASSERT_TRUE(model.preferred_size);
    EXPECT_EQ(model.preferred_size->sizes, (std::vector<PixelSize>{{64, 48}}));
    EXPECT_EQ(model.preferred_size->aspects, (std::vector<PixelSize>{{4, 3}}));
    EXPECT_EQ(model.preferred_size->pixels, 5000);
    EXPECT_EQ(model.preferred_size->max_pixels, 9000);
    for (const char* wrong :
         {"preferred_size: []", "preferred_size: {field: 's'}", "preferred_size: {feild: 's'}",
          "preferred_size: {multiple_of: 0}", "preferred_size: {min_px: 9, max_px: 8}",
          "preferred_size: {pixels: 9, max_pixels: 8}", "preferred_size: {min_aspect: -1}",
          "fields: {s: {choices: ['big']}}, preferred_size: {field: 's'}"}) {
        EXPECT_NE(refusal_of(file_with(wrong)).find("preferred_size"), std::string::npos) << wrong;
    }
}

TEST(ModelRegistry, SuggestsANearId) {
    EXPECT_EQ(built_in().nearest_id("fal-ai/nano-bannana-pro"), "fal-ai/nano-banana-pro");
    EXPECT_EQ(built_in().nearest_id("something/else"), "");
    EXPECT_EQ(built_in().find("fal-ai/nano-bannana-pro"), nullptr);
}

TEST(ModelRegistry, TakesAUsersFile) {
    const testing::TempFolder folder;
    const std::string path = (folder / "own.json").string();
    std::ofstream(path) << R"(// mine
        {source: 'https://example.com', date: '2026-11-01', models: [
            {id: 'me/model', category: 'edit', fields: {prompt: {required: true}}},
            {id: 'fal-ai/nano-banana-pro', like: 'fal-ai/nano-banana-pro',
             price: {unit: 'image', usd: 0.1, quantity_field: 'num_images'}}]})";
    ModelRegistry registry = ModelRegistry::built_in();
    const std::size_t count = registry.models().size();
    registry.add_file(path);
    EXPECT_EQ(registry.models().size(), count + 1);
    EXPECT_EQ(registry.models()[0].id, "fal-ai/nano-banana-pro");
    EXPECT_EQ(registry.models()[0].price->usd, 0.1);
    EXPECT_TRUE(registry.find("me/model")->field("prompt")->required);
    EXPECT_THROW(registry.add_file((folder / "none.json").string()), Error);
}

TEST(ModelRegistry, NamesFileModelAndMemberOfAFault) {
    EXPECT_EQ(refusal_of("{"),
              "own.json: expected the name of a member, found end of text at line 1, column 2");
    EXPECT_EQ(refusal_of("[]"), "own.json: expected an object");
    EXPECT_EQ(refusal_of("{}"), "own.json: models: expected a list of models");
    EXPECT_EQ(refusal_of("{models: [{}]}"), "own.json: a model without an id");
    EXPECT_EQ(refusal_of("{modles: []}"), "own.json: unknown member modles, did you mean models?");
    EXPECT_EQ(refusal_of(file_with("fields: {p: {tpye: 'string'}}")),
              "own.json: a/b: fields: p: unknown member tpye, did you mean type?");
    EXPECT_EQ(refusal_of(file_with("fields: {p: {type: 'strin'}}")),
              "own.json: a/b: fields: p: type: unknown word \"strin\", did you mean string?");
    EXPECT_EQ(refusal_of(file_with("fields: {n: {type: 'integer', minimum: 1, default: 0}}")),
              "own.json: a/b: fields: n: default: n must be at least 1; not 0");
    EXPECT_EQ(refusal_of(file_with("fields: {}, edit: {image: 'x'}")),
              "own.json: a/b: edit: there is no field x");
    EXPECT_EQ(refusal_of("{source: 's', models: [{id: 'a', category: 'image'}]}"),
              "own.json: a: date: is missing");
}

TEST(ModelRegistry, RefusesMalformedDescriptors) {
    for (const std::string& members : std::vector<std::string>{
             "category: 'picture'",
             "provider: 'me'",
             "date: 'today'",
             "title: ''",
             "title: 5",
             "open_schema: 'yes'",
             "like: 'no/model'",
             "fields: []",
             "fields: {p: 'string'}",
             "fields: {p: null}",
             "notes: 'x'",
             "notes: [1]",
             "output: {}",
             "fields: {p: {choices: 'a'}}",
             "fields: {p: {choices: ['a'], default: 'b'}}",
             "fields: {p: {max_length: -1}}",
             "fields: {p: {max_length: 1.5}}",
             "fields: {p: {minimum: '1'}}",
             "fields: {p: {minimum: 2, maximum: 1}}",
             "fields: {p: {formats: ['mp4']}}",
             "fields: {p: {formats: ['']}}",
             "fields: {p: {min_pixels: 2, max_pixels: 1}}",
             "fields: {p: {min_pixels: 0.5}}",
             "fields: {p: {max_total_seconds: 1}}",
             "fields: {p: {type: 'array', min_total_seconds: 2, max_total_seconds: 1}}",
             "fields: {p: {type: 'array', max_total_mb: '1'}}",
             "fields: {p: {}}, requires_any: [{field: 'p'}]",
             "fields: {p: {}}, requires_any: [{of: ['p']}]",
             "fields: {p: {}}, requires_any: [{field: 'p', of: ['q']}]",
             "fields: {p: {}}, requires_any: [{field: 'q', of: ['p']}]",
             "requires_any: {field: 'p', of: ['q']}",
             "fields: {p: {file: 'text'}}",
             "fields: {p: {members: {a: {}}}}",
             "fields: {p: {type: 'object', members: []}}",
             "fields: {p: {type: 'object', members: {a: {tpye: 'x'}}}}",
             "fields: {p: {}, q: {}}, joint_limits: [{fields: ['p', 'q'], max_items: 4}]",
             "fields: {p: {type: 'array'}}, joint_limits: [{fields: ['p', 'p']}]",
             "joint_limits: [{fields: ['p', 'q'], max_items: 4}]",
             "joint_limits: 5",
             "prompt_tokens: [{token: '@A', field: 'x'}]",
             "edit: {}",
             "edit: 'image_url'",
             "fields: {p: {}}, edit: {image: 'p', mask_convention: 'black'}",
             "price: {}",
             "price: {unit: 'pound'}",
             "price: {unit: 'image', usd: -1}",
             "price: {unit: 'image', quantity_field: 'n'}",
             "price: {unit: 'image', usd: '1'}",
             "price: {unit: 'image', factors: {a: 1}}",
             "price: {unit: 'image', date: '1.1.26'}"}) {
        EXPECT_FALSE(refusal_of(file_with(members)).empty()) << members;
    }
    for (const char* const id : {"", "/a", "a b", "../a", "a?b", "a\\nb"}) {
        EXPECT_FALSE(refusal_of(std::string("{source: 's', date: '2026-11-01', models: [{id: '") +
                                id + "', category: 'image'}]}")
                         .empty())
            << id;
    }
    const std::string twice = "{id: 'a', category: 'image'}";
    EXPECT_EQ(
        refusal_of("{source: 's', date: '2026-11-01', models: [" + twice + "," + twice + "]}"),
        "own.json: a: described twice");
}

TEST(ModelPrice, CountsUnits) {
    const auto usd = [](const Model& model, const char* input) {
        const auto price = estimate_price(model, input);
        return price ? price->usd : -1.0;
    };
    const Model images = model_with(
        "fields: {n: {type: 'integer', default: 2}, r: {default: '1K'}}, price: {unit: 'image', "
        "usd: "
        "0.5, quantity_field: 'n', factor_field: 'r', factors: {'1K': 1, '4K': 2}}");
    EXPECT_EQ(usd(images, "{}"), 1);
    EXPECT_EQ(usd(images, R"({"n":3})"), 1.5);
    EXPECT_EQ(usd(images, R"({"n":3,"r":"4K"})"), 3);
    EXPECT_EQ(usd(images, R"({"r":"8K"})"), -1);
    EXPECT_EQ(usd(images, R"({"n":"many"})"), -1);
    const Model cheap = model_with(
        "fields: {n: {type: 'integer'}}, price: {unit: 'image', usd: 0.1, quantity_field: 'n'}");
    EXPECT_EQ(usd(cheap, R"({"n":3})"), 0.3);
    EXPECT_EQ(usd(images, R"({"n":-3})"), -1);
    EXPECT_EQ(usd(images, "[]"), -1);
    EXPECT_EQ(usd(images, "{"), -1);
    EXPECT_EQ(usd(model_with("price: {unit: 'call', usd: 2}"), "{}"), 2);
    EXPECT_EQ(usd(model_with("price: {unit: 'second', usd: 2}"), "{}"), -1);
    EXPECT_EQ(usd(model_with("price: {unit: 'call'}"), "{}"), -1);
    EXPECT_EQ(usd(model_with("title: 'free of a price'"), "{}"), -1);
}

TEST(ModelPrice, CountsMegapixelsAndSeconds) {
    const Model& flux = *built_in().find("fal-ai/flux/dev");
    EXPECT_DOUBLE_EQ(estimate_price(flux, "{}")->usd, 0.025);
    EXPECT_DOUBLE_EQ(estimate_price(flux, R"({"image_size":"square_hd","num_images":4})")->usd,
                     0.1);
    EXPECT_DOUBLE_EQ(estimate_price(flux, R"({"image_size":{"width":2048,"height":1025}})")->usd,
                     0.075);
    EXPECT_FALSE(estimate_price(flux, R"({"image_size":{"width":"wide"}})"));
    EXPECT_FALSE(estimate_price(flux, R"({"image_size":"auto"})"));
    const Model& seedance = *built_in().find("bytedance/seedance-2.0/text-to-video");
    const auto price = estimate_price(seedance, R"({"duration":"5"})");
    ASSERT_TRUE(price);
    EXPECT_DOUBLE_EQ(price->usd, 5 * 0.3034);
    EXPECT_DOUBLE_EQ(price->units, 5);
    EXPECT_EQ(price->unit, "second");
    EXPECT_NE(price->basis.find("2026-"), std::string::npos);
    EXPECT_FALSE(estimate_price(seedance, "{}")) << "auto";
    EXPECT_FALSE(estimate_price(seedance, R"({"duration":"5","resolution":"480p"})"));
}

TEST(NearestWord, AllowsTwoSlips) {
    const std::vector<std::string> words{"prompt", "image_url", "image_urls", "seed"};
    EXPECT_EQ(nearest_word("promt", words), "prompt");
    EXPECT_EQ(nearest_word("pormpt", words), "prompt");
    EXPECT_EQ(nearest_word("imageurls", words), "image_urls");
    EXPECT_EQ(nearest_word("image_ulr", words), "image_url");
    EXPECT_EQ(nearest_word("esed", words), "seed");
    EXPECT_EQ(nearest_word("xy", words), "");
    EXPECT_EQ(nearest_word("", words), "");
    EXPECT_EQ(nearest_word("prompting", words), "");
    EXPECT_EQ(nearest_word(std::string(1'000'000, 'a'), words), "");
    EXPECT_EQ(nearest_word("prompt", {}), "");
}

}  // namespace
}  // namespace editprep::transport
