#include "tools/workflow/planned_outputs.hpp"

#include <filesystem>
#include <system_error>

#include "editprep/imaging/image_file.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

namespace fs = std::filesystem;

/// One spelling for every way to name a file, also one that does not exist yet.
fs::path resolved(const std::string& path) {
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error);
    fs::path canonical = fs::weakly_canonical(absolute, error);
    return error ? absolute.lexically_normal() : canonical;
}

bool same_file(const std::string& a, const std::string& b) {
    std::error_code error;
    return resolved(a) == resolved(b) || fs::equivalent(a, b, error);
}

void refuse_sources(const PlannedOutput& output, std::span<const std::string> sources) {
    for (const std::string& source : sources) {
        if (same_file(output.path, source)) {
            throw Failure(output.subject + " would replace the source " + display_path(source) +
                          (output.replaced_each_run
                               ? "; rename the source, or write to another place"
                               : "; choose another name, or pass --overwrite"));
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
                throw Failure(outputs[i].subject + " and " + other.subject +
                              " name the same file " + display_path(other.path));
            }
        }
        if (!overwrite || outputs[i].replaced_each_run) {
            refuse_sources(outputs[i], sources);
        }
        const bool may_replace = overwrite || outputs[i].replaced_each_run;
        imaging::check_may_write(outputs[i].path, may_replace ? imaging::Overwrite::always
                                                              : imaging::Overwrite::own_files);
        static_cast<void>(imaging::format_for(outputs[i].path));
    }
}

}  // namespace editprep::tools
