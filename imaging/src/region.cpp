#include "editprep/imaging/region.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "blanks.hpp"
#include "editprep/imaging/error.hpp"
#include "region_spans.hpp"

namespace editprep::imaging {
namespace {

struct Kind {
    std::string_view name;
    RegionShape shape;
    RegionUnit unit;
    RegionForm form;
};

constexpr std::array<Kind, 6> kKinds{{
    {"rect", RegionShape::rectangle, RegionUnit::pixels, RegionForm::origin_and_size},
    {"ellipse", RegionShape::ellipse, RegionUnit::pixels, RegionForm::origin_and_size},
    {"box", RegionShape::rectangle, RegionUnit::pixels, RegionForm::corners},
    {"rect-pct", RegionShape::rectangle, RegionUnit::percent, RegionForm::origin_and_size},
    {"ellipse-pct", RegionShape::ellipse, RegionUnit::percent, RegionForm::origin_and_size},
    {"box-pct", RegionShape::rectangle, RegionUnit::percent, RegionForm::corners},
}};

[[noreturn]] void refuse(const std::string& message, std::string_view subject) {
    throw Error(Errc::invalid_region, message, std::string(subject),
                "write it as kind:a:b:c:d with kind rect, box, ellipse, rect-pct, box-pct or "
                "ellipse-pct");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

/// A finite decimal number with an optional sign; nothing else.
bool parse_number(std::string_view text, double& value) {
    std::string_view digits = without_blanks(text);
    if (digits.starts_with('+') && !digits.starts_with("+-")) {
        digits.remove_prefix(1);
    }
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    return error == std::errc{} && stop == end && std::isfinite(value);
}

/// Shortest text that reads back as the same number, with a decimal point: 70.0, 0.5, 1e+20.
std::string text_of(double value) {
    const double magnitude = std::abs(value);
    const bool plain = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16);
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    std::array<char, 40> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
    std::string text(buffer.data(), result.ptr);
    if (text.find_first_of(".e") == std::string::npos) {
        text += ".0";
    }
    return text;
}

std::string label_of(std::string_view kind, const std::array<double, 4>& numbers) {
    std::string label(kind);
    label += ":[";
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        label += (i > 0 ? ", " : "") + text_of(numbers[i]);
    }
    return label + "]";
}

/// Nearest integer, ties to even, clamped to [0, side].
int snap(double value, int side) {
    return static_cast<int>(std::clamp(std::nearbyint(value), 0.0, static_cast<double>(side)));
}

struct Span {
    double from;
    double to;
};

/// Both ends along one axis, in pixels, before rounding.
Span ends_along(const Region& region, std::size_t axis, int side) {
    const double from = region.numbers[axis];
    const double to = region.form == RegionForm::corners ? region.numbers[axis + 2]
                                                         : from + region.numbers[axis + 2];
    if (region.unit == RegionUnit::pixels) {
        return {from, to};
    }
    return {side * from / 100.0, side * to / 100.0};
}

/// One quarter of an ellipse in doubled coordinates: for every Y, from b mod 2 in steps of two, the
/// largest X on the outline. Each step goes up, diagonally or inwards, whichever leaves the
/// smallest error.
class EllipseQuarter {
public:
    EllipseQuarter(std::int64_t a, std::int64_t b) : a_(a), b_(b), x_(a), y_(b % 2) {}

    [[nodiscard]] std::int64_t x() const { return x_; }
    [[nodiscard]] std::int64_t y() const { return y_; }
    [[nodiscard]] bool at_end() const { return x_ == a_ % 2 && y_ == b_; }

    void advance() {
        std::int64_t x = x_;
        std::int64_t y = y_ + 2;
        if (x_ > 1) {
            std::int64_t smallest = error(x, y);
            const std::int64_t diagonal = error(x_ - 2, y_ + 2);
            if (diagonal < smallest) {
                smallest = diagonal;
                x = x_ - 2;
            }
            if (error(x_ - 2, y_) < smallest) {
                x = x_ - 2;
                y = y_;
            }
        }
        x_ = x;
        y_ = y;
    }

private:
    /// a * b is at most the number of pixels (Limits), so the products stay below 2^57.
    [[nodiscard]] std::int64_t error(std::int64_t x, std::int64_t y) const {
        return std::abs(a_ * a_ * y * y + b_ * b_ * x * x - a_ * a_ * b_ * b_);
    }

