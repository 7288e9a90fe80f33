#include "editprep/imaging/focus.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/resize.hpp"
#include "in_channels.hpp"
#include "same_size.hpp"

namespace editprep::imaging {
namespace {

/// Up to here a crop is extended to the size that is sent, instead of being enlarged.
constexpr double kLargestExtension = 1.25;

double aspect_of(Size size) { return static_cast<double>(size.width) / size.height; }

int rounded_up(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }
int rounded_down(int value, int multiple) { return value / multiple * multiple; }

int padding_px(const Rect& selected, Size picture, const FocusPadding& padding) {
    const int most = std::max(picture.width, picture.height);
    if (padding.pixels) {
        return std::clamp(*padding.pixels, 0, most);
    }
    const double share = std::max(selected.width(), selected.height()) * padding.percent / 100.0;
    return static_cast<int>(std::clamp(std::ceil(share), double{kLeastFocusPaddingPx},
                                       std::max(double{kLeastFocusPaddingPx}, double(most))));
}

/// A rectangle of that size about the middle of `inner`, moved into the picture. It holds `inner`
/// where it is not smaller.
Rect placed_around(const Rect& inner, Size size, Size picture) {
    const auto begin = [](int first, int last, int length, int whole) {
        return std::clamp((first + last - length) / 2, 0, whole - length);
    };
    const int left = begin(inner.left, inner.right, size.width, picture.width);
    const int top = begin(inner.top, inner.bottom, size.height, picture.height);
    return {left, top, left + size.width, top + size.height};
}

/// The smallest size of that shape that holds `inner`. In 64 bits: a thin selection in a wide shape
/// may ask for more than any picture has.
struct WishedSize {
    std::int64_t width = 0;
    std::int64_t height = 0;

    [[nodiscard]] bool fits(Size picture) const noexcept {
        return width <= picture.width && height <= picture.height;
    }
    [[nodiscard]] Size within(Size picture) const noexcept {
        return {static_cast<int>(std::min<std::int64_t>(width, picture.width)),
                static_cast<int>(std::min<std::int64_t>(height, picture.height))};
    }
};

WishedSize size_around(Size inner, Size shape) {
    const auto scaled = [](int side, int numerator, int denominator) {
        return (std::int64_t{side} * numerator + denominator - 1) / denominator;
    };
    return {std::max<std::int64_t>(inner.width, scaled(inner.height, shape.width, shape.height)),
            std::max<std::int64_t>(inner.height, scaled(inner.width, shape.height, shape.width))};
}

/// How far two shapes are apart, whichever is the wider one.
double distance(Size a, Size b) { return std::abs(std::log(aspect_of(a) / aspect_of(b))); }

/// The nearest shape that the limits allow; any where there are none.
Size allowed_shape(Size shape, const FocusWishes& wishes) {
    constexpr int kPrecision = 10'000;
    const double aspect = aspect_of(shape);
    if (aspect > wishes.max_aspect) {
        return {static_cast<int>(wishes.max_aspect * kPrecision), kPrecision};
    }
    if (aspect < wishes.min_aspect) {
        return {kPrecision, static_cast<int>(kPrecision / wishes.min_aspect)};
    }
    return shape;
}

double wished_scale(Size size, const FocusWishes& wishes) {
    const auto pixels = static_cast<double>(size.area());
    double scale = 1.0;
    if (size.area() < wishes.pixels) {
        scale = std::sqrt(static_cast<double>(wishes.pixels) / pixels);
    } else if (size.area() > wishes.max_pixels) {
        scale = std::sqrt(static_cast<double>(wishes.max_pixels) / pixels);
    }
    const auto [shorter, longer] = std::minmax(size.width, size.height);
    scale = std::max(scale, static_cast<double>(wishes.min_side) / shorter);
    return std::min(scale, static_cast<double>(wishes.max_side) / longer);
}

/// Whole blocks of a shape, within all limits as far as they do not contradict each other.
Size in_blocks(double width, double height, const FocusWishes& wishes) {
    const int block = wishes.multiple_of;
    const int least = std::max(block, rounded_up(wishes.min_side, block));
    const int most = std::max(least, rounded_down(wishes.max_side, block));
    const auto side = [&](double length) {
        const auto blocks = static_cast<int>(std::lround(length / block));
        return std::clamp(blocks * block, least, most);
    };
    Size size{side(width), side(height)};
    const auto shrink = [&](int& length) { length = std::max(least, length - block); };
    const auto grow = [&](int& length) { length = std::min(most, length + block); };
    while (size.area() < wishes.min_pixels && size != Size{most, most}) {
        grow(size.width < size.height || size.height == most ? size.width : size.height);
    }
    while (aspect_of(size) > wishes.max_aspect && size.width > least) {
        shrink(size.width);
    }
    while (aspect_of(size) < wishes.min_aspect && size.height > least) {
        shrink(size.height);
    }
    while (size.area() > wishes.max_pixels && size != Size{least, least}) {
        shrink(size.width > size.height ? size.width : size.height);
    }
    return size;
}

/// What a crop of any shape is scaled to.
Size sent_size_of(Size crop, const FocusWishes& wishes) {
    const double scale = wished_scale(crop, wishes);
    if (scale == 1.0) {
        const Size own{rounded_up(crop.width, wishes.multiple_of),
                       rounded_up(crop.height, wishes.multiple_of)};
        return in_blocks(own.width, own.height, wishes);
    }
    return in_blocks(crop.width * scale, crop.height * scale, wishes);
}

/// A crop that is nearly as large as what is sent becomes exactly that, if the picture lets it.
Rect at_full_scale(const Rect& crop, Size sent, Size picture) {
    const bool holds = sent.width >= crop.width() && sent.height >= crop.height();
    const bool fits = sent.width <= picture.width && sent.height <= picture.height;
    const bool near = sent.width <= crop.width() * kLargestExtension &&
                      sent.height <= crop.height() * kLargestExtension;
    return holds && fits && near ? placed_around(crop, sent, picture) : crop;
}

/// The crop for one shape, and how good it is.
struct Candidate {
    FocusPlan plan;
    bool fits = false;
    double distance = 0.0;

