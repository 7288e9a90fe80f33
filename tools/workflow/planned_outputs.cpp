#include "tools/workflow/planned_outputs.hpp"

#include <filesystem>
#include <system_error>

#include "editprep/imaging/image_file.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

bool same_file(const std::string& a, const std::string& b) {
    std::error_code error;
    return display_path(a) == display_path(b) || std::filesystem::equivalent(a, b, error);
}

void refuse_sources(const PlannedOutput& output, std::span<const std::string> sources) {
    for (const std::string& source : sources) {
        if (same_file(output.path, source)) {
            throw Failure(output.option + " would replace the source " + display_path(source) +
                          "; choose another name, or pass --overwrite");
        }
    }
}

}  // namespace

void add_preview(const OutputGroup& output, std::vector<PlannedOutput>& outputs) {
    if (output.preview) {
        outputs.push_back({"--preview", *output.preview});
    }
}

void check_outputs(std::span<const PlannedOutput> outputs, std::span<const std::string> sources,
                   bool overwrite) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        for (const PlannedOutput& other : outputs.subspan(i + 1)) {
            if (same_file(outputs[i].path, other.path)) {
                throw Failure(outputs[i].option + " and " + other.option + " name the same file " +
                              display_path(other.path));
            }
        }
        if (!overwrite) {
            refuse_sources(outputs[i], sources);
            imaging::check_may_write(outputs[i].path, imaging::Overwrite::own_files);
        }
    }
}

}  // namespace editprep::tools
