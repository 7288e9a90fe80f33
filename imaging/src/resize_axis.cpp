#include "resize_axis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace editprep::imaging {
namespace {

double bicubic(double x) {
    constexpr double kA = -0.5;
    x = std::abs(x);
    if (x < 1.0) {
        return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1;
    }
    if (x < 2.0) {
        return (((x - 5) * x + 8) * x - 4) * kA;
    }
    return 0.0;
}

double sinc(double x) {
    if (x == 0.0) {
        return 1.0;
    }
    x *= std::numbers::pi;
    return std::sin(x) / x;
}

double lanczos(double x) { return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0; }

struct Kernel {
    double (*value)(double);
    double support;
};

Kernel kernel_of(ResizeKernel name) {
    return name == ResizeKernel::bicubic ? Kernel{bicubic, 2.0} : Kernel{lanczos, 3.0};
}

Taps taps_for(std::int64_t out, int in_length, double scale, const Kernel& kernel) {
    const double widening = std::max(scale, 1.0);
    const double narrowing = 1.0 / widening;
    const double support = kernel.support * widening;
    const double center = (static_cast<double>(out) + 0.5) * scale;
    Taps taps;
    taps.first = std::max(0, static_cast<int>(center - support + 0.5));
    const int end = std::min(in_length, static_cast<int>(center + support + 0.5));

    std::vector<double> exact;
    double sum = 0.0;
    for (int i = taps.first; i < end; ++i) {
        exact.push_back(kernel.value((i - center + 0.5) * narrowing));
        sum += exact.back();
    }
    taps.weights.reserve(exact.size());
    for (const double weight : exact) {
        const double share = sum != 0.0 ? weight / sum : weight;
        taps.weights.push_back(
            static_cast<std::int32_t>(std::lround(share * (1 << kResizeWeightBits))));
    }
    return taps;
}

}  // namespace

std::vector<Taps> resize_axis(int in_length, std::int64_t out_length, std::int64_t begin, int count,
                              ResizeKernel kernel) {
    const double scale = static_cast<double>(in_length) / static_cast<double>(out_length);
    std::vector<Taps> axis;
    axis.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        axis.push_back(in_length == out_length
                           ? Taps{static_cast<int>(begin) + i, {1 << kResizeWeightBits}}
                           : taps_for(begin + i, in_length, scale, kernel_of(kernel)));
    }
    return axis;
}

}  // namespace editprep::imaging
