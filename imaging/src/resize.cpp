#include "editprep/imaging/resize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/limits.hpp"
#include "line_pass.hpp"
#include "premultiply.hpp"
#include "simd.hpp"
#include "transpose.hpp"

namespace editprep::imaging {
namespace {

constexpr int kWeightBits = 22;
constexpr std::int32_t kHalf = 1 << (kWeightBits - 1);

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

/// The input samples of one output sample, and their weights.
struct Taps {
    int first = 0;
    std::vector<std::int32_t> weights;
};

Taps taps_for(int out, int in_length, double scale, const Kernel& kernel) {
    const double widening = std::max(scale, 1.0);
    const double narrowing = 1.0 / widening;
    const double support = kernel.support * widening;
    const double center = (out + 0.5) * scale;
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
        taps.weights.push_back(static_cast<std::int32_t>(std::lround(share * (1 << kWeightBits))));
    }
    return taps;
}

std::vector<Taps> taps_along(int in_length, int out_length, ResizeKernel name) {
    const Kernel kernel = kernel_of(name);
    const double scale = static_cast<double>(in_length) / out_length;
    std::vector<Taps> all;
    all.reserve(static_cast<std::size_t>(out_length));
    for (int i = 0; i < out_length; ++i) {
        all.push_back(taps_for(i, in_length, scale, kernel));
    }
    return all;
}

std::uint8_t to_byte(std::int32_t sum) {
    return static_cast<std::uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
}

/// One output sample in each of kTileLanes neighbouring lines: the weighted sum of samples that lie
/// `stride` bytes apart.
EDITPREP_SIMD_CLONES
void weigh_lanes(const std::uint8_t* __restrict samples, std::size_t stride,
                 const std::int32_t* __restrict weights, std::size_t taps,
                 std::uint8_t* __restrict out) {
    std::array<std::int32_t, kTileLanes> sums;
    sums.fill(kHalf);
    for (std::size_t i = 0; i < taps; ++i) {
        for (std::size_t lane = 0; lane < kTileLanes; ++lane) {
            sums[lane] += weights[i] * samples[i * stride + lane];
        }
    }
    for (std::size_t lane = 0; lane < kTileLanes; ++lane) {
        out[lane] = to_byte(sums[lane]);
    }
}

/// The same for fewer lines than make a tile.
void weigh_few(const std::uint8_t* samples, std::size_t stride, const Taps& taps, std::uint8_t* out,
               std::size_t lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        std::int32_t sum = kHalf;
        for (std::size_t i = 0; i < taps.weights.size(); ++i) {
            sum += taps.weights[i] * samples[i * stride + lane];
        }
        out[lane] = to_byte(sum);
    }
}

/// A raster of packed rows with any number of channels.
struct Source {
    const std::uint8_t* data;
    Size size;
    std::size_t channels;
};

std::size_t stride_of(int width, std::size_t channels) {
    return static_cast<std::size_t>(width) * channels;
}

/// Rows are turned into lanes of a tile, kTileLanes at a time, so that neighbouring lines are
/// neighbours in memory.
void resize_horizontally(const Source& source, int width, ResizeKernel kernel, std::uint8_t* out) {
    const std::vector<Taps> taps = taps_along(source.size.width, width, kernel);
    const std::size_t in_stride = stride_of(source.size.width, source.channels);
    const std::size_t out_stride = stride_of(width, source.channels);
    const auto height = static_cast<std::size_t>(source.size.height);
    const std::size_t pixel = source.channels * kTileLanes;
    std::vector<std::uint8_t> in_tile(in_stride * kTileLanes);
    PixelBuffer out_tile(out_stride * kTileLanes);
    for (std::size_t y = 0; y < height; y += kTileLanes) {
        const std::size_t rows = std::min(kTileLanes, height - y);
        transpose(source.data + y * in_stride, in_stride, in_stride, rows, in_tile.data(),
                  kTileLanes);
        std::uint8_t* sample = out_tile.data();
        for (const Taps& tap : taps) {
            const std::uint8_t* first =
                in_tile.data() + static_cast<std::size_t>(tap.first) * pixel;
            for (std::size_t c = 0; c < source.channels; ++c, sample += kTileLanes) {
                weigh_lanes(first + c * kTileLanes, pixel, tap.weights.data(), tap.weights.size(),
                            sample);
            }
        }
        transpose(out_tile.data(), kTileLanes, rows, out_stride, out + y * out_stride, out_stride);
    }
}

