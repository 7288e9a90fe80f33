#include "tools/shared/selection_options.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "editprep/imaging/error.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools {
namespace {

using imaging::SelectionMode;

constexpr Choice<SelectionMode> kModes[] = {
    {"alpha", SelectionMode::alpha},
    {"corner-bg", SelectionMode::corner_bg},
    {"backdrop", SelectionMode::backdrop},
    {"auto", SelectionMode::automatic},
};

/// Beyond every picture, and small enough for an int.
constexpr double kFarAway = 1e9;

std::optional<PointHint::Coordinate> parse_coordinate(std::string text) {
    text = trimmed(text);
    const bool percent = text.ends_with('%');
    if (percent) {
        text.pop_back();
    }
    const auto value = parse_number(text);
    if (!value || (percent && (*value < 0 || *value > 100))) {
        return std::nullopt;
    }
    return PointHint::Coordinate{*value, percent};
}

PointHint parse_point(const std::string& option, const std::string& text) {
    const auto colon = text.find(':');
    if (colon != std::string::npos) {
        const auto x = parse_coordinate(text.substr(0, colon));
        const auto y = parse_coordinate(text.substr(colon + 1));
        if (x && y) {
            return {*x, *y};
        }
    }
    throw UsageError("argument " + option + ": invalid point: '" + text +
                     "' (expected X:Y in pixels or percent, such as 320:200 or 50%:40%)");
}

int pixel_of(const PointHint::Coordinate& coordinate, int side) {
    if (!coordinate.percent) {
        return static_cast<int>(std::floor(std::clamp(coordinate.value, -kFarAway, kFarAway)));
    }
    return std::min(static_cast<int>(coordinate.value * side / 100), side - 1);
}

/// `10:20:300:200` and `5%:5%:90%:90%` as the kinds of regions that they are.
std::string with_kind(const std::string& text) {
    const bool has_kind = text.find_first_of("abcdefghijklmnopqrstuvwxyz") < text.find(':');
    if (has_kind) {
        return text;
    }
    if (std::ranges::count(text, '%') != 4) {
        return "rect:" + text;
    }
    std::string numbers = text;
    std::erase(numbers, '%');
    return "rect-pct:" + numbers;
}

imaging::Region parse_box(const std::string& text) {
    try {
        imaging::Region box = imaging::parse_region(with_kind(text));
        if (box.shape == imaging::RegionShape::rectangle) {
            return box;
        }
    } catch (const imaging::Error&) {
        // Its message speaks of regions of every kind.
    }
    throw UsageError("argument --box: invalid box: '" + text +
                     "' (expected X:Y:WIDTH:HEIGHT in pixels or percent, such as 10:20:300:200 or "
                     "5%:5%:90%:90%, or rect, box, rect-pct or box-pct with four numbers)");
}

double parse_confidence(const std::string& text) {
    const auto value = parse_number(text);
    if (!value || *value < 0 || *value > 1) {
        throw UsageError("argument --min-confidence: invalid confidence: '" + text +
                         "' (expected a number from 0 to 1)");
    }
    return *value;
}

/// The pixels that the region draws, which include those at both corners.
imaging::Rect pixels_of(const imaging::Region& region, imaging::Size picture) {
    const imaging::PlacedRegion placed = imaging::place(region, picture);
    return imaging::intersect({placed.x1, placed.y1, placed.x2 + 1, placed.y2 + 1},
                              imaging::bounds_of(picture));
}

void add_hints(CommandLine& line, SelectionGroup& group) {
    const auto points = [&line](const std::string& name, std::vector<PointHint>& hints,
                                const std::string& help) {
        line.custom(
            name,
            [name, &hints](const std::string& text) { hints.push_back(parse_point(name, text)); },
            {.help = help, .placeholder = "X:Y", .addition = true, .repeatable = true});
    };
    points("--point", group.object_points,
           "A place on the object, in pixels or percent (50%:40%), as often as needed: only what "
           "hangs together with one is selected");
    points("--background-point", group.background_points,
           "A place on the background, as often as needed: what hangs together with one is not "
           "selected; on a gap that backdrop or auto took for object, only the gap opens");
    line.custom("--box", [&group](const std::string& text) { group.box = parse_box(text); },
                {.help = "The object lies within: X, Y, width and height in pixels or percent, or "
                         "a rect, box, rect-pct or box-pct as --region takes them",
                 .placeholder = "X:Y:W:H",
                 .addition = true});
    line.flag("--keep-largest", group.values.keep_largest,
              {.help = "Of several separate parts, only the largest", .addition = true});
    line.flag("--fill-holes", group.values.fill_holes,
              {.help = "What the object encloses belongs to it", .addition = true});
    line.flag(
        "--hard", group.values.hard,
        {.help =
             "No soft edge: from half a pixel's cover on, a pixel is selected. A --feather that "
             "is given softens that edge",
         .addition = true});
}

void check_group(const SelectionGroup& group, const std::string& mode_name) {
    if (group.min_confidence && group.values.mode == SelectionMode::corner_bg) {
        throw UsageError("argument --min-confidence: not allowed with " + mode_name +
                         " corner-bg, which makes no judgement");
    }
    if (group.values.threads < 0) {
        throw UsageError("argument --threads: it must not be negative");
    }
}

}  // namespace

imaging::Point PointHint::in(imaging::Size picture) const {
    return {pixel_of(x, picture.width), pixel_of(y, picture.height)};
}

void SelectionGroup::add_to(CommandLine& line, const std::string& mode_name) {
    line.choice(mode_name, values.mode, kModes,
                {.help = "What makes the object: alpha = the picture's own transparency; corner-bg "
                         "= everything that differs from the colour of the four corners; backdrop "
                         "= everything that stands before a clean backdrop, whose light may "
                         "change; auto = alpha where the picture has a meaningful one, else "
                         "backdrop"});
    line.integer("--threshold", values.threshold,
                 {.help = "Alpha level (0 to 255; alpha and auto) or colour distance (0 to 441; "
                          "corner-bg) from which a pixel belongs to the object",
                  .placeholder = "N"});
    line.integer("--sample-size", values.sample_size,
                 {.help = "Side in pixels of the corner squares that corner-bg looks at",
                  .placeholder = "N"});
    add_hints(line, *this);
    line.custom(
        "--min-confidence",
        [this](const std::string& text) { min_confidence = parse_confidence(text); },
        {.help = "Go no further with a mask that can be trusted less than that, from 0 to 1 "
                 "(exit code 3; not with corner-bg, which makes no judgement)",
         .placeholder = "P",
         .default_text = "warn of doubts",
         .addition = true});
    line.integer("--threads", values.threads,
                 {.help = "How many threads may work; 0 = one a processor. The mask is the same",
                  .placeholder = "N",
                  .addition = true});
    line.rule([this, mode_name] { check_group(*this, mode_name); });
}

imaging::SelectionOptions SelectionGroup::for_picture(imaging::Size picture) const {
    imaging::SelectionOptions options = values;
    for (const PointHint& hint : object_points) {
        options.object_points.push_back(hint.in(picture));
    }
    for (const PointHint& hint : background_points) {
        options.background_points.push_back(hint.in(picture));
    }
    if (box) {
        options.box = pixels_of(*box, picture);
    }
    return options;
}

std::string name_of(SelectionMode mode) { return name_of(mode, kModes); }

}  // namespace editprep::tools
