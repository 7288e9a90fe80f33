#include "tools/generate_image/references.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "editprep/transport/media_type.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/file_type.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/workflow/edit_files.hpp"
#include "tools/workflow/file_limits.hpp"

namespace editprep::tools::generate_image {
namespace {

using Json = nlohmann::ordered_json;
using transport::FieldType;
using transport::Model;
using transport::ModelField;

/// As fal's models call them; those that are for references before those for the edited picture.
constexpr std::array<const char*, 3> kFields{"reference_image_urls", "image_urls", "image_url"};

/// The first of the usual fields; null when the model has none.
const ModelField* reference_field(const Model& model) {
    for (const char* name : kFields) {
        if (const ModelField* field = model.field(name)) {
            return field;
        }
    }
    return nullptr;
}

/// Of models whose fields are not known.
std::string usual_field(const std::string& model_id, std::size_t count) {
    return count > 1 ? "image_urls" : edit_fields_of(nullptr, model_id).image;
}

bool makes_pictures_from_references(const Model& model) {
    const bool pictures = model.category == "image" || model.category == "edit";
    return model.provider == kFalProvider && pictures && reference_field(model) != nullptr;
}

[[noreturn]] void refuse(const std::string& model_id, const transport::ModelRegistry& registry) {
    std::string names;
    for (const Model& model : registry.models()) {
        if (makes_pictures_from_references(model)) {
            names += (names.empty() ? "" : ", ") + model.id;
        }
    }
    throw Failure(model_id + " takes no reference pictures; models that do: " + names);
}

Model known_model(const std::string& id, const transport::ModelRegistry& registry,
                  const Story& story) {
    if (const Model* known = registry.find(id)) {
        return *known;
    }
    const std::string nearest = registry.nearest_id(id);
    story.warn("nothing is known of " + id +
               (nearest.empty() ? std::string() : " (did you mean " + nearest + "?)") +
               ": its fields are guessed, and its limits are not checked");
    Model model;
    model.id = id;
    model.open_schema = true;
    return model;
}

/// Kind, format and sides; what has no limits, too, must be a picture.
void check_pictures(const std::vector<JobFile>& files, const ModelField& field,
                    const std::string& model_id) {
    std::vector<std::string> errors;
    for (const JobFile& file : files) {
        if (check_file_kind(field, file.file_name, file.media_type, errors)) {
            check_picture_size(field, file.file_name, file.size, errors);
        }
    }
    std::string reasons;
    for (const std::string& error : errors) {
        reasons += (reasons.empty() ? "" : "; ") + error;
    }
    if (!reasons.empty()) {
        throw Failure("the references do not fit " + model_id + ": " + reasons +
                      "; --skip-validation sends them all the same");
    }
}

/// Without their sizes: the result need not have that of a reference.
std::vector<JobFile> files_for_fal(const Options& options, const Model& model) {
    std::vector<JobFile> files;
    const bool as_they_are = options.remote.skip_validation;
    for (const std::string& path : options.references.files) {
        files.push_back(as_they_are ? unchanged_file(path) : probed_file(path));
    }
    const ModelField* field = model.field(model.edit->image);
    if (field != nullptr && !as_they_are) {
        check_pictures(files, *field, model.id);
    }
    for (JobFile& file : files) {
        file.size = {};
    }
    return files;
}

/// By the name, as callers know it; where that tells nothing, by content.
JobFile file_for_json(const std::string& path, const Story& story) {
    JobFile file = unchanged_file(path);
    if (!file.media_type.starts_with("image/")) {
        story.warn("the reference " + display_path(path) + " is no picture that is known here");
    }
    if (const auto type = type_of_name(path); type != transport::kUnknownMediaType) {
        file.media_type = type;
    }
    return file;
}

void refuse_member_twice(const Json& body, const std::string& name) {
    if (body.contains(name)) {
        throw Failure("the request has a member " + name +
                      " of its own; name another by --reference-key, or leave it out of "
                      "--extra-json");
    }
}

void refuse_events(const Json& body) {
    for (const char* name : {"stream", "partial_images"}) {
        if (body.contains(name)) {
            throw Failure(std::string(name) +
                          " asks for an answer in events, which is not understood with "
                          "references; leave it out of --extra-json");
        }
    }
}

}  // namespace

Model reference_model(const Options& options, const std::string& model_id,
                      const transport::ModelRegistry& registry, const Story& story) {
    const References& references = options.references;
    Model model = known_model(model_id, registry, story);
    const ModelField* field = reference_field(model);
    std::string name;
    if (references.key != kReferenceKey) {
        name = references.key;
    } else if (field != nullptr) {
        name = field->name;
    } else if (model.open_schema || options.remote.skip_validation) {
        name = usual_field(model_id, references.files.size());
    } else {
        refuse(model_id, registry);
    }
    model.edit = transport::EditFields{.image = std::move(name)};
    return model;
}

bool needs_references(const Model& model) {
    const ModelField* field = model.edit ? model.field(model.edit->image) : nullptr;
    return field != nullptr && field->required;
}

PlannedCall plan_fal_references(const Options& options, Json body, const Model& model,
                                const Context& context, const Story& story) {
    refuse_member_twice(body, model.edit->image);
    EditJob job{model.id, options.prompt, files_for_fal(options, model)};
    job.extra = std::move(body);
    return plan_fal_edit(fal_endpoints(context.environment), std::move(job), &model, options.remote,
                         story);
}

PlannedCall plan_openai_references(const Options& options, const RemoteProvider& provider,
                                   const std::string& model_id, Json body, const Story& story) {
    const References& references = options.references;
    refuse_member_twice(body, references.key);
    refuse_events(body);
    VideoRequest request{.body = std::move(body)};
    Json& list = request.body[references.key] = Json::array();
    for (const std::string& path : references.files) {
        JobFile file = file_for_json(path, story);
        request.inline_files.push_back(
            {transport::new_inline_token(), std::move(file.content), file.media_type});
        list.push_back(request.inline_files.back().token);
    }
    return plan_openai_video(provider, model_id, std::move(request), options.endpoint,
                             options.remote, /*read_acceptance=*/{});
}

}  // namespace editprep::tools::generate_image
