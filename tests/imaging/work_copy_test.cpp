#include "backdrop/work_copy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "image_maker.hpp"
#include "rows/picture_rows.hpp"

namespace editprep::imaging {
namespace {

using testing::noise_image;

double slow_mean(const Image& picture, Rect part, int channel) {
    double sum = 0;
    for (int y = part.top; y < part.bottom; ++y) {
        for (int x = part.left; x < part.right; ++x) {
            sum += picture.row(y)[3 * x + channel];
        }
    }
    return sum / static_cast<double>(part.size().area());
}

void expect_means(const Image& picture) {
    const WorkCopy copy = make_work_copy(picture);
    const int scale = copy.scale;
    ASSERT_EQ(copy.full, picture.size());
    ASSERT_EQ(copy.size(), (Size{(picture.width() + scale - 1) / scale,
                                 (picture.height() + scale - 1) / scale}));
    for (int y = 0; y < copy.size().height; ++y) {
        for (int x = 0; x < copy.size().width; ++x) {
            const Rect cell = intersect({x * scale, y * scale, (x + 1) * scale, (y + 1) * scale},
                                        bounds_of(copy.full));
            for (int c = 0; c < 3; ++c) {
                ASSERT_NEAR(copy.mean[static_cast<std::size_t>(c)].at(x, y),
                            slow_mean(picture, cell, c), 1e-3)
                    << to_string(picture.size()) << " cell " << x << ' ' << y;
            }
        }
    }
}

void expect_same(const WorkCopy& copy, const WorkCopy& expected) {
    ASSERT_EQ(copy.full, expected.full);
    ASSERT_EQ(copy.scale, expected.scale);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        ASSERT_EQ(copy.mean[channel].size(), expected.mean[channel].size());
        for (std::size_t i = 0; i < expected.mean[channel].count(); ++i) {
            ASSERT_EQ(copy.mean[channel][i], expected.mean[channel][i]);
        }
    }
}

TEST(WorkCopy, CellsHoldTheMeanOfTheirPixels) {
    for (const Size size :
         {Size{1, 1}, {7, 3}, {301, 211}, {601, 599}, {1013, 701}, {9, 20011}, {20011, 5}}) {
        expect_means(noise_image(size, Channels::rgb, 4));
    }
}

TEST(WorkCopy, DoesNotDependOnThreads) {
    const Image picture = noise_image({601, 599}, Channels::rgb, 4);
    const WorkCopy alone = make_work_copy(picture, 1);
    for (const int threads : {2, 3, 1000}) {
        expect_same(make_work_copy(picture, threads), alone);
    }
}

/// The last band, and the last row of cells, have fewer rows than the others.
TEST(WorkCopy, IsMadeOfRowsAsTheyAreRead) {
    for (const Size size : {Size{1, 1}, {123, 77}, {601, 599}, {1013, 701}, {9, 20011}}) {
        const Image expected = noise_image(size, Channels::rgb, 4);
        const std::vector<std::byte> file = encode_image(expected, ImageFormat::png);
        EncodedSource source(file, "picture", std::int64_t{1} << 40);
        Image picture(size, Channels::rgb);
        const WorkCopy copy = read_with_copy(*open_upright_rows(source, {})->rows, picture);
        EXPECT_EQ(picture, expected) << to_string(size);
        expect_same(copy, make_work_copy(expected));
    }
}

/// At the edge of an odd copy the last ones overlap their neighbours.
TEST(WorkCopy, CoarserCellsHoldTheMeanOfFour) {
    const Image picture = noise_image({123, 77}, Channels::rgb, 4);
    const WorkCopy copy = coarser(make_work_copy(picture));
    EXPECT_EQ(copy.full, picture.size());
    EXPECT_EQ(copy.scale, 2);
    ASSERT_EQ(copy.size(), (Size{62, 39}));
    for (const Rect cell : {Rect{0, 0, 2, 2}, Rect{58, 30, 60, 32}, Rect{121, 10, 123, 12},
                            Rect{40, 75, 42, 77}, Rect{121, 75, 123, 77}}) {
        EXPECT_NEAR(copy.mean[1].at((cell.right - 1) / 2, (cell.bottom - 1) / 2),
                    slow_mean(picture, cell, 1), 1e-3)
            << cell.left << ' ' << cell.top;
    }
}

TEST(WorkCopy, ASmallPictureIsItsOwnCopy) {
    const Image picture = noise_image({123, 77}, Channels::rgb);
    const WorkCopy copy = make_work_copy(picture);
    EXPECT_EQ(copy.scale, 1);
    EXPECT_EQ(copy.mean[1].at(122, 76), picture.row(76)[3 * 122 + 1]);
}

/// Sums of white over the largest cells do not overflow.
TEST(WorkCopy, WhiteStaysWhite) {
    const WorkCopy copy =
        make_work_copy(solid_image({4001, 3003}, Channels::rgb, {255, 255, 255, 255}));
    EXPECT_GT(copy.scale, 8);
    EXPECT_LT(copy.size().area(), 200'000);
    for (const Plane& plane : copy.mean) {
        for (std::size_t i = 0; i < plane.count(); ++i) {
            ASSERT_EQ(plane[i], 255.0F);
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
