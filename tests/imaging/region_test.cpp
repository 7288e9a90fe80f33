#include "editprep/imaging/region.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "bit_drawing.hpp"
#include "editprep/imaging/error.hpp"
#include "image_maker.hpp"
#include "region_spans.hpp"

namespace editprep::imaging {
namespace {

constexpr Size kPicture{64, 48};

std::string refusal_of(std::string_view text) {
    try {
        (void)place(parse_region(text), kPicture);
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::invalid_region);
        return error.what();
    }
    return "accepted";
}

Mask drawn(std::string_view text, Size picture = kPicture) {
    const std::vector<Region> regions{parse_region(text)};
    return mask_from_regions(regions, picture);
}

TEST(ParseRegion, SaysWhatIsWrong) {
    const std::vector<std::pair<const char*, const char*>> cases{
        {"nonsense", "invalid --region format: nonsense"},
        {"", "invalid --region format: "},
        {"rect:0:0:1", "invalid region spec: 0:0:1"},
        {"rect:0:0:1:2:3", "invalid region spec: 0:0:1:2:3"},
        {"rect:a:0:1:1", "invalid numeric region spec: a:0:1:1"},
        {"rect:0:0:1:", "invalid numeric region spec: 0:0:1:"},
        {"rect:nan:0:1:1", "invalid numeric region spec: nan:0:1:1"},
        {"rect:0:0:inf:1", "invalid numeric region spec: 0:0:inf:1"},
        {"rect:0:0:1e999:1", "invalid numeric region spec: 0:0:1e999:1"},
        {"rect:0x1:0:1:1", "invalid numeric region spec: 0x1:0:1:1"},
        {"tri:0:0:1:1", "unsupported region kind: tri"},
        {"RECT:0:0:1:1", "unsupported region kind: RECT"},
        {":0:0:1:1", "unsupported region kind: "},
        {"rect:70:0:5:5", "invalid region after clamping: rect:[70.0, 0.0, 5.0, 5.0]"},
        {"box:9:9:9:20", "invalid region after clamping: box:[9.0, 9.0, 9.0, 20.0]"},
        {"rect-pct:10:10:-5:5", "invalid region after clamping: rect-pct:[10.0, 10.0, -5.0, 5.0]"},
        {"rect:1e20:0:0.5:100000",
         "invalid region after clamping: rect:[1e+20, 0.0, 0.5, 100000.0]"},
    };
    for (const auto& [text, message] : cases) {
        EXPECT_EQ(refusal_of(text), message) << text;
    }
}

TEST(ParseRegion, ToleratesBlanksAndSigns) {
    const PlacedRegion placed = place(parse_region("rect: 1 :+2: 3.0 :4e0 "), kPicture);
    EXPECT_EQ(placed.x1, 1);
    EXPECT_EQ(placed.y1, 2);
    EXPECT_EQ(placed.x2, 4);
    EXPECT_EQ(placed.y2, 6);
}

TEST(Place, RoundsTiesToEvenAndClamps) {
    const PlacedRegion placed = place(parse_region("box:0.5:1.5:2.5:1000"), kPicture);
    EXPECT_EQ(placed.x1, 0);
    EXPECT_EQ(placed.y1, 2);
    EXPECT_EQ(placed.x2, 2);
    EXPECT_EQ(placed.y2, 48);
}

TEST(Place, HugeNumbersAreClampedNotWrapped) {
    const PlacedRegion placed = place(parse_region("box:-1e300:-1e300:1e300:1e300"), kPicture);
    EXPECT_EQ(placed.x1, 0);
    EXPECT_EQ(placed.y2, 48);
    EXPECT_EQ(drawn("box:-1e300:-1e300:1e300:1e300"), Mask(kPicture, 255));
}

TEST(Draw, BothEndCoordinatesAreDrawn) {
    const Mask mask = drawn("rect:4:4:20:20");
    EXPECT_EQ(selected_bounds(mask), (Rect{4, 4, 25, 25}));
    EXPECT_EQ(testing::sum_of(mask), 441 * 255);
}

TEST(Draw, EllipseIsSymmetricAndInsideItsBox) {
    for (const char* text : {"ellipse:4:4:20:20", "ellipse:3:5:21:30", "ellipse:10:2:1:40",
                             "ellipse:0:0:50:1", "ellipse:7:9:2:2"}) {
        const Region region = parse_region(text);
        const PlacedRegion placed = place(region, kPicture);
        const Mask mask = drawn(text);
        const Rect box{placed.x1, placed.y1, placed.x2 + 1, placed.y2 + 1};
        EXPECT_EQ(selected_bounds(mask), box) << text;
        for (int y = box.top; y < box.bottom; ++y) {
            for (int x = box.left; x < box.right; ++x) {
                const int mirrored_x = placed.x1 + placed.x2 - x;
                const int mirrored_y = placed.y1 + placed.y2 - y;
                ASSERT_EQ(mask.row(y)[x], mask.row(y)[mirrored_x]) << text << " " << x << "," << y;
                ASSERT_EQ(mask.row(y)[x], mask.row(mirrored_y)[x]) << text << " " << x << "," << y;
            }
        }
    }
}

TEST(Draw, EllipseFollowsItsEquation) {
    const Size size{2000, 1500};
    const Mask mask = drawn("ellipse:200:100:1501:1201", size);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const double u = (x - (200 + 1501 / 2.0)) / (1501 / 2.0);
            const double v = (y - (100 + 1201 / 2.0)) / (1201 / 2.0);
            const double radius = std::sqrt(u * u + v * v);
            if (radius < 0.998) {
                ASSERT_EQ(mask.row(y)[x], 255) << x << "," << y;
            } else if (radius > 1.002) {
                ASSERT_EQ(mask.row(y)[x], 0) << x << "," << y;
            }
        }
    }
}

