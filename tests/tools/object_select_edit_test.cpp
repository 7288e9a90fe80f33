#include "tools/object_select_edit/object_select_edit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "parse_support.hpp"

namespace editprep::tools::object_select_edit {
namespace {

using imaging::SelectionMode;

imaging::Mask mask_of(const imaging::Rect& object) {
    imaging::Mask mask({100, 100}, 0);
    for (int y = object.top; y < object.bottom; ++y) {
        std::fill(mask.row(y) + object.left, mask.row(y) + object.right, std::uint8_t{255});
    }
    return mask;
}

Words with(const Words& added) {
    Words words{"--image", "a.png", "--prompt", "p"};
    words.insert(words.end(), added.begin(), added.end());
    return words;
}

TEST(ObjectSelectEditParse, Defaults) {
    const Options options = parse(with({}));
    EXPECT_EQ(options.selection.values.mode, SelectionMode::automatic);
    EXPECT_EQ(options.selection.values.threshold, 40);
    EXPECT_EQ(options.selection.values.sample_size, 8);
    EXPECT_EQ(options.target, EditTarget::object);
    EXPECT_EQ(options.edges.feather_sigma_px, 8.0);
    EXPECT_EQ(options.settings.edit.prefix, "object-edit");
    EXPECT_EQ(options.mask_dir, std::nullopt);
    EXPECT_FALSE(options.prepare_only);
}

TEST(ObjectSelectEditParse, EveryOptionOfItsOwn) {
    const Options options = parse(with({"--selection-mode",
                                        "corner-bg",
                                        "--edit-target",
                                        "background",
                                        "--threshold",
                                        "9",
                                        "--sample-size",
                                        "3",
                                        "--expand",
                                        "2",
                                        "--shrink",
                                        "1",
                                        "--feather",
                                        "0.5",
                                        "--mask-dir",
                                        "m",
                                        "--prepare-only",
                                        "--provider",
                                        "local",
                                        "--model",
                                        "x",
                                        "--endpoint",
                                        "e",
                                        "--config",
                                        "c"}));
    EXPECT_EQ(options.selection.values.mode, SelectionMode::corner_bg);
    EXPECT_EQ(options.target, EditTarget::background);
    EXPECT_EQ(options.selection.values.threshold, 9);
    EXPECT_EQ(options.selection.values.sample_size, 3);
    EXPECT_EQ(options.edges.expand_px, 2);
    EXPECT_EQ(options.edges.shrink_px, 1);
    EXPECT_EQ(options.edges.feather_sigma_px, 0.5);
    EXPECT_EQ(options.mask_dir, "m");
    EXPECT_TRUE(options.prepare_only);
    EXPECT_EQ(options.settings.edit.provider, "local");
    EXPECT_EQ(options.settings.edit.model, "x");
    EXPECT_EQ(options.settings.edit.endpoint, "e");
    EXPECT_EQ(options.settings.edit.config, "c");
}

TEST(ObjectSelectEditParse, FeatherDependsOnModeAndTarget) {
    const auto feather = [](const Words& added) {
        return parse(with(added)).edges.feather_sigma_px;
    };
    EXPECT_EQ(feather({"--edit-target", "background"}), 0.0);
    EXPECT_EQ(feather({"--edit-target", "background", "--selection-mode", "backdrop"}), 0.0);
    EXPECT_EQ(feather({"--edit-target", "background", "--selection-mode", "corner-bg"}), 8.0);
    EXPECT_EQ(feather({"--edit-target", "background", "--selection-mode", "alpha"}), 8.0);
    EXPECT_EQ(feather({"--selection-mode", "backdrop"}), 8.0);
    EXPECT_EQ(feather({"--hard"}), 0.0);
    EXPECT_EQ(feather({"--hard", "--feather", "3"}), 3.0);
}

TEST(ObjectSelectEditParse, CutOuts) {
    using Unit = imaging::Padding::Unit;
    const CutoutGroup none = parse(with({})).cutout;
    EXPECT_EQ(none.first_given(), "");
    EXPECT_FALSE(none.moves_object());
    const CutoutGroup all =
        parse(with({"--shadow", "keep", "--trim", "--canvas", "2000x1500", "--padding", "7.5%"}))
            .cutout;
    EXPECT_EQ(all.shadow, ShadowUse::keep);
    EXPECT_TRUE(all.trim);
    EXPECT_EQ(all.canvas, (imaging::Size{2000, 1500}));
    EXPECT_EQ(all.padding, (imaging::Padding{7.5, Unit::percent}));
    EXPECT_EQ(parse(with({"--trim", "--padding", "40"})).cutout.padding,
              (imaging::Padding{40, Unit::pixels}));
}

TEST(ObjectSelectEditParse, CanvasesHaveAirAroundTheObjectByThemselves) {
    const imaging::Mask object = mask_of({10, 20, 40, 80});
    CutoutGroup cutout;
    cutout.trim = true;
    EXPECT_EQ(cutout.plan(object, {}).canvas, (imaging::Size{30, 60}));
    cutout.canvas = imaging::Size{200, 200};
    EXPECT_EQ(cutout.plan(object, {}).canvas, (imaging::Size{200, 200}));
    EXPECT_NEAR(cutout.plan(object, {}).scale, 3.0, 0.05);
}

TEST(ObjectSelectEditParse, ATrimmedPictureKeepsTheShadowACanvasIsCentredOnTheObject) {
    const imaging::Mask object = mask_of({10, 20, 40, 80});
    const imaging::Mask shadow = mask_of({30, 70, 90, 90});
    CutoutGroup cutout;
    cutout.trim = true;
    EXPECT_EQ(cutout.plan(object, shadow).canvas, (imaging::Size{80, 70}));
    cutout.canvas = imaging::Size{200, 200};
    EXPECT_EQ(cutout.plan(object, shadow).target, cutout.plan(object, {}).target);
}

TEST(ObjectSelectEditParse, CutOutsThatCannotBeUnderstood) {
    for (const char* text : {"", "2000", "2000x", "x5", "0x5", "5x-1", "5x5x5", "axb"}) {
        EXPECT_EQ(refusal(parse, with({"--canvas", text})),
                  "argument --canvas: invalid size: '" + std::string(text) +
                      "' (expected WIDTHxHEIGHT in pixels, such as 2000x2000)");
    }
    for (const char* text : {"", "much", "-4", "5%%"}) {
        EXPECT_EQ(refusal(parse, with({"--padding", text})),
                  "argument --padding: invalid padding: '" + std::string(text) +
                      "' (expected pixels or percent, such as 40 or 5%)");
    }
    EXPECT_TRUE(refusal(parse, with({"--shadow", "soft"})).has_value());
}

TEST(ObjectSelectEditParse, NewOptionsLeaveOldAbbreviationsAlone) {
    // --shadow shares its sh with --shrink, --canvas its c with --config, --threads its th.
    EXPECT_EQ(parse(with({"--sh", "2"})).edges.shrink_px, 2);
    EXPECT_EQ(parse(with({"--c", "x"})).settings.edit.config, "x");
    EXPECT_EQ(parse(with({"--th", "9"})).selection.values.threshold, 9);
}

TEST(ObjectSelectEditParse, Refusals) {
    EXPECT_EQ(refusal(parse, {"--image", "a.png"}),
              "the following arguments are required: --prompt");
    EXPECT_EQ(refusal(parse, with({"--edit-target", "sky"})),
              "argument --edit-target: invalid choice: 'sky' (choose from object, background)");
    EXPECT_EQ(refusal(parse, with({"--invert"})), "unrecognized argument: --invert");
}

}  // namespace
}  // namespace editprep::tools::object_select_edit
