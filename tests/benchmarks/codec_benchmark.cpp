/// Reading and writing, against the bare decode or a memcpy and against the usual library.

#include <benchmark/benchmark.h>
#include <libdeflate.h>
#include <spng.h>
#include <stdio.h>
// jpeglib.h needs stdio.h before it.
#include <jpeglib.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "benchmark_inputs.hpp"
#include "direct_tier.hpp"
#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "rows/row_reader.hpp"

namespace editprep::benchmarks {
namespace {

using benchmark::State;
using imaging::Image;
using imaging::ImageFormat;
using Bytes = std::vector<std::byte>;

/// Of the filtered photo and mask, with the filter's number.
constexpr std::size_t kPhotoRowBytes = std::size_t{3} * 4000 + 1;
constexpr std::size_t kMaskRowBytes = 4000 + 1;

const unsigned char* data_of(const Bytes& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

const Bytes& jpeg_file() {
    static const Bytes bytes = [] {
        imaging::WriteOptions options;
        options.quality = 89;
        return imaging::encode_image(photo(), ImageFormat::jpeg, options);
    }();
    return bytes;
}

const Bytes& png_file() {
    static const Bytes bytes = imaging::encode_image(photo(), ImageFormat::png);
    return bytes;
}

/// What no decoder can leave out: rows decoded into one small buffer and thrown away.
void decode_jpeg_bands(const Bytes& file) {
    jpeg_decompress_struct decoder;
    jpeg_error_mgr errors;
    decoder.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, data_of(file), file.size());
    jpeg_read_header(&decoder, TRUE);
    jpeg_start_decompress(&decoder);
    std::vector<std::uint8_t> row(std::size_t{decoder.output_width} * 3);
    while (decoder.output_scanline < decoder.output_height) {
        JSAMPROW rows[] = {row.data()};
        jpeg_read_scanlines(&decoder, rows, 1);
    }
    jpeg_finish_decompress(&decoder);
    jpeg_destroy_decompress(&decoder);
}

std::uint32_t big_endian(const unsigned char* p) {
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

/// The inflate alone, filters not undone.
std::size_t inflate_png(const Bytes& file, std::vector<std::uint8_t>& rows) {
    const unsigned char* bytes = data_of(file);
    std::vector<unsigned char> compressed;
    for (std::size_t at = 8; at + 12 <= file.size(); at += 12 + big_endian(bytes + at)) {
        if (std::memcmp(bytes + at + 4, "IDAT", 4) == 0) {
            compressed.insert(compressed.end(), bytes + at + 8,
                              bytes + at + 8 + big_endian(bytes + at));
        }
    }
    libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
    std::size_t size = 0;
    libdeflate_zlib_decompress(decompressor, compressed.data(), compressed.size(), rows.data(),
                               rows.size(), &size);
    libdeflate_free_decompressor(decompressor);
    return size;
}

/// Into fresh memory, as a picture.
void spng_decode(const Bytes& file) {
    spng_ctx* decoder = spng_ctx_new(0);
    spng_set_png_buffer(decoder, file.data(), file.size());
    std::vector<unsigned char> pixels(std::size_t{3} * 4000 * 3000);
    spng_decode_image(decoder, pixels.data(), pixels.size(), SPNG_FMT_RGB8, 0);
    spng_ctx_free(decoder);
}

enum class Where { here, ahead };

/// Walks over the rows of a file as a command does that never holds the picture.
void read_rows(const Bytes& file, Where where) {
    imaging::EncodedSource source(file, "photo", std::int64_t{1} << 30);
    const auto facts = imaging::probe_direct(source, imaging::require_format(source));
    auto rows = imaging::open_rows(source, facts);
    if (where == Where::ahead) {
        rows = imaging::read_ahead(std::move(rows));
    }
    for (auto band = rows->next(); !band.empty(); band = rows->next()) {
        benchmark::DoNotOptimize(band.data());
    }
}

void register_rows(const std::string& group, const Bytes& file) {
    benchmark::RegisterBenchmark((group + "/editprep rows").c_str(), [&file](State& state) {
        for (auto _ : state) {
            read_rows(file, Where::here);
        }
    });
    benchmark::RegisterBenchmark((group + "/editprep rows, ahead").c_str(), [&file](State& state) {
        for (auto _ : state) {
            read_rows(file, Where::ahead);
        }
    })->MeasureProcessCPUTime();
    benchmark::RegisterBenchmark((group + "/editprep").c_str(), [&file](State& state) {
        for (auto _ : state) {
            benchmark::DoNotOptimize(imaging::read_image(file, "photo"));
        }
    });
}

std::size_t spng_encode(const void* pixels, std::size_t size, spng_color_type color, int level,
                        int filters) {
    spng_ctx* encoder = spng_ctx_new(SPNG_CTX_ENCODER);
    spng_set_option(encoder, SPNG_ENCODE_TO_BUFFER, 1);
    spng_set_option(encoder, SPNG_IMG_COMPRESSION_LEVEL, level);
    spng_set_option(encoder, SPNG_FILTER_CHOICE, filters);
    spng_ihdr header{};
    header.width = 4000;
    header.height = 3000;
    header.bit_depth = 8;
    header.color_type = static_cast<std::uint8_t>(color);
    spng_set_ihdr(encoder, &header);
    spng_encode_image(encoder, pixels, size, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
    std::size_t length = 0;
    int error = 0;
    std::free(spng_get_png_buffer(encoder, &length, &error));
    spng_ctx_free(encoder);
    return length;
}

/// libdeflate's one shot on rows that are filtered already: the compression alone.
std::size_t deflate_rows(const std::vector<std::uint8_t>& rows, int level) {
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(level);
    Bytes out(libdeflate_zlib_compress_bound(compressor, rows.size()));
    const std::size_t size =
        libdeflate_zlib_compress(compressor, rows.data(), rows.size(), out.data(), out.size());
    libdeflate_free_compressor(compressor);
    return size;
}

/// The rows of a PNG file as they were filtered.
std::vector<std::uint8_t> filtered_rows(const Bytes& file, std::size_t size) {
    std::vector<std::uint8_t> rows(size);
    inflate_png(file, rows);
    return rows;
}

void report_bytes(State& state, std::size_t bytes) {
    state.counters["bytes"] = static_cast<double>(bytes);
}

void register_reading() {
    // Made here, not in the first measured round.
    const Bytes& jpeg = jpeg_file();
    const Bytes& png = png_file();
    benchmark::RegisterBenchmark("read JPEG/libjpeg-turbo in rows", [&jpeg](State& state) {
        for (auto _ : state) {
            decode_jpeg_bands(jpeg);
        }
    });
    register_rows("read JPEG", jpeg);
    benchmark::RegisterBenchmark("read PNG/libdeflate inflate", [&png](State& state) {
        for (auto _ : state) {
            std::vector<std::uint8_t> rows(kPhotoRowBytes * 3000);
            benchmark::DoNotOptimize(inflate_png(png, rows));
        }
    });
    register_rows("read PNG", png);
    benchmark::RegisterBenchmark("read PNG/libspng", [&png](State& state) {
        for (auto _ : state) {
            spng_decode(png);
        }
    });
}

void register_writing() {
    static const imaging::Mask mask = imaging::feather(object_mask(), 4.0);
    benchmark::RegisterBenchmark("write mask/memcpy", [](State& state) {
        std::vector<std::uint8_t> copy(mask.bytes().size());
        for (auto _ : state) {
            std::memcpy(copy.data(), mask.bytes().data(), copy.size());
            benchmark::ClobberMemory();
        }
    });
    benchmark::RegisterBenchmark("write mask/editprep", [](State& state) {
        for (auto _ : state) {
            report_bytes(state, imaging::encode_mask_png(mask).size());
        }
    });
    benchmark::RegisterBenchmark("write mask/libdeflate 1", [](State& state) {
        const auto rows = filtered_rows(imaging::encode_mask_png(mask), kMaskRowBytes * 3000);
        for (auto _ : state) {
            report_bytes(state, deflate_rows(rows, 1));
        }
    });
    benchmark::RegisterBenchmark("write mask/libspng 6, Up", [](State& state) {
        for (auto _ : state) {
            report_bytes(state, spng_encode(mask.bytes().data(), mask.bytes().size(),
                                            SPNG_COLOR_TYPE_GRAYSCALE, 6, SPNG_FILTER_CHOICE_UP));
        }
    });
    benchmark::RegisterBenchmark("write photo/memcpy", [](State& state) {
        std::vector<std::uint8_t> copy(photo().bytes().size());
        for (auto _ : state) {
            std::memcpy(copy.data(), photo().bytes().data(), copy.size());
            benchmark::ClobberMemory();
        }
    });
    benchmark::RegisterBenchmark("write photo/editprep", [](State& state) {
        for (auto _ : state) {
            report_bytes(state, imaging::encode_image(photo(), ImageFormat::png).size());
        }
    });
    for (const int level : {1, 2}) {
        const std::string name = "write photo/libdeflate " + std::to_string(level);
        benchmark::RegisterBenchmark(name.c_str(), [level](State& state) {
            const auto rows = filtered_rows(png_file(), kPhotoRowBytes * 3000);
            for (auto _ : state) {
                report_bytes(state, deflate_rows(rows, level));
            }
        });
    }
    benchmark::RegisterBenchmark("write photo/libspng 6, adaptive", [](State& state) {
        for (auto _ : state) {
            report_bytes(state, spng_encode(photo().bytes().data(), photo().bytes().size(),
                                            SPNG_COLOR_TYPE_TRUECOLOR, 6, SPNG_FILTER_CHOICE_ALL));
        }
    });
}

}  // namespace

void register_codec_benchmarks() {
    register_reading();
    register_writing();
}

}  // namespace editprep::benchmarks
