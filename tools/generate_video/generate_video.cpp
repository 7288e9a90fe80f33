#include "tools/generate_video/generate_video.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/redaction.hpp"
#include "editprep/transport/url.hpp"
#include "tools/generate_video/fal_form.hpp"
#include "tools/generate_video/video_results.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/remote/model_catalogue.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/words.hpp"
#include "tools/workflow/edit_summary.hpp"
#include "tools/workflow/provider_choice.hpp"

namespace editprep::tools::generate_video {
namespace {

using Json = nlohmann::ordered_json;
using End = VideoOutcome::End;
using transport::JobState;

constexpr const char* kModelVariable = "OPENCLAW_MEDIA_VIDEO_MODEL";
constexpr const char* kPlaceholderModel = "video-model";
constexpr const char* kFailedHint =
    "the provider accepted the request but the async job finished in a failed state";

/// What a new job is asked of, or an old one is at.
struct Task {
    std::string provider;
    std::string model;
    /// Full URL.
    std::string endpoint;
    /// What users look for at the provider when it says 404.
    std::string looked_for;
    std::string prompt;
    std::optional<ImageUse> image{};
    std::function<VideoOutcome(const SaveContent& save_content)> run;
};

std::string model_for(const Options& options, const RemoteProvider& provider,
                      const Context& context, const Story& story) {
    std::string model =
        effective_model(options.model, kModelVariable, kPlaceholderModel,
                        default_fal_model(options), provider, context.environment, story);
    const bool named = !options.model.empty() || context.environment(kModelVariable).has_value();
    if (provider.is_fal() && !named) {
        story.note("no model was named; using " + model);
    }
    return model;
}

void warn_of_unknown(const std::string& model, const transport::ModelRegistry& registry,
                     const Story& story) {
    const std::string nearest = registry.nearest_id(model);
    story.warn("nothing is known of " + model +
               (nearest.empty() ? std::string() : " (did you mean " + nearest + "?)") +
               ": neither its fields nor the limits of its clips are checked");
}

/// Hints and the line on stderr for everything but a good end.
void explain(const VideoOutcome& outcome, const Task& task, VideoSummary& summary,
             const Context& context) {
    const auto add_http_hints = [&](int status) {
        for (std::string& hint : hints_for(status, task.looked_for, "video generation")) {
            summary.hints.push_back(std::move(hint));
        }
    };
    switch (outcome.end) {
        case End::refused:
            add_http_hints(outcome.first.status);
            context.err("ERROR: the provider answered HTTP " +
                        std::to_string(outcome.first.status) + '\n');
            break;
        case End::failed:
            summary.hints.emplace_back(kFailedHint);
            context.err("ERROR: the job failed" +
                        (outcome.reason.empty() ? "" : ": " + one_line(outcome.reason)) + '\n');
            if (outcome.reason.find(' ') != std::string::npos) {
                summary.hints.push_back(one_line(outcome.reason));
            }
            break;
        case End::unfinished:
            summary.hints.push_back(one_line(outcome.reason));
            if (outcome.poll_status > 0) {
                add_http_hints(outcome.poll_status);
            }
            context.err("ERROR: " + one_line(outcome.reason) + '\n');
            break;
        case End::finished:
            break;
    }
}

std::string mode_of(const Options& options) {
    const bool from_clips = options.mode == Mode::text && !options.videos.empty();
    return from_clips ? "video" : name_of(options.mode);
}

VideoSummary summarise(const VideoOutcome& outcome, const Task& task, const Options& options) {
    VideoSummary summary;
    summary.end = outcome.end;
    summary.status = outcome.first.status;
    summary.model = task.model;
    summary.provider = task.provider;
    summary.endpoint = task.endpoint;
    summary.mode = mode_of(options);
    summary.image = task.image;
    summary.image_path = options.image;
    summary.prompt = task.prompt;
    summary.request = outcome.request;
    summary.response = outcome.first.body;
    summary.resolved = outcome.resolved;
    summary.job = outcome.first.job;
    return summary;
}

/// Where nothing is saved by wish, the printed answer may be the only copy.
void let_go_once_printed(const VideoOutcome& outcome, RemoteSession& session) {
    const bool has_media = !read_job_answer(outcome.resolved).media.empty();
    if (has_media && is_printed_whole(outcome)) {
        session.note_saved(outcome.first.job, {});
    }
}

/// Files of an earlier run are not had a second time.
void save_or_show(const VideoOutcome& outcome, ResultSaver& saver, VideoSummary& summary) {
    if (outcome.files_are_there) {
        summary.downloaded = outcome.saved_files.front();
        summary.downloads = outcome.saved_files;
        return;
    }
    saver.save(outcome, summary);
    if (!outcome.saved_files.empty() && !summary.downloaded) {
        summary.incomplete = true;
        summary.hints.push_back("job " + std::to_string(outcome.first.job) + " was saved as " +
                                outcome.saved_files.front() +
                                ", which is gone, and nothing more can be had of it; another "
                                "--idempotency-key has it made, and charged for, again");
    }
}

void print(const VideoSummary& summary, const Options& options, const Context& context) {
    context.out(options.print_json ? indented_json_text(summary_json(summary)) + '\n'
                                   : summary_lines(summary));
}

void carry_out(const Task& task, const Options& options, RemoteSession& session) {
    const ResultFolder folder = make_result_folder(options.out_dir, options.prefix, options.remote,
                                                   session.context(), ResultKind::video);
    ResultSaver saver(folder, session);
    SaveContent save_content;
    if (!options.no_download) {
        save_content = [&saver](const std::string& url) { return saver.save_content(url); };
    }
    const VideoOutcome outcome = task.run(save_content);
    VideoSummary summary = summarise(outcome, task, options);
    explain(outcome, task, summary, session.context());
    if (outcome.end == End::finished && !options.no_download) {
        save_or_show(outcome, saver, summary);
    }
    print(summary, options, session.context());
    if (outcome.end == End::finished && options.no_download) {
        let_go_once_printed(outcome, session);
    }
    if (!summary.done()) {
        throw ExitRequest{kFailed};
    }
}

// ---- What is known of a job

VideoOutcome known_outcome(const transport::Job& job) {
    VideoOutcome outcome;
    outcome.end = job.state == JobState::failed ? End::failed : End::finished;
    outcome.reason = job.error.value_or("");
    outcome.first = {200, job.result_json.value_or("{}"), job.id};
    outcome.resolved = outcome.first.body;
    return outcome;
}

VideoOutcome go_on(const transport::Job& job, const Options& options, RemoteSession& session,
                   const SaveContent& save_content) {
    VideoOutcome outcome;
    if (job.result_json || job.state == JobState::failed) {
        outcome = known_outcome(job);
    } else if (session.provider().is_fal()) {
        outcome = resume_fal_job(job, options, session);
    } else {
        outcome = resume_openai_job(job, options, session, save_content);
    }
    outcome.request = transport::shorten_payloads(job.input_json);
    if (outcome.first.body.empty()) {
        outcome.first.body = outcome.resolved;
    }
    return outcome;
}

/// Of a job that an earlier run may have saved.
VideoOutcome go_on_with_earlier(const transport::Job& job, const Options& options,
                                RemoteSession& session, const SaveContent& save_content) {
    VideoOutcome outcome = go_on(job, options, session, save_content);
    if (job.state != JobState::saved) {
        return outcome;
    }
    const EarlierFiles files = earlier_files(job, session.story());
    outcome.saved_files = files.results;
    outcome.files_are_there = files.complete;
    const bool lies_elsewhere =
        read_job_answer(outcome.resolved).media.empty() && !job.response_url.empty();
    if (!files.complete && !session.provider().is_fal() && lies_elsewhere && save_content) {
        static_cast<void>(save_content(job.response_url));
    }
    return outcome;
}

// ---- A new job

void make_video(const Options& options, const Context& context, const Story& story) {
    const ProviderChoice choice = choose_provider(options.provider, context.environment);
    if (choice.is_local()) {
        throw Failure(
            "the local provider makes no videos; name another, or try it without a key: "
            "provider_emulator --setup DIR plays fal and an OpenAI-compatible one");
    }
    const RemoteProvider provider = find_provider(choice, options.config, context.environment,
                                                  story, {.dry_run = options.remote.dry_run});
    const std::string model = model_for(options, provider, context, story);
    const transport::ModelRegistry registry = known_models(context.environment);
    const transport::Model* known = registry.find(model);
    if (known == nullptr && provider.is_fal()) {
        warn_of_unknown(model, registry, story);
    }
    const VideoPlan plan{options, trimmed(options.prompt), provider, model, known, context, story};
    const VideoCall call = provider.is_fal() ? plan_fal_call(plan) : plan_openai_call(plan);
    RemoteSession session(provider, context, story, options.quiet);
    finish_planning(call.planned, known, options.remote, session);
    const auto run = [&](const SaveContent& save_content) {
        VideoOutcome outcome = call.run(session, save_content);
        return outcome.first.earlier
                   ? go_on_with_earlier(*outcome.first.earlier, options, session, save_content)
                   : outcome;
    };
    carry_out({provider.name, model, call.planned.url, call.planned.endpoint, plan.prompt,
               call.image, run},
              options, session);
}

// ---- A job of the list

transport::Job job_to_resume(const Options& options, const Context& context, const Story& story) {
    const auto job = find_job(open_job_store(context.environment, story), options.resume);
    if (!job) {
        throw Failure("no such job: " + options.resume +
                      "; 'fal_client list' shows those that are pending");
    }
    if (job->state == JobState::refused) {
        throw Failure("job " + std::to_string(job->id) +
                      " was refused: " + job->error.value_or("nothing more is known"));
    }
    const bool can_be_asked_after = !job->request_id.empty() || !job->status_url.empty();
    if (!job->result_json && job->state != JobState::failed && !can_be_asked_after) {
        throw Failure("job " + std::to_string(job->id) +
                      ": its outcome is unknown, and nothing is known to ask after it by; look at "
                      "the provider's dashboard, 'fal_client forget " +
                      std::to_string(job->id) + "' takes it off the list");
    }
    return *job;
}

RemoteProvider provider_of(const transport::Job& job, const Options& options,
                           const Context& context, const Story& story) {
    return find_provider({job.provider, "--resume"}, options.config, context.environment, story);
}

std::string prompt_of(const transport::Job& job) {
    const Json input = Json::parse(job.input_json, nullptr, /*allow_exceptions=*/false);
    const auto prompt = input.is_object() ? input.find("prompt") : input.end();
    return input.is_object() && prompt != input.end() && prompt->is_string()
               ? prompt->get<std::string>()
               : std::string();
}

std::string shown_url(const std::string& url) {
    try {
        return url.empty() ? url : transport::parse_url(url).shown();
    } catch (const transport::Error&) {
        return {};
    }
}

void resume(const Options& options, const Context& context, const Story& story) {
    const transport::Job job = job_to_resume(options, context, story);
    const RemoteProvider provider = provider_of(job, options, context, story);
    if (!job.saved_to.empty()) {
        story.note("job " + std::to_string(job.id) + " was saved before: " + job.saved_to);
    }
    RemoteSession session(provider, context, story, options.quiet);
    const auto run = [&](const SaveContent& save_content) {
        return go_on(job, options, session, save_content);
    };
    carry_out(
        {provider.name, job.model, shown_url(job.status_url), job.model, prompt_of(job), {}, run},
        options, session);
}

}  // namespace

void run(const Options& options, const Context& context) {
    const Story story(context.err, options.quiet);
    check_prefix(options.prefix);
    if (options.resume.empty()) {
        make_video(options, context, story);
    } else {
        resume(options, context, story);
    }
}

}  // namespace editprep::tools::generate_video
