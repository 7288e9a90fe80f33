#include "tools/shared/selection_options.hpp"

namespace editprep::tools {
namespace {

using imaging::SelectionMode;

constexpr Choice<SelectionMode> kModes[] = {
    {"alpha", SelectionMode::alpha},
    {"corner-bg", SelectionMode::corner_bg},
    {"auto", SelectionMode::automatic},
};

}  // namespace

void SelectionGroup::add_to(CommandLine& line, const std::string& mode_name) {
    line.choice(mode_name, values.mode, kModes,
                {.help = "What makes the object: alpha = the picture's own transparency; corner-bg "
                         "= everything that differs from the colour of the four corners; auto = "
                         "alpha where the picture has a meaningful one, else corner-bg"});
    line.integer("--threshold", values.threshold,
                 {.help = "Alpha level (0 to 255) or colour distance (0 to 441) from which a pixel "
                          "belongs to the object",
                  .placeholder = "N"});
    line.integer("--sample-size", values.sample_size,
                 {.help = "Side in pixels of the corner squares that corner-bg looks at",
                  .placeholder = "N"});
}

std::string name_of(SelectionMode mode) { return name_of(mode, kModes); }

}  // namespace editprep::tools