void resize_vertically(const Source& source, int height, ResizeKernel kernel, std::uint8_t* out) {
    const std::size_t stride = stride_of(source.size.width, source.channels);
    const std::size_t whole_tiles = stride - stride % kTileLanes;
    for (const Taps& tap : taps_along(source.size.height, height, kernel)) {
        const std::uint8_t* first = source.data + static_cast<std::size_t>(tap.first) * stride;
        for (std::size_t x = 0; x < whole_tiles; x += kTileLanes) {
            weigh_lanes(first + x, stride, tap.weights.data(), tap.weights.size(), out + x);
        }
        weigh_few(first + whole_tiles, stride, tap, out + whole_tiles, stride - whole_tiles);
        out += stride;
    }
}

void check_target(Size size) {
    if (size.width <= 0 || size.height <= 0) {
        throw Error(Errc::invalid_argument, "cannot resize to " + std::to_string(size.width) + "x" +
                                                std::to_string(size.height));
    }
    check_size(size, Limits{}, "the resized picture");
}

void resize_raster(const Source& source, Size size, ResizeKernel kernel, std::uint8_t* out) {
    if (source.size.height == size.height) {
        resize_horizontally(source, size.width, kernel, out);
        return;
    }
    if (source.size.width == size.width) {
        resize_vertically(source, size.height, kernel, out);
        return;
    }
    const Size between{size.width, source.size.height};
    PixelBuffer rows(static_cast<std::size_t>(between.area()) * source.channels);
    resize_horizontally(source, size.width, kernel, rows.data());
    resize_vertically({rows.data(), between, source.channels}, size.height, kernel, out);
}

Image resize_channels(const Image& image, Size size, ResizeKernel kernel) {
    Image result(size, image.channels());
    resize_raster(
        {image.bytes().data(), image.size(), static_cast<std::size_t>(image.channel_count())}, size,
        kernel, result.bytes().data());
    return result;
}

void check_inside(const Rect& rect, Size size) {
    if (rect.empty() || intersect(rect, bounds_of(size)) != rect) {
        throw Error(Errc::invalid_argument, "the crop does not lie inside the picture");
    }
}

}  // namespace

Image resize(const Image& image, Size size, ResizeKernel kernel) {
    check_target(size);
    if (size == image.size()) {
        return image;
    }
    if (!has_transparency(image)) {
        return resize_channels(image, size, kernel);
    }
    Image work = image;
    premultiply(work);
    Image result = resize_channels(work, size, kernel);
    unpremultiply(result);
    return result;
}

Mask resize(const Mask& mask, Size size, ResizeKernel kernel) {
    check_target(size);
    if (size == mask.size()) {
        return mask;
    }
    Mask result(size);
    resize_raster({mask.bytes().data(), mask.size(), 1}, size, kernel, result.bytes().data());
    return result;
}

Size fit_inside(Size size, Size box) noexcept {
    const double scale = std::min({1.0, static_cast<double>(box.width) / size.width,
                                   static_cast<double>(box.height) / size.height});
    const auto scaled = [scale](int side, int most) {
        return std::clamp(static_cast<int>(std::lround(side * scale)), 1, std::max(1, most));
    };
    return {scaled(size.width, box.width), scaled(size.height, box.height)};
}

Image crop(const Image& image, const Rect& rect) {
    check_inside(rect, image.size());
    Image result(rect.size(), image.channels());
    const std::size_t skip = stride_of(rect.left, static_cast<std::size_t>(image.channel_count()));
    for (int y = 0; y < rect.height(); ++y) {
        std::memcpy(result.row(y), image.row(rect.top + y) + skip, result.stride());
    }
    return result;
}

Mask crop(const Mask& mask, const Rect& rect) {
    check_inside(rect, mask.size());
    Mask result(rect.size());
    for (int y = 0; y < rect.height(); ++y) {
        std::memcpy(result.row(y), mask.row(rect.top + y) + rect.left,
                    static_cast<std::size_t>(rect.width()));
    }
    return result;
}

}  // namespace editprep::imaging
