#include <algorithm>
#include <chrono>
#include <utility>

#include "tools/remote/fal_input.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/shown_json.hpp"
#include "tools/shared/failure.hpp"
#include "tools/workflow/file_limits.hpp"
#include "tools/workflow/keyed_job.hpp"
#include "tools/workflow/remote_call.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

/// Queue and work of one picture together; the job stays in the store when it takes longer.
constexpr std::chrono::minutes kLongestWait{20};

/// What a file field holds while the rest of an input is checked.
constexpr const char* kAnyDataUri = "data:image/png;base64,AAAA";

/// A field that holds files, one or a list.
struct FileField {
    std::string name;
    bool list = false;
    std::vector<JobFile> files;
};

struct FalJob {
    std::string model;
    /// File fields are there, but empty.
    Json values;
    std::vector<FileField> files;
};

using StandIn = std::function<std::string(const JobFile& file)>;

Json value_of(const FileField& field, const StandIn& stand_in) {
    if (!field.list) {
        return stand_in(field.files.front());
    }
    Json list = Json::array();
    for (const JobFile& file : field.files) {
        list.push_back(stand_in(file));
    }
    return list;
}

Json with_files(const FalJob& job, const StandIn& stand_in) {
    Json values = job.values;
    for (const FileField& field : job.files) {
        values[field.name] = value_of(field, stand_in);
    }
    return values;
}

std::string shown_file(const JobFile& file) {
    const std::string uri = shown_data_uri(file);
    return file.content->size_bytes() > kInlineLimitBytes ? "uploaded first: " + uri : uri;
}

bool contains_any(const std::string& text, std::initializer_list<const char*> words) {
    return std::ranges::any_of(
        words, [&](const char* word) { return text.find(word) != std::string::npos; });
}

std::string joined(const std::vector<std::string>& reasons) {
    std::string text;
    for (const std::string& reason : reasons) {
        text += (text.empty() ? "" : "; ") + reason;
    }
    return text;
}

/// Limits that show only in the file itself.
void check_file(const transport::ModelField& field, const JobFile& file,
                std::vector<std::string>& errors) {
    check_file_size(field, file.file_name, file.content->size_bytes(), errors);
    if (file.size.width > 0) {
        check_picture_size(field, file.file_name, file.size, errors);
    }
}

void check(const FalJob& job, const transport::Model* model, const Story& story) {
    const Json probe = with_files(job, [](const JobFile&) { return std::string(kAnyDataUri); });
    transport::Validation found = transport::validate_input(model, job.model, probe.dump());
    for (const std::string& warning : found.warnings) {
        story.warn(warning);
    }
    for (const FileField& field : job.files) {
        const transport::ModelField* known = model == nullptr ? nullptr : model->field(field.name);
        for (const JobFile& file : known == nullptr ? std::vector<JobFile>{} : field.files) {
            check_file(*known, file, found.errors);
        }
    }
    if (!found.errors.empty()) {
        throw Failure("the request does not fit " + job.model + ": " + joined(found.errors) +
                      "; --skip-validation sends it all the same");
    }
}

FalInput place_files(const FalJob& job, transport::FalClient& fal, RemoteSession& session) {
    FalInput input(job.values);
    for (const FileField& field : job.files) {
        input.set(field.name, value_of(field, [&](const JobFile& file) {
                      return input.place(
                          fal, file.content,
                          {.media_type = file.media_type,
                           .file_name = file.file_name,
                           .progress = session.progress().bytes("uploading " + file.file_name)});
                  }));
    }
    return input;
}

RemoteAnswer wait_for(const SubmittedJob& submitted, transport::FalClient& fal,
                      RemoteSession& session) {
    WaitOptions wait;
    wait.budget = kLongestWait;
    const transport::HttpResponse response =
        wait_for_job(fal, session.jobs(), submitted, wait, session.clock(), session.progress(),
                     session.context().err);
    session.progress().clear();
    return {response.status, response.body, submitted.id};
}

RemoteAnswer send(const FalJob& job, const RequestIdentity& request,
                  const transport::FalCallOptions& options, RemoteSession& session) {
    const EarlierJob earlier = find_earlier(session, request);
    transport::FalClient fal = session.fal();
    if (earlier.is_taken()) {
        return earlier.job->state == transport::JobState::waiting
                   ? wait_for({.id = earlier.id(), .request = request_of(*earlier.job)}, fal,
                              session)
                   : answer_of(*earlier.job);
    }
    const FalInput input = place_files(job, fal, session);
    const SubmittedJob submitted =
        submit_job(fal, session.jobs(), job.model, input, options, session.context().err,
                   {request.idempotency_key, request.input_digest, earlier.id()});
    return submitted.response.ok()
               ? wait_for(submitted, fal, session)
               : RemoteAnswer{submitted.response.status, submitted.response.body, submitted.id};
}

