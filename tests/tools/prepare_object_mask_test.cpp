#include "tools/prepare_object_mask/prepare_object_mask.hpp"

#include <gtest/gtest.h>

#include "parse_support.hpp"

namespace editprep::tools::prepare_object_mask {
namespace {

using imaging::SelectionMode;

TEST(PrepareObjectMaskParse, Defaults) {
    const Options options = parse({"--image", "a.png"});
    EXPECT_EQ(options.image, "a.png");
    EXPECT_EQ(options.mask.selection.mode, SelectionMode::corner_bg);
    EXPECT_EQ(options.mask.selection.threshold, 40);
    EXPECT_EQ(options.mask.selection.sample_size, 8);
    EXPECT_EQ(options.mask.edges.expand_px, 0);
    EXPECT_EQ(options.mask.edges.shrink_px, 0);
    EXPECT_EQ(options.mask.edges.feather_sigma_px, 4.0);
    EXPECT_FALSE(options.mask.invert);
    EXPECT_EQ(options.out, std::nullopt);
    EXPECT_EQ(options.output.preview, std::nullopt);
    EXPECT_EQ(options.output.rule(), imaging::Overwrite::own_files);
}

TEST(PrepareObjectMaskParse, EveryOption) {
    const Options options =
        parse({"--image=a.png", "--mode",    "alpha",     "--threshold", "-3",
               "--sample-size", "5",         "--invert",  "--expand",    "2",
               "--shrink",      "1",         "--feather", "3.5",         "--out",
               "m.png",         "--preview", "p.png",     "--overwrite", "--quiet"});
    EXPECT_EQ(options.mask.selection.mode, SelectionMode::alpha);
    EXPECT_EQ(options.mask.selection.threshold, -3);
    EXPECT_EQ(options.mask.selection.sample_size, 5);
    EXPECT_TRUE(options.mask.invert);
    EXPECT_EQ(options.mask.edges.expand_px, 2);
    EXPECT_EQ(options.mask.edges.shrink_px, 1);
    EXPECT_EQ(options.mask.edges.feather_sigma_px, 3.5);
    EXPECT_EQ(options.out, "m.png");
    EXPECT_EQ(options.output.preview, "p.png");
    EXPECT_EQ(options.output.rule(), imaging::Overwrite::always);
    EXPECT_TRUE(options.output.quiet);
}

TEST(PrepareObjectMaskParse, AbbreviationsOfTheOlderCommandStayUnambiguous) {
    // --overwrite begins with an o, too, and --image shared its i with --invert before.
    EXPECT_EQ(parse({"--im", "a.png", "--o", "m.png"}).out, "m.png");
    EXPECT_EQ(refusal(parse, {"--i", "a.png"}),
              "ambiguous option: --i could match --image, --invert");
}

TEST(PrepareObjectMaskParse, Refusals) {
    EXPECT_EQ(refusal(parse, {}), "the following arguments are required: --image");
    EXPECT_EQ(refusal(parse, {"--image", "a", "--mode", "edge"}),
              "argument --mode: invalid choice: 'edge' (choose from alpha, corner-bg, auto)");
    EXPECT_EQ(refusal(parse, {"--image", "a", "--threshold", "4.5"}),
              "argument --threshold: invalid int value: '4.5'");
    EXPECT_EQ(refusal(parse, {"--image", "a", "--feather", "inf"}),
              "argument --feather: invalid float value: 'inf'");
}

}  // namespace
}  // namespace editprep::tools::prepare_object_mask
