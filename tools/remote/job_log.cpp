#include "tools/remote/job_log.hpp"

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "editprep/transport/error.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

/// Nothing without a home; then there is no such file either.
std::optional<std::string> legacy_pending_file(const Environment& environment) {
    if (auto named = environment("FAL_PENDING_FILE")) {
        return named;
    }
    const auto home = environment("HOME");
    return home ? std::optional(join_path(*home, ".openclaw/workspace/fal-pending.json"))
                : std::nullopt;
}

void take_over_legacy_jobs(transport::JobStore& jobs, const std::string& path, const Story& story) {
    try {
        std::vector<std::string> skipped;
        const int count = jobs.take_over(path, &skipped);
        for (const std::string& reason : skipped) {
            story.warn(reason);
        }
        if (count > 0) {
            story.note("took over " + std::to_string(count) +
                       (count == 1 ? " pending job from " : " pending jobs from ") + path +
                       "; the file stays as it is and is not read again");
        }
    } catch (const transport::Error& error) {
        story.warn(error.next_step().empty()
                       ? std::string(error.what())
                       : std::string(error.what()) + "; " + error.next_step());
    }
}

}  // namespace

std::string state_folder(const Environment& environment) {
    if (auto named = environment("EDITPREP_STATE_DIR")) {
        return *named;
    }
    if (const auto state = environment("XDG_STATE_HOME")) {
        return join_path(*state, "editprep");
    }
    if (const auto home = environment("HOME")) {
        return join_path(*home, ".local/state/editprep");
    }
    throw Failure("no place for the list of paid jobs; set EDITPREP_STATE_DIR to a folder");
}

transport::JobStore open_job_store(const Environment& environment, const Story& story) {
    auto jobs = transport::JobStore::open(join_path(state_folder(environment), "jobs.db"));
    if (const auto path = legacy_pending_file(environment)) {
        take_over_legacy_jobs(jobs, *path, story);
    }
    return jobs;
}

std::optional<transport::Job> find_job(const transport::JobStore& jobs, const std::string& name) {
    if (auto job = jobs.find_request(name)) {
        return job;
    }
    std::int64_t id = 0;
    const char* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data(), end, id);
    return error == std::errc{} && rest == end ? jobs.find(id) : std::nullopt;
}

}  // namespace editprep::tools
