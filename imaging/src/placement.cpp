#include "editprep/imaging/placement.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "blanks.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/limits.hpp"
#include "editprep/imaging/resize.hpp"
#include "over_pixel.hpp"
#include "same_size.hpp"
#include "smooth_step.hpp"
#include "to_byte.hpp"

namespace editprep::imaging {
namespace {

/// Fainter than this is noise of the matte, not something that a person sees.
constexpr std::uint8_t kVisible = 13;
/// Around the part that is shown, so that the object's colours are estimated as in the whole
/// picture.
constexpr int kColourContext = 64;

[[noreturn]] void refuse_padding(const std::string& message) {
    throw Error(Errc::invalid_argument, message, "padding", "give pixels (40) or percent (5%)");
}

/// Whole pixels, at most a little more than any canvas has.
int padding_px(const Padding& padding, int whole) {
    if (!(padding.amount >= 0)) {
        refuse_padding("padding cannot be negative");
    }
    const double pixels =
        padding.unit == Padding::Unit::percent ? padding.amount / 100 * whole : padding.amount;
    return static_cast<int>(std::lround(std::min(pixels, kMaxSide + 1.0)));
}

void check_object(const Rect& object, Size picture) {
    if (object.empty()) {
        throw Error(Errc::invalid_argument, "nothing is selected that could be placed", "object",
                    "select the object in another way");
    }
    if (intersect(object, bounds_of(picture)) != object) {
        throw Error(Errc::invalid_argument, "the object does not lie inside the picture", "object",
                    "give the bounds of an object of this picture");
    }
}

void check_canvas(Size canvas) {
    if (canvas.width <= 0 || canvas.height <= 0) {
        throw Error(Errc::invalid_argument,
                    "a canvas needs a positive size, not " + to_string(canvas), "canvas",
                    "give width and height in pixels (2000x2000)");
    }
    check_size(canvas, Limits{}, "the canvas", "ask for a smaller one with --canvas");
}

/// Along one axis.
struct Span {
    int from = 0;
    int to = 0;
    [[nodiscard]] int length() const noexcept { return to - from; }
};

struct SpanPlacement {
    Span source;
    Span target;
};

/// The object's span in the middle of the canvas's side, then as much of the picture on either side
/// as fits between the object and the canvas's ends.
SpanPlacement place_span(const Span& object, int picture, int canvas, int box, double scale) {
    const int length = std::clamp(static_cast<int>(std::lround(object.length() * scale)), 1, box);
    const int before = (canvas - length) / 2;
    const int after = canvas - length - before;
    const auto shown = [scale](int available, int room) {
        return static_cast<int>(std::min<double>(available, std::floor(room / scale)));
    };
    const auto scaled = [scale](int side, int room) {
        return std::min(room, static_cast<int>(std::lround(side * scale)));
    };
    const int shown_before = shown(object.from, before);
    const int shown_after = shown(picture - object.to, after);
    return {{object.from - shown_before, object.to + shown_after},
            {before - scaled(shown_before, before), before + length + scaled(shown_after, after)}};
}

Image scaled_source(const Image& picture, const Placement& placement) {
    return resize(crop(picture, placement.source), placement.target.size());
}

/// An RGBA picture in its place on the canvas, its edge pixels repeated around it.
Image extended(const Image& picture, const Placement& placement) {
    constexpr std::size_t kPixel = 4;
    Image canvas(placement.canvas, Channels::rgba);
    const Rect& target = placement.target;
    const auto inner = static_cast<std::size_t>(picture.width());
    const auto before = static_cast<std::size_t>(target.left);
    const auto after = static_cast<std::size_t>(placement.canvas.width - target.right);
    for (int y = 0; y < canvas.height(); ++y) {
        const std::uint8_t* from = picture.row(std::clamp(y - target.top, 0, picture.height() - 1));
        std::uint8_t* to = canvas.row(y);
        for (std::size_t i = 0; i < before; ++i) {
            std::memcpy(to + kPixel * i, from, kPixel);
        }
        std::memcpy(to + kPixel * before, from, kPixel * inner);
        for (std::size_t i = 0; i < after; ++i) {
            std::memcpy(to + kPixel * (before + inner + i), from + kPixel * (inner - 1), kPixel);
        }
    }
    return canvas;
}

/// Lays the picture over its place on an RGBA canvas. An opaque result needs no alpha.
Image finished(Image canvas, const Image& picture, const Placement& placement) {
    const Image front = to_rgba(scaled_source(picture, placement));
    const Rect& target = placement.target;
    const auto skip = std::size_t{4} * static_cast<std::size_t>(target.left);
    for (int y = 0; y < front.height(); ++y) {
        over_row(front.row(y), canvas.row(target.top + y) + skip,
                 static_cast<std::size_t>(front.width()));
    }
    return has_transparency(canvas) ? canvas : to_rgb(canvas);
}

/// How many pixels wide a shadow fades at each side of a picture.
struct Fades {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
};

/// A shadow that a side cuts off fades out before it: over the room that the object leaves, but
/// over no more than it takes for the eye not to see an edge.
/// @param object bounds within the shadow's part of the picture
Fades fades_of(const Mask& shadow, const Rect& object) {
    constexpr std::uint8_t kSeenAsEdge = 4;
    constexpr double kWidest = 0.08;
    const Size size = shadow.size();
    const int widest = static_cast<int>(std::lround(kWidest * std::min(size.width, size.height)));
    const auto is_cut_row = [&](int y) {
        return std::any_of(shadow.row(y), shadow.row(y) + size.width,
                           [](std::uint8_t value) { return value >= kSeenAsEdge; });
    };
    const auto is_cut_column = [&](int x) {
        for (int y = 0; y < size.height; ++y) {
            if (shadow.row(y)[x] >= kSeenAsEdge) {
                return true;
            }
        }
        return false;
    };
    const auto width = [widest](bool is_cut, int room) {
        return is_cut ? std::clamp(room, 0, widest) : 0;
    };
    return {width(is_cut_column(0), object.left), width(is_cut_row(0), object.top),
            width(is_cut_column(size.width - 1), size.width - object.right),
            width(is_cut_row(size.height - 1), size.height - object.bottom)};
}

/// How much is left of something, so many pixels before the side that it fades towards.
float share_left(int pixels, int fade) {
    return fade == 0 ? 1 : smooth_step(static_cast<float>(pixels) / static_cast<float>(fade));
}

Mask faded(const Mask& shadow, const Fades& fades) {
    Mask result = shadow;
    std::vector<float> across;
    for (int x = 0; x < shadow.width(); ++x) {
        across.push_back(share_left(x, fades.left) *
                         share_left(shadow.width() - 1 - x, fades.right));
    }
    for (int y = 0; y < shadow.height(); ++y) {
        const float down =
            share_left(y, fades.top) * share_left(shadow.height() - 1 - y, fades.bottom);
        std::uint8_t* row = result.row(y);
        for (std::size_t x = 0; x < across.size(); ++x) {
            row[x] = to_byte(static_cast<float>(row[x]) * across[x] * down);
        }
    }
    return result;
}

/// What is shown of a shadow, which ends nowhere with an edge of its own, in a part of the picture
/// that holds all that is shown.
Mask shown_shadow(const Mask& shadow, const Mask& matte, const Rect& source, const Rect& part) {
    const Mask shown = crop(shadow, source);
    const Mask soft = faded(shown, fades_of(shown, object_bounds(crop(matte, source))));
    Mask result(part.size(), 0);
    for (int y = 0; y < soft.height(); ++y) {
        std::memcpy(result.row(source.top - part.top + y) + (source.left - part.left), soft.row(y),
                    static_cast<std::size_t>(soft.width()));
    }
    return result;
}

void check_placement(Size picture, const Placement& placement) {
    check_canvas(placement.canvas);
    const auto is_inside = [](const Rect& rect, Size size) {
        return !rect.empty() && intersect(rect, bounds_of(size)) == rect;
    };
    if (!is_inside(placement.source, picture) || !is_inside(placement.target, placement.canvas)) {
        throw Error(Errc::invalid_argument, "the placement was planned for another picture",
                    "placement", "plan it for the size of this picture");
    }
}

}  // namespace

Padding parse_padding(std::string_view text) {
    const std::string_view trimmed = without_blanks(text);
    Padding padding;
    const char* const end = trimmed.data() + trimmed.size();
    const auto [unit_begin, error] = std::from_chars(trimmed.data(), end, padding.amount);
    const std::string_view unit(unit_begin, static_cast<std::size_t>(end - unit_begin));
    if (unit == "%") {
        padding.unit = Padding::Unit::percent;
    }
    const bool is_known = unit.empty() || unit == "px" || unit == "%";
    if (error != std::errc{} || !is_known || !std::isfinite(padding.amount) || padding.amount < 0) {
        refuse_padding("unknown padding: " + std::string(text));
    }
    return padding;
}

std::string to_string(const Padding& padding) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(),
                  padding.unit == Padding::Unit::percent ? "%.10g%%" : "%.10gpx", padding.amount);
    return text.data();
}

