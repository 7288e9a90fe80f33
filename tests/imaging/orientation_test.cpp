#include "orientation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::noise_image;

/// Where the pixel at (x, y) of a stored picture stands once it is upright, as the EXIF standard
/// words it ("row 0 is the visual right-hand side, column 0 is the visual top", ...).
Point upright_place(Point stored, Size size, int orientation) {
    const int right = size.width - 1 - stored.x;
    const int bottom = size.height - 1 - stored.y;
    switch (orientation) {
        case 2:
            return {right, stored.y};
        case 3:
            return {right, bottom};
        case 4:
            return {stored.x, bottom};
        case 5:
            return {stored.y, stored.x};
        case 6:
            return {bottom, stored.x};
        case 7:
            return {bottom, right};
        case 8:
            return {stored.y, right};
        default:
            return stored;
    }
}

Image turn_slowly(const Image& stored, int orientation) {
    Image upright(upright_size(stored.size(), orientation), stored.channels());
    const auto channels = static_cast<std::ptrdiff_t>(stored.channel_count());
    for (int y = 0; y < stored.height(); ++y) {
        for (int x = 0; x < stored.width(); ++x) {
            const Point place = upright_place({x, y}, stored.size(), orientation);
            std::copy_n(stored.row(y) + x * channels, channels,
                        upright.row(place.y) + place.x * channels);
        }
    }
    return upright;
}

class TurnUpright : public ::testing::TestWithParam<int> {};

TEST_P(TurnUpright, EqualsMovingEachPixel) {
    for (const Size size : {Size{1, 1}, Size{7, 1}, Size{1, 7}, Size{31, 33}, Size{64, 32},
                            Size{65, 97}, Size{100, 3}}) {
        for (const Channels channels : {Channels::grey, Channels::rgb, Channels::rgba}) {
            const Image stored = noise_image(size, channels);
            EXPECT_TRUE(turn_upright(stored, GetParam()) == turn_slowly(stored, GetParam()))
                << size.width << "x" << size.height << ", " << stored.channel_count()
                << " channels";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Orientations, TurnUpright, ::testing::Range(1, 9));

TEST(TurnUprightTest, SixIsAQuarterTurnClockwise) {
    const Image stored = testing::make_image({3, 2}, Channels::grey, [](int x, int y) {
        return Color{static_cast<std::uint8_t>(10 * y + x)};
    });
    const Image upright = turn_upright(stored, 6);
    ASSERT_EQ(upright.size(), (Size{2, 3}));
    const std::vector<std::uint8_t> expected{10, 0, 11, 1, 12, 2};
    EXPECT_TRUE(std::ranges::equal(upright.bytes(), expected));
}

TEST(UprightSize, SwapsSidesForQuarterTurnsOnly) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        EXPECT_EQ(upright_size({5, 3}, orientation), orientation < 5 ? (Size{5, 3}) : (Size{3, 5}));
    }
}

}  // namespace
}  // namespace editprep::imaging
