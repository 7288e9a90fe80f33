#include "editprep/transport/job_store.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string_view>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/redaction.hpp"
#include "job_database.hpp"
#include "job_owner.hpp"
#include "legacy_pending.hpp"
#include "utc_time.hpp"

namespace editprep::transport {
namespace {

using Time = std::chrono::system_clock::time_point;

/// Longer than any provider keeps a result that somebody might still ask for by its job.
constexpr std::chrono::hours kKeptWhenDone{30 * 24};

constexpr const char* kAbandoned =
    "the process that sent it is gone and left no word of the outcome";

struct NamedState {
    JobState state;
    const char* name;
};

constexpr std::array kStates{
    NamedState{JobState::sending, "sending"},
    NamedState{JobState::refused, "refused"},
    NamedState{JobState::unknown_outcome, "unknown_outcome"},
    NamedState{JobState::waiting, "waiting"},
    NamedState{JobState::completed, "completed"},
    NamedState{JobState::failed, "failed"},
    NamedState{JobState::saved, "saved"},
};

/// A word that a later version wrote is no reason to lose sight of the job.
JobState state_of(std::string_view name) {
    for (const NamedState& known : kStates) {
        if (name == known.name) {
            return known.state;
        }
    }
    return JobState::unknown_outcome;
}

std::string text_of(Time time) {
    using std::chrono::floor;
    const auto second = floor<std::chrono::seconds>(time);
    const auto fraction = floor<std::chrono::microseconds>(time - second);
    const std::time_t whole = std::chrono::system_clock::to_time_t(second);
    std::tm parts{};
    ::gmtime_r(&whole, &parts);
    std::array<char, 32> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 16> micros{};
    std::snprintf(micros.data(), micros.size(), ".%06d", static_cast<int>(fraction.count()));
    return std::string(date.data()) + micros.data();
}

std::string now_text() { return text_of(std::chrono::system_clock::now()); }

SqlValue optional_value(const std::optional<std::int64_t>& value) {
    return value ? SqlValue(*value) : SqlValue();
}

SqlValue optional_value(const std::optional<std::string>& value) {
    return value ? SqlValue(*value) : SqlValue();
}

/// In the order in which job_in() reads them.
constexpr std::string_view kSelect =
    "SELECT id, provider, model, request_id, state, status, input_json, status_url, response_url, "
    "cancel_url, queue_position, error, result_json, submitted_at, updated_at, saved_to, "
    "taken_over_json, idempotency_key, input_digest, sent_key, owner_pid, owner_started, "
    "owner_boot FROM jobs WHERE forgotten = 0 AND ";

struct OwnedJob {
    Job job;
    JobOwner owner;
};

OwnedJob job_in(const SqlRow& row) {
    auto column = row.begin();
    const auto number = [&] { return integer_in(*column++); };
    const auto text = [&] { return text_in(*column++); };
    OwnedJob read;
    Job& job = read.job;
    job.id = number();
    job.provider = text();
    job.model = text();
    job.request_id = text();
    job.state = state_of(text());
    job.status = text();
    job.input_json = text();
    job.status_url = text();
    job.response_url = text();
    job.cancel_url = text();
    job.queue_position = optional_integer_in(*column++);
    job.error = optional_text_in(*column++);
    job.result_json = optional_text_in(*column++);
    job.submitted_at = text();
    job.updated_at = text();
    job.saved_to = text();
    job.taken_over_json = text();
    job.idempotency_key = text();
    job.input_digest = text();
    job.sent_key = text();
    read.owner.pid = number();
    read.owner.started = number();
    read.owner.boot_id = text();
    return read;
}

/// Whoever reads next would judge the same, so a disk that takes no more hides no job.
void write_down_abandoned(JobDatabase& database, const Job& job) {
    try {
        database.run(
            "UPDATE jobs SET state = 'unknown_outcome', error = ? "
            "WHERE id = ? AND state = 'sending'",
            {*job.error, job.id});
    } catch (const Error&) {
        return;
    }
}

Job settled(JobDatabase& database, OwnedJob read) {
    if (read.job.state == JobState::sending && !is_running(read.owner)) {
        read.job.state = JobState::unknown_outcome;
        read.job.error = kAbandoned;
        write_down_abandoned(database, read.job);
    }
    return std::move(read.job);
}

std::vector<Job> jobs_where(JobDatabase& database, const std::string& condition,
                            std::initializer_list<SqlValue> values) {
    const std::string sql = std::string(kSelect) + condition;
    std::vector<Job> jobs;
    for (const SqlRow& row : database.run(sql.c_str(), values)) {
        jobs.push_back(settled(database, job_in(row)));
    }
    return jobs;
}

std::optional<Job> first_of(std::vector<Job> jobs) {
    return jobs.empty() ? std::nullopt : std::optional(std::move(jobs.front()));
}

/// An update of one job that its state may make pointless, but not one of a job that is not there.
void change(JobDatabase& database, std::int64_t id, const char* sql,
            std::initializer_list<SqlValue> values) {
    if (database.run(sql, values).empty() &&
        database.run("SELECT id FROM jobs WHERE id = ?", {id}).empty()) {
        database.throw_failure("it holds no job " + std::to_string(id),
                               "look whether the file was replaced");
    }
}

/// Of those that are not forgotten; 0 when there is none.
std::int64_t newest_of_key(JobDatabase& database, const std::string& idempotency_key) {
    return integer_in(database
                          .run("SELECT coalesce(max(id), 0) FROM jobs "
                               "WHERE idempotency_key = ? AND forgotten = 0",
                               {idempotency_key})
                          .at(0)
                          .at(0));
}

[[noreturn]] void throw_job_exists(const std::string& what, const std::string& idempotency_key) {
    throw Error(Errc::job_exists, what, idempotency_key,
                "another process is at it: run the command again once that one is done");
}

void write_acceptance(JobDatabase& database, std::int64_t id, const Acceptance& acceptance) {
    // Whatever else is known of the job, its ids are worth having.
    change(database, id,
           "UPDATE jobs SET request_id = ?3, status_url = ?4, response_url = ?5, cancel_url = ?6, "
           "updated_at = ?2 WHERE id = ?1 RETURNING id",
           {id, now_text(), acceptance.request_id, acceptance.status_url, acceptance.response_url,
            acceptance.cancel_url});
    database.run(
        "UPDATE jobs SET state = 'waiting', status = ?2, error = NULL, forgotten = 0 "
        "WHERE id = ?1 AND state NOT IN ('completed', 'failed', 'saved')",
        {id, acceptance.status});
}

bool was_taken_over(JobDatabase& database, const std::string& path) {
    return !database.run("SELECT path FROM taken_over WHERE path = ?", {path}).empty();
}

/// False when a job that was there before, with an id up to `last_known`, is the same.
bool insert_taken_over(JobDatabase& database, const Job& job, std::int64_t last_known) {
    return !database
                .run(
                    "INSERT INTO jobs (provider, model, request_id, state, status, input_json, "
                    "queue_position, error, submitted_at, updated_at, taken_over_json) "
                    "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 WHERE NOT EXISTS "
                    "(SELECT 1 FROM jobs WHERE request_id = ?3 AND provider = ?1 AND id <= ?12) "
                    "RETURNING id",
                    {job.provider, job.model, job.request_id, name_of(job.state), job.status,
                     job.input_json, optional_value(job.queue_position), optional_value(job.error),
                     job.submitted_at, job.updated_at, job.taken_over_json, last_known})
                .empty();
}

}  // namespace

const char* name_of(JobState state) noexcept {
    for (const NamedState& known : kStates) {
        if (state == known.state) {
            return known.name;
        }
    }
    return "unknown_outcome";
}

std::chrono::system_clock::time_point submission_time(const Job& job) {
    return parse_utc_time(job.submitted_at).value_or(Time());
}

JobStore::JobStore(std::string path, std::unique_ptr<JobDatabase> database)
    : path_(std::move(path)), database_(std::move(database)) {}

JobStore::~JobStore() = default;
JobStore::JobStore(JobStore&&) noexcept = default;
JobStore& JobStore::operator=(JobStore&&) noexcept = default;

JobStore JobStore::open(const std::string& database_path) {
    // The process may change its folder while the store is open.
    std::string path = std::filesystem::absolute(database_path).string();
    auto database = std::make_unique<JobDatabase>(path);
    return {std::move(path), std::move(database)};
}

int JobStore::take_over(const std::string& pending_file, std::vector<std::string>* skipped) {
    const std::string path = std::filesystem::absolute(pending_file).lexically_normal().string();
    if (was_taken_over(*database_, path)) {
        return 0;
    }
    LegacyPending pending = read_legacy_pending(path);
    if (pending.jobs.empty() && pending.skipped.empty()) {
        return 0;
    }
    JobTransaction transaction(*database_);
    // Another process may have been faster.
    if (was_taken_over(*database_, path)) {
        return 0;
    }
    const std::int64_t last_known =
        integer_in(database_->run("SELECT coalesce(max(id), 0) FROM jobs").at(0).at(0));
    int taken = 0;
    for (const Job& job : pending.jobs) {
        taken += insert_taken_over(*database_, job, last_known) ? 1 : 0;
    }
    database_->run("INSERT INTO taken_over (path, taken_at, jobs) VALUES (?, ?, ?)",
                   {path, now_text(), taken});
    transaction.commit();
    if (skipped != nullptr) {
        *skipped = std::move(pending.skipped);
    }
    return taken;
}

std::int64_t JobStore::begin(const NewJob& job) {
    const JobOwner owner = this_process();
    const Time now = std::chrono::system_clock::now();
    JobTransaction transaction(*database_);
    database_->run(
        "DELETE FROM jobs WHERE updated_at < ? AND "
        "(forgotten = 1 OR state IN ('failed', 'refused') OR "
        "(state = 'saved' AND idempotency_key = ''))",
        {text_of(now - kKeptWhenDone)});
    if (!job.idempotency_key.empty() &&
        newest_of_key(*database_, job.idempotency_key) > job.after) {
        throw_job_exists(
            "a job of the idempotency key " + job.idempotency_key + " has just been begun",
            job.idempotency_key);
    }
    const std::vector<SqlRow> rows = database_->run(
        "INSERT INTO jobs (provider, model, state, input_json, submitted_at, updated_at, "
        "owner_pid, owner_started, owner_boot, idempotency_key, input_digest, sent_key) "
        "VALUES (?1, ?2, 'sending', ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id",
        {job.provider, job.model, job.input_json, text_of(now), owner.pid, owner.started,
         owner.boot_id, job.idempotency_key, job.input_digest, job.sent_key});
    transaction.commit();
    return integer_in(rows.at(0).at(0));
}

void JobStore::begin_again(std::int64_t id) {
    const JobOwner owner = this_process();
    JobTransaction transaction(*database_);
    const auto job = find(id);
    if (!job || job->state != JobState::unknown_outcome) {
        throw_job_exists("job " + std::to_string(id) + " is at another point by now",
                         job ? job->idempotency_key : "");
    }
    database_->run(
        "UPDATE jobs SET state = 'sending', error = NULL, updated_at = ?2, owner_pid = ?3, "
        "owner_started = ?4, owner_boot = ?5 WHERE id = ?1",
        {id, now_text(), owner.pid, owner.started, owner.boot_id});
    transaction.commit();
}

void JobStore::accepted(std::int64_t id, const Acceptance& acceptance) {
    JobTransaction transaction(*database_);
    write_acceptance(*database_, id, acceptance);
    transaction.commit();
}

bool JobStore::found(std::int64_t id, const Acceptance& acceptance) {
    JobTransaction transaction(*database_);
    const auto job = find(id);
    if (!job || job->state != JobState::unknown_outcome || has_request(acceptance.request_id)) {
        return false;
    }
    write_acceptance(*database_, id, acceptance);
    transaction.commit();
    return true;
}

void JobStore::refused(std::int64_t id, const std::string& reason) {
    change(*database_, id,
           "UPDATE jobs SET state = 'refused', error = ?3, updated_at = ?2 "
           "WHERE id = ?1 AND state IN ('sending', 'unknown_outcome', 'refused') RETURNING id",
           {id, now_text(), reason});
}

void JobStore::unknown(std::int64_t id, const std::string& reason) {
    change(*database_, id,
           "UPDATE jobs SET state = 'unknown_outcome', error = ?3, updated_at = ?2, "
           "forgotten = CASE WHEN state = 'sending' THEN 0 ELSE forgotten END "
           "WHERE id = ?1 AND state IN ('sending', 'unknown_outcome') RETURNING id",
           {id, now_text(), reason});
}

void JobStore::still_waiting(std::int64_t id, const std::string& status,
                             std::optional<std::int64_t> queue_position) {
    change(*database_, id,
           "UPDATE jobs SET state = 'waiting', status = ?3, queue_position = ?4, error = NULL, "
           "updated_at = ?2 WHERE id = ?1 AND state NOT IN ('completed', 'failed', 'saved') "
           "RETURNING id",
           {id, now_text(), status, optional_value(queue_position)});
}

void JobStore::look_failed(std::int64_t id, const std::string& reason) {
    change(*database_, id,
           "UPDATE jobs SET error = ?3, updated_at = ?2 "
           "WHERE id = ?1 AND state NOT IN ('completed', 'failed', 'saved') RETURNING id",
           {id, now_text(), reason});
}

void JobStore::completed(std::int64_t id, const std::string& result_json) {
    change(*database_, id,
           "UPDATE jobs SET state = 'completed', status = 'COMPLETED', queue_position = NULL, "
           "error = NULL, result_json = ?3, updated_at = ?2 WHERE id = ?1 AND state <> 'saved' "
           "RETURNING id",
           {id, now_text(), result_json});
}

void JobStore::failed(std::int64_t id, const std::string& status, const std::string& reason) {
    change(*database_, id,
           "UPDATE jobs SET state = 'failed', status = ?3, queue_position = NULL, error = ?4, "
           "updated_at = ?2 WHERE id = ?1 AND state NOT IN ('completed', 'saved') RETURNING id",
           {id, now_text(), status, reason});
}

void JobStore::saved(std::int64_t id, const std::vector<std::string>& paths) {
    std::string lines;
    for (const std::string& path : paths) {
        lines += (lines.empty() ? "" : "\n") + path;
    }
    JobTransaction transaction(*database_);
    std::optional<std::string> result;
    for (const SqlRow& row : database_->run("SELECT result_json FROM jobs WHERE id = ?", {id})) {
        result = optional_text_in(row.at(0));
    }
    if (result) {
        result = redact_payloads(*result);
    }
    change(*database_, id,
           "UPDATE jobs SET state = 'saved', error = NULL, "
           "saved_to = CASE WHEN ?3 = '' THEN saved_to ELSE ?3 END, result_json = ?4, "
           "updated_at = ?2 WHERE id = ?1 RETURNING id",
           {id, now_text(), lines, optional_value(result)});
    transaction.commit();
}

bool JobStore::forget(std::int64_t id) {
    return !database_
                ->run(
                    "UPDATE jobs SET forgotten = 1, updated_at = ?2 "
                    "WHERE id = ?1 AND forgotten = 0 RETURNING id",
                    {id, now_text()})
                .empty();
}

std::vector<Job> JobStore::open_jobs(const std::string& provider) const {
    return jobs_where(*database_,
                      "state NOT IN ('refused', 'failed', 'saved') AND (?1 = '' OR provider = ?1) "
                      "ORDER BY id",
                      {provider});
}

std::optional<Job> JobStore::find(std::int64_t id) const {
    return first_of(jobs_where(*database_, "id = ?", {id}));
}

std::optional<Job> JobStore::find_request(const std::string& request_id) const {
    return first_of(
        jobs_where(*database_, "request_id = ? ORDER BY id DESC LIMIT 1", {request_id}));
}

std::optional<Job> JobStore::find_key(const std::string& idempotency_key) const {
    if (idempotency_key.empty()) {
        return std::nullopt;
    }
    return first_of(
        jobs_where(*database_, "idempotency_key = ? ORDER BY id DESC LIMIT 1", {idempotency_key}));
}

bool JobStore::has_request(const std::string& request_id) const {
    return !database_->run("SELECT id FROM jobs WHERE request_id = ? LIMIT 1", {request_id})
                .empty();
}

}  // namespace editprep::transport
