#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "editprep/transport/job_store.hpp"
#include "editprep/transport/openai.hpp"
#include "editprep/transport/retry.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/progress_line.hpp"
#include "tools/shared/context.hpp"

/// A paid job of an OpenAI-compatible provider that is asked after until it is finished, written
/// down at every step.
namespace editprep::tools {

/// What an answer says of a job. Providers put these anywhere and call them by many names, so that
/// all is searched: an object's own members before those of the objects in it (contract, section
/// 12.4). Empty texts count as absent.
struct JobAnswer {
    std::string id{};
    std::string status_url{};
    /// Lower case.
    std::string status{};
    /// The first reference to media.
    std::string media{};

    [[nodiscard]] bool failed() const noexcept;
    /// The provider's word for a good end, which may come without a reference to media.
    [[nodiscard]] bool succeeded() const noexcept;
    /// The provider's word for a job that goes on.
    [[nodiscard]] bool pending() const noexcept;
};

/// For a text that is no JSON all is empty.
[[nodiscard]] JobAnswer read_job_answer(const std::string& body);

/// Where a job is asked after.
struct OpenAiJob {
    /// In the job store.
    std::int64_t id = 0;
    /// The provider's; may be empty.
    std::string request_id{};
    /// Absolute; empty when the answer named nothing to ask after.
    std::string status_url{};
    /// Where the video lies once the job is finished, for providers that refer to none; may be
    /// empty.
    std::string content_url{};
};

/// Of the answer to the request.
/// @param status_template path below the base URL, `{id}` stands for the job's id
[[nodiscard]] OpenAiJob job_of(const JobAnswer& answer, const std::string& base_url,
                               const std::string& status_template);

/// The same of a stored job.
[[nodiscard]] OpenAiJob openai_job_of(const transport::Job& job);

/// The answer to the request tells that the job is not finished.
[[nodiscard]] bool goes_on(const JobAnswer& answer, const OpenAiJob& job);

/// The provider took the request, and says nothing that the job could be asked after by: JSON that
/// is cut off, or a job that is under way and has no name.
[[nodiscard]] bool is_unusable(const std::string& body, const JobAnswer& answer);

/// Where the result of a finished job is: in the answer, or at its content URL.
[[nodiscard]] bool lies_at_content_url(const JobLook& look, const OpenAiJob& job);

struct OpenAiLookOptions {
    transport::Timeouts timeouts{};
    bool any_address = false;
    /// A server that asks for a longer wait than this ends the look.
    std::chrono::milliseconds longest_wait{30'000};
};

/// Throws transport::Error only when the user interrupts.
[[nodiscard]] JobLook look_at_openai_job(transport::OpenAiClient& client, const OpenAiJob& job,
                                         const OpenAiLookOptions& options);

/// A job whose result lies at its content URL stays in the list until that was saved: only asking
/// again tells whether it is there.
/// @param err see write_after_sending
void write_down(transport::JobStore& jobs, const OpenAiJob& job, const JobLook& look,
                const Sink& err);

struct PollOptions {
    std::chrono::milliseconds interval{5'000};
    int max_polls = 60;
    OpenAiLookOptions look{};
};

/// Asks after one job, again and again, within a number of polls.
class OpenAiWatch {
public:
    /// References must outlive the watch.
    /// @param err see write_after_sending
    OpenAiWatch(transport::OpenAiClient& client, transport::JobStore& jobs, OpenAiJob job,
                PollOptions options, const transport::Clock& clock, ProgressLine& progress,
                Sink err);

    /// Until the job is finished, well or badly, or looking does not help. `waiting` comes back
    /// when the polls have run out, with the reason; called again, it goes on with those that are
    /// left, after a pause.
    [[nodiscard]] JobLook until_finished();

private:
    [[nodiscard]] JobLook look_once();
    [[nodiscard]] std::chrono::milliseconds pause_after(const JobLook& look) const;

    transport::OpenAiClient& client_;
    transport::JobStore& jobs_;
    OpenAiJob job_;
    PollOptions options_;
    const transport::Clock& clock_;
    ProgressLine& progress_;
    Sink err_;
    std::chrono::steady_clock::time_point start_;
    int polls_ = 0;
    bool told_ = false;
};

/// Both ways to go on with a job of this store, for messages.
[[nodiscard]] std::string how_to_resume_video(std::int64_t job);

}  // namespace editprep::tools
