#include "tools/prepare_object_mask/prepare_object_mask.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "parse_support.hpp"

namespace editprep::tools::prepare_object_mask {
namespace {

using imaging::SelectionMode;

TEST(PrepareObjectMaskParse, Defaults) {
    const Options options = parse({"--image", "a.png"});
    EXPECT_EQ(options.images, std::vector<std::string>{"a.png"});
    EXPECT_EQ(options.mask.selection.values.mode, SelectionMode::corner_bg);
    EXPECT_EQ(options.mask.selection.values.threshold, 40);
    EXPECT_EQ(options.mask.selection.values.sample_size, 8);
    EXPECT_EQ(options.mask.plan.edges.expand_px, 0);
    EXPECT_EQ(options.mask.plan.edges.shrink_px, 0);
    EXPECT_EQ(options.mask.plan.edges.feather_sigma_px, 4.0);
    EXPECT_FALSE(options.mask.plan.invert);
    EXPECT_TRUE(options.mask.selection.object_points.empty());
    EXPECT_EQ(options.mask.selection.min_confidence, std::nullopt);
    EXPECT_FALSE(options.print_json);
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
    EXPECT_EQ(options.mask.selection.values.mode, SelectionMode::alpha);
    EXPECT_EQ(options.mask.selection.values.threshold, -3);
    EXPECT_EQ(options.mask.selection.values.sample_size, 5);
    EXPECT_TRUE(options.mask.plan.invert);
    EXPECT_EQ(options.mask.plan.edges.expand_px, 2);
    EXPECT_EQ(options.mask.plan.edges.shrink_px, 1);
    EXPECT_EQ(options.mask.plan.edges.feather_sigma_px, 3.5);
    EXPECT_EQ(options.out, "m.png");
    EXPECT_EQ(options.output.preview, "p.png");
    EXPECT_EQ(options.output.rule(), imaging::Overwrite::always);
    EXPECT_TRUE(options.output.quiet);
}

TEST(PrepareObjectMaskParse, SoftMasksAreFeatheredOnlyWhenAskedFor) {
    const auto feather = [](const Words& added) {
        Words words{"--image", "a.png"};
        words.insert(words.end(), added.begin(), added.end());
        return parse(words).mask.plan.edges.feather_sigma_px;
    };
    EXPECT_EQ(feather({"--mode", "alpha"}), 4.0);
    EXPECT_EQ(feather({"--mode", "corner-bg"}), 4.0);
    EXPECT_EQ(feather({"--mode", "backdrop"}), 0.0);
    EXPECT_EQ(feather({"--mode", "auto"}), 0.0);
    EXPECT_EQ(feather({"--mode", "auto", "--feather", "4"}), 4.0);
    EXPECT_EQ(feather({"--hard"}), 0.0);
    EXPECT_EQ(feather({"--hard", "--feather", "2"}), 2.0);
}

TEST(PrepareObjectMaskParse, HintsMeetThePictureLater) {
    const SelectionGroup selection =
        parse({"--image", "a.png", "--point", "3:4", "--point", "50%:100%", "--background-point",
               " 2.9 : 12.5% ", "--box", "1:2:3:4", "--keep-largest", "--fill-holes", "--hard",
               "--threads", "2", "--mode", "auto", "--min-confidence", "0.75"})
            .mask.selection;
    EXPECT_EQ(selection.min_confidence, 0.75);
    const imaging::SelectionOptions options = selection.for_picture({80, 60});
    EXPECT_EQ(options.object_points, (std::vector<imaging::Point>{{3, 4}, {40, 59}}));
    EXPECT_EQ(options.background_points, (std::vector<imaging::Point>{{2, 7}}));
    // Both corners belong to a region.
    EXPECT_EQ(options.box, (imaging::Rect{1, 2, 5, 7}));
    EXPECT_TRUE(options.keep_largest);
    EXPECT_TRUE(options.fill_holes);
    EXPECT_TRUE(options.hard);
    EXPECT_EQ(options.threads, 2);
}

TEST(PrepareObjectMaskParse, BoxesInEveryFormThatIsARectangle) {
    const auto box = [](const std::string& text) {
        return parse({"--image", "a.png", "--box", text}).mask.selection.for_picture({80, 60}).box;
    };
    EXPECT_EQ(box("rect:1:2:3:4"), (imaging::Rect{1, 2, 5, 7}));
    EXPECT_EQ(box("box:1:2:3:4"), (imaging::Rect{1, 2, 4, 5}));
    EXPECT_EQ(box("rect-pct:50:50:25:50"), (imaging::Rect{40, 30, 61, 60}));
    EXPECT_EQ(box("50%:50%:25%:50%"), (imaging::Rect{40, 30, 61, 60}));
    EXPECT_EQ(box("-5:-5:20:20000"), (imaging::Rect{0, 0, 16, 60}));
}

TEST(PrepareObjectMaskParse, PointsOutsideKeepTheirPlace) {
    const auto points = parse({"--image", "a.png", "--point", "-3:1e300"})
                            .mask.selection.for_picture({80, 60})
                            .object_points;
    ASSERT_EQ(points.size(), 1U);
    EXPECT_EQ(points[0].x, -3);
    EXPECT_GT(points[0].y, 60);
}

TEST(PrepareObjectMaskParse, HintsThatCannotBeUnderstood) {
    for (const char* text :
         {"", "5", "5:", ":5", "5:6:7", "a:b", "50%:101%", "-1%:5%", "nan:1", "1:inf", "5%%:1"}) {
        const auto reason = refusal(parse, {"--image", "a", "--point", text});
        ASSERT_TRUE(reason.has_value()) << text;
        EXPECT_TRUE(reason->starts_with("argument --point: invalid point: '")) << *reason;
    }
    for (const char* text :
         {"", "1:2:3", "1:2:3:4:5", "ellipse:1:2:3:4", "x:1:2:3:4", "1%:2:3:4"}) {
        const auto reason = refusal(parse, {"--image", "a", "--box", text});
        ASSERT_TRUE(reason.has_value()) << text;
        EXPECT_TRUE(reason->starts_with("argument --box: invalid box: '")) << *reason;
    }
    for (const char* text : {"-0.1", "1.1", "high", ""}) {
        EXPECT_TRUE(refusal(parse, {"--image", "a", "--mode", "auto", "--min-confidence", text}))
            << text;
    }
    EXPECT_EQ(refusal(parse, {"--image", "a", "--threads", "-1"}),
              "argument --threads: it must not be negative");
}

TEST(PrepareObjectMaskParse, CornerColourHasNoConfidence) {
    const std::string reason =
        "argument --min-confidence: not allowed with --mode corner-bg, which makes no judgement";
    EXPECT_EQ(refusal(parse, {"--image", "a", "--min-confidence", "0.5"}), reason);
    EXPECT_EQ(refusal(parse, {"--image", "a", "--mode", "corner-bg", "--min-confidence", "0.5"}),
              reason);
    EXPECT_EQ(refusal(parse, {"--image", "a", "--mode", "alpha", "--min-confidence", "0.5"}),
              std::nullopt);
}

TEST(PrepareObjectMaskParse, AbbreviationsOfTheOlderCommandStayUnambiguous) {
    // --overwrite begins with an o, too, and --image shared its i with --invert before.
    EXPECT_EQ(parse({"--im", "a.png", "--o", "m.png"}).out, "m.png");
    EXPECT_EQ(parse({"--im", "a.png", "--th", "7", "--m", "alpha", "--f", "1"})
                  .mask.selection.values.threshold,
              7);
    EXPECT_EQ(refusal(parse, {"--i", "a.png"}),
              "ambiguous option: --i could match --image, --invert");
}

TEST(PrepareObjectMaskParse, Refusals) {
    EXPECT_EQ(refusal(parse, {}), "the following arguments are required: --image (or FILE)");
    EXPECT_EQ(refusal(parse, {"--image", "a", "--mode", "edge"}),
              "argument --mode: invalid choice: 'edge' (choose from alpha, corner-bg, "
              "backdrop, auto)");
    EXPECT_EQ(refusal(parse, {"--image", "a", "--threshold", "4.5"}),
              "argument --threshold: invalid int value: '4.5'");
    EXPECT_EQ(refusal(parse, {"--image", "a", "--feather", "inf"}),
              "argument --feather: invalid float value: 'inf'");
}

}  // namespace
}  // namespace editprep::tools::prepare_object_mask
