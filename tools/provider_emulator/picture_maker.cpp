#include "tools/provider_emulator/picture_maker.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "editprep/imaging/fill.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/object_selection.hpp"

namespace editprep::tools::provider_emulator {
namespace {

using imaging::Color;
using imaging::Image;

constexpr std::array<std::pair<std::string_view, Color>, 9> kColors{{
    {"red", {200, 30, 40, 255}},
    {"green", {40, 160, 70, 255}},
    {"blue", {30, 80, 200, 255}},
    {"yellow", {240, 210, 40, 255}},
    {"orange", {240, 140, 30, 255}},
    {"purple", {130, 50, 170, 255}},
    {"black", {20, 20, 20, 255}},
    {"white", {245, 245, 245, 255}},
    {"grey", {128, 128, 128, 255}},
}};

/// One step of a well mixing hash (Marsaglia's xorshift with a multiplication).
constexpr std::uint32_t mix(std::uint32_t value) noexcept {
    value ^= value >> 16;
    value *= 0x7feb352dU;
    value ^= value >> 15;
    value *= 0x846ca68bU;
    return value ^ value >> 16;
}

std::uint8_t byte(std::uint32_t value) { return static_cast<std::uint8_t>(value); }

int color_channels(const Image& image) { return std::min(image.channel_count(), 3); }

std::array<int, 3> values_of(Color color) { return {color.red, color.green, color.blue}; }

/// Calls `change(value, x, y, channel)` for every sample that is no alpha.
template <class Change>
void change_colors(Image& image, const Change& change) {
    for (int y = 0; y < image.height(); ++y) {
        std::uint8_t* pixel = image.row(y);
        for (int x = 0; x < image.width(); ++x, pixel += image.channel_count()) {
            for (int channel = 0; channel < color_channels(image); ++channel) {
                pixel[channel] = change(pixel[channel], x, y, channel);
            }
        }
    }
}

/// Every sample moves by 1 to 4 levels.
void disturb(Image& image, std::uint32_t seed) {
    change_colors(image, [seed](int value, int x, int y, int channel) {
        const std::uint32_t noise =
            mix(seed + static_cast<std::uint32_t>(x) * 31U +
                static_cast<std::uint32_t>(y) * 65'537U + static_cast<std::uint32_t>(channel));
        const int step = static_cast<int>(noise & 3U) + 1;
        return static_cast<std::uint8_t>(value > 127 ? value - step : value + step);
    });
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

}  // namespace

Brush brush_for(std::string_view prompt, std::int64_t seed) {
    std::uint32_t state = mix(static_cast<std::uint32_t>(seed));
    for (const char letter : prompt) {
        state = mix(state ^ static_cast<unsigned char>(letter));
    }
    const std::string words = lower(prompt);
    for (const auto& [name, color] : kColors) {
        if (words.find(name) != std::string::npos) {
            return {color, state};
        }
    }
    return {Color{byte(state), byte(state >> 8), byte(state >> 16), 255}, state};
}

Image draw_picture(imaging::Size size, const Brush& brush) {
    Image picture(size, imaging::Channels::rgb);
    const auto color = values_of(brush.color);
    change_colors(picture, [&](int, int x, int y, int channel) {
        // The colour towards one corner, light towards the other, with a mark of the seed.
        const int share = (x * 128 / size.width) + (y * 128 / size.height);
        const int value = color[static_cast<std::size_t>(channel)];
        const int mark = static_cast<int>(
            mix(brush.seed + static_cast<std::uint32_t>(x / 16 + y / 16 * 4096)) & 15U);
        return static_cast<std::uint8_t>(
            std::clamp((value * share + 235 * (255 - share)) / 255 + mark - 8, 0, 255));
    });
    return picture;
}

Image repaint(const Image& picture, const Brush& brush) {
    Image painted = picture;
    const auto color = values_of(brush.color);
    change_colors(painted, [&](int value, int, int, int channel) {
        return static_cast<std::uint8_t>((2 * value + color[static_cast<std::size_t>(channel)]) /
                                         3);
    });
    disturb(painted, brush.seed);
    return painted;
}

Image paint_region(const Image& picture, const imaging::Mask& mask, const Brush& brush) {
    Image painted = imaging::fill_region(picture, mask,
                                         {.kind = imaging::FillKind::solid, .color = brush.color});
    disturb(painted, brush.seed);
    return painted;
}

Image cut_out(const Image& picture) {
    // Simple on purpose: whoever tries a client should see at once what the emulator did.
    imaging::Selection selection =
        imaging::select_object(picture, {.mode = imaging::SelectionMode::alpha});
    if (selection.confidence != 1.0) {
        selection = imaging::select_object(picture, {.mode = imaging::SelectionMode::corner_bg});
    }
    Image result = imaging::to_rgba(picture);
    for (int y = 0; y < result.height(); ++y) {
        const std::uint8_t* selected = selection.mask.row(y);
        std::uint8_t* pixel = result.row(y);
        for (int x = 0; x < result.width(); ++x, pixel += 4) {
            pixel[3] = std::min(pixel[3], selected[x]);
        }
    }
    return result;
}

PictureFile encode_picture(const Image& picture, std::string_view format) {
    const bool jpeg = format == "jpeg" || format == "jpg";
    const bool webp = format == "webp";
    const auto kind = jpeg   ? imaging::ImageFormat::jpeg
                      : webp ? imaging::ImageFormat::webp
                             : imaging::ImageFormat::png;
    const auto bytes =
        imaging::encode_image(jpeg ? imaging::to_rgb(picture) : picture, kind,
                              {.format = kind, .png_effort = imaging::PngEffort::fast});
    PictureFile file;
    file.content.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    file.media_type = jpeg ? "image/jpeg" : webp ? "image/webp" : "image/png";
    file.extension = jpeg ? "jpg" : webp ? "webp" : "png";
    file.size = picture.size();
    return file;
}

}  // namespace editprep::tools::provider_emulator
