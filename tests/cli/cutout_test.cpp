#include <cmath>

#include "editprep/imaging/image_compare.hpp"
#include "editprep/transport/base64.hpp"
#include "provider_fixture.hpp"

/// Objects before new backgrounds, by the built-in provider and by others.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr Color kObject{180, 40, 30};
constexpr Color kBackdrop{150, 155, 160};

/// The share of a pixel that a disc of 30 pixels around (60, 45) covers.
double disc_cover(int x, int y) {
    return std::clamp(30.5 - std::hypot(x - 60.0, y - 45.0), 0.0, 1.0);
}

Color mixed(Color front, Color back, double share) {
    const auto mix = [share](int a, int b) {
        return static_cast<std::uint8_t>(std::lround(a * share + b * (1 - share)));
    };
    return {mix(front.red, back.red), mix(front.green, back.green), mix(front.blue, back.blue)};
}

/// The disc before a plain backdrop, its edge soft as a lens makes it.
Image disc_on(Color backdrop) {
    return make_image({140, 90}, Channels::rgb, [backdrop](int x, int y) {
        return mixed(kObject, backdrop, disc_cover(x, y));
    });
}

Mask to_mask(const Image& image) {
    return make_mask(image.size(), [&](int x, int y) { return image.row(y)[x]; });
}

/// Largest difference of any channel, but for those that a mask's rounding explains.
int largest_difference(const Image& a, const Image& b) { return imaging::compare(a, b).largest; }

class CutoutTest : public ProviderTest {
protected:
    CutoutTest() { write_png_reference(file("disc.png"), disc_on(kBackdrop)); }

