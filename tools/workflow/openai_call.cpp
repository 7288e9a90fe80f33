#include <algorithm>
#include <chrono>
#include <memory>

#include "editprep/transport/error.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/remote/shown_json.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/workflow/edit_summary.hpp"
#include "tools/workflow/keyed_job.hpp"
#include "tools/workflow/remote_call.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

/// A part of a form: texts as they are, everything else as JSON.
std::string as_text(const Json& value) {
    return value.is_string() ? value.get<std::string>() : one_line_json(value);
}

/// Members that are parts of the form already take their place there.
void apply_extra(EditJob& job) {
    for (auto [name, target] : {std::pair{"model", &job.model}, std::pair{"prompt", &job.prompt}}) {
        if (const auto member = job.extra.find(name); member != job.extra.end()) {
            *target = as_text(*member);
            job.extra.erase(member);
        }
    }
}

void check_limits(const EditJob& job, const std::string& base_url) {
    if (!transport::is_openai(base_url)) {
        return;
    }
    const transport::OpenAiImageLimits limits;
    const auto refuse = [](const std::string& what) {
        throw Failure(what + " at api.openai.com; --skip-validation sends it all the same");
    };
    const auto megabytes = [](std::uint64_t bytes) {
        return std::to_string(bytes / 1'000'000) + " MB";
    };
    if (job.pictures.size() > limits.max_images) {
        refuse(std::to_string(job.pictures.size()) + " pictures are more than the " +
               std::to_string(limits.max_images) + " of one edit");
    }
    for (const JobFile& picture : job.pictures) {
        if (picture.content->size_bytes() >= limits.max_image_bytes) {
            refuse(picture.file_name + ": " + megabytes(picture.content->size_bytes()) +
                   ", pictures must stay below " + megabytes(limits.max_image_bytes));
        }
    }
    if (job.mask && job.mask->content->size_bytes() >= limits.max_mask_bytes) {
        refuse(job.mask->file_name + ": " + megabytes(job.mask->content->size_bytes()) +
               ", masks must stay below " + megabytes(limits.max_mask_bytes));
    }
    const auto characters = std::ranges::count_if(
        job.prompt, [](char unit) { return (static_cast<unsigned char>(unit) & 0xc0) != 0x80; });
    if (static_cast<std::size_t>(characters) > limits.max_prompt_characters) {
        refuse("the prompt has " + std::to_string(characters) + " characters, the most are " +
               std::to_string(limits.max_prompt_characters));
    }
}

transport::OpenAiCall call_to(const std::string& endpoint, const RemoteGroup& options) {
    transport::OpenAiCall call;
    call.endpoint = endpoint;
    call.timeouts = timeouts_of(options);
    return call;
}

std::function<void(const transport::Progress&)> elapsed_time(RemoteSession& session) {
    const auto start = std::chrono::steady_clock::now();
    return [&session, start](const transport::Progress&) {
        const auto elapsed = std::chrono::steady_clock::now() - start;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
        session.progress().show("waiting for " + session.provider().name + ", " +
                                std::to_string(seconds) + " s");
    };
}

/// A server or a gateway gave up: the work may have been done all the same, and be charged. What is
/// not implemented was not done, and a server that says when to come back did not begin.
bool is_lost_answer(const transport::HttpResponse& response) {
    switch (response.status) {
        case 501:
        case 505:
            return false;
        case 503:
            return !response.header("retry-after");
        default:
            return response.status >= 500 || response.status == 408;
    }
}

void write_outcome(transport::JobStore& jobs, std::int64_t id,
                   const transport::HttpResponse& response, const ReadAcceptance& read_acceptance) {
    const std::string status = "HTTP " + std::to_string(response.status);
    const KeyGuard& keys = process_keys();
    if (!response.ok()) {
        const std::string reason =
            keys.without_keys(status + ": " + transport::describe_openai_failure(response).message);
        if (is_lost_answer(response)) {
            jobs.unknown(id, reason);
        } else {
            jobs.refused(id, reason);
        }
        return;
    }
    if (const auto acceptance = read_acceptance ? read_acceptance(response.body) : std::nullopt) {
        const bool has_name = !acceptance->request_id.empty() || !acceptance->status_url.empty();
        if (has_name) {
            jobs.accepted(id, *acceptance);
        } else {
            jobs.unknown(id, "the answer names no job to ask after");
        }
        return;
    }
    // First what cannot be had again.
    jobs.completed(
        id, keys.without_keys(is_json_answer(response.body) ? response.body
                                                            : one_line_json(Json(response.body))));
    const std::string request_id = response.header("x-request-id").value_or("");
    jobs.accepted(id, {.request_id = keys.without_keys(request_id), .status = "COMPLETED"});
}

