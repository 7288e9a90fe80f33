#include "tools/outpaint_image/outpaint_image.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "parse_support.hpp"
#include "tools/outpaint_image/canvas_plan.hpp"

namespace editprep::tools::outpaint_image {
namespace {

using imaging::CanvasFill;
using imaging::Margins;

TEST(OutpaintImageParse, Defaults) {
    const Options options = parse({"--image", "a.png"});
    EXPECT_EQ(options.prompt, "");
    EXPECT_EQ(options.expand, 0);
    EXPECT_EQ(options.sides, Margins{});
    EXPECT_EQ(options.mode, CanvasFill::transparent);
    EXPECT_EQ(options.background, "#00000000");
    EXPECT_EQ(options.blur_sigma_px, 24);
    EXPECT_EQ(options.work_dir, std::nullopt);
    EXPECT_EQ(options.mask_out, std::nullopt);
    EXPECT_FALSE(options.prepare_only);
    EXPECT_EQ(options.settings.edit.prefix, "outpaint");
}

TEST(OutpaintImageParse, NegativeMarginsNeedNoEqualsSign) {
    EXPECT_EQ(parse({"--image", "a.png", "--left", "-10", "--top=-2"}).sides,
              (Margins{.left = -10, .right = 0, .top = -2, .bottom = 0}));
}

TEST(OutpaintImageParse, EveryMode) {
    for (const auto mode :
         {CanvasFill::transparent, CanvasFill::blur, CanvasFill::solid, CanvasFill::mirror}) {
        EXPECT_EQ(parse({"--image", "a.png", "--mode", name_of(mode)}).mode, mode);
    }
    EXPECT_EQ(refusal(parse, {"--image", "a.png", "--mode", "wrap"}),
              "argument --mode: invalid choice: 'wrap' (choose from transparent, blur, solid, "
              "mirror)");
}

TEST(OutpaintImageParse, BlurRadiusIsAWholeNumber) {
    EXPECT_TRUE(refusal(parse, {"--image", "a.png", "--blur-radius", "2.5"}).has_value());
}

TEST(PlanCanvas, ExpandIsAddedToEverySide) {
    Options options;
    options.expand = 5;
    options.sides = {.left = 10, .right = -7, .top = 0, .bottom = 1};
    EXPECT_EQ(plan_canvas(options).margins,
              (Margins{.left = 15, .right = -2, .top = 5, .bottom = 6}));
}

TEST(PlanCanvas, AllSumsZeroIsRefused) {
    Options options;
    EXPECT_THROW(static_cast<void>(plan_canvas(options)), Failure);
    options.expand = 3;
    options.sides = {-3, -3, -3, -3};
    EXPECT_THROW(static_cast<void>(plan_canvas(options)), Failure);
}

TEST(PlanCanvas, ColourIsReadOnlyForASolidCanvas) {
    Options options;
    options.expand = 1;
    options.background = "red";
    EXPECT_NO_THROW(static_cast<void>(plan_canvas(options)));
    options.mode = CanvasFill::solid;
    EXPECT_THROW(static_cast<void>(plan_canvas(options)), Failure);
    options.background = " #01020304 ";
    EXPECT_EQ(plan_canvas(options).color, (imaging::Color{1, 2, 3, 4}));
}

TEST(PlanCanvas, SumsAreNeitherCutNorWrapped) {
    constexpr int kLargest = std::numeric_limits<int>::max();
    Options options;
    options.expand = kLargest;
    options.sides = {.left = -kLargest, .right = -1, .top = 0, .bottom = -2};
    EXPECT_EQ(plan_canvas(options).margins,
              (Margins{.left = 0, .right = kLargest - 1, .top = kLargest, .bottom = kLargest - 2}));
    options.sides.top = 1;
    EXPECT_THROW(static_cast<void>(plan_canvas(options)), Failure);
    options.expand = -2;
    options.sides = {.left = 0, .right = 0, .top = 0, .bottom = -kLargest};
    EXPECT_THROW(static_cast<void>(plan_canvas(options)), Failure);
}

}  // namespace
}  // namespace editprep::tools::outpaint_image