PlannedCall plan(const transport::FalEndpoints& endpoints, FalJob job,
                 const transport::Model* model, const RemoteGroup& options, const Story& story) {
    transport::check_fal_endpoint_id(job.model);
    if (!options.skip_validation) {
        check(job, model, story);
    }
    PlannedCall planned;
    planned.url = transport::fal_submit_head(endpoints, job.model, {}).url;
    planned.endpoint = job.model;
    planned.prompt_used = job.values.contains("prompt");
    planned.body = with_files({job.model, shown_json(job.values), job.files}, shown_file);
    transport::FalCallOptions call;
    call.timeouts = timeouts_of(options);
    const RequestIdentity request = identify(options, job.model, job.model, planned.body);
    planned.send = [job = std::move(job), request, call](RemoteSession& session) {
        return send(job, request, call, session);
    };
    return planned;
}

bool takes_field(const transport::Model* model, const char* name) {
    return model == nullptr || model->open_schema || model->field(name) != nullptr;
}

/// Keeps the answer's size where a model lets its caller say so.
void ask_for_size(Json& values, const transport::Model* model, imaging::Size size) {
    const transport::ModelField* field = model == nullptr ? nullptr : model->field("image_size");
    const bool takes_numbers = field != nullptr && (field->type == transport::FieldType::object);
    if (takes_numbers && size.width > 0) {
        values["image_size"] = {{"width", size.width}, {"height", size.height}};
    }
}

}  // namespace

transport::EditFields edit_fields_of(const transport::Model* model, const std::string& model_id) {
    if (model != nullptr && model->edit) {
        return *model->edit;
    }
    if (contains_any(model_id, {"inpaint", "fill", "eraser", "removal"})) {
        return {.image = "image_url", .mask = "mask_url"};
    }
    const bool list =
        model_id.ends_with("/edit") || (model != nullptr && model->field("image_urls") != nullptr);
    return {.image = list ? "image_urls" : "image_url"};
}

PlannedCall plan_fal_edit(const transport::FalEndpoints& endpoints, EditJob job,
                          const transport::Model* model, const RemoteGroup& options,
                          const Story& story) {
    const transport::EditFields fields = edit_fields_of(model, job.model);
    const transport::ModelField* known = model == nullptr ? nullptr : model->field(fields.image);
    const bool list = known != nullptr ? known->type == transport::FieldType::array
                                       : fields.image.ends_with("urls");
    if (!list && job.pictures.size() > 1) {
        throw Failure(job.model + " takes one picture, and there are " +
                      std::to_string(job.pictures.size()));
    }
    FalJob planned{job.model, Json::object(), {}};
    if (takes_field(model, "prompt")) {
        planned.values["prompt"] = job.prompt;
    }
    const imaging::Size size = job.pictures.front().size;
    planned.files.push_back({fields.image, list, std::move(job.pictures)});
    if (job.mask && !fields.mask.empty()) {
        planned.files.push_back({fields.mask, false, {std::move(*job.mask)}});
    }
    for (const FileField& field : planned.files) {
        planned.values[field.name] = nullptr;
    }
    ask_for_size(planned.values, model, size);
    merge(planned.values, job.extra);
    std::erase_if(planned.files,
                  [&](const FileField& field) { return job.extra.contains(field.name); });
    const bool answers_in_size = size.width > 0 && !job.extra.contains(fields.image) &&
                                 !job.extra.contains("image_size") && model != nullptr &&
                                 model->field("image_size") == nullptr;
    PlannedCall call = plan(endpoints, std::move(planned), model, options, story);
    call.answer_size = answers_in_size ? std::optional(size) : std::nullopt;
    return call;
}

PlannedCall plan_fal_generation(const transport::FalEndpoints& endpoints,
                                const std::string& model_id, Json input,
                                const transport::Model* model, const RemoteGroup& options,
                                const Story& story) {
    return plan(endpoints, {model_id, std::move(input), {}}, model, options, story);
}

}  // namespace editprep::tools
