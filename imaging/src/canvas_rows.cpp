#include "canvas_rows.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "blurred_backdrop.hpp"
#include "convert_row.hpp"
#include "over_pixel.hpp"

namespace editprep::imaging {
namespace {

constexpr std::size_t kRgba = 4;

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

Rect place_on_canvas(Size picture, Size canvas, const Margins& margins) {
    const auto clipped = [](std::int64_t place, int length) {
        return static_cast<int>(std::clamp<std::int64_t>(place, 0, length));
    };
    const Rect place{clipped(margins.left, canvas.width), clipped(margins.top, canvas.height),
                     clipped(std::int64_t{margins.left} + picture.width, canvas.width),
                     clipped(std::int64_t{margins.top} + picture.height, canvas.height)};
    return place.empty() ? Rect{} : place;
}

/// Lays the picture over rows of the canvas.
class Overlay {
public:
    Overlay(SourceRows& picture, const CanvasLayout& layout, const Margins& margins)
        : picture_(&picture), place_(layout.picture), left_(margins.left), top_(margins.top) {}

    [[nodiscard]] bool meets(int y) const noexcept { return y >= place_.top && y < place_.bottom; }

    /// Requires meets(y).
    void paint(int y, std::uint8_t* row) const {
        const auto channels = index(static_cast<int>(picture_->channels()));
        const std::uint8_t* from = picture_->row(y - top_) + index(place_.left - left_) * channels;
        std::uint8_t* to = row + index(place_.left) * kRgba;
        if (picture_->has_alpha()) {
            over_row(from, to, index(place_.width()));
        } else {
            convert_row(from, picture_->channels(), to, Channels::rgba, index(place_.width()));
        }
    }

private:
    SourceRows* picture_;
    Rect place_;
    int left_;
    int top_;
};

/// The picture over one colour.
class FlatCanvas : public CanvasRows {
public:
    FlatCanvas(SourceRows& picture, const CanvasLayout& layout, const CanvasOptions& options,
               Color color)
        : background_(solid_image({layout.size.width, 1}, Channels::rgba, color)),
          row_(background_),
          picture_below_(layout.picture.bottom),
          overlay_(picture, layout, options.margins),
          restores_background_(picture.has_alpha()) {}

    const std::uint8_t* next() override {
        const int y = y_++;
        if (!overlay_.meets(y)) {
            return y == 0 || y == picture_below_ ? background_.row(0) : nullptr;
        }
        if (restores_background_) {
            std::memcpy(row_.row(0), background_.row(0), row_.stride());
        }
        overlay_.paint(y, row_.row(0));
        return row_.row(0);
    }

private:
    Image background_;
    Image row_;
    int picture_below_;
    Overlay overlay_;
    /// Something may be seen through the picture.
    bool restores_background_;
    int y_ = 0;
};

/// Reflects any coordinate into [0, length), edge pixels repeated: period 2 * length.
std::size_t reflect(std::int64_t coordinate, int length) {
    const std::int64_t period = std::int64_t{2} * length;
    std::int64_t place = coordinate % period;
    if (place < 0) {
        place += period;
    }
    return index(place < length ? place : period - 1 - place);
}

/// The picture and its reflections; nothing is left to overlay.
class MirroredCanvas : public CanvasRows {
public:
    MirroredCanvas(SourceRows& picture, const CanvasLayout& layout, const CanvasOptions& options)
        : picture_(&picture),
          top_(options.margins.top),
          left_(options.margins.left),
          place_(layout.picture),
          source_row_(index(picture.size().width) * kRgba),
          row_(index(layout.size.width) * kRgba) {
        for (int x = 0; x < layout.size.width; ++x) {
            if (x < place_.left || x >= place_.right) {
                offsets_.push_back(kRgba * reflect(std::int64_t{x} - left_, picture.size().width));
            }
        }
    }

    const std::uint8_t* next() override {
        const std::size_t y = reflect(std::int64_t{y_++} - top_, picture_->size().height);
        if (painted_ == y) {
            return nullptr;
        }
        painted_ = y;
        convert_row(picture_->row(static_cast<int>(y)), picture_->channels(), source_row_.data(),
                    Channels::rgba, index(picture_->size().width));
        std::uint8_t* to = row_.data();
        to = copy_pixels({offsets_.data(), index(place_.left)}, to);
        if (!place_.empty()) {
            std::memcpy(to, source_row_.data() + index(place_.left - left_) * kRgba,
                        index(place_.width()) * kRgba);
        }
        copy_pixels(std::span(offsets_).subspan(index(place_.left)),
                    to + index(place_.width()) * kRgba);
        return row_.data();
    }

private:
    std::uint8_t* copy_pixels(std::span<const std::size_t> offsets, std::uint8_t* to) const {
        const std::uint8_t* from = source_row_.data();
        for (const std::size_t offset : offsets) {
            std::memcpy(to, from + offset, kRgba);
            to += kRgba;
        }
        return to;
    }

