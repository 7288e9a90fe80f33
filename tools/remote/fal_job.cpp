#include "tools/remote/fal_job.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using transport::Errc;
using transport::Error;
using transport::FalClient;
using transport::FalRequest;
using transport::FalStatus;
using transport::HttpResponse;
using transport::JobStore;
using Outcome = JobLook::Outcome;
using Seconds = std::chrono::seconds;

/// In a row; each of them has been tried several times.
constexpr int kMostFailedLooks = 5;

/// Servers have been seen to repeat what they were sent.
std::string without_keys(const std::string& text) {
    return transport::redact_keys(process_keys().without_keys(text));
}

[[noreturn]] void report_unknown(std::int64_t id, const std::string& reason) {
    throw Failure("job " + std::to_string(id) + ": " + reason +
                  "; the provider may have accepted it and may charge for it. It was not sent "
                  "again and is kept as unknown; 'fal_client list' shows it, the provider's "
                  "dashboard tells what became of it, 'fal_client forget " +
                  std::to_string(id) + "' removes it");
}

/// The request was sent, so a store that fails now must not hide what is known.
template <class Write>
void write_after_sending(const std::string& what_is_known, const Write& write) {
    try {
        write();
    } catch (const Error& error) {
        throw Failure(what_is_known + " and could not be written down: " + error.what());
    }
}

void write_unknown(JobStore& jobs, std::int64_t id, const std::string& reason) {
    write_after_sending("job " + std::to_string(id) + " has an unknown outcome (" + reason + ')',
                        [&] { jobs.unknown(id, reason); });
}

HttpResponse send(FalClient& fal, JobStore& jobs, std::int64_t id, const std::string& model,
                  const transport::Body& body, const transport::FalCallOptions& options) {
    try {
        return fal.submit(model, body, options);
    } catch (const Error& error) {
        if (transport::may_have_been_received(error.errc())) {
            write_unknown(jobs, id, error.what());
            report_unknown(id, error.what());
        }
        jobs.refused(id, error.what());
        throw;
    } catch (const std::exception& error) {
        write_unknown(jobs, id, error.what());
        throw;
    }
}

bool is_json_object(const std::string& text) {
    return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false).is_object();
}

/// A gateway that gave up without handing the request on says so by these and has no id for it. A
/// failure from further behind may have come after the job was taken.
bool may_have_been_accepted(const HttpResponse& response) {
    if (response.status < 500) {
        return false;
    }
    const bool from_gateway =
        response.status == 502 || response.status == 503 || response.status == 504;
    return !from_gateway || response.header("x-fal-request-id").has_value();
}

/// With the id that a failing answer may carry, `poll` can find out what became of the job.
void write_unknown_answer(JobStore& jobs, std::int64_t id, const HttpResponse& response,
                          const std::string& reason) {
    if (const auto request_id = response.header("x-fal-request-id")) {
        write_after_sending(
            "job " + std::to_string(id) + " may have been accepted as " + *request_id,
            [&] { jobs.accepted(id, {.request_id = *request_id, .status = "UNKNOWN"}); });
    } else {
        write_unknown(jobs, id, reason);
    }
}

FalRequest read_submission(JobStore& jobs, std::int64_t id, const std::string& model,
                           const HttpResponse& response) {
    try {
        return transport::parse_fal_submission(model, response.body);
    } catch (const Error& error) {
        const std::string reason =
            "the answer to the submit was not understood: " + std::string(error.what());
        if (is_json_object(response.body)) {
            jobs.refused(id, reason);
            throw Failure(reason + "; nothing was written down, look at the provider's dashboard");
        }
        write_unknown_answer(jobs, id, response, reason);
        report_unknown(id, reason);
    }
}

std::string status_word(const HttpResponse& response) {
    const auto body = nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
    const auto status = body.is_object() ? body.find("status") : body.end();
    return status != body.end() && status->is_string() ? status->get<std::string>() : "IN_QUEUE";
}

bool is_unfinished_result(const HttpResponse& response) {
    return response.status == 400 && response.body.find("still in progress") != std::string::npos;
}

JobLook unclear(HttpResponse response) {
    JobLook look;
    look.reason = failure_text(response);
    look.worth_another_look = transport::is_transient(response) || response.status >= 500;
    look.response = std::move(response);
    return look;
}

/// The answer's own errors (a 422 above all) belong to the job; those of the way to it do not.
bool is_error_of_job(const HttpResponse& response) {
    constexpr int kOfTheWay[] = {401, 403, 404, 405, 408, 410, 429};
    return response.status >= 400 && response.status < 500 &&
           std::ranges::find(kOfTheWay, response.status) == std::end(kOfTheWay);
}

JobLook look_at_result(FalClient& fal, const FalRequest& request, JobLook look) {
    HttpResponse response = fal.result(request);
    if (response.status < 300) {
        const bool readable = nlohmann::json::accept(response.body);
        look.outcome = readable ? Outcome::completed : Outcome::unclear;
        look.reason = readable ? "" : "the result is not JSON";
    } else if (is_unfinished_result(response)) {
        look.outcome = Outcome::waiting;
    } else if (is_error_of_job(response)) {
        look.outcome = Outcome::failed;
        look.reason = failure_text(response);
    } else {
        return unclear(std::move(response));
    }
    look.response = std::move(response);
    return look;
}

std::string failure_of(const FalStatus& status) {
    if (!status.error || status.error->empty()) {
        return "Unknown error";
    }
    return without_keys(*status.error);
}

