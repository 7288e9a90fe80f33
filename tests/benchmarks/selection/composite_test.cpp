#include "composite.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace editprep::benchmarks {
namespace {

using ::testing::Gt;
using ::testing::Lt;

TEST(DrawComposite, GivesTheSamePictureEveryTime) {
    const Composite first = draw_composite("thin", 1, SetSize::small);
    const Composite again = draw_composite("thin", 1, SetSize::small);
    EXPECT_EQ(first.name, "thin_01");
    EXPECT_EQ(first.file, again.file);
    EXPECT_EQ(first.truth, again.truth);
}

TEST(DrawComposite, SharesNoPictureBetweenSets) {
    const Composite small = draw_composite("chroma", 0, SetSize::small);
    const Composite large = draw_composite("chroma", 0, SetSize::large);
    EXPECT_NE(small.file, large.file);
    EXPECT_NE(draw_composite("chroma", 1, SetSize::small).file, small.file);
}

TEST(DrawComposite, DrawsOtherPicturesInEverySeries) {
    const Composite known = draw_composite("chroma", 0, SetSize::small);
    EXPECT_EQ(draw_composite("chroma", 0, SetSize::small, 0).file, known.file);
    EXPECT_NE(draw_composite("chroma", 0, SetSize::small, 1).file, known.file);
}

TEST(DrawComposite, KnowsTheCoverOfEveryPixel) {
    for (const std::string_view name : kClasses) {
        if (name == "high_resolution") {
            continue;
        }
        const Composite composite = draw_composite(name, 2, SetSize::small);
        EXPECT_EQ(imaging::probe_image(composite.file, name).size, composite.truth.size()) << name;
        const double cover = imaging::coverage_fraction(composite.truth);
        EXPECT_THAT(cover, Gt(0.005)) << name;
        EXPECT_THAT(cover, Lt(0.95)) << name;
    }
}

TEST(DrawComposite, LetsGlassCoverInPart) {
    const imaging::Mask truth = draw_composite("glass", 0, SetSize::small).truth;
    const auto partial =
        std::ranges::count_if(truth.bytes(), [](int value) { return value > 20 && value < 235; });
    EXPECT_THAT(partial, Gt(truth.size().area() / 50));
}

TEST(DrawComposite, LetsObjectsTouchTheFrame) {
    const imaging::Mask truth = draw_composite("border", 0, SetSize::small).truth;
    const imaging::Rect box = imaging::selected_bounds(truth);
    EXPECT_TRUE(box.left == 0 || box.top == 0 || box.right == truth.width() ||
                box.bottom == truth.height());
}

}  // namespace
}  // namespace editprep::benchmarks
