#include "editprep/imaging/fill.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/resize.hpp"
#include "fill_blur.hpp"
#include "gaussian.hpp"
#include "inpaint.hpp"
#include "premultiply.hpp"
#include "same_size.hpp"

namespace editprep::imaging {
namespace {

constexpr Color kWhite{255, 255, 255, 255};
constexpr Color kBlack{0, 0, 0, 255};

bool leaves_alpha(const Fill& fill) {
    return fill.kind == FillKind::transparent ||
           (fill.kind == FillKind::solid && fill.color.alpha < 255);
}

/// Lays `edited`, which is as large as `area`, into the picture under its part of the mask.
void blend_into(Image& picture, const Rect& area, const Image& edited, const Mask& weights) {
    const Image blended = composite(crop(picture, area), edited, weights);
    const auto offset = static_cast<std::size_t>(area.left * picture.channel_count());
    for (int y = 0; y < area.height(); ++y) {
        std::memcpy(picture.row(area.top + y) + offset, blended.row(y), blended.stride());
    }
}

void fill_solid(Image& picture, const Mask& mask, const Rect& selected, Color color) {
    blend_into(picture, selected, solid_image(selected.size(), picture.channels(), color),
               crop(mask, selected));
}

void fill_transparent(Image& picture, const Mask& mask, const Rect& selected) {
    for (int y = selected.top; y < selected.bottom; ++y) {
        const std::uint8_t* weight = mask.row(y) + selected.left;
        std::uint8_t* pixel = picture.row(y) + std::ptrdiff_t{4} * selected.left;
        for (int x = selected.left; x < selected.right; ++x, ++weight, pixel += 4) {
            if (*weight == 255) {
                std::fill_n(pixel, 4, std::uint8_t{0});
            } else {
                pixel[3] = static_cast<std::uint8_t>(multiply_255(pixel[3], 255U - *weight));
            }
        }
    }
}

void fill_blurred(Image& picture, const Mask& mask, const Rect& selected, double sigma_px) {
    // What the blur cannot reach from the selected pixels need not be blurred.
    const Rect area =
        intersect(outset(selected, feather_reach(sigma_px)), bounds_of(picture.size()));
    Image blurred = crop(picture, area);
    premultiply(blurred);
    blurred = gaussian_blur(blurred, sigma_px);
    unpremultiply(blurred);
    blend_into(picture, area, blurred, crop(mask, area));
}

Mask twice(Mask mask) {
    for (std::uint8_t& value : mask.bytes()) {
        value = static_cast<std::uint8_t>(std::min(255, 2 * value));
    }
    return mask;
}

void fill_inpainted(Image& picture, const Mask& mask, const Rect& selected) {
    if (std::ranges::find(mask.bytes(), 0) == mask.bytes().end()) {
        throw Error(Errc::invalid_argument,
                    "the mask selects the whole picture, nothing is left to fill it from", "mask",
                    "select less, or fill with a colour");
    }
    const Filling filling = inpaint(picture, mask, selected);
    blend_into(picture, filling.area, filling.image, twice(crop(mask, filling.area)));
}

}  // namespace

Fill parse_fill(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, Fill>, 5> kNames{{
        {"inpaint", {FillKind::inpaint}},
        {"transparent", {FillKind::transparent}},
        {"blur", {FillKind::blur}},
        {"white", {FillKind::solid, kWhite}},
        {"black", {FillKind::solid, kBlack}},
    }};
    for (const auto& [name, fill] : kNames) {
        if (text == name) {
            return fill;
        }
    }
    try {
        return {FillKind::solid, parse_color(text)};
    } catch (const Error&) {
        throw Error(Errc::invalid_color, "unknown fill: " + std::string(text), std::string(text),
                    "give inpaint, transparent, blur, white, black, #RRGGBB or #RRGGBBAA");
    }
}

std::string to_string(const Fill& fill) {
    switch (fill.kind) {
        case FillKind::inpaint:
            return "inpaint";
        case FillKind::transparent:
            return "transparent";
        case FillKind::blur:
            return "blur";
        case FillKind::solid:
            break;
    }
    if (fill.color == kWhite) {
        return "white";
    }
    if (fill.color == kBlack) {
        return "black";
    }
    std::array<char, 10> text{};
    const auto [red, green, blue, alpha] = fill.color;
    std::snprintf(text.data(), text.size(), alpha < 255 ? "#%02X%02X%02X%02X" : "#%02X%02X%02X",
                  red, green, blue, alpha);
    return text.data();
}

Image fill_region(const Image& image, const Mask& mask, const Fill& fill) {
    check_same_size(image.size(), mask.size(), "the mask");
    Image picture = image.has_alpha() || leaves_alpha(fill) ? to_rgba(image) : to_rgb(image);
    const Rect selected = selected_bounds(mask);
    if (selected.empty()) {
        return picture;
    }
    switch (fill.kind) {
        case FillKind::inpaint:
            fill_inpainted(picture, mask, selected);
            break;
        case FillKind::transparent:
            fill_transparent(picture, mask, selected);
            break;
        case FillKind::blur:
            fill_blurred(picture, mask, selected, blur_sigma(fill.blur_sigma_px, picture.size()));
            break;
        case FillKind::solid:
            fill_solid(picture, mask, selected, fill.color);
            break;
    }
    return picture;
}

}  // namespace editprep::imaging
