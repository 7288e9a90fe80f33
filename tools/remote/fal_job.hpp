#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "editprep/transport/fal.hpp"
#include "editprep/transport/job_store.hpp"
#include "editprep/transport/retry.hpp"
#include "tools/remote/fal_input.hpp"
#include "tools/remote/progress_line.hpp"
#include "tools/shared/context.hpp"

/// A paid job on fal's queue, written down at every step.
namespace editprep::tools {

/// What was sent may cost money: a store that fails from then on costs a warning, never the answer.
/// @param err told also where the command is quiet
/// @param what_is_known a sentence without its full stop
void write_after_sending(const Sink& err, const std::string& what_is_known,
                         const std::function<void()>& write);

struct SubmittedJob {
    std::int64_t id = 0;
    transport::FalRequest request;
    transport::HttpResponse response{};
};

/// By what the job is found again, as in transport::NewJob.
struct JobKey {
    std::string idempotency_key{};
    std::string input_digest{};
    std::int64_t after = 0;
};

/// Writes the job down, sends it, writes down what came of it. A response that refuses the job (300
/// or more) is a value: `request.request_id` is empty then. Throws Failure when the outcome is
/// unknown, naming the job and what to do, and transport::Error when nothing was sent.
/// @param err see write_after_sending
[[nodiscard]] SubmittedJob submit_job(transport::FalClient& fal, transport::JobStore& jobs,
                                      const std::string& model, const FalInput& input,
                                      const transport::FalCallOptions& options, const Sink& err,
                                      const JobKey& key = {});

/// What one look at a job shows.
struct JobLook {
    enum class Outcome {
        waiting,
        completed,
        failed,
        /// No telling: the network, the key, an expired or unknown request.
        unclear,
    };
    Outcome outcome = Outcome::unclear;
    /// The provider's word; empty when the look did not get so far.
    std::string status{};
    std::optional<std::int64_t> queue_position{};
    /// Why it failed, or is unclear.
    std::string reason{};
    /// Of a job that is unclear: looking again later may help.
    bool worth_another_look = true;
    /// Of a job that is unclear: there was no connection, the next job will fare no better.
    bool no_connection = false;
    /// The result of a completed job, else what came last.
    transport::HttpResponse response{};
};

/// Asks for the status and, when that is complete, for the result. Throws transport::Error only
/// when the user interrupts.
[[nodiscard]] JobLook look_at_job(transport::FalClient& fal, const transport::FalRequest& request);
/// @param err see write_after_sending
void write_down(transport::JobStore& jobs, std::int64_t id, const transport::FalRequest& request,
                const JobLook& look, const Sink& err);

/// What the queue knows a stored job by.
[[nodiscard]] transport::FalRequest request_of(const transport::Job& job);

/// The reason in a response of 300 or more, with its status, without keys.
[[nodiscard]] std::string failure_text(const transport::HttpResponse& response);

struct WaitOptions {
    /// Zero waits for ever.
    std::chrono::seconds budget{0};
    std::chrono::milliseconds first_pause{500};
    std::chrono::milliseconds longest_pause{5'000};
    /// Zero looks as often as the budget allows.
    int max_looks = 0;
    /// Of one look with all that it repeats, where only looks are counted.
    std::chrono::seconds longest_look{0};
};

/// Looks after the job until it is finished, and fetches its result; the store is kept up to date.
/// A failed job's response is a value (status 400 or more, or a COMPLETED with an error, then with
/// status 500 and the status body). Throws Failure when the budget is used up, the user interrupts
/// or looking does not help: the job stays in the store, and the message says how to go on.
/// @param err see write_after_sending
[[nodiscard]] transport::HttpResponse wait_for_job(transport::FalClient& fal,
                                                   transport::JobStore& jobs,
                                                   const SubmittedJob& job,
                                                   const WaitOptions& options,
                                                   const transport::Clock& clock,
                                                   ProgressLine& progress, const Sink& err);

/// "fal_client result MODEL ID", for messages.
[[nodiscard]] std::string how_to_resume(const transport::FalRequest& request);

}  // namespace editprep::tools
