#include "editprep/imaging/mask_components.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_mask;
using testing::noise_mask;
using testing::sum_of;

/// A picture in letters: `#` 255, `+` 200, `o` 100, `.` 0.
Mask drawn(const std::vector<std::string>& rows) {
    return make_mask({static_cast<int>(rows.front().size()), static_cast<int>(rows.size())},
                     [&](int x, int y) {
                         switch (rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)]) {
                             case '#':
                                 return 255;
                             case '+':
                                 return 200;
                             case 'o':
                                 return 100;
                             default:
                                 return 0;
                         }
                     });
}

std::string shown(const Mask& mask) {
    std::string text = "\n";
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            const int value = mask.row(y)[x];
            text += value == 255 ? '#' : value >= 128 ? '+' : value > 0 ? 'o' : '.';
        }
        text += '\n';
    }
    return text;
}

void expect_drawn(const Mask& mask, const std::vector<std::string>& rows) {
    EXPECT_EQ(shown(mask), shown(drawn(rows)));
}

// The slow twins: one number for every pixel, made equal to its neighbours' until nothing changes.

constexpr int kNone = std::numeric_limits<int>::max();

struct Numbers {
    Size size;
    std::vector<int> values;

    [[nodiscard]] int& at(int x, int y) {
        return values[static_cast<std::size_t>(y * size.width + x)];
    }
    [[nodiscard]] int at(int x, int y) const {
        const bool inside = x >= 0 && y >= 0 && x < size.width && y < size.height;
        return inside ? values[static_cast<std::size_t>(y * size.width + x)] : kNone;
    }
};

/// Every pixel that `joined` takes has the smallest index of those that hang together with it.
template <class Joined>
Numbers label_slowly(const Mask& mask, bool corners, const Joined& joined) {
    Numbers labels{mask.size(), std::vector(mask.bytes().size(), kNone)};
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            if (joined(mask.row(y)[x])) {
                labels.at(x, y) = y * mask.width() + x;
            }
        }
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (int y = 0; y < mask.height(); ++y) {
            for (int x = 0; x < mask.width(); ++x) {
                if (labels.at(x, y) == kNone) {
                    continue;
                }
                int best = labels.at(x, y);
                for (int j = -1; j <= 1; ++j) {
                    for (int i = -1; i <= 1; ++i) {
                        if (corners || i == 0 || j == 0) {
                            best = std::min(best, std::as_const(labels).at(x + i, y + j));
                        }
                    }
                }
                changed |= best != labels.at(x, y);
                labels.at(x, y) = best;
            }
        }
    }
    return labels;
}

/// Hands the labels on to pixels that `soft` takes, one step a round; the wished one first.
template <class Soft>
void spread_slowly(const Mask& mask, Numbers& fates, const Soft& soft) {
    for (bool changed = true; changed;) {
        changed = false;
        const Numbers before = fates;
        for (int y = 0; y < mask.height(); ++y) {
            for (int x = 0; x < mask.width(); ++x) {
                if (before.at(x, y) != kNone || !soft(mask.row(y)[x])) {
                    continue;
                }
                for (int j = -1; j <= 1; ++j) {
                    for (int i = -1; i <= 1; ++i) {
                        fates.at(x, y) = std::min(fates.at(x, y), before.at(x + i, y + j));
                    }
                }
                changed |= fates.at(x, y) != kNone;
            }
        }
    }
}

bool is_selected(std::uint8_t value) { return value >= 128; }
bool is_soft(std::uint8_t value) { return value >= 1 && value < 128; }

Mask keep_slowly(const Mask& mask, const std::vector<int>& kept) {
    const Numbers labels = label_slowly(mask, true, is_selected);
    Numbers fates = labels;
    for (int& fate : fates.values) {
        fate = fate == kNone ? kNone : std::ranges::count(kept, fate) > 0 ? 0 : 1;
    }
    spread_slowly(mask, fates, is_soft);
    return make_mask(mask.size(),
                     [&](int x, int y) { return fates.at(x, y) == 0 ? mask.row(y)[x] : 0; });
}

int largest_slowly(const Mask& mask) {
    const Numbers labels = label_slowly(mask, true, is_selected);
    int best = kNone;
    std::ptrdiff_t most = 0;
    for (const int label : labels.values) {
        const auto pixels = label == kNone ? 0 : std::ranges::count(labels.values, label);
        if (pixels > most) {
            most = pixels;
            best = label;
        }
    }
    return best;
}

