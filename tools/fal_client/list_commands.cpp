#include <utility>
#include <vector>

#include "tools/fal_client/subcommands.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::fal_client {
namespace {

using transport::Job;
using transport::JobState;
using transport::JobStore;
using Outcome = JobLook::Outcome;

/// The older client's entry; what has no request id gets ours, to be forgotten by.
std::string entry_of(Job job) {
    if (job.state == JobState::unknown_outcome) {
        job.status = "UNKNOWN";
    } else if (job.state == JobState::sending) {
        job.status = "SENDING";
    }
    std::string more;
    if (job.request_id.empty()) {
        more += ",\"job_id\":" + std::to_string(job.id);
    }
    if (job.provider != "fal") {
        more += ",\"provider\":" + json_string(job.provider);
    }
    if (!job.idempotency_key.empty()) {
        more += ",\"idempotency_key\":" + json_string(job.idempotency_key);
    }
    std::string entry = transport::pending_entry(job);
    entry.insert(entry.rfind('}'), more);
    return entry;
}

void print_entries(const Session& session, const std::string& name,
                   const std::vector<std::string>& entries) {
    std::string text = "{\"" + name + "\":[";
    const char* separator = "";
    for (const std::string& entry : entries) {
        text += separator + entry;
        separator = ",";
    }
    session.print(text + "],\"count\":" + std::to_string(entries.size()) + '}');
}

/// What becomes of polled jobs once they were printed: only then nobody can lose them any more.
struct Finished {
    std::vector<std::string> entries;
    std::vector<std::int64_t> completed;
    std::vector<Job> failed;

    void add_completed(Job job) {
        job.status = "COMPLETED";
        completed.push_back(job.id);
        entries.push_back(entry_of(std::move(job)));
    }

    void add_failed(Job job, const JobLook& look) {
        job.status = look.status == "COMPLETED" ? "FAILED" : look.status;
        job.error = look.reason;
        failed.push_back(job);
        entries.push_back(entry_of(std::move(job)));
    }

    void let_go(JobStore& jobs, const Sink& err) const {
        write_after_sending(err, "what was printed stays in the list", [&] {
            for (const std::int64_t id : completed) {
                jobs.saved(id, {});
            }
            for (const Job& job : failed) {
                jobs.failed(job.id, job.status, job.error.value_or(""));
            }
        });
    }
};

/// Without a connection for one job there is none for the next.
JobLook look_unless_offline(Session& session, const Job& job, std::optional<JobLook>& offline) {
    if (offline) {
        return *offline;
    }
    JobLook look = look_at_job(session.fal(), request_of(job));
    if (look.no_connection) {
        offline = look;
    }
    return look;
}

Finished poll_all(Session& session) {
    JobStore& jobs = session.jobs();
    const Sink& err = session.context().err;
    ProgressLine progress = session.progress();
    Finished finished;
    std::optional<JobLook> offline;
    const auto open = jobs.open_jobs("fal");
    for (std::size_t i = 0; i < open.size(); ++i) {
        const Job& job = open[i];
        if (job.state == JobState::completed) {
            finished.add_completed(job);
        }
        if (job.state != JobState::waiting) {
            continue;
        }
        progress.show("job " + std::to_string(i + 1) + " of " + std::to_string(open.size()));
        JobLook look = look_unless_offline(session, job, offline);
        if (look.outcome == Outcome::failed) {
            // Stays in the list until it was printed.
            write_after_sending(err, "job " + std::to_string(job.id) + " failed",
                                [&] { jobs.still_waiting(job.id, look.status, std::nullopt); });
            finished.add_failed(jobs.find(job.id).value_or(job), look);
            continue;
        }
        write_down(jobs, job.id, request_of(job), look, err);
        if (look.outcome == Outcome::completed) {
            Job completed = jobs.find(job.id).value_or(job);
            if (!completed.result_json) {
                completed.result_json = std::move(look.response.body);
            }
            finished.add_completed(std::move(completed));
        }
    }
    return finished;
}

}  // namespace

void list(const Words& words, Session& session) {
    CommandLine line("fal_client list",
                     "Prints the pending jobs: queued ones, and with status UNKNOWN those that "
                     "nobody knows the outcome of.");
    session.parse(line, words, [] { return true; });
    std::vector<std::string> entries;
    for (Job& job : session.jobs().open_jobs()) {
        job.result_json.reset();
        entries.push_back(entry_of(std::move(job)));
    }
    print_entries(session, "pending", entries);
}

void poll(const Words& words, Session& session) {
    CommandLine line("fal_client poll",
                     "Looks at every pending job and prints those that are finished, with their "
                     "results. They leave the list once that was written whole.");
    session.parse(line, words, [] { return true; });
    const Finished finished = poll_all(session);
    print_entries(session, "completed", finished.entries);
    finished.let_go(session.jobs(), session.context().err);
}

void forget(const Words& words, Session& session) {
    std::vector<std::string> names;
    CommandLine line("fal_client forget",
                     "Takes jobs off the list. Nothing is cancelled, nothing is refunded.");
    line.positionals("JOB", names, "A request_id or job_id of the list", Need::required);
    session.parse(line, words, [&] { return !names.empty(); });
    std::string unknown;
    for (const std::string& name : names) {
        const auto job = find_job(session.jobs(), name);
        if (!job || !session.jobs().forget(job->id)) {
            unknown += (unknown.empty() ? "" : ", ") + name;
        }
    }
    if (!unknown.empty()) {
        throw Failure("no such job in the list: " + unknown);
    }
}

}  // namespace editprep::tools::fal_client
