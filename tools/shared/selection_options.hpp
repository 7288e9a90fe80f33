#pragma once

#include <optional>
#include <string>
#include <vector>

#include "editprep/imaging/object_selection.hpp"
#include "editprep/imaging/region.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools {

/// A place before it meets a picture.
struct PointHint {
    struct Coordinate {
        double value = 0;
        /// Of the picture's width or height, else in pixels.
        bool percent = false;
    };
    Coordinate x;
    Coordinate y;

    /// The pixel that holds the place; it may lie outside of the picture.
    [[nodiscard]] imaging::Point in(imaging::Size picture) const;
};

/// How the object is told from its surroundings: the mode, whose option the commands call
/// differently, --threshold, --sample-size, --point, --background-point, --box, --keep-largest,
/// --fill-holes, --hard, --min-confidence and --threads.
struct SelectionGroup {
    /// Without points and box, whose pixels depend on the picture.
    imaging::SelectionOptions values{};
    std::vector<PointHint> object_points{};
    std::vector<PointHint> background_points{};
    std::optional<imaging::Region> box{};
    /// Nothing takes every mask, with a warning where there are doubts.
    std::optional<double> min_confidence{};

    void add_to(CommandLine& line, const std::string& mode_name);

    /// Masks of these modes have soft edges by themselves.
    [[nodiscard]] bool is_soft() const noexcept {
        return !values.hard && (values.mode == imaging::SelectionMode::backdrop ||
                                values.mode == imaging::SelectionMode::automatic);
    }
    /// Whether there are points or a box.
    [[nodiscard]] bool has_places() const noexcept {
        return !object_points.empty() || !background_points.empty() || box;
    }
    /// Throws imaging::Error for a box that leaves nothing of the picture.
    [[nodiscard]] imaging::SelectionOptions for_picture(imaging::Size picture) const;
};

/// `alpha`, `corner-bg`, `backdrop` or `auto`.
[[nodiscard]] std::string name_of(imaging::SelectionMode mode);

}  // namespace editprep::tools
