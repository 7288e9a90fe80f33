#include "editprep/imaging/object_selection.hpp"

#include <algorithm>
#include <utility>

#include "alpha_of.hpp"
#include "backdrop/backdrop_selection.hpp"
#include "bits/bit_mask.hpp"
#include "bits/select_bits.hpp"
#include "check_point.hpp"
#include "corner_mean.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_components.hpp"
#include "object_selection_rows.hpp"
#include "select_rows.hpp"

namespace editprep::imaging {
namespace {

/// From half a pixel's cover on.
constexpr std::uint8_t kSelectedFrom = 128;

/// @param select_row (row of the picture, packed bits of it)
template <class SelectRow>
Mask select_rows(const Image& image, const SelectRow& select_row) {
    Mask mask(image.size());
    BitMask one_row({image.width(), 1});
    BitMask::Word* const bits = one_row.row(0);
    for (int y = 0; y < image.height(); ++y) {
        select_row(image.row(y), bits);
        expand_row(bits, image.width(), 255, 0, mask.row(y));
    }
    return mask;
}

Mask select_by_corners(const Image& image, Color backdrop, int threshold) {
    const auto width = static_cast<std::size_t>(image.width());
    const int squared = squared_threshold(threshold);
    return select_rows(image, [&](const std::uint8_t* row, BitMask::Word* bits) {
        select_distant(row, image.channels(), width, backdrop, squared, bits);
    });
}

Mask select_by_alpha(const Image& image, int threshold) {
    if (!image.has_alpha()) {
        return Mask(image.size(), static_cast<std::uint8_t>(threshold <= 255 ? 255 : 0));
    }
    const auto width = static_cast<std::size_t>(image.width());
    return select_rows(image, [&](const std::uint8_t* row, BitMask::Word* bits) {
        select_opaque(row, width, threshold, bits);
    });
}

/// Whether alpha shows an object, and not just a rounded corner or a stray pixel.
bool is_cut_out(const Mask& mask) {
    constexpr double kLeastTransparent = 0.01;
    return !is_uniform(mask) && coverage_fraction(mask) <= 1 - kLeastTransparent;
}

Selection select_by_mode(const Image& image, const SelectionOptions& options) {
    Selection selection;
    const bool may_fall_back = options.mode == SelectionMode::automatic;
    if (options.mode == SelectionMode::alpha || (may_fall_back && image.has_alpha())) {
        selection.mask = select_by_alpha(image, options.threshold);
        if (!may_fall_back || is_cut_out(selection.mask)) {
            selection.mode_used = SelectionMode::alpha;
            judge_alpha(std::ranges::count(selection.mask.bytes(), 255),
                        selection.mask.size().area(), selection);
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
    check_places(options, picture);
    if (options.box) {
        options.box = intersect(*options.box, bounds_of(picture));
    }
    return options;
}

bool changes_mask(const SelectionOptions& options) {
    return options.box || !options.background_points.empty() || !options.object_points.empty() ||
           options.keep_largest || options.fill_holes || options.hard;
}

/// What is in the one and not in the other; empty for nothing.
Mask left_out(const Mask& before, const Mask& after) {
    Mask result(before.size(), 0);
    bool is_any = false;
    for (std::size_t i = 0; i < result.bytes().size(); ++i) {
        if (after.bytes()[i] == 0 && before.bytes()[i] != 0) {
            result.bytes()[i] = before.bytes()[i];
            is_any = true;
        }
    }
    return is_any ? result : Mask{};
}

bool leaves_others_out(const SelectionOptions& options) {
    return options.box || !options.object_points.empty() || options.keep_largest;
}

/// Every step sees what the ones before it left: a part may be cut in two by the box, and the
/// largest is one of those that were pointed at.
Mask limit(Mask mask, const SelectionOptions& options) {
    if (options.box) {
        mask = clear_outside(mask, *options.box);
    }
    if (!options.background_points.empty()) {
        mask = drop_parts_at(mask, options.background_points);
    }
    if (!options.object_points.empty()) {
        mask = keep_parts_at(mask, options.object_points);
    }
    return options.keep_largest ? keep_largest_part(mask) : mask;
}

void follow_hints_in_mask(const SelectionOptions& options, Selection& selection) {
    Mask mask = limit(selection.mask, options);
    if (leaves_others_out(options)) {
        selection.others = left_out(options.background_points.empty()
                                        ? selection.mask
                                        : drop_parts_at(selection.mask, options.background_points),
                                    mask);
    }
    if (options.fill_holes) {
        mask = fill_holes(mask);
    }
    selection.mask = options.hard ? harden(mask) : std::move(mask);
}

std::ptrdiff_t selected_pixels(const Mask& mask) {
    return std::count_if(mask.bytes().begin(), mask.bytes().end(),
                         [](std::uint8_t value) { return value >= kSelectedFrom; });
}

/// Hints may leave nothing of what a mode was sure of, and the soft edge of what is gone is nothing
/// as well.
/// @param before how many pixels were selected; soft edges are none
void doubt_if_empty(std::ptrdiff_t before, Selection& selection) {
    const bool was_something = before > 0;
    const bool is_something =
        was_something ? selected_pixels(selection.mask) > 0 : !is_uniform(selection.mask);
    if (is_something) {
        return;
    }
    selection.mask = Mask(selection.mask.size(), 0);
    selection.doubts = {was_something ? SelectionDoubt::nothing_left
                                      : SelectionDoubt::nothing_found};
    if (selection.confidence) {
        selection.confidence = 0;
    }
}

/// Specks are left of an object that a background point was not meant for.
void doubt_if_little(std::ptrdiff_t before, const std::vector<Point>& background_points,
                     Selection& selection) {
    constexpr double kAtMost = 0.3;
    constexpr double kLittle = 0.05;
    const auto after = static_cast<double>(selected_pixels(selection.mask));
    if (background_points.empty() || after == 0 || after > kLittle * static_cast<double>(before)) {
        return;
    }
    selection.doubts.insert(selection.doubts.begin(), SelectionDoubt::little_left);
    if (selection.confidence) {
        selection.confidence = std::min(*selection.confidence, kAtMost);
    }
}

/// Somebody points at an object where there is none, or it was not found.
void doubt_points(const std::vector<Point>& points, Selection& selection) {
    constexpr double kAtMost = 0.3;
    const bool missed = std::any_of(points.begin(), points.end(),
                                    [&](Point p) { return selection.mask.row(p.y)[p.x] == 0; });
    if (!missed || is_uniform(selection.mask)) {
        return;
    }
    selection.doubts.insert(selection.doubts.begin(), SelectionDoubt::point_not_selected);
    if (selection.confidence) {
        selection.confidence = std::min(*selection.confidence, kAtMost);
    }
}

/// A product of figures that are none of them bad may be bad: nobody shall be warned of that by a
/// number alone.
void doubt_without_reason(Selection& selection) {
    constexpr double kDoubtBelow = 0.6;
    if (selection.doubts.empty() && selection.confidence.value_or(1) < kDoubtBelow) {
        selection.doubts = {SelectionDoubt::small_doubts};
    }
}

Selection follow_hints(Selection selection, const SelectionOptions& options) {
    if (changes_mask(options)) {
        const std::ptrdiff_t before = selected_pixels(selection.mask);
        follow_hints_in_mask(options, selection);
        doubt_if_empty(before, selection);
        doubt_if_little(before, options.background_points, selection);
        doubt_points(options.object_points, selection);
    }
    doubt_without_reason(selection);
    return selection;
}

/// Whether nothing but the backdrop can decide.
bool is_by_backdrop(SelectionMode mode, Channels channels) {
    return mode == SelectionMode::backdrop ||
           (mode == SelectionMode::automatic && channels != Channels::rgba);
}

}  // namespace

void check_places(const SelectionOptions& options, Size picture) {
    check_points(options.object_points, picture, "the object point");
    check_points(options.background_points, picture, "the background point");
    if (options.box && intersect(*options.box, bounds_of(picture)).empty()) {
        throw Error(Errc::invalid_argument,
                    "the box lies outside of the picture, which is " + to_string(picture), "box");
    }
}

Selection select_object(const Image& image, const SelectionOptions& options) {
    const SelectionOptions wanted = placed(options, image.size());
    return follow_hints(select_by_mode(image, wanted), wanted);
}

Selection select_object(RowReader& rows, const SelectionOptions& options) {
    if (!is_by_backdrop(options.mode, rows.channels())) {
        return select_object(read_all(rows), options);
    }
    const SelectionOptions wanted = placed(options, rows.size());
    return follow_hints(select_by_backdrop(rows, wanted), wanted);
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
        case SelectionDoubt::nothing_left:
            return "points, box and the other hints leave nothing of what was selected";
        case SelectionDoubt::little_left:
            return "a background point took away nearly all that was selected; what it lies on "
                   "hangs together with the object";
        case SelectionDoubt::point_not_selected:
            return "what an object point lies on was not selected";
        case SelectionDoubt::small_doubts:
            return "nothing is bad by itself, but how free the object stands, how clean the "
                   "backdrop is and how clear the outline is leave little certainty together";
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
        case SelectionDoubt::nothing_left:
            return "nothing_left";
        case SelectionDoubt::little_left:
            return "little_left";
        case SelectionDoubt::point_not_selected:
            return "point_not_selected";
        case SelectionDoubt::small_doubts:
            return "small_doubts";
    }
    return "unknown";
}

}  // namespace editprep::imaging
