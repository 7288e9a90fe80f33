#pragma once

#include <optional>
#include <string>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/placement.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools::object_select_edit {

enum class ShadowUse { drop, keep };

/// What becomes of an object that gets a new background: --shadow, --trim, --canvas, --padding.
struct CutoutGroup {
    ShadowUse shadow = ShadowUse::drop;
    bool trim = false;
    std::optional<imaging::Size> canvas{};
    /// Nothing leaves the choice to the layout.
    std::optional<imaging::Padding> padding{};

    void add_to(CommandLine& line);

    /// Whether the result has another size than the picture.
    [[nodiscard]] bool moves_object() const noexcept { return trim || canvas.has_value(); }
    /// The first option that only cut-outs know, as it was given; empty when there is none.
    [[nodiscard]] std::string first_given() const;
    /// Where an object goes: a canvas is centred on the object alone, and what is trimmed keeps its
    /// shadow. Throws imaging::Error as plan_trim and plan_canvas do.
    /// @param shadow empty for none
    [[nodiscard]] imaging::Placement plan(const imaging::Mask& matte,
                                          const imaging::Mask& shadow) const;
};

}  // namespace editprep::tools::object_select_edit
