#include "png/png_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spng.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "direct_tier.hpp"
#include "editprep/imaging/error.hpp"
#include "png_maker.hpp"

/// Our own PNG decoder, held against libspng bit for bit.
namespace editprep::imaging {
namespace {

using ::testing::HasSubstr;
using testing::PngRecipe;
using Bytes = std::vector<std::byte>;

Image read_rows(const Bytes& file) {
    EncodedSource source(file, "picture", std::int64_t{1} << 40);
    const HeaderFacts facts = probe_direct(source, require_format(source));
    EXPECT_TRUE(facts.plain);
    return read_all(*png_rows(source, facts));
}

std::string damage_of(const Bytes& file) {
    try {
        (void)read_rows(file);
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::damaged_image);
        return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

spng_format layout_of(Channels channels) {
    return channels == Channels::grey  ? SPNG_FMT_G8
           : channels == Channels::rgb ? SPNG_FMT_RGB8
                                       : SPNG_FMT_RGBA8;
}

Image read_by_spng(const Bytes& file, Size size, Channels channels) {
    const std::unique_ptr<spng_ctx, decltype(&spng_ctx_free)> context(spng_ctx_new(0),
                                                                      spng_ctx_free);
    spng_set_png_buffer(context.get(), file.data(), file.size());
    Image image(size, channels);
    EXPECT_EQ(spng_decode_image(context.get(), image.bytes().data(), image.bytes().size(),
                                layout_of(channels), SPNG_DECODE_TRNS),
              SPNG_OK);
    return image;
}

Bytes bytes_of(std::initializer_list<int> values) {
    Bytes bytes;
    std::ranges::transform(values, std::back_inserter(bytes),
                           [](int value) { return static_cast<std::byte>(value); });
    return bytes;
}

/// Seeded colours, three bytes each.
Bytes palette_of(std::size_t colors) {
    Bytes palette(3 * colors);
    for (std::size_t i = 0; i < palette.size(); ++i) {
        palette[i] = static_cast<std::byte>(i * 37 + 11);
    }
    return palette;
}

struct Kind {
    int color;
    int bits;
    bool transparent;
};

void PrintTo(const Kind& kind, std::ostream* out) {
    *out << "colour " << kind.color << ", " << kind.bits << " bits"
         << (kind.transparent ? ", transparent" : "");
}

PngRecipe recipe_of(const Kind& kind, Size size, bool interlaced, std::uint32_t seed) {
    PngRecipe recipe{.size = size, .bits = kind.bits, .color = kind.color};
    recipe.interlaced = interlaced;
    if (kind.color == 3) {
        recipe.palette = palette_of(std::size_t{1} << kind.bits);
    }
    if (kind.transparent) {
        recipe.transparency = kind.color == 3   ? bytes_of({7, 200})
                              : kind.color == 0 ? bytes_of({0, 1})
                                                : bytes_of({0, 1, 0, 2, 0, 3});
    }
    recipe.samples = testing::random_png_samples(recipe, seed);
    // The transparent colour, somewhere: pixels without a filter at the end of the first row.
    if (kind.transparent && kind.color == 2 && size.width > 1) {
        recipe.samples[0] = std::byte{0};
        std::copy_n(bytes_of({1, 2, 3}).begin(), 3, recipe.samples.begin() + 1);
    }
    return recipe;
}

class EachPngKind : public ::testing::TestWithParam<Kind> {};

TEST_P(EachPngKind, IsReadAsLibspngReadsIt) {
    std::uint32_t seed = 1;
    for (const Size size : {Size{1, 1}, Size{2, 1}, Size{1, 300}, Size{7, 5}, Size{8, 8},
                            Size{63, 3}, Size{64, 64}, Size{65, 129}, Size{701, 260}}) {
        for (const bool interlaced : {false, true}) {
            PngRecipe recipe = recipe_of(GetParam(), size, interlaced, ++seed);
            recipe.level = static_cast<int>(seed % 13);
            recipe.chunk_bytes = seed % 3 == 0 ? 1000 : seed % 3 == 1 ? 70'001 : 1U << 30;
            const Bytes file = testing::make_png(recipe);
            const Image image = read_rows(file);
            ASSERT_EQ(image.size(), size);
            ASSERT_TRUE(image == read_by_spng(file, size, image.channels()))
                << size.width << "x" << size.height << (interlaced ? " interlaced" : "");
        }
    }
}

constexpr Kind kKinds[] = {
    {0, 1, false}, {0, 2, false}, {0, 4, false}, {0, 8, false}, {0, 1, true},
    {0, 2, true},  {0, 4, true},  {0, 8, true},  {2, 8, false}, {2, 8, true},
    {3, 1, false}, {3, 2, false}, {3, 4, false}, {3, 8, false}, {3, 1, true},
    {3, 2, true},  {3, 4, true},  {3, 8, true},  {4, 8, false}, {6, 8, false},
};

INSTANTIATE_TEST_SUITE_P(Kinds, EachPngKind, ::testing::ValuesIn(kKinds));

TEST(PngRows, TakesRowsThatAreLargerThanABand) {
    const PngRecipe recipe = recipe_of({6, 8, false}, {60'000, 9}, false, 3);
    const Bytes file = testing::make_png(recipe);
    EXPECT_TRUE(read_rows(file) == read_by_spng(file, recipe.size, Channels::rgba));
}

TEST(PngRows, IndicesBeyondThePaletteAreBlack) {
    PngRecipe recipe{.size = {2, 1}, .bits = 8, .color = 3};
    recipe.palette = bytes_of({10, 20, 30});
    recipe.samples = bytes_of({0, 0, 200});
    EXPECT_TRUE(std::ranges::equal(read_rows(testing::make_png(recipe)).bytes(),
                                   std::vector<int>{10, 20, 30, 0, 0, 0}));
}

/// Where a chunk's type stands.
Bytes::iterator find_chunk(Bytes& file, std::string_view type) {
    return std::ranges::search(file, std::as_bytes(std::span(type.data(), type.size()))).begin();
}

TEST(PngRows, ADamagedTransparencyIsLeftOut) {
    for (const int color : {0, 2, 3}) {
        Bytes file = testing::make_png(recipe_of({color, 8, true}, {9, 9}, false, 4));
        EXPECT_TRUE(read_rows(file).has_alpha());
        find_chunk(file, "tRNS")[5] ^= std::byte{1};
        EXPECT_FALSE(read_rows(file).has_alpha());
    }
}

TEST(PngRows, ATransparencyThatDoesNotFitTheColoursIsLeftOut) {
    const std::vector<std::pair<Kind, std::size_t>> misfits{
        {{0, 8, false}, 1}, {{0, 8, false}, 6}, {{0, 1, false}, 4},  {{2, 8, false}, 2},
        {{2, 8, false}, 7}, {{3, 2, false}, 5}, {{3, 8, false}, 257}};
    for (const auto& [kind, size] : misfits) {
        PngRecipe recipe = recipe_of(kind, {9, 9}, false, 14);
        const Image without = read_rows(testing::make_png(recipe));
        recipe.transparency = Bytes(size);
        const Image image = read_rows(testing::make_png(recipe));
        EXPECT_FALSE(image.has_alpha()) << ::testing::PrintToString(kind) << ", " << size;
        EXPECT_TRUE(image == without);
    }
    // Pixels with an alpha channel keep what that says.
    for (const int color : {4, 6}) {
        PngRecipe recipe = recipe_of({color, 8, false}, {9, 9}, false, 15);
        const Image without = read_rows(testing::make_png(recipe));
        recipe.transparency = bytes_of({0, 0});
        EXPECT_TRUE(read_rows(testing::make_png(recipe)) == without);
    }
}

TEST(PngRows, ATransparencyBehindThePixelsOrBeforeThePaletteIsLeftOut) {
    for (const int color : {0, 2, 3}) {
        const PngRecipe recipe = recipe_of({color, 8, false}, {9, 9}, false, 16);
        const Bytes transparency = color == 0 ? bytes_of({0, 1}) : bytes_of({0, 1, 0, 2, 0, 3});
        Bytes file = testing::make_png(recipe);
        const Image without = read_rows(file);
        file.resize(file.size() - 12);
        testing::append_png_chunk(file, "tRNS", transparency);
        testing::append_png_chunk(file, "IEND", {});
        EXPECT_FALSE(read_rows(file).has_alpha());
        EXPECT_TRUE(read_rows(file) == without);
    }
    Bytes chunk;
    testing::append_png_chunk(chunk, "tRNS", bytes_of({0, 100}));
    Bytes file = testing::make_png(recipe_of({3, 8, false}, {9, 9}, false, 17));
    file.insert(file.begin() + 33, chunk.begin(), chunk.end());
    EXPECT_FALSE(read_rows(file).has_alpha());
}

TEST(PngRows, OfTransparenciesTheFirstThatFitsCounts) {
    PngRecipe recipe = recipe_of({0, 8, false}, {2, 1}, false, 18);
    recipe.samples = bytes_of({0, 5, 6});
    Bytes file = testing::make_png(recipe);
    Bytes chunks;
    testing::append_png_chunk(chunks, "tRNS", bytes_of({5}));
    testing::append_png_chunk(chunks, "tRNS", bytes_of({0, 6}));
    testing::append_png_chunk(chunks, "tRNS", bytes_of({0, 5}));
    file.insert(file.begin() + 33, chunks.begin(), chunks.end());
    EXPECT_TRUE(
        std::ranges::equal(read_rows(file).bytes(), std::vector<int>{5, 5, 5, 255, 6, 6, 6, 0}));
}

TEST(PngRows, MoreRowsThanTheHeaderClaimsAreNoDamage) {
    PngRecipe recipe = recipe_of({2, 8, false}, {30, 20}, false, 5);
    const Image expected = read_rows(testing::make_png(recipe));
    recipe.samples.resize(recipe.samples.size() + 5000);
    EXPECT_TRUE(read_rows(testing::make_png(recipe)) == expected);
}

TEST(PngRows, FewerRowsThanTheHeaderClaimsAreDamage) {
    for (const bool interlaced : {false, true}) {
        PngRecipe recipe = recipe_of({2, 8, false}, {30, 20}, interlaced, 6);
        recipe.samples.pop_back();
        EXPECT_THAT(damage_of(testing::make_png(recipe)), HasSubstr("fewer rows"));
    }
}

TEST(PngRows, AnUnknownFilterIsDamage) {
    for (const bool interlaced : {false, true}) {
        PngRecipe recipe = recipe_of({6, 8, false}, {12, 9}, interlaced, 7);
        recipe.samples[0] = std::byte{5};
        EXPECT_THAT(damage_of(testing::make_png(recipe)), HasSubstr("filter"));
    }
}

TEST(PngRows, AWrongSumIsDamageAndAMissingOneIsNot) {
    const PngRecipe recipe = recipe_of({6, 8, false}, {40, 30}, false, 8);
    const Image expected = read_rows(testing::make_png(recipe));
    Bytes file = testing::make_png(recipe);
    // IEND and a CRC stand behind the Adler-32.
    file[file.size() - 12 - 4 - 1] ^= std::byte{1};
    EXPECT_THAT(damage_of(file), HasSubstr("compressed pixels"));

    Bytes stream = testing::zlib_stream(recipe.samples, 6);
    stream.resize(stream.size() - 4);
    Bytes without(file.begin(), file.begin() + 33);
    testing::append_png_chunk(without, "IDAT", stream);
    testing::append_png_chunk(without, "IEND", {});
    EXPECT_TRUE(read_rows(without) == expected);
}

TEST(PngRows, AWrongChecksumBeforeTheLastPixelsIsDamage) {
    PngRecipe recipe = recipe_of({6, 8, false}, {40, 30}, false, 9);
    recipe.chunk_bytes = 1000;
    Bytes file = testing::make_png(recipe);
    file[33 + 8 + 1000] ^= std::byte{1};
    EXPECT_THAT(damage_of(file), HasSubstr("checksum"));
}

/// IEND with its CRC, and the CRC of the last pixels before.
constexpr std::size_t kAfterLastPixels = 12 + 4;

TEST(PngRows, AWrongChecksumOfTheLastPixelsIsDamage) {
    for (const bool interlaced : {false, true}) {
        PngRecipe recipe = recipe_of({6, 8, false}, {40, 30}, interlaced, 19);
        for (const std::size_t chunk_bytes : {std::size_t{1} << 30, std::size_t{1000}}) {
            recipe.chunk_bytes = chunk_bytes;
            Bytes file = testing::make_png(recipe);
            file[file.size() - kAfterLastPixels] ^= std::byte{1};
            EXPECT_THAT(damage_of(file), HasSubstr("checksum"));
        }
        // Also behind rows that nobody needs.
        recipe.samples.resize(recipe.samples.size() + 300'000, std::byte{7});
        recipe.level = 0;
        recipe.chunk_bytes = std::size_t{1} << 30;
        Bytes file = testing::make_png(recipe);
        file[file.size() - kAfterLastPixels] ^= std::byte{1};
        EXPECT_THAT(damage_of(file), HasSubstr("checksum"));
    }
}

TEST(PngRows, WhatStandsBehindTheStreamInItsChunkCountsForTheChecksumAlone) {
    const PngRecipe recipe = recipe_of({6, 8, false}, {40, 30}, false, 20);
    const Bytes whole = testing::make_png(recipe);
    Bytes stream = testing::zlib_stream(recipe.samples, 6);
    stream.resize(stream.size() + 200'000, std::byte{1});
    Bytes file(whole.begin(), whole.begin() + 33);
    testing::append_png_chunk(file, "IDAT", stream);
    testing::append_png_chunk(file, "IEND", {});
    EXPECT_TRUE(read_rows(file) == read_rows(whole));
    file[file.size() - kAfterLastPixels - 1] ^= std::byte{1};
    EXPECT_THAT(damage_of(file), HasSubstr("checksum"));
}

TEST(PngRows, ChunksOfNothingAreStepsOver) {
    const PngRecipe recipe = recipe_of({6, 8, false}, {40, 30}, false, 10);
    const Bytes whole = testing::make_png(recipe);
    Bytes file(whole.begin(), whole.begin() + 33);
    const Bytes stream = testing::zlib_stream(recipe.samples, 6);
    for (const std::byte byte : stream) {
        testing::append_png_chunk(file, "IDAT", {});
        testing::append_png_chunk(file, "IDAT", {byte});
    }
    testing::append_png_chunk(file, "IEND", {});
    EXPECT_TRUE(read_rows(file) == read_rows(whole));
}

/// Some encoders name a smaller window than they use.
TEST(PngRows, TheWindowThatTheStreamClaimsIsNotHeldAgainstIt) {
    PngRecipe recipe = recipe_of({2, 8, false}, {200, 200}, false, 11);
    // Rows that repeat after 30 KB.
    const std::size_t period = 50 * 601;
    for (std::size_t i = period; i < recipe.samples.size(); ++i) {
        recipe.samples[i] = recipe.samples[i - period];
    }
    const Bytes whole = testing::make_png(recipe);
    Bytes stream = testing::zlib_stream(recipe.samples, 6);
    stream[0] = std::byte{0x18};
    stream[1] = std::byte{0x19};
    Bytes file(whole.begin(), whole.begin() + 33);
    testing::append_png_chunk(file, "IDAT", stream);
    testing::append_png_chunk(file, "IEND", {});
    EXPECT_TRUE(read_rows(file) == read_rows(whole));
}

TEST(PngRows, WhatComesBeforeThePixelsMustBeWhole) {
    const PngRecipe recipe = recipe_of({3, 2, false}, {5, 5}, false, 12);
    const Bytes file = testing::make_png(recipe);
    Bytes header = file;
    header[20] ^= std::byte{0x40};
    header[16 + 13] ^= std::byte{1};
    EXPECT_THAT(damage_of(header), HasSubstr("header"));
    Bytes palette = file;
    palette[33 + 9] ^= std::byte{1};
    EXPECT_THAT(damage_of(palette), HasSubstr("palette"));

    PngRecipe without = recipe;
    without.palette = {};
    EXPECT_THAT(damage_of(testing::make_png(without)), HasSubstr("no palette"));
    PngRecipe large = recipe;
    large.palette = palette_of(5);
    EXPECT_THAT(damage_of(testing::make_png(large)), HasSubstr("palette"));

    Bytes unknown(file.begin(), file.begin() + 33);
    testing::append_png_chunk(unknown, "ABCD", {});
    EXPECT_THAT(damage_of(unknown), HasSubstr("chunk"));
    Bytes empty(file.begin(), file.begin() + 33);
    testing::append_png_chunk(empty, "IEND", {});
    EXPECT_THAT(damage_of(empty), HasSubstr("no pixels"));
}

TEST(PngRows, EveryFileThatIsCutShortIsDamaged) {
    PngRecipe recipe = recipe_of({2, 8, false}, {20, 20}, false, 13);
    recipe.chunk_bytes = 400;
    const Bytes whole = testing::make_png(recipe);
    // A file is whole once the sum of its samples is there.
    for (std::size_t size = 33; size < whole.size() - 16; ++size) {
        EXPECT_NE(damage_of(Bytes(whole.begin(), whole.begin() + static_cast<long>(size))), "");
    }
}

}  // namespace
}  // namespace editprep::imaging