JobLook look(FalClient& fal, const FalRequest& request) {
    HttpResponse response = fal.status(request, /*logs=*/false);
    if (response.status >= 300) {
        return unclear(std::move(response));
    }
    const FalStatus status = transport::parse_fal_status(response.body);
    JobLook look{.outcome = Outcome::waiting,
                 .status = status.status,
                 .queue_position = status.queue_position,
                 .response = std::move(response)};
    if (status.failed()) {
        look.outcome = Outcome::failed;
        look.reason = failure_of(status);
        look.response.status = 500;
    } else if (status.completed()) {
        return look_at_result(fal, request, std::move(look));
    }
    return look;
}

std::string elapsed_text(std::chrono::steady_clock::duration elapsed) {
    const auto seconds = std::chrono::duration_cast<Seconds>(elapsed).count();
    const std::string rest = std::to_string(seconds % 60);
    return std::to_string(seconds / 60) + ':' + (rest.size() < 2 ? "0" : "") + rest;
}

std::string progress_text(const JobLook& look, std::chrono::steady_clock::duration elapsed) {
    std::string text = look.status.empty() ? "no answer" : look.status;
    if (look.queue_position) {
        text += ", position " + std::to_string(*look.queue_position);
    }
    return text + ", " + elapsed_text(elapsed);
}

[[noreturn]] void leave_waiting(const SubmittedJob& job, const std::string& reason) {
    throw Failure(
        reason + "; the job " + job.request.request_id +
        " goes on at the provider and stays in the list ('fal_client poll'); go on with: " +
        how_to_resume(job.request));
}

}  // namespace

std::string failure_text(const HttpResponse& response) {
    return "HTTP " + std::to_string(response.status) + ": " +
           without_keys(transport::describe_fal_failure(response).message);
}

FalRequest request_of(const transport::Job& job) {
    return {.model = job.model,
            .request_id = job.request_id,
            .status_url = job.status_url,
            .response_url = job.response_url,
            .cancel_url = job.cancel_url};
}

std::string how_to_resume(const FalRequest& request) {
    return "fal_client result " + request.model + ' ' + request.request_id;
}

SubmittedJob submit_job(FalClient& fal, JobStore& jobs, const std::string& model,
                        const FalInput& input, const transport::FalCallOptions& options) {
    transport::check_fal_endpoint_id(model);
    const transport::Body body = input.body();
    SubmittedJob job;
    job.id = jobs.begin({.provider = "fal", .model = model, .input_json = input.redacted_json()});
    job.response = send(fal, jobs, job.id, model, body, options);
    if (may_have_been_accepted(job.response)) {
        const std::string reason = failure_text(job.response);
        write_unknown_answer(jobs, job.id, job.response, reason);
        report_unknown(job.id, reason);
    }
    if (job.response.status >= 300) {
        jobs.refused(job.id, failure_text(job.response));
        return job;
    }
    job.request = read_submission(jobs, job.id, model, job.response);
    write_after_sending("the job was accepted as " + job.request.request_id + " (" +
                            how_to_resume(job.request) + ')',
                        [&] {
                            jobs.accepted(job.id, {.request_id = job.request.request_id,
                                                   .status = status_word(job.response),
                                                   .status_url = job.request.status_url,
                                                   .response_url = job.request.response_url,
                                                   .cancel_url = job.request.cancel_url});
                        });
    return job;
}

JobLook look_at_job(FalClient& fal, const FalRequest& request) {
    try {
        return look(fal, request);
    } catch (const Error& error) {
        if (error.errc() == Errc::cancelled) {
            throw;
        }
        JobLook look;
        look.reason = error.what();
        look.no_connection = error.errc() == Errc::connection_failed;
        look.worth_another_look = look.no_connection || error.errc() == Errc::connection_lost ||
                                  error.errc() == Errc::timed_out ||
                                  error.errc() == Errc::invalid_response;
        return look;
    }
}

void write_down(JobStore& jobs, std::int64_t id, const JobLook& look) {
    switch (look.outcome) {
        case Outcome::waiting:
            jobs.still_waiting(id, look.status, look.queue_position);
            break;
        case Outcome::completed:
            jobs.completed(id, process_keys().without_keys(look.response.body));
            break;
        case Outcome::failed:
            jobs.failed(id, look.status, look.reason);
            break;
        case Outcome::unclear:
            jobs.look_failed(id, look.reason);
            break;
    }
}

HttpResponse wait_for_job(FalClient& fal, JobStore& jobs, const SubmittedJob& job,
                          const WaitOptions& options, const transport::Clock& clock,
                          ProgressLine& progress) {
    const auto start = clock.steady_now();
    auto pause = options.first_pause;
    int failed_looks = 0;
    try {
        for (;;) {
            JobLook look = look_at_job(fal, job.request);
            write_down(jobs, job.id, look);
            if (look.outcome == Outcome::completed || look.outcome == Outcome::failed) {
                progress.clear();
                return std::move(look.response);
            }
            failed_looks = look.outcome == Outcome::unclear ? failed_looks + 1 : 0;
            if (failed_looks > 0 &&
                (!look.worth_another_look || failed_looks == kMostFailedLooks)) {
                leave_waiting(job, look.reason);
            }
            const auto elapsed = clock.steady_now() - start;
            if (options.budget > Seconds(0) && elapsed + pause > options.budget) {
                leave_waiting(
                    job, "not finished after " + std::to_string(options.budget.count()) + " s");
            }
            progress.show(progress_text(look, elapsed));
            if (!clock.sleep(pause)) {
                leave_waiting(job, "interrupted");
            }
            pause = std::min(pause * 3 / 2, options.longest_pause);
        }
    } catch (const Error& error) {
        if (error.errc() != Errc::cancelled) {
            throw;
        }
        leave_waiting(job, "interrupted");
    }
}

}  // namespace editprep::tools
