#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>

#include "editprep/transport/fal.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/generate_video/fal_check.hpp"
#include "tools/generate_video/fal_form.hpp"
#include "tools/generate_video/video_call.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/openai_job.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/workflow/keyed_job.hpp"

namespace editprep::tools::generate_video {
namespace {

using Json = nlohmann::ordered_json;
using End = VideoOutcome::End;

/// Queue and work together; the job stays in the list when it takes longer.
constexpr std::chrono::seconds kLongestWait = std::chrono::minutes(30);
constexpr double kInterval = 5.0;
constexpr int kMaxPolls = 60;

/// With numbers of the user's own as many looks, so far apart.
WaitOptions wait_options(const Options& options) {
    WaitOptions wait;
    if (options.poll_interval || options.max_polls) {
        wait.max_looks = std::max(options.max_polls.value_or(kMaxPolls), 1);
        wait.longest_look = std::chrono::seconds(std::max(options.remote.timeout_seconds, 1));
        wait.first_pause = std::chrono::milliseconds(std::max<std::int64_t>(
            std::llround(options.poll_interval.value_or(kInterval) * 1e3), 10));
        wait.longest_pause = wait.first_pause;
    } else {
        wait.budget = kLongestWait;
    }
    return wait;
}

std::uint64_t inline_limit(const Options& options) {
    return options.inline_files ? UINT64_MAX : kInlineLimitBytes;
}

UnfitFiles unfit_files(const Options& options) {
    return options.remote.skip_validation ? UnfitFiles::sent : UnfitFiles::refused;
}

/// Options whose place in a request only OpenAI-compatible providers know.
void refuse_options_of_openai(const Options& options) {
    if (options.input_reference) {
        throw Failure(
            "--input-reference is for OpenAI-compatible providers; fal takes --image, "
            "--reference-image, --element and --video");
    }
    if (options.image_field) {
        throw Failure(
            "--image-field is for OpenAI-compatible providers; fal's models have their "
            "own fields");
    }
    if (options.mode != Mode::text && !options.image) {
        throw Failure(std::string("--mode ") + name_of(options.mode) + " requires --image",
                      Failure::Form::verbatim);
    }
}

void check_all_exist(const Options& options) {
    const auto check = [](const char* kind, const std::vector<std::string>& files) {
        for (const std::string& file : files) {
            check_exists(kind, file);
        }
    };
    for (const auto& image : {options.image, options.end_image}) {
        if (image) {
            check_exists("image", *image);
        }
    }
    check("video", options.videos);
    check("image", options.reference_images);
    check("audio", options.reference_audio);
    for (const Element& element : options.elements) {
        if (!element.frontal.empty()) {
            check_exists("image", element.frontal);
        }
        check("image", element.references);
    }
}

ImageUse use_of(const std::string& image, const std::string& field, std::uint64_t limit) {
    if (is_url(image)) {
        return {field, "url"};
    }
    const bool small = transport::file_body(image)->size_bytes() <= limit;
    return {field, small ? "data-url" : "upload"};
}

void wait(transport::FalClient& fal, const SubmittedJob& job, const Options& options,
          RemoteSession& session, VideoOutcome& outcome) {
    try {
        const transport::HttpResponse response =
            wait_for_job(fal, session.jobs(), job, wait_options(options), session.clock(),
                         session.progress(), session.context().err);
        outcome.resolved = response.body;
        outcome.end = response.ok() ? End::finished : End::failed;
        outcome.reason = response.ok() ? "" : failure_text(response);
    } catch (const Failure& failure) {
        outcome.end = End::unfinished;
        outcome.reason = std::string(failure.what()) + "; or: " + how_to_resume_video(job.id);
    }
    session.progress().clear();
}

RequestIdentity identity_of(const FalInput& input, const transport::Model& schema,
                            const std::string& model, const Options& options) {
    if (options.remote.idempotency_key.empty()) {
        return {.model = model};
    }
    // By their content, however they travel.
    FalInput shown = input;
    shown.describe_local_files(&schema, UINT64_MAX, UnfitFiles::sent);
    return identify(options.remote, model, model, Json::parse(shown.redacted_json()));
}

VideoOutcome send(FalInput input, const transport::Model& schema, const std::string& model,
                  const Options& options, RemoteSession& session) {
    const RequestIdentity request = identity_of(input, schema, model, options);
    const EarlierJob earlier = find_earlier(session, request);
    if (earlier.is_taken()) {
        VideoOutcome outcome;
        outcome.first = answer_of(*earlier.job);
        return outcome;
    }
    transport::FalClient fal = session.fal();
    input.watch_uploads([&session](const std::string& name) {
        return session.progress().bytes("uploading " + name);
    });
    input.place_local_files(fal, &schema, inline_limit(options), unfit_files(options));
    session.progress().clear();
    transport::FalCallOptions call;
    call.timeouts = timeouts_of(options.remote);
    call.progress = session.progress().bytes("sending");
    const SubmittedJob job =
        submit_job(fal, session.jobs(), model, input, call, session.context().err,
                   {request.idempotency_key, request.input_digest, earlier.id()});
    session.progress().clear();
    VideoOutcome outcome;
    outcome.request = transport::shorten_payloads(input.redacted_json());
    outcome.first = {job.response.status, job.response.body, job.id};
    if (!job.request.request_id.empty()) {
        session.story().note("request " + job.request.request_id +
                             "; if this ends early, go on with: " + how_to_resume_video(job.id));
        wait(fal, job, options, session, outcome);
    }
    return outcome;
}

}  // namespace

VideoCall plan_fal_call(const VideoPlan& plan) {
    const Options& options = plan.options;
    transport::check_fal_endpoint_id(plan.model);
    refuse_options_of_openai(options);
    check_all_exist(options);
    FalForm form = fal_form(options, plan.prompt, plan.known, plan.model);
    VideoCall call;
    if (options.image) {
        call.image = use_of(*options.image, form.image_field, inline_limit(options));
    }
    merge(form.values, read_extra_json(options.remote));
    const transport::Model schema = schema_for(plan.known, plan.model);
    const FalInput input(std::move(form.values));
    if (!options.remote.skip_validation) {
        check_fal_input(input, schema, plan);
    }
    PlannedCall& planned = call.planned;
    planned.url =
        transport::fal_submit_head(fal_endpoints(plan.context.environment), plan.model, {}).url;
    planned.endpoint = plan.model;
    planned.prompt_used = true;
    if (options.remote.max_cost_usd || options.remote.dry_run) {
        planned.price = price_of(plan.known, input);
    }
    if (options.remote.dry_run) {
        FalInput shown = input;
        shown.describe_local_files(&schema, inline_limit(options), unfit_files(options));
        planned.body = Json::parse(shown.redacted_json());
    } else {
        planned.body = input.values();
    }
    call.run = [input, schema, model = plan.model, &options](RemoteSession& session,
                                                             const SaveContent&) {
        return send(input, schema, model, options, session);
    };
    return call;
}

VideoOutcome resume_fal_job(const transport::Job& stored, const Options& options,
                            RemoteSession& session) {
    transport::FalClient fal = session.fal();
    SubmittedJob job;
    job.id = stored.id;
    job.request = request_of(stored);
    VideoOutcome outcome;
    outcome.first = {200, {}, stored.id};
    wait(fal, job, options, session, outcome);
    return outcome;
}

}  // namespace editprep::tools::generate_video
