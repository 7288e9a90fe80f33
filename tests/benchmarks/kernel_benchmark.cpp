/// Pixel work, against a memcpy of the same pixels and against OpenCV's call for the job.

#include <benchmark/benchmark.h>

#include <array>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "benchmark_inputs.hpp"
#include "bits/bit_morphology.hpp"
#include "bits/mask_rows.hpp"
#include "bits/select_bits.hpp"
#include "canvas_rows.hpp"
#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/cutout.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "editprep/imaging/region.hpp"
#include "editprep/imaging/resize.hpp"
#include "region_spans.hpp"
#include "repeat.hpp"
#include "rows/word_verdicts.hpp"

namespace editprep::benchmarks {
namespace {

using benchmark::State;
using imaging::BitMask;
using imaging::CanvasFill;
using imaging::Channels;
using imaging::Image;
using imaging::Mask;

/// The photo scaled to cover its canvas.
constexpr imaging::Size kLarger{5365, 4024};

void copy_mask(State& state) { copy_bytes(state, static_cast<std::size_t>(kSize.area())); }

cv::Mat view(const Mask& mask) {
    return {mask.height(), mask.width(), CV_8UC1, const_cast<std::uint8_t*>(mask.row(0))};
}

cv::Mat view(const Image& image) {
    return {image.height(), image.width(), CV_8UC3, const_cast<std::uint8_t*>(image.row(0))};
}

BitMask select_bits() {
    BitMask bits(kSize);
    for (int y = 0; y < kSize.height; ++y) {
        imaging::select_distant(product().row(y), Channels::rgb,
                                static_cast<std::size_t>(kSize.width), {243, 244, 246}, 40 * 40,
                                bits.row(y));
    }
    return bits;
}

/// The product as a JPEG keeps it: luma, blue chroma, red chroma.
const std::array<Mask, 3>& product_planes() {
    static const std::array<Mask, 3> planes = [] {
        std::array<Mask, 3> result{Mask(kSize), Mask(kSize), Mask(kSize)};
        for (int y = 0; y < kSize.height; ++y) {
            const std::uint8_t* pixel = product().row(y);
            for (int x = 0; x < kSize.width; ++x, pixel += 3) {
                const int luma = (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]) / 1000;
                result[0].row(y)[x] = static_cast<std::uint8_t>(luma);
                result[1].row(y)[x] = static_cast<std::uint8_t>(128 + (pixel[2] - luma) / 2);
                result[2].row(y)[x] = static_cast<std::uint8_t>(128 + (pixel[0] - luma) / 2);
            }
        }
        return result;
    }();
    return planes;
}

std::vector<imaging::WordVerdict> judge_planes() {
    const auto& [luma, blue, red] = product_planes();
    imaging::WordJudge judge(static_cast<std::size_t>(kSize.width));
    judge.set_bounds({{243, 244, 246}, 33 * 33, 47 * 47});
    std::vector<imaging::WordVerdict> verdicts(judge.words());
    for (int y = 0; y < kSize.height; y += 2) {
        judge.judge({imaging::PlaneRows{luma.row(y), luma.row(y + 1)},
                     imaging::PlaneRows{blue.row(y), blue.row(y + 1)},
                     imaging::PlaneRows{red.row(y), red.row(y + 1)}},
                    verdicts.data());
        benchmark::ClobberMemory();
    }
    return verdicts;
}

const BitMask& object_bits() {
    static const BitMask bits = select_bits();
    return bits;
}

/// A mask of which no two pixels need be equal.
const Mask& busy_mask() {
    static const Mask mask = [] {
        Mask grain(kSize);
        for (std::size_t i = 0; i < grain.bytes().size(); ++i) {
            grain.bytes()[i] = photo().bytes()[3 * i];
        }
        return grain;
    }();
    return mask;
}

cv::Mat opencv_select(const cv::Mat& image) {
    cv::Mat difference;
    cv::Mat squares;
    cv::Mat sum;
    cv::absdiff(image, cv::Scalar(243, 244, 246), difference);
    difference.convertTo(squares, CV_32F);
    cv::multiply(squares, squares, squares);
    cv::transform(squares, sum, cv::Matx13f(1, 1, 1));
    cv::threshold(sum, squares, 40 * 40 - 0.5, 255, cv::THRESH_BINARY);
    squares.convertTo(difference, CV_8U);
    return difference;
}

cv::Mat opencv_dilate(const cv::Mat& mask, int radius) {
    const int side = 2 * radius + 1;
    cv::Mat out;
    cv::dilate(mask, out, cv::getStructuringElement(cv::MORPH_RECT, {side, side}));
    return out;
}

cv::Mat opencv_blur(const cv::Mat& mask, double sigma) {
    cv::Mat out;
    cv::GaussianBlur(mask, out, {0, 0}, sigma);
    return out;
}

imaging::CanvasOptions canvas_options(CanvasFill fill) {
    imaging::CanvasOptions options;
    options.margins = {kCanvasMargin, kCanvasMargin, kCanvasMargin, kCanvasMargin};
    options.fill = fill;
    return options;
}

/// Walks over the rows of a canvas as a command does that never holds it.
void paint_rows(CanvasFill fill) {
    const imaging::CanvasOptions options = canvas_options(fill);
    imaging::SourceRows picture(photo());
    const auto layout = imaging::lay_out_canvas(picture.size(), options.margins);
    const auto rows = imaging::paint_canvas(picture, layout, options);
    for (int y = 0; y < layout.size.height; ++y) {
        benchmark::DoNotOptimize(rows->next());
    }
}

cv::Mat opencv_mirror() {
    cv::Mat out;
    cv::copyMakeBorder(view(photo()), out, kCanvasMargin, kCanvasMargin, kCanvasMargin,
                       kCanvasMargin, cv::BORDER_REFLECT);
    return out;
}

void register_select() {
    benchmark::RegisterBenchmark("select/memcpy 1 channel", copy_mask);
    benchmark::RegisterBenchmark("select/editprep corner-bg", [](State& state) {
        repeat(state, [] {
            return imaging::select_object(product(), {imaging::SelectionMode::corner_bg, 40, 8});
        });
    });
    benchmark::RegisterBenchmark("select/editprep, to bits",
                                 [](State& state) { repeat(state, select_bits); });
    benchmark::RegisterBenchmark("select/editprep, verdicts of luma and chroma",
                                 [](State& state) { repeat(state, judge_planes); });
    benchmark::RegisterBenchmark("select/OpenCV", [](State& state) {
        repeat(state, [] { return opencv_select(view(product())); });
    });
}

void register_grow(int radius) {
    const std::string group = "grow " + std::to_string(radius);
    benchmark::RegisterBenchmark((group + "/memcpy 1 channel").c_str(), copy_mask);
    benchmark::RegisterBenchmark((group + "/editprep").c_str(), [radius](State& state) {
        repeat(state, [=] { return imaging::grow(object_mask(), radius); });
    });
    benchmark::RegisterBenchmark((group + "/editprep, on bits").c_str(), [radius](State& state) {
        repeat(state, [=] {
            BitMask bits = object_bits();
            imaging::grow(bits, radius);
            return bits;
        });
    });
    benchmark::RegisterBenchmark(
        (group + "/OpenCV dilate, square").c_str(), [radius](State& state) {
            repeat(state, [=] { return opencv_dilate(view(object_mask()), radius); });
        });
}

void register_feather(double sigma) {
    const std::string group = "feather " + std::to_string(static_cast<int>(sigma));
    benchmark::RegisterBenchmark((group + "/memcpy 1 channel").c_str(), copy_mask);
    benchmark::RegisterBenchmark((group + "/editprep").c_str(), [sigma](State& state) {
        repeat(state, [=] { return imaging::feather(object_mask(), sigma); });
    });
    benchmark::RegisterBenchmark(
        (group + "/editprep, bits to rows").c_str(), [sigma](State& state) {
            repeat(state, [=] {
                return imaging::write_mask_rows(object_bits(), sigma, false,
                                                [](const std::uint8_t*) {});
            });
        });
    benchmark::RegisterBenchmark((group + "/editprep, busy").c_str(), [sigma](State& state) {
        repeat(state, [=] { return imaging::feather(busy_mask(), sigma); });
    });
    benchmark::RegisterBenchmark((group + "/OpenCV GaussianBlur").c_str(), [sigma](State& state) {
        repeat(state, [=] { return opencv_blur(view(object_mask()), sigma); });
    });
}

void register_region() {
    benchmark::RegisterBenchmark("region/memcpy 1 channel", copy_mask);
    benchmark::RegisterBenchmark("region/editprep ellipse", [](State& state) {
        const imaging::Region ellipse = imaging::parse_region("ellipse-pct:20:20:40:40");
        repeat(state, [&] { return imaging::mask_from_regions({&ellipse, 1}, kSize); });
    });
    benchmark::RegisterBenchmark("region/editprep ellipse, on bits", [](State& state) {
        const imaging::Region ellipse = imaging::parse_region("ellipse-pct:20:20:40:40");
        repeat(state, [&] {
            BitMask bits(kSize);
            imaging::draw(imaging::place(ellipse, kSize), bits);
            return bits;
        });
    });
}

void register_canvas() {
    constexpr std::size_t kCanvasBytes =
        std::size_t{4} * (4000 + 2 * kCanvasMargin) * (3000 + 2 * kCanvasMargin);
    benchmark::RegisterBenchmark("canvas/memcpy 4 channels",
                                 [](State& state) { copy_bytes(state, kCanvasBytes); });
    const auto add = [](const std::string& name, CanvasFill fill) {
        benchmark::RegisterBenchmark(("canvas/editprep rows, " + name).c_str(),
                                     [fill](State& state) {
                                         for (auto _ : state) {
                                             paint_rows(fill);
                                         }
                                     });
        benchmark::RegisterBenchmark(("canvas/editprep " + name).c_str(), [fill](State& state) {
            repeat(state,
                   [=] { return imaging::expand_canvas(photo(), canvas_options(fill)).image; });
        });
    };
    add("transparent", CanvasFill::transparent);
    add("solid", CanvasFill::solid);
    add("mirror", CanvasFill::mirror);
    add("blur 24", CanvasFill::blur);
    benchmark::RegisterBenchmark("canvas/OpenCV mirror, 3 channels", [](State& state) {
        repeat(state, [] { return opencv_mirror(); });
    });
}

void register_resize() {
    benchmark::RegisterBenchmark("resize/memcpy 3 channels", [](State& state) {
        copy_bytes(state, static_cast<std::size_t>(kLarger.area()) * 3);
    });
    benchmark::RegisterBenchmark("resize/editprep Lanczos, 12 to 21 MP", [](State& state) {
        repeat(state, [] { return imaging::resize(photo(), kLarger); });
    });
    benchmark::RegisterBenchmark("resize/OpenCV Lanczos, 12 to 21 MP", [](State& state) {
        repeat(state, [] {
            cv::Mat out;
            cv::resize(view(photo()), out, {kLarger.width, kLarger.height}, 0, 0,
                       cv::INTER_LANCZOS4);
            return out;
        });
    });
}

void register_composite() {
    benchmark::RegisterBenchmark("composite/memcpy 3 channels", [](State& state) {
        copy_bytes(state, static_cast<std::size_t>(kSize.area()) * 3);
    });
    benchmark::RegisterBenchmark("composite/editprep RGB", [](State& state) {
        repeat(state, [] { return imaging::composite(photo(), product(), object_mask()); });
    });
}

/// An outline of a few pixels' softness, and a much wider one.
void register_cutout() {
    benchmark::RegisterBenchmark("cutout/memcpy 3 channels", [](State& state) {
        copy_bytes(state, static_cast<std::size_t>(kSize.area()) * 3);
    });
    for (const int sigma : {1, 8}) {
        const std::string name =
            "cutout/editprep decontaminate, edge of sigma " + std::to_string(sigma);
        benchmark::RegisterBenchmark(name.c_str(), [sigma](State& state) {
            const Mask matte = imaging::feather(object_mask(), sigma);
            repeat(state, [&] { return imaging::decontaminate(product(), matte); });
        });
    }
    benchmark::RegisterBenchmark("cutout/editprep white background", [](State& state) {
        const Mask matte = imaging::feather(object_mask(), 1);
        const imaging::BackgroundOptions options{imaging::parse_fill("white")};
        repeat(state, [&] { return imaging::replace_background(product(), matte, options); });
    });
}

}  // namespace

void register_kernel_benchmarks() {
    cv::setNumThreads(0);
    register_select();
    register_grow(6);
    register_grow(24);
    register_feather(4);
    register_feather(8);
    register_feather(24);
    register_region();
    register_canvas();
    register_resize();
    register_composite();
    register_cutout();
}

}  // namespace editprep::benchmarks
