#include "tools/mask_inpaint/mask_inpaint.hpp"

#include <gtest/gtest.h>

#include "parse_support.hpp"

namespace editprep::tools::mask_inpaint {
namespace {

using imaging::RegionForm;
using imaging::RegionShape;

Words with(const Words& added) {
    Words words{"--image", "a.png", "--prompt", "p"};
    words.insert(words.end(), added.begin(), added.end());
    return words;
}

TEST(MaskInpaintParse, Defaults) {
    const Options options = parse(with({}));
    EXPECT_EQ(options.image, "a.png");
    EXPECT_EQ(options.prompt, "p");
    EXPECT_EQ(options.mask, std::nullopt);
    EXPECT_TRUE(options.regions.empty());
    EXPECT_EQ(options.edges.feather_sigma_px, 8);
    EXPECT_FALSE(options.invert);
    EXPECT_FALSE(options.mask_only);
    EXPECT_EQ(options.mask_dir, std::nullopt);
    EXPECT_EQ(options.settings.edit.prefix, "inpaint");
    EXPECT_EQ(options.settings.edit.out_dir, std::nullopt);
    EXPECT_FALSE(options.settings.edit.print_json);
    EXPECT_FALSE(options.settings.edit.no_download);
    EXPECT_FALSE(options.settings.edit.fill.has_value());
}

TEST(MaskInpaintParse, RegionsAppendInOrder) {
    EXPECT_EQ(parse(with({"--region", "b", "--region=a"})).regions,
              (std::vector<std::string>{"b", "a"}));
}

TEST(MaskInpaintParse, EmptyMaskCountsAsNone) {
    EXPECT_EQ(parse(with({"--mask", ""})).mask, std::nullopt);
}

TEST(MaskInpaintParse, FocusPaddingIsPixelsOrAShare) {
    EXPECT_FALSE(parse(with({})).settings.edit.focus);
    const auto padding = [](const char* text) {
        return parse(with({"--focus", "--focus-padding", text})).settings.edit.focus_padding;
    };
    ASSERT_TRUE(padding("80"));
    EXPECT_EQ(padding("80")->pixels, 80);
    EXPECT_EQ(padding("0")->pixels, 0);
    EXPECT_EQ(padding("12.5%")->pixels, std::nullopt);
    EXPECT_EQ(padding("12.5%")->percent, 12.5);
    EXPECT_THROW((void)parse(with({"--focus", "--no-composite"})), UsageError);
    EXPECT_THROW((void)parse(with({"--no-composite", "--focus"})), UsageError);
}

TEST(MaskInpaintParse, FillIsReadHere) {
    const Options options = parse(with({"--fill", "#10203040"}));
    ASSERT_TRUE(options.settings.edit.fill.has_value());
    EXPECT_EQ(options.settings.edit.fill->kind, imaging::FillKind::solid);
    EXPECT_EQ(options.settings.edit.fill->color, (imaging::Color{0x10, 0x20, 0x30, 0x40}));
}

TEST(MaskInpaintParse, Refusals) {
    EXPECT_EQ(refusal(parse, {}), "the following arguments are required: --image, --prompt");
    EXPECT_EQ(refusal(parse, with({"--feather", "4.5"})),
              "argument --feather: invalid int value: '4.5'");
    EXPECT_EQ(refusal(parse, with({"--x", "0x10"})), "argument --x: invalid int value: '0x10'");
    EXPECT_EQ(refusal(parse, with({"--ma", "m.png"})),
              "ambiguous option: --ma could match --mask, --mask-only, --mask-dir");
    EXPECT_EQ(refusal(parse, with({"--timeout", "5"})), "unrecognized argument: --timeout");
    EXPECT_TRUE(refusal(parse, with({"--fill", "plaid"})).has_value());
}

TEST(MaskInpaintParse, NewOptionsLeaveOldAbbreviationsAlone) {
    // --fill shares its f with --feather, --overwrite its o with --out-dir.
    EXPECT_EQ(parse(with({"--f", "2"})).edges.feather_sigma_px, 2);
    EXPECT_EQ(parse(with({"--o", "d"})).settings.edit.out_dir, "d");
    EXPECT_EQ(parse(with({"--pre", "q"})).settings.edit.prefix, "q");
}

SingleRegion sized(int x, int y, int width, int height) {
    return {.x = x, .y = y, .width = width, .height = height, .x2 = {}, .y2 = {}};
}

SingleRegion cornered(int x, int y, int x2, int y2) {
    return {.x = x, .y = y, .width = {}, .height = {}, .x2 = x2, .y2 = y2};
}

TEST(SingleRegionTest, NothingGivenIsNoRegion) {
    EXPECT_FALSE(SingleRegion{}.region().has_value());
}

TEST(SingleRegionTest, OriginAndSize) {
    SingleRegion given = sized(4, -5, 20, 10);
    auto region = given.region();
    ASSERT_TRUE(region.has_value());
    EXPECT_EQ(region->shape, RegionShape::rectangle);
    EXPECT_EQ(region->form, RegionForm::origin_and_size);
    EXPECT_EQ(region->label, "rect:[4, -5, 20, 10]");
    given.ellipse = true;
    region = given.region();
    EXPECT_EQ(region->shape, RegionShape::ellipse);
    EXPECT_EQ(region->label, "ellipse:[4, -5, 20, 10]");
}

TEST(SingleRegionTest, Corners) {
    SingleRegion given = cornered(4, 5, 24, 15);
    auto region = given.region();
    ASSERT_TRUE(region.has_value());
    EXPECT_EQ(region->form, RegionForm::corners);
    EXPECT_EQ(region->label, "box:[4, 5, 24, 15]");
    given.ellipse = true;
    region = given.region();
    EXPECT_EQ(region->shape, RegionShape::ellipse);
    EXPECT_EQ(region->numbers, (std::array<double, 4>{4, 5, 20, 10}));
}

TEST(SingleRegionTest, EllipseMayBeWiderThanAnInteger) {
    SingleRegion given = cornered(-2147483647, 5, 2147483647, 15);
    given.ellipse = true;
    EXPECT_EQ(given.region()->numbers, (std::array<double, 4>{-2147483647, 5, 4294967294, 10}));
}

TEST(SingleRegionTest, SizeWinsOverCorners) {
    SingleRegion given = cornered(4, 5, 24, 15);
    given.width = 3;
    EXPECT_EQ(given.region()->label, "box:[4, 5, 24, 15]");
    given.height = 3;
    EXPECT_EQ(given.region()->label, "rect:[4, 5, 3, 3]");
}

}  // namespace
}  // namespace editprep::tools::mask_inpaint
