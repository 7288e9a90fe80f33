#include "image_maker.hpp"

#include <libdeflate.h>

#include <numeric>
#include <random>
#include <span>

namespace editprep::testing {
namespace {

std::uint8_t byte(int value) { return static_cast<std::uint8_t>(value); }

void put(std::uint8_t* out, Channels channels, Color color) {
    out[0] = color.red;
    if (channels != Channels::grey) {
        out[1] = color.green;
        out[2] = color.blue;
    }
    if (channels == Channels::rgba) {
        out[3] = color.alpha;
    }
}

void fill_with_noise(std::span<std::uint8_t> bytes, std::uint32_t seed) {
    std::mt19937 random(seed);
    for (std::uint8_t& value : bytes) {
        value = byte(static_cast<int>(random() >> 24));
    }
}

std::uint32_t crc32_of(std::span<const std::uint8_t> bytes) {
    return libdeflate_crc32(0, bytes.data(), bytes.size());
}

std::int64_t sum_of(std::span<const std::uint8_t> bytes) {
    return std::accumulate(bytes.begin(), bytes.end(), std::int64_t{0});
}

}  // namespace

Image make_image(Size size, Channels channels, const std::function<Color(int, int)>& pixel) {
    Image image(size, channels);
    for (int y = 0; y < size.height; ++y) {
        std::uint8_t* out = image.row(y);
        for (int x = 0; x < size.width; ++x, out += image.channel_count()) {
            put(out, channels, pixel(x, y));
        }
    }
    return image;
}

Mask make_mask(Size size, const std::function<int(int, int)>& value) {
    Mask mask(size);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            mask.row(y)[x] = byte(value(x, y));
        }
    }
    return mask;
}

Image noise_image(Size size, Channels channels, std::uint32_t seed) {
    Image image(size, channels);
    fill_with_noise(image.bytes(), seed);
    return image;
}

Mask noise_mask(Size size, std::uint32_t seed) {
    Mask mask(size);
    fill_with_noise(mask.bytes(), seed);
    return mask;
}

Image fixture_s1() {
    return make_image({64, 48}, Channels::rgb, [](int x, int y) {
        const bool inside = x >= 20 && x <= 40 && y >= 10 && y <= 30;
        return inside ? Color{20, 120, 240} : Color{250, 250, 250};
    });
}

Image fixture_s2() {
    return make_image({61, 43}, Channels::rgb, [](int x, int y) {
        return Color{byte((7 * x + 3 * y) % 256), byte((x * x + 5 * y) % 256),
                     byte((11 * x + y * y) % 256)};
    });
}

Image fixture_s3() {
    return make_image({40, 30}, Channels::rgba, [](int x, int y) {
        const int alpha = x < 8 ? 0 : x >= 32 ? 255 : 10 * (x - 8);
        return Color{byte(6 * x % 256), byte(8 * y % 256), byte(x * y % 256), byte(alpha)};
    });
}

Mask fixture_m1() {
    return make_mask({32, 24}, [](int x, int y) {
        return x >= 8 && x < 20 && y >= 6 && y < 18 ? 255 : 8 * x % 128;
    });
}

Image two_squares() {
    return make_image({60, 40}, Channels::rgb, [](int x, int y) {
        const bool frame = x >= 4 && x < 24 && y >= 8 && y < 30;
        const bool hole = x >= 10 && x < 18 && y >= 14 && y < 22;
        const bool square = x >= 40 && x < 52 && y >= 20 && y < 32;
        return (frame && !hole) || square ? Color{200, 30, 30} : Color{255, 255, 255};
    });
}

std::uint32_t crc32_of(const Image& image) { return crc32_of(image.bytes()); }
std::uint32_t crc32_of(const Mask& mask) { return crc32_of(mask.bytes()); }
std::int64_t sum_of(const Image& image) { return sum_of(image.bytes()); }
std::int64_t sum_of(const Mask& mask) { return sum_of(mask.bytes()); }

}  // namespace editprep::testing