    [[nodiscard]] ProcessResult edit(const Arguments& added) const {
        Arguments arguments{"--image", "disc.png", "--prompt", "", "--edit-target", "background"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call("object_select_edit", arguments);
    }

    [[nodiscard]] ProcessResult cut_out(Arguments added) const {
        added.insert(added.end(), {"--provider", "local"});
        return edit(added);
    }

    /// The result of a run with --print-json.
    [[nodiscard]] Image result_of(const ProcessResult& run) const {
        expect_success(run);
        const Json json = Json::parse(run.out);
        return read_png_reference(file(json.at("result").at("downloaded")));
    }

    [[nodiscard]] Mask mask_of(const ProcessResult& run) const {
        return to_mask(read_png_reference(file(Json::parse(run.out).at("mask"))));
    }
};

/// A cut-out made elsewhere: its colours are the object's own, and its alpha is the mask.
TEST_F(CutoutTest, ACutOutKeepsItsSoftEdge) {
    const Image object = make_image({140, 90}, Channels::rgba, [](int x, int y) {
        Color color = kObject;
        color.alpha = static_cast<std::uint8_t>(std::lround(255 * disc_cover(x, y)));
        return color;
    });
    write_png_reference(file("disc.png"), object);
    const Image transparent = result_of(cut_out({"--fill", "transparent", "--print-json"}));
    for (int x = 0; x < 140; ++x) {
        EXPECT_EQ(transparent.row(45)[4 * x + 3], object.row(45)[4 * x + 3]) << x;
    }
    const Image white = to_rgb(result_of(cut_out({"--fill", "white", "--print-json"})));
    EXPECT_LE(largest_difference(white, disc_on({255, 255, 255})), 2);
}

TEST_F(CutoutTest, NewBackgroundsShowNothingOfTheOldOne) {
    for (const auto& [fill, color] :
         {std::pair{"white", Color{255, 255, 255}}, std::pair{"black", Color{0, 0, 0}},
          std::pair{"#FF00FF", Color{255, 0, 255}}}) {
        SCOPED_TRACE(fill);
        const ProcessResult run = cut_out({"--fill", fill, "--print-json"});
        const Image result = result_of(run);
        EXPECT_LE(largest_difference(result, disc_on(color)), 24);
        EXPECT_EQ(imaging::compare_kept(disc_on(kBackdrop), result, mask_of(run)).changed_pixels,
                  0);
    }
}

TEST_F(CutoutTest, TransparentCutOutsHaveTheObjectsColoursAtTheEdge) {
    const Image result = result_of(cut_out({"--fill", "transparent", "--print-json"}));
    ASSERT_EQ(result.channels(), Channels::rgba);
    int soft = 0;
    for (int y = 0; y < result.height(); ++y) {
        for (int x = 0; x < result.width(); ++x) {
            const std::uint8_t* pixel = result.row(y) + 4 * x;
            if (pixel[3] < 64 || pixel[3] == 255) {
                continue;
            }
            ++soft;
            EXPECT_NEAR(pixel[0], kObject.red, 24);
            EXPECT_NEAR(pixel[1], kObject.green, 24);
            EXPECT_NEAR(pixel[2], kObject.blue, 24);
        }
    }
    EXPECT_GT(soft, 50);
}

TEST_F(CutoutTest, TrimCutsTheResultToTheObject) {
    const Image trimmed = result_of(cut_out({"--trim", "--print-json"}));
    EXPECT_NEAR(trimmed.width(), 61, 1);
    EXPECT_NEAR(trimmed.height(), 61, 1);
    const Image padded = result_of(cut_out({"--trim", "--padding", "10", "--print-json"}));
    EXPECT_EQ(padded.width(), trimmed.width() + 20);
    EXPECT_EQ(padded.height(), trimmed.height() + 20);
}

TEST_F(CutoutTest, CanvasCentresTheObject) {
    const ProcessResult run =
        cut_out({"--canvas", "200x300", "--padding", "70", "--fill", "white", "--print-json"});
    const Image result = result_of(run);
    EXPECT_EQ(result.size(), (Size{200, 300}));
    const std::uint8_t* middle = result.row(150) + 3 * 100;
    EXPECT_NEAR(middle[0], kObject.red, 3);
    EXPECT_EQ(result.row(60)[3 * 100], 255);
    EXPECT_EQ(run.err.find("NOTE: the object was enlarged"), std::string::npos);

    const ProcessResult enlarged = cut_out({"--canvas", "400x400", "--print-json"});
    EXPECT_EQ(result_of(enlarged).size(), (Size{400, 400}));
    EXPECT_NE(enlarged.err.find("NOTE: the object was enlarged 5."), std::string::npos)
        << enlarged.err;
}

TEST_F(CutoutTest, PaddingThatLeavesNoRoomIsRefused) {
    expect_error_line(cut_out({"--canvas", "100x100", "--padding", "50", "--quiet"}),
                      "^ERROR: padding of 50 pixels leaves no room on a canvas of 100x100");
}

TEST_F(CutoutTest, PaddingAloneIsPointedOut) {
    const ProcessResult result = cut_out({"--padding", "5"});
    expect_success(result);
    EXPECT_NE(result.err.find("WARN: --padding has no effect without --trim or --canvas\n"),
              std::string::npos)
        << result.err;
}

TEST_F(CutoutTest, ShadowsAreKeptWhereTheBackdropsLightIsKnown) {
    expect_success(cut_out({"--shadow", "keep"}));
    expect_error_line(
        cut_out({"--shadow", "keep", "--selection-mode", "corner-bg"}),
        "^ERROR: --shadow keep needs to know the backdrop's light, and the mask was made by "
        "corner-bg");
}

TEST_F(CutoutTest, WhatIsNoCutOutIsRefusedBeforeAnythingIsSentOrWritten) {
    const std::string reason =
        " is for cut-outs: it needs --edit-target background, --provider local and --fill white, "
        "black, a colour, transparent or blur";
    expect_failure(edit({"--provider", "zeta", "--model", "m", "--trim"}),
                   "ERROR: --trim" + reason);
    expect_failure(edit({"--provider", "zeta", "--model", "m", "--shadow", "keep"}),
                   "ERROR: --shadow keep" + reason);
    expect_failure(cut_out({"--canvas", "200x200", "--edit-target", "object"}),
                   "ERROR: --canvas" + reason);
    expect_failure(cut_out({"--canvas", "200x200", "--fill", "inpaint"}),
                   "ERROR: --canvas" + reason);
    EXPECT_TRUE(requests().empty());
    EXPECT_EQ(new_files(), std::vector<std::string>{"disc.png"});
}

TEST_F(CutoutTest, ProvidersBackgroundsMeetTheObjectsOwnColours) {
    const Color painted{255, 0, 255};
    write_png_reference(file("painted.png"),
                        make_image({140, 90}, Channels::rgb, [&](int, int) { return painted; }));
    const std::string content = content_of(file("painted.png"));
    reply_with(
        {{"data", {{{"b64_json", transport::encode_base64(std::as_bytes(std::span(content)))}}}}});
    const ProcessResult run =
        edit({"--provider", "zeta", "--model", "m", "--print-json", "--prompt", "a beach"});
    const Image result = result_of(run);
    EXPECT_LE(largest_difference(result, disc_on(painted)), 24);
    EXPECT_EQ(imaging::compare_kept(disc_on(kBackdrop), result, mask_of(run)).changed_pixels, 0);
}

}  // namespace
}  // namespace editprep::testing
