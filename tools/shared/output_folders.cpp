#include "tools/shared/output_folders.hpp"

#include "tools/shared/display_path.hpp"

namespace editprep::tools {

OutputFolders default_output_folders(const Environment& environment) {
    const std::string root = environment("MEDIA_GENERATION_OUTPUT_ROOT").value_or("tmp");
    const std::string images = join_path(root, "images");
    return {images, join_path(root, "videos"), join_path(images, "masks"),
            join_path(images, "outpaint_inputs")};
}

}  // namespace editprep::tools
