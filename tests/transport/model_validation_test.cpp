#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "editprep/transport/base64.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/model_registry.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::string>;

constexpr const char* kNano = "fal-ai/nano-banana-pro";
constexpr const char* kEdit = "fal-ai/nano-banana-pro/edit";
constexpr const char* kKling = "fal-ai/kling-video/o3/pro/video-to-video/edit";
constexpr const char* kKlingO1 = "fal-ai/kling-video/o1/video-to-video/edit";

const ModelRegistry& models() {
    static const ModelRegistry registry = ModelRegistry::built_in();
    return registry;
}

Validation validate(const std::string& id, const std::string& input) {
    return validate_input(models().find(id), id, input);
}

Texts errors(const std::string& id, const std::string& input) { return validate(id, input).errors; }

std::string kling(const std::string& more) {
    return R"({"prompt":"p","video_url":"https://x/v.mp4")" + more + "}";
}

TEST(ModelValidation, PassesWhatFits) {
    EXPECT_EQ(errors(kNano, R"({"prompt":"p"})"), Texts{});
    EXPECT_EQ(errors(kNano, R"({"prompt":"p","seed":null,"num_images":2.0,"aspect_ratio":"16:9",
                                "safety_tolerance":"4"})"),
              Texts{});
    EXPECT_EQ(errors(kEdit, R"({"prompt":"p","image_urls":["https://x/a.png",
                                "data:image/png;base64,AAAA","HTTP://x"]})"),
              Texts{});
    EXPECT_EQ(validate(kNano, R"({"prompt":"p"})").warnings, Texts{});
}