    SourceRows* picture_;
    int top_;
    int left_;
    Rect place_;
    /// Where the pixels left and right of the picture lie in its row.
    std::vector<std::size_t> offsets_;
    PixelBuffer source_row_;
    PixelBuffer row_;
    std::optional<std::size_t> painted_;
    int y_ = 0;
};

/// The parts of a canvas where something lies around the picture, or may be seen through it.
std::vector<Rect> visible_parts(const CanvasLayout& layout, const BlurredBackdrop& backdrop) {
    const auto [width, height] = layout.size;
    const Rect& place = layout.picture;
    if (backdrop.has_transparency() || place.empty()) {
        return {bounds_of(layout.size)};
    }
    std::vector<Rect> parts;
    std::int64_t pixels = 0;
    for (const Rect& part :
         {Rect{0, 0, width, place.top}, Rect{0, place.top, place.left, place.bottom},
          Rect{place.right, place.top, width, place.bottom},
          Rect{0, place.bottom, width, height}}) {
        if (!part.empty()) {
            parts.push_back(part);
            pixels += backdrop.needed_for(part).size.area();
        }
    }
    // Where the blur reaches far, the parts share most of what they need.
    const Rect whole = bounds_of(layout.size);
    return pixels < backdrop.needed_for(whole).size.area() ? parts : std::vector{whole};
}

/// The picture over itself, scaled and blurred.
class BlurredCanvas : public CanvasRows {
public:
    BlurredCanvas(SourceRows& picture, const CanvasLayout& layout, const CanvasOptions& options)
        : backdrop_(picture, layout.size, options.blur_sigma_px),
          overlay_(picture, layout, options.margins),
          row_(index(layout.size.width) * kRgba) {
        for (const Rect& area : visible_parts(layout, backdrop_)) {
            parts_.push_back({area, nullptr});
        }
    }

    const std::uint8_t* next() override {
        const int y = y_++;
        for (Part& part : parts_) {
            if (y >= part.area.top && y < part.area.bottom) {
                paint(part, y);
            }
        }
        if (overlay_.meets(y)) {
            overlay_.paint(y, row_.data());
        }
        return row_.data();
    }

private:
    struct Part {
        Rect area;
        /// Exists while rows of the part are painted.
        std::unique_ptr<BackdropPart> rows;
    };

    void paint(Part& part, int y) {
        if (y == part.area.top) {
            part.rows = std::make_unique<BackdropPart>(backdrop_, part.area);
        }
        convert_row(part.rows->next(), backdrop_.channels(),
                    row_.data() + index(part.area.left) * kRgba, Channels::rgba,
                    index(part.area.width()));
        if (y + 1 == part.area.bottom) {
            part.rows.reset();
        }
    }

    BlurredBackdrop backdrop_;
    Overlay overlay_;
    PixelBuffer row_;
    std::vector<Part> parts_;
    int y_ = 0;
};

}  // namespace

CanvasLayout lay_out_canvas(Size picture, const Margins& margins) {
    const Size size = canvas_size(picture, margins);
    return {size, place_on_canvas(picture, size, margins)};
}

SourceRows::Keep rows_kept_for(CanvasFill fill) noexcept {
    return fill == CanvasFill::transparent || fill == CanvasFill::solid ? SourceRows::Keep::last
                                                                        : SourceRows::Keep::all;
}

std::unique_ptr<CanvasRows> paint_canvas(SourceRows& picture, const CanvasLayout& layout,
                                         const CanvasOptions& options) {
    switch (options.fill) {
        case CanvasFill::solid:
            return std::make_unique<FlatCanvas>(picture, layout, options, options.color);
        case CanvasFill::blur:
            return std::make_unique<BlurredCanvas>(picture, layout, options);
        case CanvasFill::mirror:
            return std::make_unique<MirroredCanvas>(picture, layout, options);
        case CanvasFill::transparent:
            break;
    }
    return std::make_unique<FlatCanvas>(picture, layout, options, Color{0, 0, 0, 0});
}

}  // namespace editprep::imaging
