#include "tools/remote/fal_job.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "editprep/transport/error.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/story.hpp"

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
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// In a row, where nobody said how long to wait; each of them has been tried several times.
constexpr int kMostFailedLooks = 5;
/// For a result that was found at the end of the time.
constexpr Milliseconds kLeastForResult{5'000};

/// When the wait has to end, if ever.
class Deadline {
public:
    Deadline() = default;
    Deadline(const transport::Clock& clock, Seconds budget) : clock_(&clock) {
        if (budget > Seconds(0)) {
            end_ = clock.steady_now() + budget;
        }
    }

    /// Nothing for no bound.
    [[nodiscard]] std::optional<Milliseconds> left() const {
        if (!end_) {
            return std::nullopt;
        }
        return std::chrono::ceil<Milliseconds>(*end_ - clock_->steady_now());
    }

    [[nodiscard]] std::optional<Milliseconds> left_for_result() const {
        const auto time = left();
        return time ? std::optional(std::max(*time, kLeastForResult)) : std::nullopt;
    }

private:
    const transport::Clock* clock_ = nullptr;
    std::optional<std::chrono::steady_clock::time_point> end_;
};

[[noreturn]] void report_unknown(std::int64_t id, const std::string& reason) {
    throw Failure("job " + std::to_string(id) + ": " + reason +
                  "; the provider may have accepted it and may charge for it. It was not sent "
                  "again and is kept as unknown; 'fal_client list' shows it, the provider's "
                  "dashboard tells what became of it, 'fal_client forget " +
                  std::to_string(id) + "' removes it");
}

[[noreturn]] void report_perhaps_accepted(std::int64_t id, const FalRequest& request,
                                          const std::string& reason) {
    throw Failure("job " + std::to_string(id) + ": " + reason + "; the provider calls it request " +
                  request.request_id +
                  " and may have accepted it and charge for it. It was not sent again and stays "
                  "in the list; 'fal_client poll' finds out, or: " +
                  how_to_resume(request) + "; 'fal_client forget " + std::to_string(id) +
                  "' removes it");
}

/// Whoever finds the job as it was written down before it was sent takes it for unknown, too.
void write_unknown(JobStore& jobs, std::int64_t id, const std::string& reason, const Sink& err) {
    write_after_sending(err,
                        "job " + std::to_string(id) + " has an unknown outcome (" + reason + ')',
                        [&] { jobs.unknown(id, reason); });
}

HttpResponse send(FalClient& fal, JobStore& jobs, std::int64_t id, const std::string& model,
                  const transport::Body& body, const transport::FalCallOptions& options,
                  const Sink& err) {
    try {
        return fal.submit(model, body, options);
    } catch (const Error& error) {
        if (transport::may_have_been_received(error.errc())) {
            write_unknown(jobs, id, error.what(), err);
            report_unknown(id, error.what());
        }
        jobs.refused(id, error.what());
        throw;
    } catch (const std::exception& error) {
        write_unknown(jobs, id, error.what(), err);
        throw;
    }
}

template <std::size_t size>
bool is_one_of(const int (&statuses)[size], int status) {
    return std::ranges::find(statuses, status) != std::end(statuses);
}

/// The queue's own name for the request, also beside an answer that says nothing else of it.
std::string request_id_beside(const HttpResponse& response) {
    return response.header("x-fal-request-id").value_or("");
}

/// A gateway that gave up without handing the request on says so by 502, 503 or 504 and has no id
/// for it. A failure from further behind may have come after the job was taken; so may any answer
/// that names the request, unless it blames the request itself.
bool may_have_been_accepted(const HttpResponse& response) {
    constexpr int kBlameRequest[] = {400, 401, 403, 404, 405, 413, 415, 422};
    constexpr int kFromGateway[] = {502, 503, 504};
    if (!request_id_beside(response).empty()) {
        return response.status >= 300 && !is_one_of(kBlameRequest, response.status);
    }
    return response.status >= 500 && !is_one_of(kFromGateway, response.status);
}

/// With the id that such an answer may carry, `poll` can find out what became of the job.
[[noreturn]] void keep_unclear_answer(JobStore& jobs, std::int64_t id, const std::string& model,
                                      const HttpResponse& response, const std::string& reason,
                                      const Sink& err) {
    const FalRequest request{.model = model, .request_id = request_id_beside(response)};
    if (request.request_id.empty()) {
        write_unknown(jobs, id, reason, err);
        report_unknown(id, reason);
    }
    write_after_sending(
        err, "job " + std::to_string(id) + " may have been accepted as " + request.request_id,
        [&] { jobs.accepted(id, {.request_id = request.request_id, .status = "UNKNOWN"}); });
    report_perhaps_accepted(id, request, reason);
}

FalRequest read_submission(JobStore& jobs, std::int64_t id, const std::string& model,
                           const HttpResponse& response, const Sink& err) {
    try {
        return transport::parse_fal_submission(model, response.body);
    } catch (const Error& error) {
        keep_unclear_answer(
            jobs, id, model, response,
            "the answer to the submit was not understood: " + without_all_keys(error.what()), err);
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
           !is_one_of(kOfTheWay, response.status);
}

JobLook look_at_result(FalClient& fal, const FalRequest& request, const Deadline& deadline,
                       JobLook look) {
    HttpResponse response = fal.result(request, deadline.left_for_result());
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
    return without_all_keys(*status.error);
}

JobLook look(FalClient& fal, const FalRequest& request, const Deadline& deadline) {
    HttpResponse response = fal.status(request, /*logs=*/false, deadline.left());
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
        return look_at_result(fal, request, deadline, std::move(look));
    }
    return look;
}

JobLook look_until(FalClient& fal, const FalRequest& request, const Deadline& deadline) {
    try {
        return look(fal, request, deadline);
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

/// Of a look that nobody repeated but this wait: a server may ask for more.
Milliseconds pause_after(const JobLook& look, Milliseconds pause, const transport::Clock& clock) {
    const auto requested = look.outcome == Outcome::unclear
                               ? transport::requested_delay(look.response, clock.now())
                               : std::nullopt;
    return std::max(pause, requested.value_or(pause));
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

void write_after_sending(const Sink& err, const std::string& what_is_known,
                         const std::function<void()>& write) {
    try {
        write();
    } catch (const Error& error) {
        Story(err, /*quiet=*/false)
            .warn(what_is_known + "; that could not be written down: " + error.what());
    }
}

std::string failure_text(const HttpResponse& response) {
    return "HTTP " + std::to_string(response.status) + ": " +
           without_all_keys(transport::describe_fal_failure(response).message);
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
                        const FalInput& input, const transport::FalCallOptions& options,
                        const Sink& err, const JobKey& key) {
    transport::check_fal_endpoint_id(model);
    const transport::Body body = input.body();
    SubmittedJob job;
    job.id = jobs.begin({.provider = "fal",
                         .model = model,
                         .input_json = input.redacted_json(),
                         .idempotency_key = key.idempotency_key,
                         .input_digest = key.input_digest,
                         .after = key.after});
    job.response = send(fal, jobs, job.id, model, body, options, err);
    if (may_have_been_accepted(job.response)) {
        keep_unclear_answer(jobs, job.id, model, job.response, failure_text(job.response), err);
    }
    if (job.response.status >= 300) {
        const std::string reason = failure_text(job.response);
        write_after_sending(err, "job " + std::to_string(job.id) + " was refused",
                            [&] { jobs.refused(job.id, reason); });
        return job;
    }
    job.request = read_submission(jobs, job.id, model, job.response, err);
    write_after_sending(err,
                        "the job was accepted as " + job.request.request_id +
                            ", its result will be had by: " + how_to_resume(job.request),
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
    return look_until(fal, request, Deadline());
}

void write_down(JobStore& jobs, std::int64_t id, const FalRequest& request, const JobLook& look,
                const Sink& err) {
    const std::string resumption = "; its result can be had by: " + how_to_resume(request);
    const std::string job = "job " + std::to_string(id);
    switch (look.outcome) {
        case Outcome::waiting:
            write_after_sending(err, job + " is not finished" + resumption,
                                [&] { jobs.still_waiting(id, look.status, look.queue_position); });
            break;
        case Outcome::completed:
            write_after_sending(err, job + " is completed" + resumption, [&] {
                jobs.completed(id, process_keys().without_keys(look.response.body));
            });
            break;
        case Outcome::failed:
            write_after_sending(err, job + " failed: " + look.reason,
                                [&] { jobs.failed(id, look.status, look.reason); });
            break;
        case Outcome::unclear:
            write_after_sending(err, job + " is unclear: " + look.reason + resumption,
                                [&] { jobs.look_failed(id, look.reason); });
            break;
    }
}

HttpResponse wait_for_job(FalClient& fal, JobStore& jobs, const SubmittedJob& job,
                          const WaitOptions& options, const transport::Clock& clock,
                          ProgressLine& progress, const Sink& err) {
    const auto start = clock.steady_now();
    const bool has_budget = options.budget > Seconds(0);
    const Deadline deadline(clock, options.budget);
    bool told = false;
    // What cannot be written at one look cannot at the next.
    const Sink told_once = [&](std::string_view line) {
        if (!std::exchange(told, true)) {
            err(line);
        }
    };
    auto pause = options.first_pause;
    int failed_looks = 0;
    const bool is_bounded = has_budget || options.max_looks > 0;
    try {
        for (int looks = 1;; ++looks) {
            JobLook look = look_until(
                fal, job.request, has_budget ? deadline : Deadline(clock, options.longest_look));
            if (look.outcome == Outcome::completed || look.outcome == Outcome::failed) {
                progress.clear();
                write_down(jobs, job.id, job.request, look, err);
                return std::move(look.response);
            }
            write_down(jobs, job.id, job.request, look, told_once);
            failed_looks = look.outcome == Outcome::unclear ? failed_looks + 1 : 0;
            if (failed_looks > 0 &&
                (!look.worth_another_look || (!is_bounded && failed_looks == kMostFailedLooks))) {
                leave_waiting(job, look.reason);
            }
            const auto elapsed = clock.steady_now() - start;
            const auto next = is_bounded ? pause_after(look, pause, clock) : pause;
            const std::string why = failed_looks > 0 ? " (" + look.reason + ')' : "";
            if (has_budget && elapsed + next > options.budget) {
                leave_waiting(job, "not finished after " + std::to_string(options.budget.count()) +
                                       " s" + why);
            }
            if (looks == options.max_looks) {
                leave_waiting(job, "not finished after " + std::to_string(looks) +
                                       (looks == 1 ? " poll" : " polls") + why);
            }
            progress.show(progress_text(look, elapsed));
            if (!clock.sleep(next)) {
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