    std::int64_t a_;
    std::int64_t b_;
    std::int64_t x_;
    std::int64_t y_;
};

/// Calls span(y, x1, x2) with the rows of an ellipse, both ends included, in no order.
template <class Span>
void walk_ellipse(const PlacedRegion& region, Span span) {
    const int a = region.x2 - region.x1;
    const int b = region.y2 - region.y1;
    const int center_x = region.x1 + region.x2;
    const int center_y = region.y1 + region.y2;

    EllipseQuarter quarter(a, b);
    std::int64_t last_y = -1;
    while (true) {
        // The first point of a new Y has its largest X.
        if (quarter.y() != last_y) {
            last_y = quarter.y();
            const int x = static_cast<int>(quarter.x());
            const int y = static_cast<int>(quarter.y());
            span((center_y + y) / 2, (center_x - x) / 2, (center_x + x) / 2);
            span((center_y - y) / 2, (center_x - x) / 2, (center_x + x) / 2);
        }
        if (quarter.at_end()) {
            return;
        }
        quarter.advance();
    }
}

/// The walk around an ellipse ends, and its numbers fit, only for what place() can return.
void check_placed(const PlacedRegion& region, Size size) {
    const bool across = 0 <= region.x1 && region.x1 < region.x2 && region.x2 <= size.width;
    const bool down = 0 <= region.y1 && region.y1 < region.y2 && region.y2 <= size.height;
    if (!across || !down) {
        throw Error(Errc::invalid_argument, "a placed region does not lie on the mask", "region");
    }
}

/// Calls span(y, left, right) with the pixels [left, right) of the region's rows on a mask of that
/// size.
template <class Span>
void walk(const PlacedRegion& region, Size size, Span span) {
    check_placed(region, size);
    const auto clipped = [&](int y, int x1, int x2) {
        const int left = std::max(x1, 0);
        const int right = std::min(x2 + 1, size.width);
        if (0 <= y && y < size.height && left < right) {
            span(y, left, right);
        }
    };
    if (region.shape == RegionShape::ellipse) {
        walk_ellipse(region, clipped);
        return;
    }
    for (int y = region.y1; y <= region.y2; ++y) {
        clipped(y, region.x1, region.x2);
    }
}

}  // namespace

Region parse_region(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        refuse("invalid --region format: " + std::string(text), text);
    }
    const std::string_view kind_name = text.substr(0, colon);
    const std::string_view rest = text.substr(colon + 1);

    const std::vector<std::string_view> parts = split(rest, ':');
    if (parts.size() != 4) {
        refuse("invalid region spec: " + std::string(rest), text);
    }
    Region region;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parse_number(parts[i], region.numbers[i])) {
            refuse("invalid numeric region spec: " + std::string(rest), text);
        }
    }
    const auto* kind = std::ranges::find(kKinds, kind_name, &Kind::name);
    if (kind == kKinds.end()) {
        refuse("unsupported region kind: " + std::string(kind_name), text);
    }
    region.shape = kind->shape;
    region.unit = kind->unit;
    region.form = kind->form;
    region.label = label_of(kind->name, region.numbers);
    return region;
}

PlacedRegion place(const Region& region, Size picture) {
    const Span across = ends_along(region, 0, picture.width);
    const Span down = ends_along(region, 1, picture.height);
    const PlacedRegion placed{region.shape, snap(across.from, picture.width),
                              snap(down.from, picture.height), snap(across.to, picture.width),
                              snap(down.to, picture.height)};
    if (placed.x2 <= placed.x1 || placed.y2 <= placed.y1) {
        throw Error(Errc::invalid_region, "invalid region after clamping: " + region.label,
                    region.label, "the picture is " + to_string(picture));
    }
    return placed;
}

void draw(const PlacedRegion& region, Mask& mask) {
    walk(region, mask.size(), [&mask](int y, int left, int right) {
        std::memset(mask.row(y) + left, 255, static_cast<std::size_t>(right - left));
    });
}

void draw(const PlacedRegion& region, BitMask& mask) {
    walk(region, mask.size(),
         [&mask](int y, int left, int right) { select_span(mask.row(y), left, right); });
}

Mask mask_from_regions(std::span<const Region> regions, Size picture) {
    Mask mask(picture, 0);
    for (const Region& region : regions) {
        draw(place(region, picture), mask);
    }
    return mask;
}

}  // namespace editprep::imaging
