#include "png/png_unfilter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

#include "png/png_unfilter_avx2.hpp"

namespace editprep::imaging {
namespace {

using Samples = std::vector<std::uint8_t>;

Samples random_samples(std::size_t count, std::mt19937& random) {
    Samples samples(count);
    std::ranges::generate(samples, [&random] { return static_cast<std::uint8_t>(random()); });
    return samples;
}

/// The filter the other way, as section 9 of the standard writes it.
std::uint8_t predicted(unsigned filter, const Samples& above, const Samples& row, std::size_t i,
                       std::size_t pixel_bytes) {
    const int a = i < pixel_bytes ? 0 : row[i - pixel_bytes];
    const int b = above[i];
    const int c = i < pixel_bytes ? 0 : above[i - pixel_bytes];
    const int p = a + b - c;
    const int pa = std::abs(p - a);
    const int pb = std::abs(p - b);
    const int pc = std::abs(p - c);
    const int paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    const int guesses[] = {0, a, b, (a + b) / 2, paeth};
    return static_cast<std::uint8_t>(guesses[filter]);
}

Samples filtered(unsigned filter, const Samples& above, const Samples& row,
                 std::size_t pixel_bytes) {
    Samples result(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        result[i] =
            static_cast<std::uint8_t>(row[i] - predicted(filter, above, row, i, pixel_bytes));
    }
    return result;
}

TEST(PngUnfilter, UndoesEveryFilter) {
    std::mt19937 random(7);
    for (const std::size_t pixel_bytes : {1U, 2U, 3U, 4U}) {
        for (const std::size_t pixels : {1U, 2U, 3U, 5U, 16U, 63U, 64U, 65U, 1000U}) {
            const std::size_t bytes = pixels * pixel_bytes;
            const Samples above = random_samples(bytes, random);
            const Samples row = random_samples(bytes, random);
            for (unsigned filter = 0; filter < 5; ++filter) {
                const Samples coded = filtered(filter, above, row, pixel_bytes);
                // One byte more, which nobody may touch.
                Samples out(bytes + 1, 99);
                ASSERT_TRUE(png_unfilter(
                    filter, {coded.data(), above.data(), out.data(), bytes, pixel_bytes}));
                EXPECT_TRUE(std::equal(row.begin(), row.end(), out.begin()))
                    << "filter " << filter << ", " << pixels << " pixels of " << pixel_bytes;
                EXPECT_EQ(out[bytes], 99);
                Samples plain(bytes);
                ASSERT_TRUE(png_unfilter_plain(
                    filter, {coded.data(), above.data(), plain.data(), bytes, pixel_bytes}));
                EXPECT_EQ(plain, row);
            }
        }
    }
}

/// Every value above beside every corner, each with many values on the left.
TEST(PngUnfilter, TheFastPaethChoosesAsThePlainOne) {
    for (unsigned above = 0; above < 256; ++above) {
        Samples over;
        Samples coded;
        std::mt19937 random(above);
        for (unsigned corner = 0; corner < 256; ++corner) {
            for (int i = 0; i < 64; ++i) {
                over.insert(
                    over.end(),
                    {static_cast<std::uint8_t>(corner), static_cast<std::uint8_t>(above),
                     static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random())});
                coded.resize(over.size(), static_cast<std::uint8_t>(random()));
            }
        }
        for (const std::size_t pixel_bytes : {3U, 4U}) {
            const std::size_t bytes = over.size() / 12 * 12;
            Samples fast(bytes);
            Samples plain(bytes);
            const bool done =
                png_unfilter_avx2(4, {coded.data(), over.data(), fast.data(), bytes, pixel_bytes});
            if (!done) {
                GTEST_SKIP() << "there is no fast one for this processor";
            }
            ASSERT_TRUE(png_unfilter_plain(
                4, {coded.data(), over.data(), plain.data(), bytes, pixel_bytes}));
            ASSERT_EQ(fast, plain);
        }
    }
}

TEST(PngUnfilter, RefusesOtherFilters) {
    Samples samples(8);
    Samples out(8);
    for (const unsigned filter : {5U, 6U, 255U}) {
        EXPECT_FALSE(png_unfilter(filter, {samples.data(), samples.data(), out.data(), 8, 4}));
    }
}

}  // namespace
}  // namespace editprep::imaging