/// False when the job store fails: the answer is paid for and must still be printed and saved.
bool note_outcome(RemoteSession& session, std::int64_t id, const transport::HttpResponse& response,
                  const ReadAcceptance& read_acceptance) {
    try {
        write_outcome(session.jobs(), id, response, read_acceptance);
        return true;
    } catch (const transport::Error& error) {
        session.story().warn(error.what());
        return false;
    }
}

using Send = std::function<transport::HttpResponse(transport::OpenAiClient& client,
                                                   const transport::OpenAiCall& call)>;

/// What the provider's header takes: the user's key as it is where it may stand there.
std::string to_sent_key(const std::string& key) {
    constexpr std::size_t kLongest = 255;
    const bool is_plain = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
    return is_plain && key.size() <= kLongest ? key : transport::sha256_hex(key);
}

/// Nothing for a provider without such a header. Behind a job that was refused the provider may
/// still have the refusal under the key, so that another attempt needs another one.
std::string new_sent_key(const RemoteProvider& provider, const RequestIdentity& request,
                         const EarlierJob& earlier) {
    if (provider.entry.idempotency_header.empty()) {
        return {};
    }
    const std::string random = transport::sha256_hex(transport::new_inline_token()).substr(0, 32);
    if (request.idempotency_key.empty()) {
        return random;
    }
    return to_sent_key(earlier.job ? request.idempotency_key + '-' + random
                                   : request.idempotency_key);
}

/// Also what the provider is to know the job by.
std::int64_t begin(RemoteSession& session, transport::NewJob job, const RequestIdentity& request,
                   const EarlierJob& earlier, transport::OpenAiCall& call) {
    const RemoteProvider& provider = session.provider();
    const bool again = earlier.next == EarlierJob::Next::send_again;
    job.idempotency_key = request.idempotency_key;
    job.input_digest = request.input_digest;
    job.after = earlier.id();
    job.sent_key = again ? earlier.job->sent_key : new_sent_key(provider, request, earlier);
    if (!job.sent_key.empty()) {
        call.idempotency = transport::Header{provider.entry.idempotency_header, job.sent_key};
    }
    if (again) {
        session.story().note("job " + std::to_string(earlier.id()) +
                             " is sent again under the key that " + provider.name + " knows it by");
        session.jobs().begin_again(earlier.id());
        return earlier.id();
    }
    return session.jobs().begin(job);
}

/// What to do about a job of unknown outcome.
std::string advice_for(std::int64_t id, const RequestIdentity& request,
                       const transport::OpenAiCall& call) {
    const bool can_be_repeated = call.idempotency && !request.idempotency_key.empty();
    return can_be_repeated
               ? "the provider may have accepted the request, and charge for it; it is kept as "
                 "job " +
                     std::to_string(id) +
                     ": the same command with the same --idempotency-key goes on with it, and is "
                     "not charged for twice"
               : lost_answer_hint(id);
}

RemoteAnswer send_recorded(RemoteSession& session, const transport::NewJob& job,
                           const RequestIdentity& request, transport::OpenAiCall call,
                           const Send& send, const ReadAcceptance& read_acceptance) {
    const EarlierJob earlier = find_earlier(session, request);
    if (earlier.is_taken()) {
        return answer_of(*earlier.job);
    }
    transport::JobStore& jobs = session.jobs();
    const std::int64_t id = begin(session, job, request, earlier, call);
    call.progress = elapsed_time(session);
    try {
        transport::OpenAiClient client = session.openai();
        transport::HttpResponse response = send(client, call);
        session.progress().clear();
        const bool kept = note_outcome(session, id, response, read_acceptance);
        if (!response.ok() && is_lost_answer(response)) {
            Story(session.context().err, /*quiet=*/false).warn(advice_for(id, request, call));
        }
        return {response.status, std::move(response.body), id, kept};
    } catch (const transport::Error& error) {
        session.progress().clear();
        const std::string reason = process_keys().without_keys(error.what());
        if (!transport::may_have_been_received(error.errc())) {
            jobs.refused(id, reason);
            throw;
        }
        jobs.unknown(id, reason);
        const std::string kept = call.idempotency && !request.idempotency_key.empty()
                                     ? advice_for(id, request, call)
                                     : "the provider may have accepted the request, and charge for "
                                       "it: it is kept as job " +
                                           std::to_string(id) + " and not sent again";
        throw transport::Error(
            error.errc(), error.what(), error.subject(),
            kept + "; check the base URL, the endpoint, the network, TLS and the proxy");
    }
}