Mask fill_slowly(const Mask& mask) {
    const auto unselected = [](std::uint8_t value) { return !is_selected(value); };
    const Numbers labels = label_slowly(mask, false, unselected);
    std::vector<int> outside;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            if (x == 0 || y == 0 || x == mask.width() - 1 || y == mask.height() - 1) {
                outside.push_back(labels.at(x, y));
            }
        }
    }
    Numbers fates = labels;
    for (int& fate : fates.values) {
        fate = fate == kNone ? kNone : std::ranges::count(outside, fate) > 0 ? 0 : 1;
    }
    spread_slowly(mask, fates,
                  [](std::uint8_t value) { return is_selected(value) && value < 255; });
    return make_mask(mask.size(),
                     [&](int x, int y) { return fates.at(x, y) == 1 ? 255 : mask.row(y)[x]; });
}

/// Blots of all values: noise, smoothed and stretched again.
Mask blots(Size size, std::uint32_t seed) {
    const Mask smooth = feather(noise_mask(size, seed), 1.2);
    return make_mask(size, [&](int x, int y) {
        return std::clamp((smooth.row(y)[x] - 122) * 12 + 100, 0, 255);
    });
}

std::vector<Mask> ugly_masks() {
    std::vector<Mask> masks{Mask({1, 1}, 0),    Mask({1, 1}, 60),   Mask({1, 1}, 255),
                            Mask({17, 9}, 255), Mask({17, 9}, 100), Mask({9, 17}, 0)};
    for (const Size size : {Size{1, 40}, Size{40, 1}, Size{2, 33}, Size{33, 24}, Size{65, 20}}) {
        for (const std::uint32_t seed : {1U, 2U, 3U}) {
            masks.push_back(noise_mask(size, seed));
            masks.push_back(blots(size, seed));
        }
    }
    return masks;
}

TEST(MaskComponents, LargestPartEqualsTheSlowTwin) {
    for (const Mask& mask : ugly_masks()) {
        const int largest = largest_slowly(mask);
        const Mask expected = largest == kNone ? mask : keep_slowly(mask, {largest});
        EXPECT_EQ(keep_largest_part(mask), expected) << shown(mask);
    }
}

TEST(MaskComponents, HolesEqualTheSlowTwin) {
    for (const Mask& mask : ugly_masks()) {
        EXPECT_EQ(fill_holes(mask), fill_slowly(mask)) << shown(mask);
    }
}

TEST(MaskComponents, PartsAtSelectedPointsEqualTheSlowTwin) {
    for (const Mask& mask : ugly_masks()) {
        const Numbers labels = label_slowly(mask, true, is_selected);
        std::vector<Point> points;
        std::vector<int> kept;
        for (int y = 0; y < mask.height(); y += 7) {
            for (int x = 0; x < mask.width(); x += 5) {
                if (is_selected(mask.row(y)[x])) {
                    points.push_back({x, y});
                    kept.push_back(labels.at(x, y));
                }
            }
        }
        EXPECT_EQ(keep_parts_at(mask, points), keep_slowly(mask, kept)) << shown(mask);
    }
}

TEST(MaskComponents, LargestPartTakesItsSoftEdgeAlong) {
    expect_drawn(keep_largest_part(drawn({
                     ".........",
                     ".oo...o#o",
                     "o##oo.oo.",
                     ".#+......",
                     "...o..o..",
                 })),
                 {
                     ".........",
                     ".oo......",
                     "o##oo....",
                     ".#+......",
                     "...o.....",
                 });
}

TEST(MaskComponents, CornersJoinSelectedPixels) {
    expect_drawn(keep_largest_part(drawn({"#..#", ".#..", "#..#"})), {"#...", ".#..", "#..."});
}

TEST(MaskComponents, OfEqualPartsTheFirstStays) {
    expect_drawn(keep_largest_part(drawn({"...##", "##...", "...##"})),
                 {"...##", ".....", "....."});
}

TEST(MaskComponents, SoftPixelsBetweenTwoPartsAreShared) {
    expect_drawn(keep_largest_part(drawn({"##oooo#"})), {"##oo..."});
    // The one in the middle belongs to both.
    expect_drawn(keep_largest_part(drawn({"##ooooo#"})), {"##ooo..."});
}

TEST(MaskComponents, NothingSelectedHasNoLargestPart) {
    expect_drawn(keep_largest_part(drawn({"..oo", "o..."})), {"..oo", "o..."});
}

