#include "filters.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace editprep::benchmarks {
namespace {

/// One output value as a weighted run of input values.
struct Taps {
    int first = 0;
    std::vector<float> weights;
};

std::vector<float> gaussian_kernel(double sigma) {
    const int radius = std::max(1, static_cast<int>(std::ceil(3.0 * sigma)));
    std::vector<float> kernel;
    double sum = 0;
    for (int i = -radius; i <= radius; ++i) {
        sum += std::exp(-0.5 * i * i / (sigma * sigma));
    }
    for (int i = -radius; i <= radius; ++i) {
        kernel.push_back(static_cast<float>(std::exp(-0.5 * i * i / (sigma * sigma)) / sum));
    }
    return kernel;
}

template <typename Value>
Raster<Value> blur_rows(const Raster<Value>& source, const std::vector<float>& kernel) {
    const int radius = static_cast<int>(kernel.size()) / 2;
    Raster<Value> result(source.size());
    std::vector<Value> line(static_cast<std::size_t>(source.width() + 2 * radius));
    for (int y = 0; y < source.height(); ++y) {
        const Value* in = source.row(y);
        for (int i = 0; i < static_cast<int>(line.size()); ++i) {
            line[static_cast<std::size_t>(i)] = in[std::clamp(i - radius, 0, source.width() - 1)];
        }
        Value* out = result.row(y);
        for (std::size_t k = 0; k < kernel.size(); ++k) {
            const Value* shifted = line.data() + k;
            for (int x = 0; x < source.width(); ++x) {
                out[x] = out[x] + shifted[x] * kernel[k];
            }
        }
    }
    return result;
}

template <typename Value>
Raster<Value> blur_columns(const Raster<Value>& source, const std::vector<float>& kernel) {
    const int radius = static_cast<int>(kernel.size()) / 2;
    Raster<Value> result(source.size());
    for (int y = 0; y < source.height(); ++y) {
        Value* out = result.row(y);
        for (int k = -radius; k <= radius; ++k) {
            const Value* in = source.row(std::clamp(y + k, 0, source.height() - 1));
            const float weight = kernel[static_cast<std::size_t>(k + radius)];
            for (int x = 0; x < source.width(); ++x) {
                out[x] = out[x] + in[x] * weight;
            }
        }
    }
    return result;
}

template <typename Value>
Raster<Value> blur(const Raster<Value>& source, double sigma) {
    if (sigma <= 0) {
        return source;
    }
    const std::vector<float> kernel = gaussian_kernel(sigma);
    return blur_columns(blur_rows(source, kernel), kernel);
}

std::vector<Taps> area_taps(int from, int to) {
    const double scale = static_cast<double>(from) / to;
    std::vector<Taps> all(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        Taps& taps = all[static_cast<std::size_t>(i)];
        const double begin = i * scale;
        const double end = begin + scale;
        taps.first = static_cast<int>(begin);
        for (int j = taps.first; j < std::min(from, static_cast<int>(std::ceil(end))); ++j) {
            const double share = std::min(end, j + 1.0) - std::max(begin, static_cast<double>(j));
            taps.weights.push_back(static_cast<float>(share / scale));
        }
    }
    return all;
}

std::vector<Taps> linear_taps(int from, int to) {
    std::vector<Taps> all(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        const double position =
            std::clamp((i + 0.5) * from / to - 0.5, 0.0, static_cast<double>(from - 1));
        Taps& taps = all[static_cast<std::size_t>(i)];
        taps.first = std::min(static_cast<int>(position), std::max(0, from - 2));
        const auto share = static_cast<float>(position - taps.first);
        taps.weights = from > 1 ? std::vector<float>{1.0F - share, share} : std::vector<float>{1};
    }
    return all;
}

std::vector<Taps> taps_for(int from, int to) {
    return to < from ? area_taps(from, to) : linear_taps(from, to);
}

}  // namespace

Plane gaussian_blur(const Plane& plane, double sigma) { return blur(plane, sigma); }

Picture gaussian_blur(const Picture& picture, double sigma) { return blur(picture, sigma); }

Plane resample(const Plane& plane, imaging::Size size) {
    const std::vector<Taps> columns = taps_for(plane.width(), size.width);
    Plane narrow({size.width, plane.height()});
    for (int y = 0; y < plane.height(); ++y) {
        for (int x = 0; x < size.width; ++x) {
            const Taps& taps = columns[static_cast<std::size_t>(x)];
            float sum = 0;
            for (std::size_t k = 0; k < taps.weights.size(); ++k) {
                sum += taps.weights[k] * plane.row(y)[taps.first + static_cast<int>(k)];
            }
            narrow.at(x, y) = sum;
        }
    }
    const std::vector<Taps> rows = taps_for(plane.height(), size.height);
    Plane result(size);
    for (int y = 0; y < size.height; ++y) {
        const Taps& taps = rows[static_cast<std::size_t>(y)];
        for (std::size_t k = 0; k < taps.weights.size(); ++k) {
            const float* in = narrow.row(taps.first + static_cast<int>(k));
            for (int x = 0; x < size.width; ++x) {
                result.at(x, y) += taps.weights[k] * in[x];
            }
        }
    }
    return result;
}

float sample(const Plane& plane, double x, double y) noexcept {
    const double across = std::clamp(x - 0.5, 0.0, plane.width() - 1.0);
    const double down = std::clamp(y - 0.5, 0.0, plane.height() - 1.0);
    const int left = static_cast<int>(across);
    const int top = static_cast<int>(down);
    const int right = std::min(left + 1, plane.width() - 1);
    const int bottom = std::min(top + 1, plane.height() - 1);
    const auto share_x = static_cast<float>(across - left);
    const auto share_y = static_cast<float>(down - top);
    const float upper =
        plane.at(left, top) + share_x * (plane.at(right, top) - plane.at(left, top));
    const float lower =
        plane.at(left, bottom) + share_x * (plane.at(right, bottom) - plane.at(left, bottom));
    return upper + share_y * (lower - upper);
}

}  // namespace editprep::benchmarks
