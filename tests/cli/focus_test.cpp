#include <cmath>
#include <optional>
#include <span>

#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "editprep/transport/data_uri.hpp"
#include "emulator_process.hpp"
#include "provider_fixture.hpp"

/// Edits of a part of the picture, against a provider that gives back what it gets.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

Arguments joined(Arguments arguments, const Arguments& added) {
    arguments.insert(arguments.end(), added.begin(), added.end());
    return arguments;
}

/// No detail that only one pixel has, as in a photograph.
Image smooth_image(Size size) {
    return make_image(size, Channels::rgb, [](int x, int y) {
        const auto wave = [](double phase) {
            return static_cast<std::uint8_t>(std::lround(127.5 + 110.0 * std::sin(phase)));
        };
        return Color{wave(x * 0.11 + y * 0.02), wave(y * 0.13), wave((x + y) * 0.07)};
    });
}

/// Over what the mask selects, in decibels.
double psnr(const Image& a, const Image& b, const Image& mask) {
    double sum = 0;
    std::int64_t count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < 3 * a.width(); ++x) {
            if (mask.row(y)[x / 3] != 0) {
                const int difference = a.row(y)[x] - b.row(y)[x];
                sum += difference * difference;
                ++count;
            }
        }
    }
    return sum == 0 ? 99.0 : 10.0 * std::log10(255.0 * 255.0 * static_cast<double>(count) / sum);
}

struct Provider {
    const char* name;
    Arguments arguments;
    /// What a small square part is sent as, and the member that asks for it, if any.
    const char* sent;
    const char* asked;

    friend void PrintTo(const Provider& given, std::ostream* out) { *out << given.name; }
};

const Provider kProviders[] = {
    {"FalFill", {"--provider", "fal"}, "1024x1024", nullptr},
    {"FalInpainting",
     {"--provider", "fal", "--model", "fal-ai/flux-lora/inpainting"},
     "1024x1024",
     "image_size"},
    {"FalGptImage",
     {"--provider", "fal", "--model", "fal-ai/gpt-image-1.5/edit"},
     "1024x1024",
     "image_size"},
    {"FalWithoutMask",
     {"--provider", "fal", "--model", "fal-ai/nano-banana-pro/edit"},
     "1024x1024",
     nullptr},
    {"OpenAi", {"--provider", "openai", "--model", "gpt-image-1.5"}, "1024x1024", "size"},
    {"OpenAiAnySize", {"--provider", "openai", "--model", "gpt-image-2"}, "1024x1024", "size"},
    {"OpenAiByJson",
     {"--provider", "openai", "--model", "gpt-image-1.5", "--request-form", "json"},
     "1024x1024",
     "size"},
};

class FocusTest : public ProviderTest {
protected:
    explicit FocusTest(const Arguments& added = {})
        : emulator_(std::filesystem::path(EDITPREP_BIN) / "provider_emulator",
                    joined({"--job-seconds", "0", "--answer", "echo"}, added)) {
        configure({{"openai", {{"baseUrl", emulator_.url() + "/v1"}, {"apiKey", "sk-emulator"}}}});
        options.environment.merge(emulator_.fal_environment());
    }

    void save(const std::string& name, const Image& image) const {
        imaging::write_image(file(name), image, imaging::Overwrite::always);
    }

    [[nodiscard]] Image read(const Json& path) const {
        return imaging::read_image(file(path.get<std::string>())).image;
    }

    /// mask_inpaint of P.png, as JSON.
    [[nodiscard]] Json inpaint(const Arguments& provider, const Arguments& added) const {
        const ProcessResult result =
            call("mask_inpaint", joined(joined(provider, {"--image", "P.png", "--prompt",
                                                          "a red ball", "--focus", "--print-json"}),
                                        added));
        expect_success(result);
        return Json::parse(result.out, nullptr, false);
    }

    void expect_unchanged(const Json& summary, const Image& before) const {
        ASSERT_TRUE(summary.contains("downloaded")) << summary;
        const Image after = read(summary.at("downloaded"));
        const Image mask = read(summary.at("mask"));
        ASSERT_EQ(after.size(), before.size());
        EXPECT_EQ(imaging::compare_kept(before, after, imaging::decode_mask(mask)).changed_pixels,
                  0);
        EXPECT_GT(psnr(before, after, mask), 40.0) << summary.at("focus");
        const Json& sent = summary.at("focus").at("sent_size");
        EXPECT_EQ(read(summary.at("provider_output")).size(),
                  (Size{sent[0].get<int>(), sent[1].get<int>()}));
    }