Json shown_form(const EditJob& job) {
    Json parts;
    parts["model"] = job.model;
    parts["prompt"] = job.prompt;
    if (job.pictures.size() == 1) {
        parts["image"] = describe(job.pictures.front());
    } else {
        for (const JobFile& picture : job.pictures) {
            parts["image[]"].push_back(describe(picture));
        }
    }
    if (job.mask) {
        parts["mask"] = describe(*job.mask);
    }
    for (const auto& member : job.extra.items()) {
        parts[member.key()] = as_text(member.value());
    }
    return parts;
}

transport::ImageEditForm to_form(const EditJob& job) {
    const auto to_file = [](const JobFile& file) {
        return transport::FormFile{file.content, file.file_name, file.media_type};
    };
    transport::ImageEditForm form{.model = job.model, .prompt = job.prompt, .images = {}};
    for (const JobFile& picture : job.pictures) {
        form.images.push_back(to_file(picture));
    }
    if (job.mask) {
        form.mask = to_file(*job.mask);
    }
    for (const auto& member : job.extra.items()) {
        form.fields.emplace_back(member.key(), as_text(member.value()));
    }
    return form;
}

/// @param uri what stands for the data URI of a file
Json json_form(const EditJob& job, const std::function<std::string(const JobFile&)>& uri) {
    Json body;
    body["model"] = job.model;
    body["prompt"] = job.prompt;
    for (const JobFile& picture : job.pictures) {
        body["images"].push_back({{"image_url", uri(picture)}});
    }
    if (job.mask) {
        body["mask"] = {{"image_url", uri(*job.mask)}};
    }
    merge(body, job.extra);
    return body;
}

transport::Body json_form_body(const EditJob& job) {
    std::vector<transport::InlineFile> files;
    const Json body = json_form(job, [&files](const JobFile& file) {
        files.push_back({transport::new_inline_token(), file.content, file.media_type});
        return files.back().token;
    });
    return transport::json_body(one_line_json(body), std::move(files));
}

/// The same job with what may be shown in the place of its own texts.
EditJob shown_job(const EditJob& job) {
    EditJob shown = job;
    const Json texts = shown_json({{"model", job.model}, {"prompt", job.prompt}});
    shown.model = texts.at("model").get<std::string>();
    shown.prompt = texts.at("prompt").get<std::string>();
    shown.extra = shown_json(job.extra);
    return shown;
}

/// Asks for an answer in events. Partial images come in no other.
bool asks_for_stream(const Json& fields) {
    const auto stream = fields.find("stream");
    const auto partial = fields.find("partial_images");
    return (stream != fields.end() && as_text(*stream) == "true") ||
           (partial != fields.end() && as_text(*partial) != "0" && !partial->is_null());
}

transport::HttpResponse post_json(transport::OpenAiClient& client,
                                  const transport::OpenAiCall& call, transport::Body body,
                                  bool streamed) {
    return streamed ? client.post_json_streamed(call, std::move(body), {})
                    : client.post_json(call, std::move(body));
}

PlannedCall plan(const RemoteProvider& provider, const std::string& model, Json body,
                 const std::string& endpoint, const RemoteGroup& options, Send send,
                 ReadAcceptance read_acceptance = {}) {
    PlannedCall planned;
    planned.url = provider.entry.base_url + endpoint;
    planned.endpoint = endpoint;
    planned.prompt_used = true;
    const transport::NewJob job{provider.name, model, one_line_json(body)};
    planned.body = std::move(body);
    const RequestIdentity request = identify(options, model, endpoint, planned.body);
    planned.send = [job, request, call = call_to(endpoint, options), send = std::move(send),
                    read_acceptance = std::move(read_acceptance)](RemoteSession& session) {
        return send_recorded(session, job, request, call, send, read_acceptance);
    };
    return planned;
}

