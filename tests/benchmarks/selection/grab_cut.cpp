#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "baselines.hpp"
#include "editprep/imaging/resize.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Image;
using imaging::Mask;
using imaging::Size;

constexpr double kMostPixels = 1e5;
constexpr int kRounds = 5;

Size working_size(Size size) {
    const double scale = std::min(1.0, std::sqrt(kMostPixels / static_cast<double>(size.area())));
    return {static_cast<int>(size.width * scale), static_cast<int>(size.height * scale)};
}

cv::Mat blue_first(const Image& image) {
    cv::Mat result(image.height(), image.width(), CV_8UC3);
    for (int y = 0; y < image.height(); ++y) {
        auto* out = result.ptr<cv::Vec3b>(y);
        const std::uint8_t* in = image.row(y);
        for (int x = 0; x < image.width(); ++x, in += 3) {
            out[x] = {in[2], in[1], in[0]};
        }
    }
    return result;
}

}  // namespace

Mask select_by_grab_cut(const Image& image) {
    const Size size = working_size(image.size());
    const Image small = size == image.size() ? imaging::to_rgb(image)
                                             : imaging::resize(imaging::to_rgb(image), size);
    const int frame = std::max(1, std::min(size.width, size.height) / 50);
    cv::setNumThreads(1);
    cv::theRNG().state = 1;
    cv::Mat labels;
    cv::Mat backdrop_model;
    cv::Mat object_model;
    cv::grabCut(blue_first(small), labels,
                cv::Rect(frame, frame, size.width - 2 * frame, size.height - 2 * frame),
                backdrop_model, object_model, kRounds, cv::GC_INIT_WITH_RECT);
    Mask mask(size);
    for (int y = 0; y < size.height; ++y) {
        std::transform(labels.ptr<std::uint8_t>(y), labels.ptr<std::uint8_t>(y) + size.width,
                       mask.row(y), [](int label) {
                           const bool object = label == cv::GC_FGD || label == cv::GC_PR_FGD;
                           return static_cast<std::uint8_t>(object ? 255 : 0);
                       });
    }
    return size == image.size() ? mask : imaging::resize(mask, image.size());
}

}  // namespace editprep::benchmarks
