#include "editprep/imaging/resize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/limits.hpp"
#include "line_pass.hpp"
#include "premultiply.hpp"
#include "resize_window.hpp"
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
        taps.weights.push_back(static_cast<std::int32_t>(std::lround(share * (1 << kWeightBits))));
    }
    return taps;
}

/// How one side is resampled: the taps of a run of neighbouring output samples.
struct Axis {
    std::vector<Taps> taps;
    /// The side keeps its length: every output sample is an input sample.
    bool copies = false;
};

/// The input samples [begin, end) that a run of output samples needs; its taps move to the right.
int input_begin(std::span<const Taps> taps) { return taps.front().first; }
int input_end(std::span<const Taps> taps) {
    return taps.back().first + static_cast<int>(taps.back().weights.size());
}

Axis axis_for(int in_length, std::int64_t out_length, std::int64_t begin, int count,
              ResizeKernel name) {
    const Kernel kernel = kernel_of(name);
    const double scale = static_cast<double>(in_length) / static_cast<double>(out_length);
    Axis axis;
    axis.copies = in_length == out_length;
    axis.taps.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        axis.taps.push_back(axis.copies ? Taps{static_cast<int>(begin) + i, {1 << kWeightBits}}
                                        : taps_for(begin + i, in_length, scale, kernel));
    }
    return axis;
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

/// Rows of `channels` interleaved bytes a pixel; `stride` bytes lie between them.
struct Source {
    const std::uint8_t* data;
    std::size_t stride;
    std::size_t channels;
};

struct Target {
    std::uint8_t* data;
    std::size_t stride;
};

std::size_t index(int value) { return static_cast<std::size_t>(value); }

/// Resamples the rows [top, bottom). They are turned into lanes of a tile, kTileLanes at a time, so
/// that neighbouring lines are neighbours in memory.
void resize_horizontally(const Source& source, int top, int bottom, std::span<const Taps> taps,
                         const Target& target) {
    const std::size_t pixel = source.channels * kTileLanes;
    const int left = input_begin(taps);
    const std::size_t in_bytes = index(input_end(taps) - left) * source.channels;
    const std::size_t out_bytes = taps.size() * source.channels;
    std::vector<std::uint8_t> in_tile(in_bytes * kTileLanes);
    PixelBuffer out_tile(out_bytes * kTileLanes);
    for (int y = top; y < bottom; y += static_cast<int>(kTileLanes)) {
        const std::size_t rows = std::min(kTileLanes, index(bottom - y));
        transpose(source.data + index(y) * source.stride + index(left) * source.channels,
                  source.stride, in_bytes, rows, in_tile.data(), kTileLanes);
        std::uint8_t* sample = out_tile.data();
        for (const Taps& tap : taps) {
            const std::uint8_t* first = in_tile.data() + index(tap.first - left) * pixel;
            for (std::size_t c = 0; c < source.channels; ++c, sample += kTileLanes) {
                weigh_lanes(first + c * kTileLanes, pixel, tap.weights.data(), tap.weights.size(),
                            sample);
            }
        }
        transpose(out_tile.data(), kTileLanes, rows, out_bytes,
                  target.data + index(y - top) * target.stride, target.stride);
    }
}

/// Resamples `bytes` neighbouring bytes of the rows that the taps need; `source` begins with the
/// first of these.
void resize_vertically(const Source& source, std::size_t bytes, std::span<const Taps> taps,
                       const Target& target) {
    const std::size_t whole_tiles = bytes - bytes % kTileLanes;
    std::uint8_t* out = target.data;
    for (const Taps& tap : taps) {
        const std::uint8_t* first =
            source.data + index(tap.first - input_begin(taps)) * source.stride;
        for (std::size_t x = 0; x < whole_tiles; x += kTileLanes) {
            weigh_lanes(first + x, source.stride, tap.weights.data(), tap.weights.size(), out + x);
        }
        weigh_few(first + whole_tiles, source.stride, tap, out + whole_tiles, bytes - whole_tiles);
        out += target.stride;
    }
}

