/// Reading and writing, against the bare decode or a memcpy and against the usual library.

#include <benchmark/benchmark.h>
#include <spng.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "bare_codecs.hpp"
#include "benchmark_inputs.hpp"
#include "direct_tier.hpp"
#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "rows/row_reader.hpp"
#include "spng_encoder.hpp"

namespace editprep::benchmarks {
namespace {

using benchmark::State;
using imaging::Image;
using imaging::ImageFormat;
using Bytes = std::vector<std::byte>;

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

void report_bytes(State& state, std::size_t bytes) {
    state.counters["bytes"] = static_cast<double>(bytes);
}

void register_reading() {
    // Made here, not in the first measured round.
    const Bytes& jpeg = jpeg_file();
    const Bytes& png = png_file();
    benchmark::RegisterBenchmark("read JPEG/libjpeg-turbo in rows", [&jpeg](State& state) {
        for (auto _ : state) {
            decode_jpeg_bands(jpeg, [](const std::uint8_t*, int) {});
        }
    });
    register_rows("read JPEG", jpeg);
    benchmark::RegisterBenchmark("read PNG/libdeflate inflate", [&png](State& state) {
        for (auto _ : state) {
            benchmark::DoNotOptimize(inflate_png(png));
        }
    });
    register_rows("read PNG", png);
    benchmark::RegisterBenchmark("read PNG/libspng", [&png](State& state) {
        for (auto _ : state) {
            spng_decode(png);
        }
    });
}

/// Of the writer all threads count: some of them compress.
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
    })->MeasureProcessCPUTime();
    benchmark::RegisterBenchmark("write mask/libdeflate 1", [](State& state) {
        const auto rows = inflate_png(imaging::encode_mask_png(mask));
        for (auto _ : state) {
            report_bytes(state, deflate_rows(rows, 1).size());
        }
    });
    benchmark::RegisterBenchmark("write mask/libspng 6, Up", [](State& state) {
        for (auto _ : state) {
            report_bytes(state, spng_encode(mask.bytes(), kSize, SPNG_COLOR_TYPE_GRAYSCALE, 6,
                                            SPNG_FILTER_CHOICE_UP)
                                    .size());
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
    })->MeasureProcessCPUTime();
    for (const int level : {1, 2}) {
        const std::string name = "write photo/libdeflate " + std::to_string(level);
        benchmark::RegisterBenchmark(name.c_str(), [level](State& state) {
            const auto rows = inflate_png(png_file());
            for (auto _ : state) {
                report_bytes(state, deflate_rows(rows, level).size());
            }
        });
    }
    benchmark::RegisterBenchmark("write photo/libspng 6, adaptive", [](State& state) {
        for (auto _ : state) {
            report_bytes(state, spng_encode(photo().bytes(), kSize, SPNG_COLOR_TYPE_TRUECOLOR, 6,
                                            SPNG_FILTER_CHOICE_ALL)
                                    .size());
        }
    });
}

/// The photo on a larger canvas whose border is transparent.
void register_writing_canvas() {
    constexpr imaging::Margins kMargins{kCanvasMargin, kCanvasMargin, kCanvasMargin, kCanvasMargin};
    static const Image canvas = imaging::expand_canvas(photo(), {kMargins}).image;
    static const Bytes file = imaging::encode_image(canvas, ImageFormat::png);
    for (const int level : {1, 2}) {
        const std::string name = "write RGBA canvas/libdeflate " + std::to_string(level);
        benchmark::RegisterBenchmark(name.c_str(), [level](State& state) {
            const auto rows = inflate_png(file);
            for (auto _ : state) {
                report_bytes(state, deflate_rows(rows, level).size());
            }
        });
    }
    benchmark::RegisterBenchmark("write RGBA canvas/editprep", [](State& state) {
        for (auto _ : state) {
            report_bytes(state, imaging::encode_image(canvas, ImageFormat::png).size());
        }
    })->MeasureProcessCPUTime();
}

}  // namespace

void register_codec_benchmarks() {
    register_reading();
    register_writing();
    register_writing_canvas();
}

}  // namespace editprep::benchmarks