Rect object_bounds(const Mask& matte, const Mask& shadow) {
    if (!shadow.empty()) {
        check_same_size(matte.size(), shadow.size(), "the shadow");
    }
    Mask visible(matte.size());
    const std::span<const std::uint8_t> values = matte.bytes();
    const std::span<const std::uint8_t> shadows = shadow.bytes();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint8_t strength = shadow.empty() ? values[i] : std::max(values[i], shadows[i]);
        visible.bytes()[i] = strength >= kVisible ? 255 : 0;
    }
    return selected_bounds(visible);
}

Placement plan_trim(const Rect& object, Size picture, const Padding& padding) {
    check_object(object, picture);
    const int room = padding_px(padding, std::max(object.width(), object.height()));
    const Rect window = outset(object, room);
    check_canvas(window.size());
    const Rect source = intersect(window, bounds_of(picture));
    const Rect target{source.left - window.left, source.top - window.top,
                      source.right - window.left, source.bottom - window.top};
    return {source, target, window.size(), 1.0};
}

Placement plan_canvas(const Rect& object, Size picture, Size canvas, const Padding& padding) {
    check_object(object, picture);
    check_canvas(canvas);
    const int room = padding_px(padding, std::min(canvas.width, canvas.height));
    const Size box{canvas.width - 2 * room, canvas.height - 2 * room};
    if (box.width <= 0 || box.height <= 0) {
        throw Error(Errc::invalid_argument,
                    "padding of " + std::to_string(room) +
                        " pixels leaves no room on a canvas of " + to_string(canvas),
                    "padding", "give less padding or a larger canvas");
    }
    const double scale = std::min(static_cast<double>(box.width) / object.width(),
                                  static_cast<double>(box.height) / object.height());
    const SpanPlacement across =
        place_span({object.left, object.right}, picture.width, canvas.width, box.width, scale);
    const SpanPlacement down =
        place_span({object.top, object.bottom}, picture.height, canvas.height, box.height, scale);
    return {{across.source.from, down.source.from, across.source.to, down.source.to},
            {across.target.from, down.target.from, across.target.to, down.target.to},
            canvas,
            scale};
}