/// Both directions, horizontal first, in bands of columns: between the two passes a band has the
/// height of the input, which may be a thousand times that of the output.
void resize_in_bands(const Source& source, std::span<const Taps> across, std::span<const Taps> down,
                     const Target& target) {
    constexpr std::size_t kBandBytes = std::size_t{64} << 20;
    const int top = input_begin(down);
    const int bottom = input_end(down);
    const std::size_t in_rows = index(bottom - top);
    const std::size_t columns = std::clamp(kBandBytes / (in_rows * source.channels), kTileLanes,
                                           across.size() + kTileLanes);
    for (std::size_t x = 0; x < across.size(); x += columns) {
        const auto taps = across.subspan(x, std::min(columns, across.size() - x));
        const std::size_t bytes = taps.size() * source.channels;
        PixelBuffer band(bytes * in_rows);
        resize_horizontally(source, top, bottom, taps, {band.data(), bytes});
        resize_vertically({band.data(), bytes, source.channels}, bytes, down,
                          {target.data + x * source.channels, target.stride});
    }
}

void resize_raster(const Source& source, const Axis& across, const Axis& down,
                   const Target& target) {
    if (down.copies) {
        resize_horizontally(source, input_begin(down.taps), input_end(down.taps), across.taps,
                            target);
    } else if (across.copies) {
        const std::uint8_t* first = source.data + index(input_begin(down.taps)) * source.stride +
                                    index(input_begin(across.taps)) * source.channels;
        resize_vertically({first, source.stride, source.channels},
                          across.taps.size() * source.channels, down.taps, target);
    } else {
        resize_in_bands(source, across.taps, down.taps, target);
    }
}

void check_target(Size size) {
    if (size.width <= 0 || size.height <= 0) {
        throw Error(Errc::invalid_argument, "cannot resize to " + to_string(size));
    }
    check_size(size, Limits{}, "the resized picture");
}

Image resize_channels(const Image& image, const VirtualSize& full, const Window& window,
                      ResizeKernel kernel) {
    Image result(window.size, image.channels());
    resize_raster({image.row(0), image.stride(), static_cast<std::size_t>(image.channel_count())},
                  axis_for(image.width(), full.width, window.left, window.size.width, kernel),
                  axis_for(image.height(), full.height, window.top, window.size.height, kernel),
                  {result.row(0), result.stride()});
    return result;
}

void check_inside(const Rect& rect, Size size) {
    if (rect.empty() || intersect(rect, bounds_of(size)) != rect) {
        throw Error(Errc::invalid_argument, "the crop does not lie inside the picture");
    }
}

}  // namespace

Image resize_window(const Image& image, const VirtualSize& full, const Window& window,
                    ResizeKernel kernel) {
    if (full.width == image.width() && full.height == image.height()) {
        const auto left = static_cast<int>(window.left);
        const auto top = static_cast<int>(window.top);
        return crop(image, {left, top, left + window.size.width, top + window.size.height});
    }
    if (!has_transparency(image)) {
        return resize_channels(image, full, window, kernel);
    }
    Image work = image;
    premultiply(work);
    Image result = resize_channels(work, full, window, kernel);
    unpremultiply(result);
    return result;
}

Image resize(const Image& image, Size size, ResizeKernel kernel) {
    check_target(size);
    return size == image.size()
               ? image
               : resize_window(image, {size.width, size.height}, {0, 0, size}, kernel);
}

Mask resize(const Mask& mask, Size size, ResizeKernel kernel) {
    check_target(size);
    if (size == mask.size()) {
        return mask;
    }
    Mask result(size);
    resize_raster({mask.row(0), index(mask.width()), 1},
                  axis_for(mask.width(), size.width, 0, size.width, kernel),
                  axis_for(mask.height(), size.height, 0, size.height, kernel),
                  {result.row(0), index(size.width)});
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
    const std::size_t skip = index(rect.left) * static_cast<std::size_t>(image.channel_count());
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
