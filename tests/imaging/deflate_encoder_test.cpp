#include "png/deflate_encoder.hpp"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

#include "png/byte_match.hpp"
#include "png/huffman_code.hpp"
#include "png/png_writer.hpp"
#include "png/zlib_stream.hpp"

namespace editprep::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr PngEffort kEfforts[] = {PngEffort::fast, PngEffort::balanced, PngEffort::small};
constexpr Channels kChannels[] = {Channels::grey, Channels::rgb, Channels::rgba};

/// What libdeflate makes of a zlib stream, which it also holds against its checksum.
Bytes inflated(const std::vector<std::byte>& stream, std::size_t size) {
    Bytes result(size + 1);
    libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
    std::size_t actual = 0;
    const libdeflate_result outcome = libdeflate_zlib_decompress(
        decompressor, stream.data(), stream.size(), result.data(), result.size(), &actual);
    libdeflate_free_decompressor(decompressor);
    EXPECT_EQ(outcome, LIBDEFLATE_SUCCESS);
    result.resize(actual);
    return result;
}

struct Case {
    RowShape shape;
    std::size_t rows;
    PngEffort effort = PngEffort::balanced;
    int threads = 1;
};

std::vector<std::byte> compressed(const Bytes& bytes, const Case& of) {
    std::vector<std::byte> result;
    ZlibStream stream(of.shape, of.rows, of.effort, of.threads,
                      [&](std::span<const std::byte> part) {
                          result.insert(result.end(), part.begin(), part.end());
                      });
    for (std::size_t row = 0; row < of.rows; ++row) {
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(row * of.shape.row_bytes),
                    of.shape.row_bytes, stream.row());
        stream.end_row(false);
    }
    return result;
}

void expect_round_trip(const Bytes& bytes, const Case& of) {
    const std::vector<std::byte> stream = compressed(bytes, of);
    EXPECT_TRUE(inflated(stream, bytes.size()) == bytes)
        << of.rows << " rows of " << of.shape.row_bytes << " bytes, "
        << static_cast<int>(of.shape.channels) << " channels, effort "
        << static_cast<int>(of.effort);
}

/// Rows of a picture `width` pixels wide; each byte is asked for in order.
Bytes rows_of(const Case& of, const std::function<int(std::size_t)>& byte) {
    Bytes result(of.shape.row_bytes * of.rows);
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i] = static_cast<std::uint8_t>(byte(i));
    }
    return result;
}

RowShape shape_of(std::size_t width, Channels channels) {
    return {width * static_cast<std::size_t>(channels) + 1, channels};
}

TEST(HuffmanCode, LengthsAreThoseOfTheBestCodeAndFitTheLimit) {
    // By hand: 1, 1, 2, 4 make 3, 3, 2, 1; with at most two bits each takes two.
    const std::vector<std::uint32_t> frequencies = {4, 0, 1, 2, 1};
    std::vector<std::uint8_t> lengths(5);
    find_code_lengths(frequencies, 15, lengths);
    EXPECT_EQ(lengths, (std::vector<std::uint8_t>{1, 0, 3, 2, 3}));
    find_code_lengths(frequencies, 2, lengths);
    EXPECT_EQ(lengths, (std::vector<std::uint8_t>{2, 0, 2, 2, 2}));
}

TEST(HuffmanCode, SteepFrequenciesMakeACompleteCodeWithinTheLimit) {
    std::vector<std::uint32_t> fibonacci = {1, 1};
    while (fibonacci.size() < 40) {
        fibonacci.push_back(fibonacci.back() + fibonacci[fibonacci.size() - 2]);
    }
    std::vector<std::uint8_t> lengths(fibonacci.size());
    for (const int limit : {6, 7, 15}) {
        find_code_lengths(fibonacci, limit, lengths);
        std::uint32_t used = 0;
        for (const std::uint8_t length : lengths) {
            ASSERT_GE(length, 1);
            ASSERT_LE(length, limit);
            used += 1U << (limit - length);
        }
        EXPECT_EQ(used, 1U << limit) << limit;
    }
}

TEST(HuffmanCode, NoneAndOneSymbol) {
    std::vector<std::uint8_t> lengths(3, 9);
    find_code_lengths(std::vector<std::uint32_t>{0, 0, 0}, 15, lengths);
    EXPECT_EQ(lengths, (std::vector<std::uint8_t>{0, 0, 0}));
    find_code_lengths(std::vector<std::uint32_t>{0, 7, 0}, 15, lengths);
    EXPECT_EQ(lengths, (std::vector<std::uint8_t>{0, 1, 0}));
}