/// The contract's cases C116 and C117.
TEST(ModelValidation, SpeaksTheContractsWords) {
    const Validation found = validate(kKling, R"({"prompt":"p"})");
    EXPECT_EQ(found.errors, Texts{"Missing required field: video_url"});
    ASSERT_EQ(found.warnings.size(), 5U);
    for (const std::string& warning : found.warnings) {
        EXPECT_TRUE(warning.starts_with("Note: ")) << warning;
    }
    EXPECT_EQ(errors(kEdit, R"({"prompt":"","image_urls":[]})"),
              (Texts{"Empty required field: prompt", "Empty required field: image_urls",
                     "image_urls is empty"}));
    EXPECT_EQ(errors(kEdit, R"({"prompt":null,"image_urls":"https://x/a.png"})"),
              (Texts{"Missing required field: prompt", "image_urls must be an array"}));
    EXPECT_EQ(errors(kKling, kling(R"(,"image_urls":["https://a","https://b","https://c",
                                      "https://d","https://e"])"))
                  .at(0),
              "image_urls exceeds max count of 4");
    EXPECT_EQ(errors(kKling, kling(R"(,"image_urls":[],"elements":{})")),
              (Texts{"image_urls is empty", "elements must be an array"}));
    EXPECT_EQ(errors("fal-ai/flux/dev/image-to-image", R"({"prompt":"p","image_url":"me.png"})"),
              Texts{"image_url should be a URL or data URI"});
}

TEST(ModelValidation, LetsAnUnknownModelPassWithAWarning) {
    const Validation found = validate("some/other", R"({"prompt":"p","x":[1]})");
    EXPECT_EQ(found.errors, Texts{});
    EXPECT_EQ(found.warnings, Texts{"No schema found for some/other - skipping validation"});
}

TEST(ModelValidation, NeedsAnObject) {
    for (const std::string& input : {std::string(), std::string("{"), std::string("[]"),
                                     std::string("1"), std::string("\"x\""), std::string("{} x"),
                                     std::string("{\"a\":\"\xFF\"}"), std::string(100'000, '{')}) {
        try {
            static_cast<void>(validate(kNano, input));
            ADD_FAILURE() << input.substr(0, 40);
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::invalid_json);
        }
        EXPECT_THROW(static_cast<void>(validate("some/other", input)), Error);
    }
}

TEST(ModelValidation, ChecksTypes) {
    EXPECT_EQ(errors(kNano, R"({"prompt":5})"), Texts{"prompt must be a string"});
    EXPECT_EQ(errors(kNano, R"({"prompt":["p"]})"), Texts{"prompt must be a string"});
    EXPECT_EQ(errors(kNano, R"({"prompt":"p","safety_tolerance":4})"),
              Texts{"safety_tolerance must be a string, in quotes: \"4\""});
    EXPECT_EQ(errors(kNano, R"({"prompt":"p","num_images":"2"})"),
              Texts{"num_images must be an integer"});
    EXPECT_EQ(errors(kNano, R"({"prompt":"p","num_images":1.5})"),
              Texts{"num_images must be an integer"});
    EXPECT_EQ(errors(kNano, R"({"prompt":"p","sync_mode":"true"})"),
              Texts{"sync_mode must be true or false"});
    EXPECT_EQ(errors("fal-ai/flux/dev/image-to-image",
                     R"({"prompt":"p","image_url":["https://x/a.png"],"strength":"1"})"),
              (Texts{"image_url must be a string", "strength must be a number"}));
    EXPECT_EQ(errors(kEdit, R"({"prompt":"p","image_urls":["https://x",5,null,""]})"),
              (Texts{"image_urls[1] must be a string", "image_urls[2] must be a string",
                     "image_urls[3] is empty"}));
}

TEST(ModelValidation, ChecksWordsAndRanges) {
    EXPECT_EQ(errors(kNano, R"({"prompt":"p","resolution":"2k"})"),
              Texts{"resolution must be one of 1K, 2K, 4K; not 2k - did you mean 2K?"});
    EXPECT_EQ(errors(kNano, R"({"prompt":"p","num_images":9})"),
              Texts{"num_images must be between 1 and 4; not 9"});
    EXPECT_EQ(errors(kNano, R"({"prompt":"p","num_images":1e300})"),
              Texts{"num_images must be between 1 and 4; not 1e+300"});
    EXPECT_EQ(errors("fal-ai/flux/dev/image-to-image",
                     R"({"prompt":"p","image_url":"https://x","strength":1.01})"),
              Texts{"strength must be between 0 and 1; not 1.01"});
    EXPECT_EQ(errors("fal-ai/heygen/v2/video-agent",
                     R"({"prompt":"p","config":{"duration":4,"orientation":"up"}})"),
              (Texts{"config.duration must be at least 5; not 4",
                     "config.orientation must be one of portrait, landscape; not up"}));
    EXPECT_EQ(
        errors("fal-ai/minimax/speech-02-hd", R"({"text":")" + std::string(5001, 'a') + R"("})"),
        Texts{"text has 5001 characters, more than 5000"});
    std::string umlauts;
    for (int i = 0; i < 5000; ++i) {
        umlauts += "ä";
    }
    EXPECT_EQ(errors("fal-ai/minimax/speech-02-hd", R"({"text":")" + umlauts + R"("})"), Texts{});
}

TEST(ModelValidation, TakesAnImageSizeInBothForms) {
    const auto with_size = [](const std::string& size) {
        return errors("fal-ai/flux/dev", R"({"prompt":"p","image_size":)" + size + "}");
    };
    EXPECT_EQ(with_size(R"("square_hd")"), Texts{});
    EXPECT_EQ(with_size(R"({"width":640,"height":480})"), Texts{});
    EXPECT_EQ(with_size("5").size(), 1U);
    EXPECT_EQ(with_size(R"("sqare_hd")").size(), 1U);
}

TEST(ModelValidation, SuggestsTheFieldThatWasMeant) {
    EXPECT_EQ(
        errors(kNano, R"({"prompt":"p","num_image":1,"colour":"red"})"),
        (Texts{"Unknown field: colour", "Unknown field: num_image - did you mean num_images?"}));
    EXPECT_EQ(errors(kEdit, R"({"promt":"p","image_url":"https://x"})"),
              (Texts{"Missing required field: prompt", "Missing required field: image_urls",
                     "Unknown field: image_url - did you mean image_urls?",
                     "Unknown field: promt - did you mean prompt?"}));
    const Validation open = validate("fal-ai/inpaint",
                                     R"({"model_name":"m","prompt":"p","image_url":"https://x",
                                        "mask_url":"https://x","sede":1,"eta":0.5})");
    EXPECT_EQ(open.errors, Texts{});
    EXPECT_EQ(open.warnings, Texts{"Unknown field: sede - did you mean seed?"});
}

TEST(ModelValidation, CountsElementsAndImagesTogether) {
    const std::string element = R"({"frontal_image_url":"https://x/a.png"})";
    const std::string three = "," + element + "," + element;
    EXPECT_EQ(errors(kKling, kling(R"(,"image_urls":["https://a","https://b"],"elements":[)" +
                                   element + "," + element + "]")),
              Texts{});
    EXPECT_EQ(errors(kKling, kling(R"(,"image_urls":["https://a","https://b"],"elements":[)" +
                                   element + three + "]")),
              Texts{"elements and image_urls together exceed max count of 4; there are 5"});
}

TEST(ModelValidation, LetsSoundComeOnlyBesideAPicture) {
    constexpr const char* kReference = "bytedance/seedance-2.0/reference-to-video";
    const std::string sound = R"({"prompt":"p","audio_urls":["https://x/a.mp3"])";
    EXPECT_EQ(errors(kReference, sound + "}"),
              Texts{"audio_urls needs at least one of image_urls, video_urls"});
    EXPECT_EQ(errors(kReference, sound + R"(,"image_urls":["https://x/a.png"]})"), Texts{});
    EXPECT_EQ(errors(kReference, sound + R"(,"video_urls":["https://x/a.mp4"]})"), Texts{});
    EXPECT_EQ(errors(kReference, R"({"prompt":"p"})"), Texts{});
}

TEST(ModelValidation, LooksIntoElements) {
    EXPECT_EQ(errors(kKling, kling(R"(,"elements":[{},{"frontal_image":"https://x"},
                                      {"frontal_image_url":"face.png"},5])")),
              (Texts{"Unknown field: elements[1].frontal_image",
                     "elements[2].frontal_image_url should be a URL or data URI",
                     "elements[3] must be an object"}));
    EXPECT_EQ(errors(kKlingO1, kling(R"(,"elements":[{},{"frontal_image_url":"https://x",
                                        "reference_image_urls":["https://a","https://b","https://c",
                                        "https://d"]}])")),
              (Texts{"Missing required field: elements[0].frontal_image_url",
                     "Missing required field: elements[0].reference_image_urls",
                     "elements[1].reference_image_urls exceeds max count of 3"}));
}

TEST(ModelValidation, HoldsThePromptAgainstTheAttachments) {
    const auto with_prompt = [](const std::string& prompt, const std::string& more) {
        return errors(kKling,
                      R"({"video_url":"https://x/v.mp4","prompt":")" + prompt + "\"" + more + "}");
    };
    const std::string two = R"(,"image_urls":["https://a","https://b"])";
    EXPECT_EQ(with_prompt("@Video1 like @Image1 and @Image2, mail me@Image", two), Texts{});
    EXPECT_EQ(with_prompt("like @Image1 and @Image3", two),
              Texts{"The prompt mentions @Image3, but image_urls has 2"});
    EXPECT_EQ(with_prompt("@Element1 in @Video2", ""),
              (Texts{"The prompt mentions @Video2, but video_url has 1",
                     "The prompt mentions @Element1, but elements has none"}));
    EXPECT_EQ(with_prompt("@Image99999999999999999999", two).size(), 1U);
}

/// Content of a format, as it begins.
std::string uri_of(std::string_view declared, std::string_view start) {
    std::string content(start);
    content.resize(64, '\0');
    return "data:" + std::string(declared) + ";base64," +
           encode_base64(std::as_bytes(std::span(content)));
}

TEST(ModelValidation, LooksAtTheMediaItself) {
    const std::string png = "\x89PNG\r\n\x1a\n";
    const std::string mp4(
        "\0\0\0\x18"
        "ftypisom",
        12);
    const auto with_video = [](const std::string& url) {
        return errors(kKling, R"({"prompt":"p","video_url":")" + url + R"("})");
    };
    EXPECT_EQ(with_video(uri_of("video/mp4", mp4)), Texts{});
    EXPECT_EQ(with_video(uri_of("application/octet-stream", mp4)), Texts{});
    EXPECT_EQ(with_video(uri_of("image/png", png)),
              Texts{"video_url is image/png, accepted is .mp4, .mov"});
    EXPECT_EQ(with_video(uri_of("video/mp4", png)),
              Texts{"video_url holds image/png, accepted is .mp4, .mov"});
    EXPECT_EQ(with_video(uri_of("video/webm", "")),
              Texts{"video_url is video/webm, accepted is .mp4, .mov"});
    EXPECT_EQ(with_video("https://x/v.avi?sig=a.mp4"),
              Texts{"video_url ends in .avi, accepted is .mp4, .mov"});
    EXPECT_EQ(with_video("https://x/V.MOV#t=1"), Texts{});
    EXPECT_EQ(with_video("data:video/mp4"), Texts{"video_url is not a whole data URI"});
    EXPECT_EQ(with_video("data:video/mp4;base64,... (12 bytes, sha256 0123456789abcdef...)"),
              Texts{});
    EXPECT_EQ(errors(kEdit, R"({"prompt":"p","image_urls":[")" + uri_of("video/mp4", mp4) + "\"]}"),
              Texts{"image_urls[0] is video/mp4, accepted is image"});
}

TEST(ModelValidation, KnowsTheLimitOfSize) {
    const std::string begin =
        R"({"prompt":"p","video_url":"https://x/v.mp4","elements":[{"reference_image_urls":)"
        R"(["https://x"],"frontal_image_url":"data:image/png;base64,)";
    EXPECT_EQ(errors(kKlingO1, begin + std::string(13'981'012, 'A') + R"("}]})"), Texts{});
    EXPECT_EQ(errors(kKlingO1, begin + std::string(13'981'020, 'A') + R"("}]})"),
              Texts{"elements[0].frontal_image_url has 10485765 bytes, more than the limit of "
                    "10485760"});
}

/// A value that fits a field, the simplest there is.
Json simplest(const ModelField& field) {
    const auto single = [&](FieldType type) -> Json {
        if (type == FieldType::object && field.choices.empty()) {
            Json object = Json::object();
            for (const ModelField& member : field.members) {
                if (member.required) {
                    object[member.name] = simplest(member);
                }
            }
            return object;
        }
        if (!field.choices.empty()) {
            return field.choices.front();
        }
        if (field.file != FileKind::none) {
            return "https://example.com/file";
        }
        if (type == FieldType::text) {
            return "text";
        }
        return type == FieldType::boolean ? Json(true) : Json(field.minimum.value_or(1));
    };
    if (field.type != FieldType::array) {
        return single(field.type);
    }
    return Json(field.min_items.value_or(1), single(field.item_type));
}

TEST(ModelValidation, PassesTheSimplestInputOfEveryModel) {
    for (const Model& model : models().models()) {
        SCOPED_TRACE(model.id);
        Json least = Json::object();
        Json defaults = Json::object();
        Json all = Json::object();
        for (const ModelField& field : model.fields) {
            if (field.required) {
                least[field.name] = simplest(field);
            }
            if (!field.default_json.empty()) {
                defaults[field.name] = Json::parse(field.default_json);
            }
            all[field.name] = simplest(field);
        }
        EXPECT_EQ(validate(model.id, least.dump()).errors, Texts{});
        EXPECT_EQ(validate(model.id, all.dump()).errors, Texts{});
        defaults.update(least);
        EXPECT_EQ(validate(model.id, defaults.dump()).errors, Texts{});

        for (const ModelField& field : model.fields) {
            Json spoilt = all;
            spoilt[field.name] = Json::object({{"no", Json::array({Json::object()})}});
            const bool takes_any = field.type == FieldType::object && field.members.empty();
            EXPECT_NE(validate(model.id, spoilt.dump()).errors.empty(), !takes_any) << field.name;
            if (field.required) {
                spoilt.erase(field.name);
                EXPECT_EQ(validate(model.id, spoilt.dump()).errors,
                          Texts{"Missing required field: " + field.name});
            }
        }
        if (!model.open_schema) {
            all["no_such_field"] = 1;
            EXPECT_EQ(validate(model.id, all.dump()).errors, Texts{"Unknown field: no_such_field"});
        }
    }
}

TEST(ModelValidation, SurvivesUglyInput) {
    std::string deep = R"({"prompt":"p","elements":)";
    deep += std::string(100'000, '[') + std::string(100'000, ']') + "}";
    EXPECT_FALSE(errors(kKling, deep).empty());
    std::string many = "{\"prompt\":\"p\"";
    for (int i = 0; i < 20'000; ++i) {
        many += ",\"key" + std::to_string(i) + "\":1";
    }
    EXPECT_EQ(errors(kNano, many + "}").size(), 20'000U);
    const Texts long_key =
        errors(kNano, R"({"prompt":"p","k)" + std::string(1'000'000, 'k') + R"(":1})");
    ASSERT_EQ(long_key.size(), 1U);
    EXPECT_LT(long_key[0].size(), 100U);
    EXPECT_LT(errors(kNano, R"({"prompt":"p","resolution":")" + std::string(1'000'000, 'k') + "\"}")
                  .at(0)
                  .size(),
              200U);
}

}  // namespace
}  // namespace editprep::transport
