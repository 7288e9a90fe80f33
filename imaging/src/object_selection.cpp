#include "editprep/imaging/object_selection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "alpha_of.hpp"
#include "backdrop/backdrop_selection.hpp"
#include "check_point.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_components.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// Largest squared distance of two RGB colours, plus one: a threshold that nothing reaches.
constexpr int kBeyondAnyDistance = 3 * 255 * 255 + 1;

/// From half a pixel's cover on.
constexpr std::uint8_t kSelectedFrom = 128;

EDITPREP_SIMD_CLONES
void select_alpha(const std::uint8_t* rgba, int threshold, std::uint8_t* __restrict out,
                  std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        out[i] = rgba[4 * i + 3] >= threshold ? 255 : 0;
    }
}

EDITPREP_SIMD_CLONES
void select_distant_grey(const std::uint8_t* grey, int backdrop, int squared_threshold,
                         std::uint8_t* __restrict out, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i) {
        const int difference = grey[i] - backdrop;
        out[i] = 3 * difference * difference >= squared_threshold ? 255 : 0;
    }
}

template <std::size_t kChannels>
[[gnu::always_inline]] inline void select_distant(const std::uint8_t* pixel, Color backdrop,
                                                  int squared_threshold,
                                                  std::uint8_t* __restrict out,
                                                  std::size_t pixels) {
    const int red = backdrop.red;
    const int green = backdrop.green;
    const int blue = backdrop.blue;
    for (std::size_t i = 0; i < pixels; ++i) {
        const int r = pixel[kChannels * i] - red;
        const int g = pixel[kChannels * i + 1] - green;
        const int b = pixel[kChannels * i + 2] - blue;
        out[i] = r * r + g * g + b * b >= squared_threshold ? 255 : 0;
    }
}

EDITPREP_SIMD_CLONES
void select_distant_rgb(const std::uint8_t* rgb, Color backdrop, int squared_threshold,
                        std::uint8_t* __restrict out, std::size_t pixels) {
    select_distant<3>(rgb, backdrop, squared_threshold, out, pixels);
}

EDITPREP_SIMD_CLONES
void select_distant_rgba(const std::uint8_t* rgba, Color backdrop, int squared_threshold,
                         std::uint8_t* __restrict out, std::size_t pixels) {
    select_distant<4>(rgba, backdrop, squared_threshold, out, pixels);
}

/// distance >= threshold is the same as distance^2 >= threshold^2 for a threshold of one or more.
int squared(int threshold) {
    if (threshold <= 0) {
        return 0;
    }
    return threshold < 442 ? threshold * threshold : kBeyondAnyDistance;
}

Color corner_mean(const Image& image, int sample_size) {
    const int side = std::max(1, std::min({sample_size, image.width(), image.height()}));
    const auto channels = static_cast<std::size_t>(image.channel_count());
    std::array<std::int64_t, 3> sums{};
    for (const int top : {0, image.height() - side}) {
        for (const int left : {0, image.width() - side}) {
            for (int y = top; y < top + side; ++y) {
                const std::uint8_t* pixel =
                    image.row(y) + static_cast<std::size_t>(left) * channels;
                for (int x = 0; x < side; ++x, pixel += channels) {
                    for (std::size_t c = 0; c < 3; ++c) {
                        sums[c] += pixel[channels == 1 ? 0 : c];
                    }
                }
            }
        }
    }
    const std::int64_t count = std::int64_t{4} * side * side;
    const auto mean = [count](std::int64_t sum) { return static_cast<std::uint8_t>(sum / count); };
    return {mean(sums[0]), mean(sums[1]), mean(sums[2]), 255};
}

Mask select_by_corners(const Image& image, Color backdrop, int threshold) {
    Mask mask(image.size());
    const std::uint8_t* pixels = image.bytes().data();
    const std::size_t count = mask.bytes().size();
    const int limit = squared(threshold);
    switch (image.channels()) {
        case Channels::grey:
            select_distant_grey(pixels, backdrop.red, limit, mask.bytes().data(), count);
            break;
        case Channels::rgb:
            select_distant_rgb(pixels, backdrop, limit, mask.bytes().data(), count);
            break;
        case Channels::rgba:
            select_distant_rgba(pixels, backdrop, limit, mask.bytes().data(), count);
            break;
    }
    return mask;
}

Mask select_by_alpha(const Image& image, int threshold) {
    if (!image.has_alpha()) {
        return Mask(image.size(), static_cast<std::uint8_t>(threshold <= 255 ? 255 : 0));
    }
    Mask mask(image.size());
    select_alpha(image.bytes().data(), threshold, mask.bytes().data(), mask.bytes().size());
    return mask;
}

/// Whether alpha shows an object, and not just a rounded corner or a stray pixel.
bool is_cut_out(const Mask& mask) {
    constexpr double kLeastTransparent = 0.01;
    return !is_uniform(mask) && coverage_fraction(mask) <= 1 - kLeastTransparent;
}

/// What alpha says is certain, as long as it says something.
void judge_alpha(const Image& image, Selection& selection) {
    const bool says_something = image.has_alpha() && !is_uniform(selection.mask);
    selection.confidence = says_something ? 1 : 0;
    if (!says_something) {
        selection.doubts = {selection.mask.bytes().front() == 0
                                ? SelectionDoubt::nothing_found
                                : SelectionDoubt::touches_all_sides};
    }
}

