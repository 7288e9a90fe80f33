#include "bare_codecs.hpp"

#include <libdeflate.h>
#include <stdio.h>
// jpeglib.h needs stdio.h before it.
#include <jpeglib.h>

#include <array>
#include <cstring>

namespace editprep::benchmarks {
namespace {

constexpr std::size_t kBandRows = 16;

/// PNG specification, section 11.2: IHDR is the first chunk; chunks are length, name, data, CRC.
constexpr std::size_t kSignatureBytes = 8;
constexpr std::size_t kChunkFrameBytes = 12;
constexpr std::size_t kWidthAt = 16;
constexpr std::size_t kHeightAt = 20;
constexpr std::size_t kColorTypeAt = 25;

std::uint32_t big_endian(const unsigned char* p) {
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

/// By PNG's colour type: grey, RGB, palette, grey with alpha, RGBA.
std::size_t channels_of(unsigned color_type) {
    constexpr std::array<std::size_t, 7> kChannels{1, 0, 3, 1, 2, 0, 4};
    return kChannels.at(color_type);
}

std::vector<unsigned char> joined_data_chunks(std::span<const unsigned char> file) {
    std::vector<unsigned char> joined;
    std::size_t at = kSignatureBytes;
    while (at + kChunkFrameBytes <= file.size()) {
        const unsigned char* chunk = file.data() + at;
        const std::size_t length = big_endian(chunk);
        if (std::memcmp(chunk + 4, "IDAT", 4) == 0) {
            joined.insert(joined.end(), chunk + 8, chunk + 8 + length);
        }
        at += kChunkFrameBytes + length;
    }
    return joined;
}

}  // namespace

void decode_jpeg_bands(std::span<const std::byte> file, const UseRow& use_row) {
    jpeg_decompress_struct decoder;
    jpeg_error_mgr errors;
    decoder.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&decoder, TRUE);
    decoder.out_color_space = JCS_RGB;
    jpeg_start_decompress(&decoder);
    const std::size_t stride = std::size_t{decoder.output_width} * 3;
    std::vector<std::uint8_t> band(stride * kBandRows);
    std::array<JSAMPROW, kBandRows> rows;
    for (std::size_t i = 0; i < kBandRows; ++i) {
        rows[i] = band.data() + stride * i;
    }
    while (decoder.output_scanline < decoder.output_height) {
        const JDIMENSION count = jpeg_read_scanlines(&decoder, rows.data(), rows.size());
        for (JDIMENSION i = 0; i < count; ++i) {
            use_row(rows[i], static_cast<int>(decoder.output_width));
        }
    }
    jpeg_finish_decompress(&decoder);
    jpeg_destroy_decompress(&decoder);
}

std::vector<std::uint8_t> inflate_png(std::span<const std::byte> file) {
    const std::span bytes(reinterpret_cast<const unsigned char*>(file.data()), file.size());
    const std::vector<unsigned char> compressed = joined_data_chunks(bytes);
    const std::size_t width = big_endian(bytes.data() + kWidthAt);
    const std::size_t height = big_endian(bytes.data() + kHeightAt);
    std::vector<std::uint8_t> rows((width * channels_of(bytes[kColorTypeAt]) + 1) * height);
    libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
    libdeflate_zlib_decompress(decompressor, compressed.data(), compressed.size(), rows.data(),
                               rows.size(), nullptr);
    libdeflate_free_decompressor(decompressor);
    return rows;
}

std::vector<std::byte> deflate_rows(std::span<const std::uint8_t> rows, int level) {
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(level);
    std::vector<std::byte> out(libdeflate_zlib_compress_bound(compressor, rows.size()));
    out.resize(
        libdeflate_zlib_compress(compressor, rows.data(), rows.size(), out.data(), out.size()));
    libdeflate_free_compressor(compressor);
    return out;
}

}  // namespace editprep::benchmarks