TEST(HuffmanCode, CodesAreCanonicalWithTheFirstBitLowest) {
    // RFC 1951, section 3.2.2: lengths 3, 3, 3, 3, 3, 2, 4, 4 give 010 ... 1111.
    const std::vector<std::uint8_t> lengths = {3, 3, 3, 3, 3, 2, 4, 4};
    std::vector<std::uint16_t> codes(lengths.size());
    assign_codes(lengths, codes);
    EXPECT_EQ(codes, (std::vector<std::uint16_t>{0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111,
                                                 0b1111}));
}

TEST(DeflateToken, SymbolsCoverEveryLengthAndDistance) {
    for (std::size_t length = kShortestMatch; length <= kLongestMatch; ++length) {
        const std::size_t symbol = kLengthSymbolOf[length];
        ASSERT_GE(length, kLengthBases[symbol]);
        ASSERT_LT(length - kLengthBases[symbol], 1U << kLengthExtraBits[symbol]);
    }
    for (std::size_t distance = 1; distance <= kDeflateWindow; ++distance) {
        const std::size_t symbol = distance_symbol(distance);
        ASSERT_GE(distance, distance_base(symbol));
        ASSERT_LT(distance - distance_base(symbol), 1U << distance_extra_bits(symbol));
    }
}

/// Rows to be compressed, from dull to noisy.
std::vector<std::function<int(std::size_t)>> kinds_of_rows(std::mt19937& random) {
    return {
        [](std::size_t) { return 0; },
        [](std::size_t i) { return i % 301 == 0 ? 2 : 0; },
        [](std::size_t i) { return static_cast<int>(i % 7); },
        [&](std::size_t) { return static_cast<int>(random() & 0xFF); },
        [&](std::size_t) { return static_cast<int>(random() & 3); },
        [&](std::size_t i) { return i % 1000 < 600 ? 0 : static_cast<int>(random() % 5); },
    };
}

