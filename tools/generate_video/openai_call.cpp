#include <chrono>
#include <cmath>
#include <utility>

#include "editprep/transport/error.hpp"
#include "tools/generate_video/openai_form.hpp"
#include "tools/generate_video/video_call.hpp"

namespace editprep::tools::generate_video {
namespace {

using End = VideoOutcome::End;
using Outcome = JobLook::Outcome;

constexpr double kInterval = 5.0;
constexpr int kMaxPolls = 60;

PollOptions poll_options(const Options& options) {
    PollOptions poll;
    poll.interval =
        std::chrono::milliseconds(std::llround(options.poll_interval.value_or(kInterval) * 1e3));
    poll.max_polls = options.max_polls.value_or(kMaxPolls);
    poll.look.timeouts = timeouts_of(options.remote);
    poll.look.any_address = options.remote.allow_private;
    return poll;
}

std::string name_of(const OpenAiJob& job) {
    return job.request_id.empty() ? "job " + std::to_string(job.id) : "job " + job.request_id;
}

std::string how_to_go_on(const OpenAiJob& job) {
    return "it stays in the list as job " + std::to_string(job.id) +
           "; go on with: " + how_to_resume_video(job.id);
}

/// The end that a look shows.
void take(JobLook look, const OpenAiJob& job, VideoOutcome& outcome) {
    if (!look.response.body.empty()) {
        outcome.resolved = std::move(look.response.body);
    }
    outcome.reason = look.reason;
    switch (look.outcome) {
        case Outcome::completed:
            outcome.end = End::finished;
            break;
        case Outcome::failed:
            outcome.end = End::failed;
            break;
        case Outcome::waiting:
            outcome.end = End::unfinished;
            outcome.reason = name_of(job) + " is " + look.reason + "; " + how_to_go_on(job);
            break;
        case Outcome::unclear:
            outcome.end = End::unfinished;
            outcome.poll_status = look.response.status;
            outcome.reason =
                name_of(job) + " cannot be asked after: " + look.reason + "; " + how_to_go_on(job);
            break;
    }
}

/// Asks after the job. A finished one whose content is not there yet is asked after again: nothing
/// but media ends it well.
void watch(const OpenAiJob& job, const Options& options, RemoteSession& session,
           const SaveContent& save_content, VideoOutcome& outcome) {
    transport::OpenAiClient client = session.openai();
    OpenAiWatch job_watch(client, session.jobs(), job, poll_options(options), session.clock(),
                          session.progress(), session.context().err);
    try {
        for (;;) {
            JobLook look = job_watch.until_finished();
            const bool has_content = lies_at_content_url(look, job);
            const bool ends = !has_content || !save_content || save_content(job.content_url);
            if (outcome.first.body.empty()) {
                outcome.first.body = look.response.body;
            }
            if (ends) {
                take(std::move(look), job, outcome);
                return;
            }
        }
    } catch (const transport::Error& error) {
        if (error.errc() != transport::Errc::cancelled) {
            throw;
        }
        session.progress().clear();
        outcome.end = End::unfinished;
        outcome.reason =
            "interrupted; " + name_of(job) + " goes on at the provider: " + how_to_go_on(job);
    }
}

/// Of the answer to the request.
void follow(const std::string& status_template, const Options& options, RemoteSession& session,
            const SaveContent& save_content, VideoOutcome& outcome) {
    const std::string& base_url = session.provider().entry.base_url;
    const JobAnswer answer = read_job_answer(outcome.first.body);
    OpenAiJob job = job_of(answer, base_url, status_template);
    job.id = outcome.first.job;
    outcome.resolved = outcome.first.body;
    if (is_unusable(outcome.first.body, answer)) {
        outcome.end = End::unfinished;
        outcome.reason = "the answer names no job to ask after: " + lost_answer_hint(job.id);
        return;
    }
    if (answer.failed()) {
        outcome.end = End::failed;
        outcome.reason = answer.status;
        write_down(session.jobs(), job,
                   {.outcome = Outcome::failed, .status = answer.status, .reason = answer.status},
                   session.context().err);
        return;
    }
    const bool lies_elsewhere =
        answer.succeeded() && answer.media.empty() && !job.content_url.empty() && save_content;
    if (goes_on(answer, job) || (lies_elsewhere && !save_content(job.content_url))) {
        session.story().note(name_of(job) +
                             "; if this ends early, go on with: " + how_to_resume_video(job.id));
        watch(job, options, session, save_content, outcome);
        return;
    }
    outcome.end = End::finished;
}

/// What the answer to the request says of a job that is not at its end.
std::optional<transport::Acceptance> read_acceptance(const std::string& body,
                                                     const std::string& base_url,
                                                     const std::string& status_template) {
    const JobAnswer answer = read_job_answer(body);
    if (is_unusable(body, answer)) {
        return transport::Acceptance{.request_id = "", .status = "UNKNOWN"};
    }
    const OpenAiJob job = job_of(answer, base_url, status_template);
    const bool lies_elsewhere = answer.media.empty() && !job.content_url.empty();
    if (!goes_on(answer, job) && !answer.failed() && !lies_elsewhere) {
        return std::nullopt;
    }
    return transport::Acceptance{.request_id = job.request_id,
                                 .status = answer.status,
                                 .status_url = job.status_url,
                                 .response_url = job.content_url};
}

std::string endpoint_of(const Options& options) {
    if (!options.endpoint.empty()) {
        return options.endpoint;
    }
    return options.videos.empty() ? "/videos" : "/videos/edits";
}

}  // namespace

VideoCall plan_openai_call(const VideoPlan& plan) {
    OpenAiForm form = openai_form(plan);
    VideoCall call;
    call.image = form.image;
    const std::string request = shown_body(form.request);
    const Options& options = plan.options;
    call.planned = plan_openai_video(
        plan.provider, plan.model, std::move(form.request), endpoint_of(options), options.remote,
        [base_url = plan.provider.entry.base_url, status_template = options.status_template](
            const std::string& body) { return read_acceptance(body, base_url, status_template); });
    call.run = [send = call.planned.send, request, &options](RemoteSession& session,
                                                             const SaveContent& save_content) {
        VideoOutcome outcome;
        outcome.request = request;
        outcome.first = send(session);
        if (outcome.first.ok() && !outcome.first.earlier) {
            follow(options.status_template, options, session, save_content, outcome);
        }
        return outcome;
    };
    return call;
}

VideoOutcome resume_openai_job(const transport::Job& stored, const Options& options,
                               RemoteSession& session, const SaveContent& save_content) {
    VideoOutcome outcome;
    outcome.first.status = 200;
    outcome.first.job = stored.id;
    watch(openai_job_of(stored), options, session, save_content, outcome);
    return outcome;
}

}  // namespace editprep::tools::generate_video