Selection select_by_mode(const Image& image, const SelectionOptions& options) {
    Selection selection;
    const bool may_fall_back = options.mode == SelectionMode::automatic;
    if (options.mode == SelectionMode::alpha || (may_fall_back && image.has_alpha())) {
        selection.mask = select_by_alpha(image, options.threshold);
        if (!may_fall_back || is_cut_out(selection.mask)) {
            selection.mode_used = SelectionMode::alpha;
            judge_alpha(image, selection);
            if (may_fall_back) {
                selection.mask = alpha_of(image);
            }
            return selection;
        }
    }
    if (options.mode != SelectionMode::corner_bg) {
        return select_by_backdrop(image, options);
    }
    selection.mode_used = SelectionMode::corner_bg;
    selection.backdrop = corner_mean(image, options.sample_size);
    selection.mask = select_by_corners(image, selection.backdrop, options.threshold);
    return selection;
}

void check_points(const std::vector<Point>& points, Size picture, const char* what) {
    for (const Point point : points) {
        check_point(point, picture, what);
    }
}

/// The options as they concern a picture of that size.
SelectionOptions placed(SelectionOptions options, Size picture) {
    check_points(options.object_points, picture, "the object point");
    check_points(options.background_points, picture, "the background point");
    if (options.box) {
        const Rect inside = intersect(*options.box, bounds_of(picture));
        if (inside.empty()) {
            throw Error(Errc::invalid_argument,
                        "the box lies outside of the picture, which is " + to_string(picture),
                        "box");
        }
        options.box = inside;
    }
    return options;
}

bool changes_mask(const SelectionOptions& options) {
    return options.box || !options.background_points.empty() || !options.object_points.empty() ||
           options.keep_largest || options.fill_holes || options.hard;
}

/// Every step sees what the ones before it left: a part may be cut in two by the box, and the
/// largest is one of those that were pointed at.
Mask follow_hints(Mask mask, const SelectionOptions& options) {
    if (options.box) {
        mask = clear_outside(mask, *options.box);
    }
    if (!options.background_points.empty()) {
        mask = drop_parts_at(mask, options.background_points);
    }
    if (!options.object_points.empty()) {
        mask = keep_parts_at(mask, options.object_points);
    }
    if (options.keep_largest) {
        mask = keep_largest_part(mask);
    }
    if (options.fill_holes) {
        mask = fill_holes(mask);
    }
    if (options.hard) {
        mask = harden(mask);
    }
    return mask;
}

bool selects_something(const Mask& mask) {
    return std::any_of(mask.bytes().begin(), mask.bytes().end(),
                       [](std::uint8_t value) { return value >= kSelectedFrom; });
}

/// Hints may leave nothing of what a mode was sure of, and the soft edge of what is gone is nothing
/// as well.
/// @param was_something whether there was more than soft edges before
void doubt_if_empty(bool was_something, Selection& selection) {
    const bool is_something =
        was_something ? selects_something(selection.mask) : !is_uniform(selection.mask);
    if (is_something) {
        return;
    }
    selection.mask = Mask(selection.mask.size(), 0);
    if (selection.confidence) {
        selection.confidence = 0;
        selection.doubts = {SelectionDoubt::nothing_found};
    }
}

/// Somebody points at an object where there is none, or it was not found.
void doubt_points(const std::vector<Point>& points, Selection& selection) {
    constexpr double kAtMost = 0.3;
    const bool missed = std::any_of(points.begin(), points.end(),
                                    [&](Point p) { return selection.mask.row(p.y)[p.x] == 0; });
    if (missed && selection.confidence.value_or(0) > 0) {
        selection.confidence = std::min(*selection.confidence, kAtMost);
        selection.doubts.insert(selection.doubts.begin(), SelectionDoubt::point_not_selected);
    }
}

}  // namespace

Selection select_object(const Image& image, const SelectionOptions& options) {
    const SelectionOptions wanted = placed(options, image.size());
    Selection selection = select_by_mode(image, wanted);
    if (changes_mask(wanted)) {
        const bool was_something = selects_something(selection.mask);
        selection.mask = follow_hints(std::move(selection.mask), wanted);
        doubt_if_empty(was_something, selection);
        doubt_points(wanted.object_points, selection);
    }
    return selection;
}

std::string_view describe(SelectionDoubt doubt) noexcept {
    switch (doubt) {
        case SelectionDoubt::backdrop_not_clean:
            return "the backdrop is not clean";
        case SelectionDoubt::touches_all_sides:
            return "the object touches all sides of the picture";
        case SelectionDoubt::nothing_found:
            return "nothing stands out from the backdrop";
        case SelectionDoubt::low_contrast:
            return "parts of the object hardly differ from the backdrop";
        case SelectionDoubt::point_not_selected:
            return "what an object point lies on was not selected";
    }
    return "unknown";
}

std::string_view to_string(SelectionDoubt doubt) noexcept {
    switch (doubt) {
        case SelectionDoubt::backdrop_not_clean:
            return "backdrop_not_clean";
        case SelectionDoubt::touches_all_sides:
            return "touches_all_sides";
        case SelectionDoubt::nothing_found:
            return "nothing_found";
        case SelectionDoubt::low_contrast:
            return "low_contrast";
        case SelectionDoubt::point_not_selected:
            return "point_not_selected";
    }
    return "unknown";
}

}  // namespace editprep::imaging
