#include "drawn_scene.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <random>
#include <utility>

namespace editprep::testing {
namespace {

using imaging::Image;
using imaging::Mask;
using imaging::Rect;
using imaging::Size;

std::uint8_t to_byte(float value) {
    return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

/// Whether the object covers the pixel or one beside it in part.
bool at_edge(const Mask& truth, int x, int y) {
    int least = 255;
    int most = 0;
    for (int j = std::max(0, y - 1); j <= std::min(truth.height() - 1, y + 1); ++j) {
        for (int i = std::max(0, x - 1); i <= std::min(truth.width() - 1, x + 1); ++i) {
            least = std::min<int>(least, truth.row(j)[i]);
            most = std::max<int>(most, truth.row(j)[i]);
        }
    }
    return most > 0 && least < 255;
}

template <typename Counts>
double mean_difference(const Mask& mask, const Mask& truth, Counts counts) {
    double sum = 0;
    double pixels = 0;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            if (counts(x, y)) {
                sum += std::abs(mask.row(y)[x] - truth.row(y)[x]) / 255.0;
                pixels += 1;
            }
        }
    }
    return pixels == 0 ? 0 : sum / pixels;
}

}  // namespace

ToneField flat(Tone tone) {
    return [tone](float, float) { return tone; };
}

ToneField gradient_and_vignette(Size size) {
    const auto width = static_cast<float>(size.width);
    const auto height = static_cast<float>(size.height);
    return [=](float x, float y) {
        const float u = x / width - 0.5F;
        const float v = y / height - 0.5F;
        const float level = 232 - 16 * u - 12 * v - 40 * (u * u + v * v);
        return Tone{level, level - 3, level - 9};
    };
}

ToneField sweep(float horizon, float softness) {
    return [=](float, float y) {
        const float floor = std::clamp((y - horizon) / softness + 0.5F, 0.0F, 1.0F);
        const float level = 236 - 34 * floor * floor * (3 - 2 * floor);
        return Tone{level, level, level};
    };
}

Field disc(float x, float y, float radius) {
    return [=](float px, float py) { return std::hypot(px - x, py - y) - radius; };
}

Field ring(float x, float y, float radius, float thickness) {
    return [=](float px, float py) {
        return std::abs(std::hypot(px - x, py - y) - radius) - thickness / 2;
    };
}

Field block(float left, float top, float right, float bottom) {
    return [=](float x, float y) {
        return std::max(std::max(left - x, x - right), std::max(top - y, y - bottom));
    };
}

Field rod(float x0, float y0, float x1, float y1, float thickness) {
    const float dx = x1 - x0;
    const float dy = y1 - y0;
    return [=](float x, float y) {
        const float along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy);
        const float t = std::clamp(along, 0.0F, 1.0F);
        return std::hypot(x - x0 - t * dx, y - y0 - t * dy) - thickness / 2;
    };
}

Field both(Field a, Field b) {
    return [a = std::move(a), b = std::move(b)](float x, float y) {
        return std::min(a(x, y), b(x, y));
    };
}

Field unshadowed() {
    return [](float, float) { return 1.0F; };
}

Field soft_shadow(float x, float y, float width, float height, float depth) {
    return [=](float px, float py) {
        const float u = (px - x) / width;
        const float v = (py - y) / height;
        return 1 - depth * std::exp(-2 * (u * u + v * v));
    };
}

Shot draw(const Scene& scene) {
    Shot shot{Image(scene.size, imaging::Channels::rgb), Mask(scene.size)};
    std::mt19937 random(11);
    std::normal_distribution<float> deviation(0, 1);
    for (int y = 0; y < scene.size.height; ++y) {
        std::uint8_t* pixel = shot.picture.row(y);
        for (int x = 0; x < scene.size.width; ++x, pixel += 3) {
            const float u = static_cast<float>(x) + 0.5F;
            const float v = static_cast<float>(y) + 0.5F;
            const float cover = std::clamp(0.5F - scene.object(u, v) / scene.softness, 0.0F, 1.0F);
            const Tone light = scene.light(u, v);
            const Tone object = scene.object_tone(u, v);
            const float shadow = scene.shadow(u, v);
            shot.truth.row(y)[x] = to_byte(255 * cover);
            for (std::size_t c = 0; c < 3; ++c) {
                const float noise = scene.noise > 0 ? scene.noise * deviation(random) : 0;
                pixel[c] = to_byte(cover * object[c] + (1 - cover) * light[c] * shadow + noise);
            }
        }
    }
    return shot;
}

double overlap(const Mask& mask, const Mask& truth) {
    double common = 0;
    double either = 0;
    for (std::size_t i = 0; i < mask.bytes().size(); ++i) {
        const bool a = mask.bytes()[i] >= 128;
        const bool b = truth.bytes()[i] >= 128;
        common += a && b ? 1 : 0;
        either += a || b ? 1 : 0;
    }
    return either == 0 ? 1 : common / either;
}

double edge_error(const Mask& mask, const Mask& truth) {
    return mean_difference(mask, truth, [&](int x, int y) { return at_edge(truth, x, y); });
}

double mean_error(const Mask& mask, const Mask& truth) {
    return mean_difference(mask, truth, [](int, int) { return true; });
}

double share_within(const Mask& mask, Rect part) {
    double sum = 0;
    for (int y = part.top; y < part.bottom; ++y) {
        for (int x = part.left; x < part.right; ++x) {
            sum += mask.row(y)[x] / 255.0;
        }
    }
    return sum / static_cast<double>(part.size().area());
}

}  // namespace editprep::testing
