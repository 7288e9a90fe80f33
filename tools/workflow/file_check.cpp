#include "tools/workflow/file_check.hpp"

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/error.hpp"
#include "tools/workflow/file_limits.hpp"
#include "tools/workflow/job_file.hpp"

namespace editprep::tools {
namespace {

using transport::FileKind;
using transport::ModelField;
using Errors = std::vector<std::string>;

void check_file(const ModelField& field, const std::string& path, Errors& errors) {
    const JobFile file = unchanged_file(path);
    if (!check_file_kind(field, path, file.media_type, errors)) {
        return;
    }
    check_file_size(field, path, file.content->size_bytes(), errors);
    if (field.file == FileKind::image) {
        // Without limits, too: what cannot be read here the model cannot read either.
        check_picture_size(field, path, imaging::probe_image(path).size, errors);
    }
}

}  // namespace

void check_files(const FalInput& input, const transport::Model* model, Errors& errors) {
    input.visit_local_files(model, [&](const ModelField& field, const std::string& path) {
        if (field.file != FileKind::image && field.file != FileKind::audio) {
            return;
        }
        try {
            check_file(field, path, errors);
        } catch (const imaging::Error& error) {
            errors.push_back(field.name + ": " + error.what());
        } catch (const transport::Error& error) {
            errors.push_back(field.name + ": " + error.what());
        }
    });
}

}  // namespace editprep::tools