    [[nodiscard]] const EmulatorProcess& emulator() const { return emulator_; }

private:
    EmulatorProcess emulator_;
};

class FocusAt : public FocusTest, public ::testing::WithParamInterface<Provider> {};

TEST_P(FocusAt, LeavesThePictureAsItWasAndAsksForTheSizeItSends) {
    const Image before = smooth_image({1400, 900});
    save("P.png", before);
    const Json summary = inpaint(GetParam().arguments, {"--region", "rect:600:300:160:160"});
    expect_unchanged(summary, before);
    const Json& sent = summary.at("focus").at("sent_size");
    EXPECT_EQ(imaging::to_string({sent[0].get<int>(), sent[1].get<int>()}), GetParam().sent);
    EXPECT_EQ(summary.at("composited"), true);
    expect_matches(summary.at("provider_output"), ".*_raw\\.(png|jpg|webp)");

    Arguments dry = joined(GetParam().arguments, {"--dry-run"});
    const Json body = inpaint(dry, {"--region", "rect:600:300:160:160"}).at("body");
    if (GetParam().asked == nullptr) {
        EXPECT_FALSE(body.contains("size") || body.contains("image_size")) << body;
    } else if (body.at(GetParam().asked).is_object()) {
        EXPECT_EQ(body.at(GetParam().asked), Json({{"width", 1024}, {"height", 1024}}));
    } else {
        EXPECT_EQ(body.at(GetParam().asked), GetParam().sent);
    }
}

INSTANTIATE_TEST_SUITE_P(Providers, FocusAt, ::testing::ValuesIn(kProviders), CaseName{});

TEST_F(FocusTest, CornersSinglePixelsAndSmallPicturesWork) {
    for (const Size size : {Size{640, 480}, Size{90, 70}, Size{700, 40}}) {
        const Image before = smooth_image(size);
        save("P.png", before);
        const std::string right = std::to_string(size.width - 1);
        const std::string bottom = std::to_string(size.height - 1);
        for (const std::string& region :
             {std::string("rect:0:0:1:1"), "rect:" + right + ":" + bottom + ":1:1",
              std::string("rect:0:0:30:30")}) {
            SCOPED_TRACE(to_string(size) + " " + region);
            expect_unchanged(inpaint({"--provider", "openai", "--model", "gpt-image-1.5"},
                                     {"--region", region, "--feather", "0"}),
                             before);
        }
    }
}

TEST_F(FocusTest, ASmallPartOfALargePictureTravelsAlone) {
    const Image before = smooth_image({4000, 3000});
    save("P.png", before);
    const Json summary =
        inpaint({"--provider", "fal"},
                {"--region", "rect:2000:1400:300:300", "--feather", "0", "--focus-padding", "100"});
    expect_unchanged(summary, before);
    // Regions hold their last pixel, too.
    EXPECT_EQ(summary.at("focus").at("crop"), Json({1900, 1300, 2401, 1801}));
    EXPECT_LT(std::filesystem::file_size(file(summary.at("provider_output").get<std::string>())),
              4'000'000U);
}

TEST_F(FocusTest, ASizeThatTheUserAsksForIsKept) {
    save("P.png", smooth_image({1400, 900}));
    const Json plan = inpaint(
        {"--provider", "openai", "--model", "gpt-image-1.5"},
        {"--region", "rect:600:300:160:160", "--dry-run", "--extra-json", R"({"size": "auto"})"});
    EXPECT_EQ(plan.at("body").at("size"), "auto");
}

TEST_F(FocusTest, WithoutAPartToLookAtTheWholePictureIsSent) {
    save("P.png", smooth_image({300, 200}));
    const ProcessResult result =
        call("mask_inpaint", {"--provider", "fal", "--image", "P.png", "--prompt", "p", "--focus",
                              "--region", "rect:0:0:300:200", "--feather", "0", "--print-json"});
    expect_success(result);
    EXPECT_NE(result.err.find("reaches across the whole picture"), std::string::npos) << result.err;
    EXPECT_FALSE(Json::parse(result.out).contains("focus"));
}

TEST_F(FocusTest, AnAlmostWholePictureIsToldOf) {
    save("P.png", smooth_image({300, 300}));
    const ProcessResult result =
        call("mask_inpaint", {"--provider", "fal", "--image", "P.png", "--prompt", "p", "--focus",
                              "--region", "rect:5:5:280:280", "--feather", "0", "--print-json"});
    expect_success(result);
    EXPECT_NE(result.err.find("--focus leaves out little"), std::string::npos) << result.err;
    EXPECT_TRUE(Json::parse(result.out).contains("focus"));
}

