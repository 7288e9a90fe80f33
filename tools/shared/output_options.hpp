#pragma once

#include <optional>
#include <string>

#include "editprep/imaging/image_file.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools {

/// --preview, --overwrite and --quiet.
struct OutputGroup {
    std::optional<std::string> preview;
    bool overwrite = false;
    bool quiet = false;

    /// @param shown what lies side by side in the preview
    void add_to(CommandLine& line,
                const std::string& shown = "source, mask and, after an edit, result");

    [[nodiscard]] imaging::Overwrite rule() const noexcept {
        return overwrite ? imaging::Overwrite::always : imaging::Overwrite::own_files;
    }
};

}  // namespace editprep::tools
