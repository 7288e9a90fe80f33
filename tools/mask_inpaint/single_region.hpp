#pragma once

#include <optional>

#include "editprep/imaging/region.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools::mask_inpaint {

/// The one region that has options of its own: --x --y with --width --height, or with --x2 --y2.
struct SingleRegion {
    std::optional<int> x;
    std::optional<int> y;
    std::optional<int> width;
    std::optional<int> height;
    std::optional<int> x2;
    std::optional<int> y2;
    bool ellipse = false;

    void add_to(CommandLine& line);

    /// Nothing when none of the numbers is given; width and height win over x2 and y2. Throws
    /// Failure, naming what is missing, when neither set is complete.
    [[nodiscard]] std::optional<imaging::Region> region() const;
};

}  // namespace editprep::tools::mask_inpaint