TEST_F(FocusTest, EditImageCropsTheFirstPictureOnly) {
    const Image before = smooth_image({1400, 900});
    save("P.png", before);
    save("R.png", smooth_image({64, 48}));
    save("M.png", make_image({1400, 900}, Channels::grey, [](int x, int y) {
             const bool inside = x >= 200 && x < 400 && y >= 300 && y < 420;
             return Color{static_cast<std::uint8_t>(inside ? 255 : 0)};
         }));
    const Arguments arguments{"--provider", "openai",  "--model", "gpt-image-1.5", "--image",
                              "P.png",      "--image", "R.png",   "--prompt",      "p",
                              "--mask",     "M.png",   "--focus", "--print-json",  "--preview",
                              "V.png"};
    const ProcessResult planned = call("edit_image", joined(arguments, {"--dry-run"}));
    expect_success(planned);
    const Json sent = Json::parse(planned.out).at("body").at("image[]");
    EXPECT_EQ(sent.at(0).at("file_name"), "P_focus.png");
    EXPECT_EQ(sent.at(1).at("file_name"), "R.png");

    const ProcessResult result = call("edit_image", arguments);
    expect_success(result);
    expect_unchanged(Json::parse(result.out), before);
    // Source, mask, what was sent, what came back, and the result.
    EXPECT_GT(imaging::read_image(file("V.png")).image.width(), 4 * 720);
}

TEST_F(FocusTest, ContradictionsAreRefused) {
    save("P.png", smooth_image({30, 20}));
    const Arguments base{"--image", "P.png", "--prompt", "p", "--provider", "fal"};
    const auto refusal = [&](const std::string& command, const Arguments& added, int exit_code) {
        const ProcessResult result = call(command, joined(base, added));
        EXPECT_EQ(result.exit_code, exit_code) << result.err;
        EXPECT_EQ(result.out, "");
        return result.err;
    };
    for (const char* command : {"mask_inpaint", "edit_image", "object_select_edit"}) {
        EXPECT_NE(refusal(command, {"--focus", "--no-composite"}, 2).find("--no-composite"),
                  std::string::npos);
        for (const char* padding : {"-1", "1.5", "x", "", "%", "-3%", "99999999999"}) {
            EXPECT_NE(refusal(command, {"--focus", "--focus-padding", padding}, 2)
                          .find("--focus-padding"),
                      std::string::npos)
                << padding;
        }
    }
    EXPECT_NE(refusal("edit_image", {"--focus"}, 1).find("--mask"), std::string::npos);
    EXPECT_EQ(call("outpaint_image", joined(base, {"--focus"})).exit_code, 2);
}

TEST_F(FocusTest, TheLocalProviderNeedsNone) {
    save("P.png", smooth_image({60, 40}));
    const Arguments arguments{"--provider", "local",    "--image",      "P.png",       "--prompt",
                              "p",          "--region", "rect:5:5:9:9", "--print-json"};
    const ProcessResult result = call("mask_inpaint", joined(arguments, {"--focus"}));
    expect_success(result);
    EXPECT_NE(result.err.find("needs no --focus"), std::string::npos) << result.err;
    EXPECT_FALSE(Json::parse(result.out).contains("focus"));
}

TEST_F(FocusTest, ALostAnswerSaysThatOnlyThePartIsKept) {
    save("P.png", smooth_image({1400, 900}));
    emulator().add_fault("drop-before-answer@POST /v1/images/edits");
    const ProcessResult result = call(
        "mask_inpaint", {"--provider", "openai", "--model", "gpt-image-1.5", "--image", "P.png",
                         "--prompt", "p", "--focus", "--region", "rect:600:300:160:160"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("is that part alone"), std::string::npos) << result.err;
}

class FocusOtherSize : public FocusTest {
protected:
    FocusOtherSize() : FocusTest({"--answer-size", "600x500"}) {}
};

TEST_F(FocusOtherSize, AnAnswerOfAnotherSizeIsResampledToThePart) {
    const Image before = smooth_image({1400, 900});
    save("P.png", before);
    const Json summary = inpaint({"--provider", "fal"}, {"--region", "rect:600:300:160:160"});
    const Image after = read(summary.at("downloaded"));
    EXPECT_EQ(read(summary.at("provider_output")).size(), (Size{600, 500}));
    EXPECT_GT(psnr(before, after, read(summary.at("mask"))), 35.0);
    EXPECT_EQ(imaging::compare_kept(before, after, imaging::decode_mask(read(summary.at("mask"))))
                  .changed_pixels,
              0);
}

}  // namespace
}  // namespace editprep::testing