TEST(MaskComponents, PointsChooseTheNearestPart) {
    const Mask mask = drawn({
        "##....#",
        "##.....",
        "......o",
        "oo.....",
    });
    const auto at = [&](Point point) { return shown(keep_parts_at(mask, std::vector{point})); };
    EXPECT_EQ(at({5, 1}), "\n......#\n.......\n.......\n.......\n");
    EXPECT_EQ(at({3, 2}), "\n##.....\n##.....\n.......\n.......\n");
    // A faint part is one, too, for those who point at it.
    EXPECT_EQ(at({1, 3}), "\n.......\n.......\n.......\noo.....\n");
}

TEST(MaskComponents, ASoftPointSpeaksForThePartItLeadsTo) {
    // The other part is nearer as the crow flies.
    const Mask mask = drawn({
        "#.......",
        "...ooo..",
        "......o#",
    });
    expect_drawn(keep_parts_at(mask, std::vector{Point{3, 1}}),
                 {"........", "...ooo..", "......o#"});
}

TEST(MaskComponents, PointsOnAnEmptyMaskKeepNothing) {
    EXPECT_EQ(keep_parts_at(Mask({4, 3}, 0), std::vector{Point{1, 1}}), Mask({4, 3}, 0));
}

TEST(MaskComponents, DropsThePartsThatAreNamed) {
    const Mask mask = drawn({
        "#o..##o",
        ".......",
        "oo...#.",
    });
    const auto without = [&](const std::vector<Point>& points) {
        return shown(drop_parts_at(mask, points));
    };
    EXPECT_EQ(without({{5, 0}}), "\n#o.....\n.......\noo...#.\n");
    EXPECT_EQ(without({{5, 0}, {5, 2}}), "\n#o.....\n.......\noo.....\n");
    EXPECT_EQ(without({{1, 2}}), "\n#o..##o\n.......\n.....#.\n");
    // Neither a place where nothing is nor a soft edge says anything about a part.
    EXPECT_EQ(without({{3, 1}, {1, 0}}), shown(mask));
}

TEST(MaskComponents, HolesAreWhatNoWayLeadsOutOf) {
    expect_drawn(fill_holes(drawn({
                     ".######.",
                     ".#+oo##.",
                     ".#o.o##.",
                     ".####.#.",
                     "o##.##..",
                     ".##.....",
                 })),
                 {
                     ".######.",
                     ".######.",
                     ".######.",
                     ".######.",
                     "o##.##..",
                     ".##.....",
                 });
}

TEST(MaskComponents, FillingAHoleLeavesTheOuterEdgeSoft) {
    expect_drawn(fill_holes(drawn({
                     ".........",
                     "..+++++..",
                     ".+##+##+.",
                     ".+#+o+#+.",
                     ".+##+##+.",
                     "..+++++..",
                     ".........",
                 })),
                 {
                     ".........",
                     "..+++++..",
                     ".+#####+.",
                     ".+#####+.",
                     ".+#####+.",
                     "..+++++..",
                     ".........",
                 });
}

TEST(MaskComponents, HardMasksAreSplitInTheMiddle) {
    const Mask ramp = make_mask({256, 2}, [](int x, int) { return x; });
    EXPECT_EQ(harden(ramp), make_mask({256, 2}, [](int x, int) { return x >= 128 ? 255 : 0; }));
}

TEST(MaskComponents, ABoxMayReachBeyondTheMask) {
    const Mask mask = noise_mask({20, 10}, 4);
    EXPECT_EQ(clear_outside(mask, {-5, 2, 7, 2000}), make_mask(mask.size(), [&](int x, int y) {
                  return x < 7 && y >= 2 ? mask.row(y)[x] : 0;
              }));
    EXPECT_EQ(clear_outside(mask, {-5, -5, 100, 100}), mask);
    EXPECT_EQ(sum_of(clear_outside(mask, {30, 0, 40, 5})), 0);
}

TEST(MaskComponents, PointsOutsideAreRefused) {
    const Mask mask({6, 4}, 255);
    for (const Point point : {Point{6, 0}, Point{0, 4}, Point{-1, 0}, Point{0, -1}}) {
        for (const auto& choose : {keep_parts_at, drop_parts_at}) {
            try {
                static_cast<void>(choose(mask, std::vector{point}));
                ADD_FAILURE() << "accepted " << point.x << ':' << point.y;
            } catch (const Error& error) {
                EXPECT_EQ(error.errc(), Errc::invalid_argument);
                EXPECT_NE(std::string(error.what()).find("6x4"), std::string::npos);
            }
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