TEST(Draw, OnBitsSelectsTheSamePixels) {
    const Size size{130, 70};
    for (const char* text :
         {"rect:0:0:129:69", "rect:63:1:1:9", "box:64:60:500:500", "ellipse:4:4:20:20",
          "ellipse-pct:0:0:100:100", "ellipse:10:2:1:40", "ellipse:100:50:90:90"}) {
        const PlacedRegion region = place(parse_region(text), size);
        BitMask bits(size);
        draw(region, bits);
        EXPECT_EQ(testing::to_bytes(bits), drawn(text, size)) << text;
    }
    BitMask bits(size);
    EXPECT_THROW(draw(PlacedRegion{RegionShape::rectangle, -1, 0, 5, 5}, bits), Error);
}

TEST(Draw, RefusesWhatPlaceNeverReturns) {
    Mask mask(kPicture, 0);
    for (const PlacedRegion& region :
         {PlacedRegion{RegionShape::ellipse, 8, 8, 4, 12},
          PlacedRegion{RegionShape::ellipse, 5, 5, 5, 9},
          PlacedRegion{RegionShape::rectangle, -1, 0, 5, 5},
          PlacedRegion{RegionShape::ellipse, 0, 0, 2'000'000'000, 5}}) {
        EXPECT_THROW(draw(region, mask), Error);
    }
    EXPECT_EQ(mask, Mask(kPicture, 0));
}

TEST(Draw, LargestPictureDoesNotOverflow) {
    const Size size{65'000, 3'000};
    const Mask mask = drawn("ellipse-pct:0:0:100:100", size);
    EXPECT_NEAR(coverage_fraction(mask), 3.14159265 / 4, 0.001);
}

TEST(MaskFromRegions, IsTheUnion) {
    const std::vector<Region> regions{parse_region("rect:0:0:9:9"), parse_region("rect:5:5:9:9")};
    const Mask mask = mask_from_regions(regions, kPicture);
    EXPECT_EQ(testing::sum_of(mask), (100 + 100 - 25) * 255);
    EXPECT_EQ(mask_from_regions({}, kPicture), Mask(kPicture, 0));
}

TEST(MaskFromRegions, PercentRefersToEachSide) {
    EXPECT_EQ(selected_bounds(drawn("rect-pct:50:50:25:25")), (Rect{32, 24, 49, 37}));
    EXPECT_EQ(selected_bounds(drawn("box-pct:10:10:50:50")), (Rect{6, 5, 33, 25}));
}

}  // namespace
}  // namespace editprep::imaging