TEST(DeflateEncoder, RoundTripsRowsOfEveryKind) {
    std::mt19937 random(1);
    const auto kinds = kinds_of_rows(random);
    for (const Channels channels : kChannels) {
        for (const PngEffort effort : kEfforts) {
            for (const std::size_t width : {1U, 2U, 3U, 5U, 63U, 64U, 65U, 300U, 9001U}) {
                const Case of{shape_of(width, channels), 100'000 / (width * 4) + 1, effort};
                for (const auto& kind : kinds) {
                    expect_round_trip(rows_of(of, kind), of);
                }
            }
        }
    }
}

TEST(DeflateEncoder, RoundTripsOneRow) {
    for (const Channels channels : kChannels) {
        for (std::size_t width = 1; width < 40; ++width) {
            const Case of{shape_of(width, channels), 1};
            expect_round_trip(rows_of(of, [](std::size_t i) { return static_cast<int>(i * i); }),
                              of);
            expect_round_trip(rows_of(of, [](std::size_t) { return 9; }), of);
        }
    }
}

TEST(DeflateEncoder, RoundTripsRepetitionsAroundTheWindow) {
    std::mt19937 random(2);
    for (const std::size_t period : {32'766U, 32'767U, 32'768U, 32'769U, 32'770U, 65'536U}) {
        Bytes noise(period);
        std::ranges::generate(noise, [&] { return static_cast<std::uint8_t>(random()); });
        for (const Channels channels : kChannels) {
            const Case of{shape_of(1000, channels), 200};
            expect_round_trip(rows_of(of, [&](std::size_t i) { return noise[i % period]; }), of);
        }
    }
}

TEST(DeflateEncoder, RoundTripsRunsOfEveryLengthAroundTheLongestMatch) {
    for (std::size_t run = 250; run < 270; ++run) {
        const Case of{shape_of(run * 2, Channels::grey), 50};
        expect_round_trip(rows_of(of, [&](std::size_t i) { return i / run % 2 == 0 ? 7 : 0; }), of);
    }
}

TEST(DeflateEncoder, NoiseGrowsByLessThanATenthOfAPercent) {
    std::mt19937 random(3);
    const Case of{shape_of(1000, Channels::rgba), 300};
    const Bytes bytes = rows_of(of, [&](std::size_t) { return static_cast<int>(random() & 0xFF); });
    EXPECT_LT(compressed(bytes, of).size(), bytes.size() + bytes.size() / 1000);
    expect_round_trip(bytes, of);
}

TEST(DeflateEncoder, RowsThatFillChunksExactlyOrAreLongerThanOne) {
    std::mt19937 random(4);
    const auto sparse = [&](std::size_t) { return random() % 9 == 0 ? 1 : 0; };
    for (const Case& of :
         {Case{shape_of(1023, Channels::grey), 256}, Case{shape_of(1023, Channels::grey), 257},
          Case{shape_of(1023, Channels::grey), 1024}, Case{shape_of(100'000, Channels::rgba), 7}}) {
        expect_round_trip(rows_of(of, sparse), of);
    }
}

TEST(ZlibStream, BytesDoNotDependOnTheThreads) {
    std::mt19937 random(5);
    Case of{shape_of(1000, Channels::rgb), 1500};
    const Bytes bytes = rows_of(of, [&](std::size_t) { return static_cast<int>(random() % 6); });
    const std::vector<std::byte> alone = compressed(bytes, of);
    EXPECT_TRUE(inflated(alone, bytes.size()) == bytes);
    for (const int threads : {2, 3, 8, 100}) {
        of.threads = threads;
        EXPECT_TRUE(compressed(bytes, of) == alone) << threads;
    }
}

/// Of a mask `width` pixels wide.
RowShape mask_shape(std::size_t width) { return {width + 1, Channels::grey, true}; }

/// What Up leaves of a soft edge: a curve that starts at `start` of each row, `length` pixels long.
Bytes moving_edge(const Case& of, const std::function<std::size_t(std::size_t)>& start,
                  std::size_t length) {
    return rows_of(of, [&](std::size_t i) {
        const std::size_t y = i / of.shape.row_bytes;
        const std::size_t x = i % of.shape.row_bytes;
        if (x == 0) {
            return 2;
        }
        const std::size_t into = x - start(y);
        return into < length ? -static_cast<int>(std::min(into, length - into) * (4 + y % 3)) : 0;
    });
}

TEST(MaskMatcher, RoundTripsRowsOfEveryKind) {
    std::mt19937 random(6);
    const auto kinds = kinds_of_rows(random);
    for (const std::size_t width : {1U, 2U, 3U, 5U, 15U, 16U, 17U, 63U, 64U, 65U, 300U, 9001U}) {
        for (const std::size_t rows : {std::size_t{1}, 400'000 / (width + 1) + 1}) {
            for (const auto& kind : kinds) {
                const Case of{mask_shape(width), rows};
                expect_round_trip(rows_of(of, kind), of);
            }
        }
    }
}

TEST(MaskMatcher, RoundTripsRunsOfEveryLengthBeforeTheSameBytes) {
    for (const std::size_t longest : {1U, 2U, 3U, 4U}) {
        for (std::size_t run = longest * kLongestMatch - 20; run < longest * kLongestMatch + 10;
             ++run) {
            const Case of{mask_shape(run + 8), 60};
            expect_round_trip(rows_of(of,
                                      [&](std::size_t i) {
                                          const std::size_t x = i % of.shape.row_bytes;
                                          return x < run ? 0 : static_cast<int>(x - run + 1);
                                      }),
                              of);
        }
    }
}

TEST(MaskMatcher, RoundTripsRepetitionsAroundTheWindow) {
    std::mt19937 random(7);
    for (const std::size_t period : {32'767U, 32'768U, 32'769U, 65'535U, 65'536U, 65'537U}) {
        Bytes island(30);
        std::ranges::generate(island, [&] { return static_cast<std::uint8_t>(random()); });
        const Case of{mask_shape(1000), 700};
        const auto byte = [&](std::size_t i) {
            return i % period < island.size() ? island[i % period] : 0;
        };
        expect_round_trip(rows_of(of, byte), of);
    }
}

TEST(MaskMatcher, RunsMayCrossChunks) {
    std::mt19937 random(8);
    Case of{mask_shape(4000), 300};
    Bytes bytes(of.shape.row_bytes * of.rows);
    for (const int islands : {0, 1, 5, 500}) {
        for (int i = 0; i < islands; ++i) {
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        }
        expect_round_trip(bytes, of);
    }
    EXPECT_LT(compressed(Bytes(bytes.size()), of).size(), bytes.size() / 900);
}

TEST(MaskMatcher, EdgesThatMoveAreFoundAgain) {
    const Case of{mask_shape(2000), 600};
    Case dense = of;
    dense.shape.sparse = false;
    const std::function<std::size_t(std::size_t)> edges[] = {
        [](std::size_t) { return 1000; },
        [](std::size_t y) { return 1 + y; },
        [](std::size_t y) { return 1900 - 3 * y; },
        [](std::size_t y) { return 1 + y * y / 200; },
    };
    for (const auto& edge : edges) {
        const Bytes bytes = moving_edge(of, edge, 40);
        expect_round_trip(bytes, of);
        const std::size_t size = compressed(bytes, of).size();
        EXPECT_LT(size, compressed(bytes, dense).size());
        // At best, two bits for each longest match, and a few bytes a row.
        EXPECT_LT(size, bytes.size() / kLongestMatch / 4 + 9 * of.rows);
    }
}

TEST(MaskMatcher, BytesDoNotDependOnTheThreads) {
    Case of{mask_shape(3000), 700};
    const Bytes bytes = moving_edge(
        of, [](std::size_t y) { return 1 + 2 * y; }, 300);
    const std::vector<std::byte> alone = compressed(bytes, of);
    EXPECT_TRUE(inflated(alone, bytes.size()) == bytes);
    for (const int threads : {2, 3, 8}) {
        of.threads = threads;
        EXPECT_TRUE(compressed(bytes, of) == alone) << threads;
    }
}

TEST(ByteMatch, CommonBytesEndAtTheFirstDifferenceOrTheLimit) {
    const Bytes one(40, 5);
    for (std::size_t different = 0; different <= one.size(); ++different) {
        Bytes other = one;
        if (different < other.size()) {
            other[different] = 6;
        }
        for (std::size_t limit = 0; limit <= one.size(); ++limit) {
            EXPECT_EQ(common_bytes(one.data(), other.data(), limit), std::min(different, limit));
        }
    }
}

struct FullDisk : std::runtime_error {
    using std::runtime_error::runtime_error;
};

TEST(ZlibStream, WhatTheSinkThrowsComesOut) {
    const Case of{shape_of(1000, Channels::rgb), 1500};
    for (const int threads : {1, 2, 8}) {
        for (const int good : {0, 1, 3}) {
            int calls = 0;
            ZlibStream stream(of.shape, of.rows, of.effort, threads,
                              [&](std::span<const std::byte>) {
                                  if (calls++ == good) {
                                      throw FullDisk("full");
                                  }
                              });
            EXPECT_THROW(
                {
                    for (std::size_t row = 0; row < of.rows; ++row) {
                        std::fill_n(stream.row(), of.shape.row_bytes, std::uint8_t{1});
                        stream.end_row(false);
                    }
                },
                FullDisk);
        }
    }
}

TEST(ZlibStream, MayGoBeforeItsEnd) {
    ZlibStream stream(shape_of(1000, Channels::rgb), 1500, PngEffort::balanced, 3,
                      [](std::span<const std::byte>) {});
    for (int row = 0; row < 700; ++row) {
        std::fill_n(stream.row(), 3001, static_cast<std::uint8_t>(row));
        stream.end_row(false);
    }
}

/// The rows of a picture where `repeated` says which equal the one above, once told and once not.
TEST(PngWriter, RepeatedRowsGiveTheSameFileAsEqualRows) {
    for (const Size size : {Size{3000, 3000}, Size{5, 3}, Size{1, 1000}}) {
        const auto repeated = [](int y) { return y > 0 && (y < 1000 || y > 1010); };
        std::vector<std::byte> told;
        std::vector<std::byte> found;
        const auto into = [](std::vector<std::byte>& file) {
            return [&file](std::span<const std::byte> part) {
                file.insert(file.end(), part.begin(), part.end());
            };
        };
        PngWriter teller(size, Channels::grey, {.filter = PngFilter::up}, into(told));
        PngWriter finder(size, Channels::grey, {.filter = PngFilter::up}, into(found));
        Bytes row(static_cast<std::size_t>(size.width), 17);
        for (int y = 0; y < size.height; ++y) {
            if (repeated(y)) {
                teller.repeat_row();
            } else {
                std::iota(row.begin(), row.end(), static_cast<std::uint8_t>(y));
                teller.write_row(row.data());
            }
            finder.write_row(row.data());
        }
        teller.finish();
        finder.finish();
        EXPECT_TRUE(told == found);
    }
}

}  // namespace
}  // namespace editprep::imaging
