#include "editprep/imaging/preview.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/resize.hpp"
#include "glyphs.hpp"
#include "same_size.hpp"

namespace editprep::imaging {
namespace {

constexpr Color kPaper{44, 46, 52};
constexpr Color kInk{240, 240, 240};
constexpr Color kTint{235, 30, 70};
constexpr Color kFrame{255, 200, 0};
/// Dark around the frame, so that it shows on bright pictures as well.
constexpr Color kFrameEdge{20, 20, 20};
constexpr int kFrameWidth = 3;
/// How much of a selected pixel is tint, of 255.
constexpr std::uint32_t kTintStrength = 150;
/// Small pictures are enlarged so that a person sees something, but not to a blur.
constexpr double kLargestEnlargement = 4.0;
constexpr int kGap = 16;
constexpr int kLabelScale = 3;
constexpr int kLabelHeight = kGlyphHeight * kLabelScale + kGap;

struct Panel {
    std::string_view label;
    Image picture;
};

Size panel_size(Size picture, Size box) {
    const double scale =
        std::min({static_cast<double>(box.width) / picture.width,
                  static_cast<double>(box.height) / picture.height, kLargestEnlargement});
    const auto scaled = [scale](int side) {
        return std::max(1, static_cast<int>(std::lround(side * scale)));
    };
    return {scaled(picture.width), scaled(picture.height)};
}

/// The picture as a person should see it: scaled, and on a checkerboard where it is transparent.
Image shown(const Image& picture, Size box) {
    const Image small = resize(picture, panel_size(picture.size(), box));
    if (!has_transparency(small)) {
        return to_rgb(small);
    }
    return to_rgb(over(checkerboard(small.size()), small));
}

Image tinted(const Image& shown_source, const Mask& mask) {
    const Mask small = resize(mask, shown_source.size());
    const Image tint = solid_image(shown_source.size(), Channels::rgb, kTint);
    Mask strength(small.size());
    std::ranges::transform(small.bytes(), strength.bytes().begin(), [](std::uint8_t value) {
        return static_cast<std::uint8_t>(value * kTintStrength / 255);
    });
    return composite(shown_source, tint, strength);
}

/// The four bars just inside the rectangle.
void draw_border(Image& image, const Rect& rect, int width, Color color) {
    paint_rect(image, {rect.left, rect.top, rect.right, rect.top + width}, color);
    paint_rect(image, {rect.left, rect.bottom - width, rect.right, rect.bottom}, color);
    paint_rect(image, {rect.left, rect.top, rect.left + width, rect.bottom}, color);
    paint_rect(image, {rect.right - width, rect.top, rect.right, rect.bottom}, color);
}

/// @param shown_source the panel of a picture of the size `source`
void frame(Image& shown_source, Size source, const Rect& crop) {
    const auto scaled = [](int position, int from, int to) {
        return static_cast<int>(std::lround(static_cast<double>(position) * to / from));
    };
    const Rect place{scaled(crop.left, source.width, shown_source.width()),
                     scaled(crop.top, source.height, shown_source.height()),
                     scaled(crop.right, source.width, shown_source.width()),
                     scaled(crop.bottom, source.height, shown_source.height())};
    // Around what is sent, unless the picture ends there.
    const Rect outer = intersect(outset(place, kFrameWidth + 1), bounds_of(shown_source.size()));
    draw_border(shown_source, outer, kFrameWidth + 1, kFrameEdge);
    draw_border(shown_source, outer, kFrameWidth, kFrame);
}

void paste(Image& sheet, const Image& picture, int left, int top) {
    for (int y = 0; y < picture.height(); ++y) {
        std::memcpy(sheet.row(top + y) + 3 * static_cast<std::size_t>(left), picture.row(y),
                    picture.stride());
    }
}

Image arrange(const std::vector<Panel>& panels) {
    Size size{kGap, 0};
    for (const Panel& panel : panels) {
        const int width = std::max(panel.picture.width(), text_width(panel.label, kLabelScale));
        size.width += width + kGap;
        size.height = std::max(size.height, panel.picture.height());
    }
    size.height += kGap + kLabelHeight + kGap;

    Image sheet = solid_image(size, Channels::rgb, kPaper);
    int left = kGap;
    for (const Panel& panel : panels) {
        const int label_width = text_width(panel.label, kLabelScale);
        draw_text(sheet, panel.label, left, kGap, kLabelScale, kInk);
        paste(sheet, panel.picture, left, kGap + kLabelHeight);
        left += std::max(panel.picture.width(), label_width) + kGap;
    }
    return sheet;
}

}  // namespace

Image render_preview(const Image& source, const Mask& mask, const Image* result,
                     const PreviewOptions& options) {
    check_same_size(source.size(), mask.size(), "the mask");
    std::vector<Panel> panels;
    panels.push_back({"SOURCE", shown(source, options.panel)});
    panels.push_back({"MASK", tinted(panels.front().picture, mask)});
    if (options.focus) {
        frame(panels.front().picture, source.size(), options.focus->crop);
        for (const auto& [label, picture] :
             {std::pair{"SENT", options.focus->sent}, {"RETURNED", options.focus->returned}}) {
            if (picture != nullptr) {
                panels.push_back({label, shown(*picture, options.panel)});
            }
        }
    }
    if (result != nullptr) {
        panels.push_back({"RESULT", shown(*result, options.panel)});
    }
    return arrange(panels);
}

}  // namespace editprep::imaging
