#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The paid jobs of this user, kept so that none is lost: an SQLite database that many processes
/// use at once and that a kill at any instant leaves whole.
///
/// A job is written down before it is sent, and its outcome after. Whoever died in between leaves a
/// job in the state `sending`, which every later reader sees as `unknown_outcome`: it may have been
/// accepted, so it is shown and never sent again.
///
/// Reports about a job come from several processes and in any order. One that comes late never
/// undoes what is known: an acceptance outweighs a refusal and an unknown outcome, a result
/// outweighs a failure, and what was saved stays saved. Such a report is no error, because whoever
/// makes it may just have paid.
namespace editprep::transport {

enum class JobState {
    /// Written down, perhaps sent; the process that does it is alive.
    sending,
    /// The provider refused it, or it never left: nothing is owed.
    refused,
    /// It may have been accepted: the connection broke, or the process died.
    unknown_outcome,
    /// Accepted, and not finished when last looked at.
    waiting,
    /// Finished well; the result is known and not yet saved as files.
    completed,
    /// Finished badly, or was cancelled.
    failed,
    /// The result's files were saved, or the result was handed over whole.
    saved,
};

[[nodiscard]] const char* name_of(JobState state) noexcept;

struct NewJob {
    /// `fal`, or the name of a configured provider.
    std::string provider;
    std::string model;
    /// The request as JSON, payloads redacted (redact_payloads).
    std::string input_json;
    /// The user's own name for the request, by which it is found again; empty for none.
    std::string idempotency_key{};
    /// Of all that is asked for, the content of files included: tells whether a later request of
    /// the same key is the same.
    std::string input_digest{};
    /// What the provider is given to know the request by when it is sent again; empty where it
    /// takes no such thing.
    std::string sent_key{};
    /// The newest job of the key that the caller has seen; 0 for none.
    std::int64_t after = 0;
};

struct Job {
    /// Our own, from 1.
    std::int64_t id = 0;
    std::string provider;
    std::string model;
    /// Empty until the provider gave one.
    std::string request_id;
    JobState state = JobState::sending;
    /// The provider's own word: IN_QUEUE, IN_PROGRESS, ...
    std::string status;
    std::string input_json;
    std::string status_url;
    std::string response_url;
    std::string cancel_url;
    std::optional<std::int64_t> queue_position;
    std::optional<std::string> error;
    /// The provider's answer as JSON text, payloads included.
    std::optional<std::string> result_json;
    /// UTC, ISO 8601 with microseconds and no zone suffix, as the older client wrote them.
    std::string submitted_at;
    std::string updated_at;
    /// Where the result went, one path a line.
    std::string saved_to;
    /// The older client's entry as JSON, payloads redacted, when the job came out of its file.
    std::string taken_over_json;
    /// As in NewJob.
    std::string idempotency_key;
    std::string input_digest;
    std::string sent_key;
};

/// When it was written down; the epoch for a job that was taken over with a text that is no time.
[[nodiscard]] std::chrono::system_clock::time_point submission_time(const Job& job);

/// The job as JSON in the shape of the older client's store: request_id, model_id, input, status,
/// submitted_at, updated_at, then queue_position, error and result where there are any. An entry
/// that was taken over keeps its own members, and changes only in what was learnt since.
[[nodiscard]] std::string pending_entry(const Job& job);

/// What the provider said when it took a job.
struct Acceptance {
    std::string request_id;
    std::string status = "IN_QUEUE";
    std::string status_url{};
    std::string response_url{};
    std::string cancel_url{};
};

class JobDatabase;

/// Not thread-safe; every thread and process opens its own, and none is used across a fork().
///
/// Every member may throw store_failed, which names the file and the remedy: a full disk, a folder
/// that cannot be written, a damaged file, an id that is not there.
class JobStore {
public:
    /// Creates the folder (mode 0700) and the file (mode 0600) where they are missing. Throws
    /// store_failed; a file that is no database of ours, or that a newer version made, is never
    /// overwritten. Throws module_unavailable where SQLite is not installed.
    [[nodiscard]] static JobStore open(const std::string& database_path);
    ~JobStore();
    JobStore(JobStore&&) noexcept;
    JobStore& operator=(JobStore&&) noexcept;

    /// The older client's pending file becomes jobs, once for each path; the file stays as it is.
    /// Returns how many. A missing file, or one without entries, is nothing yet; a malformed one
    /// throws store_failed, names the file, and is tried again the next time.
    /// @param skipped where to put a reason for each entry that cannot be a job, if anywhere
    int take_over(const std::string& pending_file, std::vector<std::string>* skipped = nullptr);

    /// Writes down what is about to be sent, on disk when this returns. Also drops jobs that were
    /// saved without a key, failed, refused or forgotten 30 days ago; keys of saved ones are kept.
    /// Throws job_exists when the newest job of an idempotency key is not the one that the caller
    /// has seen: of several processes that find a key free, one may send.
    [[nodiscard]] std::int64_t begin(const NewJob& job);
    /// The same for a job of unknown outcome that the provider can tell from a new one when it is
    /// sent again. Throws job_exists when it is in another state by now.
    void begin_again(std::int64_t id);
    void accepted(std::int64_t id, const Acceptance& acceptance);
    /// The same for a job of unknown outcome that was found at the provider. False, and nothing is
    /// written, when a job of ours has the request id, be it forgotten, or when the outcome is
    /// known by now.
    bool found(std::int64_t id, const Acceptance& acceptance);
    void refused(std::int64_t id, const std::string& reason);
    void unknown(std::int64_t id, const std::string& reason);

    void still_waiting(std::int64_t id, const std::string& status,
                       std::optional<std::int64_t> queue_position);
    /// A look that failed: the job stays, with the reason.
    void look_failed(std::int64_t id, const std::string& reason);
    void completed(std::int64_t id, const std::string& result_json);
    void failed(std::int64_t id, const std::string& status, const std::string& reason);
    /// The stored result keeps its references and loses its payloads: they are in the files. No
    /// paths leave those of before.
    void saved(std::int64_t id, const std::vector<std::string>& paths);

    /// The user has seen it and wants it gone from the list. False when there is no such job. If it
    /// is being sent at that moment, its acceptance brings it back.
    bool forget(std::int64_t id);

    /// Everything that still needs somebody: sending, unknown_outcome, waiting, completed; oldest
    /// first. Of all providers unless one is named.
    [[nodiscard]] std::vector<Job> open_jobs(const std::string& provider = {}) const;
    [[nodiscard]] std::optional<Job> find(std::int64_t id) const;
    /// The newest of that request id.
    [[nodiscard]] std::optional<Job> find_request(const std::string& request_id) const;
    /// The newest of that idempotency key that is not forgotten.
    [[nodiscard]] std::optional<Job> find_key(const std::string& idempotency_key) const;
    /// A job has that request id, be it forgotten.
    [[nodiscard]] bool has_request(const std::string& request_id) const;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    JobStore(std::string path, std::unique_ptr<JobDatabase> database);

    std::string path_;
    std::unique_ptr<JobDatabase> database_;
};

}  // namespace editprep::transport
