#include "bits/bit_mask.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "editprep/imaging/error.hpp"

namespace editprep::imaging {
namespace {

TEST(BitMask, NothingIsSelectedAtFirst) {
    for (int width = 1; width <= 130; ++width) {
        const BitMask mask(Size{width, 3});
        EXPECT_EQ(mask.words_per_row(), static_cast<std::size_t>((width + 63) / 64));
        EXPECT_EQ(count_selected(mask), 0) << width;
    }
    EXPECT_THROW(BitMask(Size{0, 3}), Error);
    EXPECT_THROW(BitMask(Size{3, -1}), Error);
}

TEST(BitMask, SpansSelectTheirPixelsAndNoOther) {
    constexpr int kWidth = 200;
    for (int left = 0; left <= kWidth; left += 7) {
        for (int right = 0; right <= kWidth; ++right) {
            BitMask mask(Size{kWidth, 3});
            select_span(mask.row(1), left, right);
            int wrong = 0;
            for (int x = 0; x < kWidth; ++x) {
                wrong += mask.at(x, 1) != (left <= x && x < right);
            }
            EXPECT_EQ(wrong, 0) << left << " " << right;
            EXPECT_EQ(count_selected(mask), std::max(0, right - left));
        }
    }
}

TEST(BitMask, KnowsWhichBitsOfTheLastWordAreUsed) {
    EXPECT_EQ(BitMask(Size{1, 1}).used_bits_of_last_word(), 1U);
    EXPECT_EQ(BitMask(Size{63, 1}).used_bits_of_last_word(), ~BitMask::Word{0} >> 1);
    EXPECT_EQ(BitMask(Size{64, 1}).used_bits_of_last_word(), ~BitMask::Word{0});
    EXPECT_EQ(BitMask(Size{66, 1}).used_bits_of_last_word(), 3U);
}

TEST(BitMask, ExpandsToOneBytePerPixel) {
    for (int width = 1; width <= 200; ++width) {
        BitMask mask(Size{width, 1});
        select_span(mask.row(0), width / 3, width / 2);
        select_span(mask.row(0), width * 2 / 3, width);
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(width) + 1, 77);
        expand_row(mask.row(0), width, 200, 9, bytes.data());
        int wrong = 0;
        for (int x = 0; x < width; ++x) {
            wrong += bytes[static_cast<std::size_t>(x)] != (mask.at(x, 0) ? 200 : 9);
        }
        EXPECT_EQ(wrong, 0) << width;
        EXPECT_EQ(bytes.back(), 77) << width;
    }
}

TEST(BitMask, RowsAreEqualWhenAllWordsAre) {
    BitMask mask(Size{130, 2});
    EXPECT_TRUE(equal_rows(mask.row(0), mask.row(1), mask.words_per_row()));
    select_span(mask.row(1), 129, 130);
    EXPECT_FALSE(equal_rows(mask.row(0), mask.row(1), mask.words_per_row()));
    EXPECT_TRUE(equal_rows(mask.row(0), mask.row(1), 2));
}

}  // namespace
}  // namespace editprep::imaging
