#include "backdrop/transparency.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "premultiply.hpp"

namespace editprep::imaging {
namespace {

constexpr std::uint8_t kOpaque = 255;

/// The mean of the opaque pixels at the border, if these are enough to tell.
std::optional<Color> border_color(const Image& picture) {
    constexpr double kLeastOpaque = 0.1;
    std::array<std::uint64_t, 3> sums{};
    std::uint64_t opaque = 0;
    std::uint64_t all = 0;
    for (int y = 0; y < picture.height(); ++y) {
        const bool is_whole_row = y == 0 || y + 1 == picture.height();
        const int step = is_whole_row ? 1 : std::max(1, picture.width() - 1);
        for (int x = 0; x < picture.width(); x += step) {
            const std::uint8_t* pixel = picture.row(y) + 4 * static_cast<std::size_t>(x);
            ++all;
            if (pixel[3] == kOpaque) {
                ++opaque;
                for (std::size_t c = 0; c < 3; ++c) {
                    sums[c] += pixel[c];
                }
            }
        }
    }
    if (static_cast<double>(opaque) < kLeastOpaque * static_cast<double>(all)) {
        return std::nullopt;
    }
    const auto mean = [&](std::size_t c) { return static_cast<std::uint8_t>(sums[c] / opaque); };
    return Color{mean(0), mean(1), mean(2), kOpaque};
}

/// Of some that lie far apart, the one that is farthest from all that the picture shows.
Color missing_color(const Image& picture) {
    constexpr int kBits = 4;
    constexpr int kLevels = 1 << kBits;
    constexpr double kFew = 0.0005;
    constexpr std::array<Color, 9> kCandidates{{{255, 255, 255, kOpaque},
                                                {0, 0, 0, kOpaque},
                                                {128, 128, 128, kOpaque},
                                                {0, 255, 0, kOpaque},
                                                {255, 0, 255, kOpaque},
                                                {0, 0, 255, kOpaque},
                                                {255, 255, 0, kOpaque},
                                                {0, 255, 255, kOpaque},
                                                {255, 0, 0, kOpaque}}};
    std::vector<std::uint32_t> counts(std::size_t{kLevels} * kLevels * kLevels);
    std::uint32_t visible = 0;
    const auto pixels = picture.bytes();
    for (std::size_t i = 0; i < pixels.size(); i += 4) {
        if (pixels[i + 3] >= kOpaque / 2) {
            ++visible;
            ++counts[(std::size_t{pixels[i]} >> kBits) * kLevels * kLevels +
                     (std::size_t{pixels[i + 1]} >> kBits) * kLevels +
                     (std::size_t{pixels[i + 2]} >> kBits)];
        }
    }
    const auto nearest = [&](const Color& color) {
        int least = 4 * 255 * 255;
        for (int bin = 0; bin < static_cast<int>(counts.size()); ++bin) {
            if (counts[static_cast<std::size_t>(bin)] > kFew * visible) {
                const auto off = [](int level, int value) {
                    const int d = level * kLevels + kLevels / 2 - value;
                    return d * d;
                };
                least = std::min(least, off(bin / kLevels / kLevels, color.red) +
                                            off(bin / kLevels % kLevels, color.green) +
                                            off(bin % kLevels, color.blue));
            }
        }
        return least;
    };
    return *std::ranges::max_element(kCandidates, {}, nearest);
}

}  // namespace

Image over_backdrop(const Image& picture) {
    const Color fill = border_color(picture).value_or(missing_color(picture));
    const std::array<std::uint8_t, 3> back{fill.red, fill.green, fill.blue};
    Image result(picture.size(), Channels::rgb);
    const auto from = picture.bytes();
    const auto to = result.bytes();
    for (std::size_t i = 0, k = 0; i < from.size(); i += 4, k += 3) {
        const std::uint32_t alpha = from[i + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            to[k + c] = static_cast<std::uint8_t>(
                divide_255(from[i + c] * alpha + back[c] * (kOpaque - alpha)));
        }
    }
    return result;
}

void limit_to_alpha(const Image& picture, Mask& mask) {
    const auto pixels = picture.bytes();
    const auto values = mask.bytes();
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::min(values[i], pixels[4 * i + 3]);
    }
}

}  // namespace editprep::imaging