/// A JSON text with the files whose tokens are in it.
transport::Body with_inline_files(std::string text,
                                  const std::vector<transport::InlineFile>& files) {
    std::vector<transport::InlineFile> inside;
    for (const transport::InlineFile& file : files) {
        if (text.find(file.token) != std::string::npos) {
            inside.push_back(file);
        }
    }
    return transport::json_body(std::move(text), std::move(inside));
}

std::vector<transport::FormPart> parts_of(const VideoRequest& request) {
    std::vector<transport::FormPart> parts;
    for (const auto& member : request.body.items()) {
        parts.push_back(
            {.name = member.key(),
             .content = with_inline_files(as_text(member.value()), request.inline_files)});
    }
    for (const auto& [name, file] : request.parts) {
        parts.push_back({.name = name,
                         .content = file.content,
                         .file_name = file.file_name,
                         .media_type = file.media_type});
    }
    return parts;
}

/// What may be shown and stored of it.
Json shown_request(const VideoRequest& request) {
    std::string text = one_line_json(shown_json(request.body));
    for (const transport::InlineFile& file : request.inline_files) {
        if (const auto place = text.find(file.token); place != std::string::npos) {
            text.replace(place, file.token.size(),
                         shown_data_uri({file.content, {}, file.media_type}));
        }
    }
    Json shown = Json::parse(text);
    for (const auto& [name, file] : request.parts) {
        shown[name] = describe(file);
    }
    return shown;
}

}  // namespace

PlannedCall plan_openai_edit(const RemoteProvider& provider, EditJob job,
                             const std::string& endpoint, RequestForm form,
                             const RemoteGroup& options) {
    apply_extra(job);
    if (!options.skip_validation) {
        check_limits(job, provider.entry.base_url);
    }
    const bool as_json = form == RequestForm::json;
    const bool streamed = asks_for_stream(job.extra);
    if (streamed && !as_json) {
        throw Failure(
            "stream and partial_images ask for an answer in events, which is understood with "
            "--request-form json only; leave them out or add that");
    }
    const EditJob shown_parts = shown_job(job);
    Json shown = as_json ? json_form(shown_parts, shown_data_uri) : shown_form(shown_parts);
    const std::string model = job.model;
    Send send = [job = std::move(job), as_json, streamed](transport::OpenAiClient& client,
                                                          const transport::OpenAiCall& call) {
        return as_json ? post_json(client, call, json_form_body(job), streamed)
                       : client.edit_image(call, to_form(job));
    };
    PlannedCall planned =
        plan(provider, model, std::move(shown), endpoint, options, std::move(send));
    if (!as_json) {
        planned.content_type = "multipart/form-data";
    }
    return planned;
}

PlannedCall plan_openai_generation(const RemoteProvider& provider, const std::string& model,
                                   Json body, const std::string& endpoint,
                                   const RemoteGroup& options) {
    const std::string text = one_line_json(body);
    Json shown = shown_json(body);
    Send send = [text, streamed = asks_for_stream(body)](transport::OpenAiClient& client,
                                                         const transport::OpenAiCall& call) {
        return post_json(client, call, transport::text_body(text), streamed);
    };
    return plan(provider, model, std::move(shown), endpoint, options, std::move(send));
}

PlannedCall plan_openai_video(const RemoteProvider& provider, const std::string& model,
                              VideoRequest request, const std::string& endpoint,
                              const RemoteGroup& options, ReadAcceptance read_acceptance) {
    Json shown = shown_request(request);
    const bool as_form = request.is_form();
    Send send = [request = std::move(request), as_form](transport::OpenAiClient& client,
                                                        const transport::OpenAiCall& call) {
        return as_form ? client.post_form(call, parts_of(request))
                       : client.post_json(call, with_inline_files(one_line_json(request.body),
                                                                  request.inline_files));
    };
    PlannedCall planned = plan(provider, model, std::move(shown), endpoint, options,
                               std::move(send), std::move(read_acceptance));
    if (as_form) {
        planned.content_type = "multipart/form-data";
    }
    return planned;
}

}  // namespace editprep::tools
