#include "tools/workflow/saved_mask.hpp"

#include "tools/shared/display_path.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/output_folders.hpp"

namespace editprep::tools {

std::string mask_folder(const std::optional<std::string>& given, const Context& context) {
    return given.value_or(default_output_folders(context.environment).masks);
}

std::string new_mask_path(const std::optional<std::string>& folder, const std::string& prefix,
                          const Context& context) {
    return new_file_path(mask_folder(folder, context), prefix + "_mask", ".png");
}

std::string save_new_mask(const imaging::Mask& mask, const std::optional<std::string>& folder,
                          const std::string& prefix, const Context& context) {
    std::string path = new_mask_path(folder, prefix, context);
    imaging::write_mask(path, mask, imaging::Overwrite::own_files);
    return path;
}

void warn_of_lossy_mask(const std::string& path, const Story& story) {
    if (imaging::format_for(path) == imaging::ImageFormat::jpeg) {
        story.warn(display_path(path) +
                   ": JPEG changes the mask's values a little; a name that ends in .png "
                   "keeps them");
    }
}

void save_named_mask(const std::string& path, const imaging::Mask& mask, imaging::Overwrite rule,
                     const Story& story) {
    warn_of_lossy_mask(path, story);
    imaging::write_mask(path, mask, rule);
}

}  // namespace editprep::tools
