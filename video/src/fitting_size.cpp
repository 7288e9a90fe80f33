#include "fitting_size.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace editprep::video {
namespace {

// Far below the difference of one pixel, far above the rounding of a double.
constexpr double kRounding = 1e-9;
// Even sides bend the aspect a little; a picture bent by more than this part looks stretched.
constexpr double kLargestBend = 0.01;
constexpr int kLargestSide = 1 << 16;

std::int64_t pixels_of(FrameSize size) noexcept { return std::int64_t{size.width} * size.height; }

/// How far sizes may be scaled, by the bounds on sides and pixels.
struct ScaleRange {
    double least = 0;
    double largest = std::numeric_limits<double>::infinity();
};

ScaleRange scale_range(FrameSize size, const ClipLimits& limits) {
    const double shorter = std::min(size.width, size.height);
    const double longer = std::max(size.width, size.height);
    const auto pixels = static_cast<double>(pixels_of(size));
    ScaleRange range;
    range.least = std::max(limits.min_side_px.value_or(0) / shorter,
                           std::sqrt(static_cast<double>(limits.min_pixels.value_or(0)) / pixels));
    range.largest = std::min(limits.max_side_px.value_or(kLargestSide), kLargestSide) / longer;
    if (limits.max_pixels) {
        range.largest =
            std::min(range.largest, std::sqrt(static_cast<double>(*limits.max_pixels) / pixels));
    }
    return range;
}

/// How far the ratio of `size` is from that of `original`, in pixels of both: 0 when they agree.
double bend(FrameSize size, FrameSize original) {
    return std::abs(static_cast<double>(size.width) * original.height -
                    static_cast<double>(size.height) * original.width);
}

bool keeps_aspect(FrameSize size, FrameSize original) {
    return bend(size, original) <=
           kLargestBend * static_cast<double>(size.width) * static_cast<double>(original.height);
}

}  // namespace

bool aspect_at_least(FrameSize size, double least) noexcept {
    return size.width >= least * size.height * (1 - kRounding);
}

bool aspect_at_most(FrameSize size, double largest) noexcept {
    return size.width <= largest * size.height * (1 + kRounding);
}

bool fits(FrameSize displayed, const ClipLimits& limits) noexcept {
    const auto [shorter, longer] = std::minmax(displayed.width, displayed.height);
    const std::int64_t pixels = pixels_of(displayed);
    return shorter >= limits.min_side_px.value_or(shorter) &&
           longer <= limits.max_side_px.value_or(longer) &&
           pixels >= limits.min_pixels.value_or(pixels) &&
           pixels <= limits.max_pixels.value_or(pixels) &&
           (!limits.min_aspect || aspect_at_least(displayed, *limits.min_aspect)) &&
           (!limits.max_aspect || aspect_at_most(displayed, *limits.max_aspect));
}

std::optional<FrameSize> fitting_size(FrameSize displayed, const ClipLimits& limits) {
    if (displayed.width <= 0 || displayed.height <= 0) {
        return std::nullopt;
    }
    const ScaleRange range = scale_range(displayed, limits);
    if (range.least > range.largest) {
        return std::nullopt;
    }
    const double scale = std::clamp(1.0, range.least, range.largest);
    const double ideal_width = displayed.width * scale;
    const double ideal_height = displayed.height * scale;
    const int half_width = static_cast<int>(ideal_width / 2);
    const int half_height = static_cast<int>(ideal_height / 2);
    std::optional<FrameSize> best;
    // Distance in pixels, then bend; the smaller of equals.
    std::pair<double, double> best_cost;
    // Of the even sizes around the ideal one some fall outside the bounds.
    for (int width = half_width - 1; width <= half_width + 2; ++width) {
        for (int height = half_height - 1; height <= half_height + 2; ++height) {
            const FrameSize size{2 * width, 2 * height};
            if (width <= 0 || height <= 0 || !fits(size, limits)) {
                continue;
            }
            const std::pair cost(
                std::abs(size.width - ideal_width) + std::abs(size.height - ideal_height),
                bend(size, displayed));
            if (!best || cost < best_cost) {
                best = size;
                best_cost = cost;
            }
        }
    }
    return best && keeps_aspect(*best, displayed) ? best : std::nullopt;
}

}  // namespace editprep::video