Image place(const Image& picture, const Placement& placement, Color background) {
    check_placement(picture.size(), placement);
    return finished(solid_image(placement.canvas, Channels::rgba, background), picture, placement);
}

Image place(const Image& picture, const Placement& placement, const Image& backdrop) {
    check_placement(picture.size(), placement);
    check_same_size(picture.size(), backdrop.size(), "the backdrop");
    return finished(extended(to_rgba(scaled_source(backdrop, placement)), placement), picture,
                    placement);
}

Image place_object(const Image& picture, const Mask& matte, const BackgroundOptions& options,
                   const Placement& placement) {
    check_placement(picture.size(), placement);
    check_same_size(picture.size(), matte.size(), "the mask");
    const bool has_shadow = !options.shadow.empty();
    if (has_shadow) {
        check_same_size(picture.size(), options.shadow.size(), "the shadow");
    }
    const Rect part =
        intersect(outset(placement.source, kColourContext), bounds_of(picture.size()));
    const Rect& source = placement.source;
    Placement within = placement;
    within.source = {source.left - part.left, source.top - part.top, source.right - part.left,
                     source.bottom - part.top};
    const Image object = replace_background(
        crop(picture, part), crop(matte, part),
        {.fill = {options.fill.kind == FillKind::inpaint ? FillKind::inpaint
                                                         : FillKind::transparent},
         .shadow = has_shadow ? shown_shadow(options.shadow, matte, source, part) : Mask{}});
    switch (options.fill.kind) {
        case FillKind::blur:
            return place(
                object, within,
                crop(blurred_backdrop(picture, matte, options.fill.blur_sigma_px, options.shadow),
                     part));
        case FillKind::solid:
            return place(object, within, options.fill.color);
        case FillKind::inpaint:
        case FillKind::transparent:
            break;
    }
    return place(object, within, Color{0, 0, 0, 0});
}

}  // namespace editprep::imaging
