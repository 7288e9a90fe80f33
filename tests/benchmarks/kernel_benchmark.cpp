/// Pixel work, against a memcpy of the same pixels and against OpenCV's call for the job.

#include <benchmark/benchmark.h>

#include <cstring>
#include <opencv2/imgproc.hpp>

#include "benchmark_inputs.hpp"
#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/cutout.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "editprep/imaging/region.hpp"

namespace editprep::benchmarks {
namespace {

using benchmark::State;
using imaging::CanvasFill;
using imaging::Channels;
using imaging::Image;
using imaging::Mask;

constexpr int kMargin = 512;

template <class Work>
void repeat(State& state, Work work) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(work());
    }
}

void copy_bytes(State& state, std::size_t count) {
    const std::vector<std::uint8_t> from(count, 1);
    std::vector<std::uint8_t> to(count);
    repeat(state, [&] {
        std::memcpy(to.data(), from.data(), count);
        benchmark::ClobberMemory();
        return to.data();
    });
}

void copy_mask(State& state) { copy_bytes(state, static_cast<std::size_t>(kSize.area())); }

cv::Mat view(const Mask& mask) {
    return {mask.height(), mask.width(), CV_8UC1, const_cast<std::uint8_t*>(mask.row(0))};
}

cv::Mat view(const Image& image) {
    return {image.height(), image.width(), CV_8UC3, const_cast<std::uint8_t*>(image.row(0))};
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

Image outpaint(CanvasFill fill) {
    imaging::CanvasOptions options;
    options.margins = {kMargin, kMargin, kMargin, kMargin};
    options.fill = fill;
    return imaging::expand_canvas(photo(), options).image;
}

cv::Mat opencv_mirror() {
    cv::Mat out;
    cv::copyMakeBorder(view(photo()), out, kMargin, kMargin, kMargin, kMargin, cv::BORDER_REFLECT);
    return out;
}

void register_select() {
    benchmark::RegisterBenchmark("select/memcpy 1 channel", copy_mask);
    benchmark::RegisterBenchmark("select/editprep corner-bg", [](State& state) {
        repeat(state, [] {
            return imaging::select_object(product(), {imaging::SelectionMode::corner_bg, 40, 8});
        });
    });
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
}

void register_canvas() {
    constexpr std::size_t kCanvasBytes =
        std::size_t{4} * (4000 + 2 * kMargin) * (3000 + 2 * kMargin);
    benchmark::RegisterBenchmark("canvas/memcpy 4 channels",
                                 [](State& state) { copy_bytes(state, kCanvasBytes); });
    const auto add = [](const char* name, CanvasFill fill) {
        benchmark::RegisterBenchmark(
            name, [fill](State& state) { repeat(state, [=] { return outpaint(fill); }); });
    };
    add("canvas/editprep transparent", CanvasFill::transparent);
    add("canvas/editprep solid", CanvasFill::solid);
    add("canvas/editprep mirror", CanvasFill::mirror);
    add("canvas/editprep blur 24", CanvasFill::blur);
    benchmark::RegisterBenchmark("canvas/OpenCV mirror, 3 channels", [](State& state) {
        repeat(state, [] { return opencv_mirror(); });
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
    register_composite();
    register_cutout();
}

}  // namespace editprep::benchmarks
