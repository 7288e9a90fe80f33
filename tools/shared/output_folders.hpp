#pragma once

#include <string>

#include "tools/shared/context.hpp"

namespace editprep::tools {

/// Where results go unless a command is told otherwise: below $MEDIA_GENERATION_OUTPUT_ROOT, else
/// below `tmp`.
struct OutputFolders {
    std::string images;
    std::string videos;
    std::string masks;
    std::string outpaint_inputs;
};

[[nodiscard]] OutputFolders default_output_folders(const Environment& environment);

}  // namespace editprep::tools
