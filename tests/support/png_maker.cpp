#include "png_maker.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <random>

namespace editprep::testing {
namespace {

using Bytes = std::vector<std::byte>;

void append_number(Bytes& bytes, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<std::byte>(number >> shift));
    }
}

/// Calls `use` with the width and height of each pass that has pixels.
template <typename Use>
void for_each_pass(const PngRecipe& recipe, const Use& use) {
    struct Pass {
        int x, y, across, down;
    };
    constexpr std::array<Pass, 7> kAdam7{{{0, 0, 8, 8},
                                          {4, 0, 8, 8},
                                          {0, 4, 4, 8},
                                          {2, 0, 4, 4},
                                          {0, 2, 2, 4},
                                          {1, 0, 2, 2},
                                          {0, 1, 1, 2}}};
    if (!recipe.interlaced) {
        use(recipe.size.width, recipe.size.height);
        return;
    }
    for (const Pass& pass : kAdam7) {
        const int width = (recipe.size.width - pass.x + pass.across - 1) / pass.across;
        const int height = (recipe.size.height - pass.y + pass.down - 1) / pass.down;
        if (width > 0 && height > 0) {
            use(width, height);
        }
    }
}

/// Of a row with its filter byte.
std::size_t row_bytes(const PngRecipe& recipe, int width) {
    const int samples = recipe.color == 2 ? 3 : recipe.color == 4 ? 2 : recipe.color == 6 ? 4 : 1;
    return static_cast<std::size_t>((width * samples * recipe.bits + 7) / 8 + 1);
}

}  // namespace

std::size_t png_sample_bytes(const PngRecipe& recipe) {
    std::size_t bytes = 0;
    for_each_pass(recipe, [&](int width, int height) {
        bytes += row_bytes(recipe, width) * static_cast<std::size_t>(height);
    });
    return bytes;
}

Bytes random_png_samples(const PngRecipe& recipe, std::uint32_t seed) {
    std::mt19937 random(seed);
    Bytes samples(png_sample_bytes(recipe));
    std::ranges::generate(samples, [&random] { return static_cast<std::byte>(random()); });
    std::size_t row = 0;
    for_each_pass(recipe, [&](int width, int height) {
        for (int y = 0; y < height; ++y, row += row_bytes(recipe, width)) {
            samples[row] = static_cast<std::byte>(random() % 5);
        }
    });
    return samples;
}

Bytes zlib_stream(const Bytes& data, int level) {
    const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
        libdeflate_alloc_compressor(level), libdeflate_free_compressor);
    Bytes stream(libdeflate_zlib_compress_bound(compressor.get(), data.size()));
    stream.resize(libdeflate_zlib_compress(compressor.get(), data.data(), data.size(),
                                           stream.data(), stream.size()));
    return stream;
}

void append_png_chunk(Bytes& file, std::string_view type, const Bytes& data) {
    append_number(file, static_cast<std::uint32_t>(data.size()));
    const std::size_t start = file.size();
    std::ranges::transform(type, std::back_inserter(file),
                           [](char c) { return static_cast<std::byte>(c); });
    file.insert(file.end(), data.begin(), data.end());
    append_number(file, libdeflate_crc32(0, file.data() + start, file.size() - start));
}

Bytes make_png(const PngRecipe& recipe) {
    Bytes file;
    for (const int value : {0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A}) {
        file.push_back(static_cast<std::byte>(value));
    }
    Bytes header;
    append_number(header, static_cast<std::uint32_t>(recipe.size.width));
    append_number(header, static_cast<std::uint32_t>(recipe.size.height));
    for (const int value : {recipe.bits, recipe.color, 0, 0, recipe.interlaced ? 1 : 0}) {
        header.push_back(static_cast<std::byte>(value));
    }
    append_png_chunk(file, "IHDR", header);
    if (!recipe.palette.empty()) {
        append_png_chunk(file, "PLTE", recipe.palette);
    }
    if (!recipe.transparency.empty()) {
        append_png_chunk(file, "tRNS", recipe.transparency);
    }
    const Bytes stream = zlib_stream(recipe.samples, recipe.level);
    for (std::size_t at = 0; at < stream.size(); at += recipe.chunk_bytes) {
        const std::size_t count = std::min(recipe.chunk_bytes, stream.size() - at);
        const auto from = stream.begin() + static_cast<std::ptrdiff_t>(at);
        append_png_chunk(file, "IDAT", Bytes(from, from + static_cast<std::ptrdiff_t>(count)));
    }
    append_png_chunk(file, "IEND", {});
    return file;
}

}  // namespace editprep::testing