    /// Least of the picture; where none fits, least stretched.
    [[nodiscard]] bool is_better_than(const Candidate& other) const noexcept {
        if (fits != other.fits) {
            return fits;
        }
        return fits ? plan.crop.size().area() < other.plan.crop.size().area()
                    : distance < other.distance;
    }
};

Candidate candidate_for(const Rect& inner, Size shape, Size picture, const FocusWishes& wishes) {
    const WishedSize wished = size_around(inner.size(), shape);
    Candidate candidate;
    candidate.fits = wished.fits(picture);
    candidate.plan.crop = placed_around(inner, wished.within(picture), picture);
    const Size crop = candidate.plan.crop.size();
    candidate.distance = distance(crop, shape);
    if (!wishes.sizes.empty()) {
        candidate.plan.sent_size = shape;
        return candidate;
    }
    if (candidate.fits) {
        candidate.plan.sent_size = sent_size_of(crop, wishes);
        // Blocks change the shape a little.
        const WishedSize exact = size_around(crop, candidate.plan.sent_size);
        if (exact.fits(picture)) {
            candidate.plan.crop =
                placed_around(candidate.plan.crop, exact.within(picture), picture);
        }
        return candidate;
    }
    // As large as the crop, in the shape that is wanted.
    const double aspect = aspect_of(shape);
    const double height = std::sqrt(static_cast<double>(crop.area()) / aspect);
    const Size reshaped{std::max(1, static_cast<int>(std::lround(height * aspect))),
                        std::max(1, static_cast<int>(std::lround(height)))};
    candidate.plan.sent_size = sent_size_of(reshaped, wishes);
    return candidate;
}

std::uint8_t largest_in(const Mask& mask, const Rect& rect) {
    std::uint8_t largest = 0;
    for (int y = rect.top; y < rect.bottom; ++y) {
        const std::uint8_t* row = mask.row(y);
        largest = std::max(largest, *std::max_element(row + rect.left, row + rect.right));
    }
    return largest;
}

/// Every pixel has the largest value among those that it covers, in part or whole.
Mask shrunk_to_largest(const Mask& mask, Size size) {
    const auto span = [](int index, int count, int length) {
        const auto first = std::int64_t{index} * length / count;
        const auto end = (std::int64_t{index + 1} * length + count - 1) / count;
        return std::pair{static_cast<int>(first), static_cast<int>(end)};
    };
    Mask result(size);
    for (int y = 0; y < size.height; ++y) {
        const auto [top, bottom] = span(y, size.height, mask.height());
        for (int x = 0; x < size.width; ++x) {
            const auto [left, right] = span(x, size.width, mask.width());
            result.row(y)[x] = largest_in(mask, {left, top, right, bottom});
        }
    }
    return result;
}

}  // namespace

std::optional<FocusPlan> plan_focus(Size picture, const Rect& selected, const FocusPadding& padding,
                                    const FocusWishes& wishes) {
    if (selected.empty() || selected == bounds_of(picture)) {
        return std::nullopt;
    }
    const Rect inner =
        intersect(outset(selected, padding_px(selected, picture, padding)), bounds_of(picture));
    std::vector<Size> shapes = !wishes.sizes.empty() ? wishes.sizes : wishes.shapes;
    if (shapes.empty()) {
        shapes.push_back(allowed_shape(inner.size(), wishes));
    }
    Candidate best = candidate_for(inner, shapes.front(), picture, wishes);
    for (const Size shape : shapes) {
        const Candidate candidate = candidate_for(inner, shape, picture, wishes);
        if (candidate.is_better_than(best)) {
            best = candidate;
        }
    }
    best.plan.crop = at_full_scale(best.plan.crop, best.plan.sent_size, picture);
    return best.plan;
}

double crop_share(const FocusPlan& plan, Size picture) noexcept {
    return static_cast<double>(plan.crop.size().area()) / static_cast<double>(picture.area());
}

double stretch_of(const FocusPlan& plan) noexcept {
    const double ratio = aspect_of(plan.crop.size()) / aspect_of(plan.sent_size);
    return std::max(ratio, 1.0 / ratio);
}

Image cut_focus(const Image& image, const FocusPlan& plan) {
    return resize(crop(image, plan.crop), plan.sent_size);
}

Mask cut_focus(const Mask& mask, const FocusPlan& plan) {
    const Mask part = crop(mask, plan.crop);
    const bool shrinks =
        plan.sent_size.width < part.width() || plan.sent_size.height < part.height();
    return shrinks ? shrunk_to_largest(part, plan.sent_size) : resize(part, plan.sent_size);
}

Image paste_focus(const Image& original, const Image& edited, const Mask& mask, const Rect& rect) {
    check_same_size(original.size(), mask.size(), "the mask");
    const Image part = composite(crop(original, rect), edited, crop(mask, rect));
    Image result = in_channels(original, part.channels());
    const auto skip =
        static_cast<std::size_t>(rect.left) * static_cast<std::size_t>(part.channels());
    for (int y = 0; y < part.height(); ++y) {
        std::memcpy(result.row(rect.top + y) + skip, part.row(y), part.stride());
    }
    return result;
}

}  // namespace editprep::imaging
