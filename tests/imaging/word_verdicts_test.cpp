#include "rows/word_verdicts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "bits/bit_mask.hpp"

namespace editprep::imaging {
namespace {

using Samples = std::vector<std::uint8_t>;

constexpr std::size_t kWord = BitMask::kWordBits;

/// Two rows of each plane.
using Planes = std::array<std::array<Samples, 2>, 3>;

YccRows rows_of(const Planes& planes) {
    YccRows rows;
    for (std::size_t plane = 0; plane < planes.size(); ++plane) {
        rows[plane] = {planes[plane][0].data(), planes[plane][1].data()};
    }
    return rows;
}

/// Words that each keep to a place of their own, some closely.
Planes random_planes(std::size_t width, std::mt19937& random) {
    Planes planes;
    for (auto& rows : planes) {
        rows = {Samples(width), Samples(width)};
        for (std::size_t first = 0; first < width; first += kWord) {
            const int centre = static_cast<int>(random() % 256);
            std::uniform_int_distribution<int> noise(-static_cast<int>(random() % 24),
                                                     static_cast<int>(random() % 24));
            for (Samples& row : rows) {
                for (std::size_t i = first; i < std::min(first + kWord, width); ++i) {
                    row[i] = static_cast<std::uint8_t>(std::clamp(centre + noise(random), 0, 255));
                }
            }
        }
    }
    return planes;
}

/// As ITU-T T.871, section 7, has it; rounded up or down.
std::array<double, 3> colour_of(int luma, int blue, int red, bool up) {
    const auto sample = [up](double value) {
        return std::clamp(up ? std::ceil(value) : std::floor(value), 0.0, 255.0);
    };
    return {sample(luma + 1.402 * (red - 128)),
            sample(luma - 0.344136 * (blue - 128) - 0.714136 * (red - 128)),
            sample(luma + 1.772 * (blue - 128))};
}

double squared_distance(const std::array<double, 3>& colour, Color from) {
    const double r = colour[0] - from.red;
    const double g = colour[1] - from.green;
    const double b = colour[2] - from.blue;
    return r * r + g * g + b * b;
}

std::vector<WordVerdict> judge(const Planes& planes, const DistanceBounds& bounds) {
    WordJudge judge(planes[0][0].size());
    judge.set_bounds(bounds);
    std::vector<WordVerdict> verdicts(judge.words());
    judge.judge(rows_of(planes), verdicts.data());
    return verdicts;
}

void expect_true(const std::vector<WordVerdict>& verdicts, const Planes& planes,
                 const DistanceBounds& bounds) {
    for (std::size_t i = 0; i < planes[0][0].size(); ++i) {
        for (const int row : {0, 1}) {
            const auto r = static_cast<std::size_t>(row);
            for (const bool up : {false, true}) {
                const double distance = squared_distance(
                    colour_of(planes[0][r][i], planes[1][r][i], planes[2][r][i], up), bounds.from);
                if (verdicts[i / kWord] == WordVerdict::near) {
                    ASSERT_LT(distance, bounds.near_below) << "pixel " << i;
                } else if (verdicts[i / kWord] == WordVerdict::far) {
                    ASSERT_GE(distance, bounds.far_from) << "pixel " << i;
                }
            }
        }
    }
}

TEST(WordVerdicts, AreTrue) {
    std::mt19937 random(11);
    std::array<int, 3> seen{};
    for (int round = 0; round < 400; ++round) {
        const Planes planes = random_planes(1 + random() % 700, random);
        const auto byte = [&random] { return static_cast<std::uint8_t>(random()); };
        const int radius = static_cast<int>(random() % 300);
        const int shift = static_cast<int>(random() % 20);
        const DistanceBounds bounds{
            {byte(), byte(), byte(), 255}, radius * radius, (radius + shift) * (radius + shift)};
        const auto verdicts = judge(planes, bounds);
        ASSERT_NO_FATAL_FAILURE(expect_true(verdicts, planes, bounds));
        for (const WordVerdict verdict : verdicts) {
            ++seen[static_cast<std::size_t>(verdict)];
        }
    }
    for (const int count : seen) {
        EXPECT_GT(count, 100);
    }
}

TEST(WordVerdicts, TellABackdropFromAnObject) {
    // Light grey with a little noise; then something dark; then the edge between them.
    Planes planes;
    std::mt19937 random(3);
    for (std::size_t plane = 0; plane < planes.size(); ++plane) {
        for (Samples& row : planes[plane]) {
            row.assign(3 * kWord, plane == 0 ? 240 : 128);
            if (plane == 0) {
                std::fill(row.begin() + kWord, row.begin() + 2 * kWord + 5, std::uint8_t{60});
            }
            std::ranges::for_each(row, [&random](std::uint8_t& sample) {
                sample = static_cast<std::uint8_t>(sample + random() % 3);
            });
        }
    }
    const DistanceBounds bounds{{241, 241, 241, 255}, 33 * 33, 47 * 47};
    EXPECT_EQ(judge(planes, bounds),
              (std::vector{WordVerdict::near, WordVerdict::far, WordVerdict::open}));
}

TEST(WordVerdicts, KnowTheBoundsThatNothingAndEverythingReaches) {
    std::mt19937 random(5);
    const Planes planes = random_planes(300, random);
    constexpr int kBeyond = 3 * 255 * 255 + 1;
    for (const WordVerdict verdict : judge(planes, {{9, 99, 200, 255}, 0, 0})) {
        EXPECT_EQ(verdict, WordVerdict::far);
    }
    for (const WordVerdict verdict : judge(planes, {{9, 99, 200, 255}, kBeyond, kBeyond})) {
        EXPECT_EQ(verdict, WordVerdict::near);
    }
    for (const WordVerdict verdict : judge(planes, {{9, 99, 200, 255}, 0, kBeyond})) {
        EXPECT_EQ(verdict, WordVerdict::open);
    }
}

TEST(WordVerdicts, ComeInRuns) {
    using enum WordVerdict;
    const std::vector verdicts{near, near, far, open, open, open, near};
    std::vector<std::array<std::size_t, 3>> runs;
    for_each_run(verdicts.data(), verdicts.size(),
                 [&runs](WordVerdict verdict, std::size_t first, std::size_t last) {
                     runs.push_back({static_cast<std::size_t>(verdict), first, last});
                 });
    const std::vector<std::array<std::size_t, 3>> expected{
        {1, 0, 2}, {2, 2, 3}, {0, 3, 6}, {1, 6, 7}};
    EXPECT_EQ(runs, expected);
}

}  // namespace
}  // namespace editprep::imaging
