#include "editprep/transport/job_store.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "editprep/transport/error.hpp"
#include "temp_folder.hpp"

namespace editprep::transport {
namespace {

namespace fs = std::filesystem;

using editprep::testing::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

NewJob some_job(const std::string& model = "fal-ai/flux") {
    return {"fal", model, R"({"prompt":"p"})"};
}

Acceptance acceptance(const std::string& request_id) {
    return {request_id, "IN_QUEUE", "https://queue/status", "https://queue/response",
            "https://queue/cancel"};
}

JobStore open_in(const TempFolder& folder) { return JobStore::open((folder / "jobs.db").string()); }

/// A job that the provider took.
std::int64_t accepted_job(JobStore& store, const std::string& request_id) {
    const std::int64_t id = store.begin(some_job());
    store.accepted(id, acceptance(request_id));
    return id;
}

JobState state_of(const JobStore& store, std::int64_t id) {
    const std::optional<Job> job = store.find(id);
    EXPECT_TRUE(job.has_value()) << id;
    return job ? job->state : JobState::sending;
}

/// What another program sees in the file: the first column of the first row.
std::string ask(const fs::path& database, const std::string& sql) {
    sqlite3* opened = nullptr;
    EXPECT_EQ(sqlite3_open_v2(database.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                              nullptr),
              SQLITE_OK);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> owner(opened, sqlite3_close_v2);
    sqlite3_busy_timeout(opened, 10'000);
    sqlite3_stmt* compiled = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(opened, sql.c_str(), -1, &compiled, nullptr), SQLITE_OK)
        << sqlite3_errmsg(opened);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(compiled,
                                                                          sqlite3_finalize);
    const int result = sqlite3_step(compiled);
    EXPECT_TRUE(result == SQLITE_ROW || result == SQLITE_DONE) << sqlite3_errmsg(opened);
    const unsigned char* text = sqlite3_column_text(compiled, 0);
    return text != nullptr ? reinterpret_cast<const char*>(text) : "";
}

std::string content_of(const fs::path& file) {
    std::ostringstream content;
    content << std::ifstream(file, std::ios::binary).rdbuf();
    return content.str();
}

void write(const fs::path& file, const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
}

mode_t mode_of(const fs::path& path) {
    struct stat facts {};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 07777;
}

/// Runs in a process of its own; it fails when the work throws.
pid_t start(const std::function<void()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            work();
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    EXPECT_NE(child, -1);
    return child;
}

int exit_code_of(pid_t child) {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// The store_failed that the work ends in.
Error failure_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), make_error_code(Errc::store_failed)) << error.what();
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(Errc::invalid_argument, "nothing was thrown");
}

TEST(JobStore, KeepsAJobFromItsIntentToItsFiles) {
    const TempFolder folder;
    const std::int64_t id = open_in(folder).begin(some_job("fal-ai/nano-banana-pro"));
    EXPECT_EQ(id, 1);
    {
        const Job job = open_in(folder).find(id).value();
        EXPECT_EQ(job.provider, "fal");
        EXPECT_EQ(job.model, "fal-ai/nano-banana-pro");
        EXPECT_EQ(job.request_id, "");
        EXPECT_EQ(job.state, JobState::sending);
        EXPECT_EQ(job.status, "");
        EXPECT_EQ(job.input_json, R"({"prompt":"p"})");
        EXPECT_EQ(job.queue_position, std::nullopt);
        EXPECT_EQ(job.error, std::nullopt);
        EXPECT_EQ(job.result_json, std::nullopt);
        EXPECT_EQ(job.submitted_at, job.updated_at);
    }
    open_in(folder).accepted(id, acceptance("r1"));
    {
        const Job job = open_in(folder).find_request("r1").value();
        EXPECT_EQ(job.id, id);
        EXPECT_EQ(job.state, JobState::waiting);
        EXPECT_EQ(job.status, "IN_QUEUE");
        EXPECT_EQ(job.status_url, "https://queue/status");
        EXPECT_EQ(job.response_url, "https://queue/response");
        EXPECT_EQ(job.cancel_url, "https://queue/cancel");
        EXPECT_LT(job.submitted_at, job.updated_at);
    }
    open_in(folder).still_waiting(id, "IN_QUEUE", 3);
    EXPECT_EQ(open_in(folder).find(id)->queue_position, 3);
    open_in(folder).look_failed(id, "no answer");
    EXPECT_EQ(open_in(folder).find(id)->error, "no answer");
    EXPECT_EQ(open_in(folder).find(id)->state, JobState::waiting);
    open_in(folder).still_waiting(id, "IN_PROGRESS", std::nullopt);
    EXPECT_EQ(open_in(folder).find(id)->error, std::nullopt);

    open_in(folder).completed(id, R"({"images":[]})");
    EXPECT_EQ(open_in(folder).find(id)->state, JobState::completed);
    EXPECT_EQ(open_in(folder).find(id)->status, "COMPLETED");
    EXPECT_EQ(open_in(folder).find(id)->result_json, R"({"images":[]})");
    EXPECT_THAT(open_in(folder).open_jobs(), SizeIs(1));

    open_in(folder).saved(id, {"/a/one.png", "/a/two.png"});
    EXPECT_EQ(open_in(folder).find(id)->state, JobState::saved);
    EXPECT_EQ(open_in(folder).find(id)->saved_to, "/a/one.png\n/a/two.png");
    EXPECT_THAT(open_in(folder).open_jobs(), IsEmpty());
}

TEST(JobStore, ListsWhatStillNeedsSomebodyOldestFirst) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t sending = store.begin(some_job());
    const std::int64_t refused = store.begin(some_job());
    store.refused(refused, "422");
    const std::int64_t unknown = store.begin({"mine", "m", "{}"});
    store.unknown(unknown, "the connection broke");
    const std::int64_t waiting = accepted_job(store, "w");
    const std::int64_t failed = accepted_job(store, "f");
    store.failed(failed, "FAILED", "out of memory");
    const std::int64_t completed = accepted_job(store, "c");
    store.completed(completed, "{}");

    std::vector<std::int64_t> ids;
    for (const Job& job : store.open_jobs()) {
        ids.push_back(job.id);
    }
    EXPECT_THAT(ids, ElementsAre(sending, unknown, waiting, completed));
    EXPECT_THAT(store.open_jobs("fal"), SizeIs(3));
    EXPECT_THAT(store.open_jobs("mine"), SizeIs(1));
    EXPECT_THAT(store.open_jobs("other"), IsEmpty());
    EXPECT_EQ(store.find(refused)->error, "422");
    EXPECT_EQ(store.find(failed)->error, "out of memory");
    EXPECT_EQ(store.find(failed)->status, "FAILED");
    EXPECT_EQ(store.find(99), std::nullopt);
    EXPECT_EQ(store.find_request("nobody"), std::nullopt);
}

TEST(JobStore, NamesItsStates) {
    EXPECT_STREQ(name_of(JobState::sending), "sending");
    EXPECT_STREQ(name_of(JobState::unknown_outcome), "unknown_outcome");
    EXPECT_STREQ(name_of(JobState::saved), "saved");
}

TEST(JobStore, WritesTimesAsTheOlderClientDid) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const Job job = store.find(store.begin(some_job())).value();
    EXPECT_THAT(job.submitted_at,
                MatchesRegex("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}"));
}

TEST(JobStore, KeepsAnyTextAndMegabytesOfResults) {
    const TempFolder folder;
    const std::string odd("caf\xC3\xA9 \xFF quote' \0 nul", 18);
    const std::string large = "{\"b\":\"" + std::string(20 << 20, 'x') + "\"}";
    const std::int64_t id = open_in(folder).begin({"fal", odd, odd});
    open_in(folder).completed(id, large);
    const Job job = open_in(folder).find(id).value();
    EXPECT_EQ(job.model, odd);
    EXPECT_EQ(job.input_json, odd);
    EXPECT_TRUE(job.result_json == large);
}

TEST(JobStore, DropsPayloadsOfAResultOnceItIsSaved) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t id = accepted_job(store, "r1");
    const std::string payload(100'000, 'A');
    store.completed(id, R"({"url":"https://v3.fal.media/x.png","seed":12345678901234567890123,)"
                        R"("inline":"data:image/png;base64,)" +
                            payload + "\"}");
    store.saved(id, {});
    const std::string result = store.find(id)->result_json.value();
    EXPECT_THAT(result, HasSubstr("https://v3.fal.media/x.png"));
    EXPECT_THAT(result, HasSubstr("12345678901234567890123"));
    EXPECT_LT(result.size(), 1000U);
}

TEST(JobStore, AnAcceptanceOutweighsEverythingSaidBefore) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t unknown = store.begin(some_job());
    store.unknown(unknown, "the connection broke");
    const std::int64_t refused = store.begin(some_job());
    store.refused(refused, "429");
    const std::int64_t forgotten = store.begin(some_job());
    EXPECT_TRUE(store.forget(forgotten));
    for (const std::int64_t id : {unknown, refused, forgotten}) {
        store.accepted(id, acceptance("r" + std::to_string(id)));
        const Job job = store.find(id).value();
        EXPECT_EQ(job.state, JobState::waiting);
        EXPECT_EQ(job.request_id, "r" + std::to_string(id));
        EXPECT_EQ(job.error, std::nullopt);
    }
}

TEST(JobStore, LateReportsNeverUndoWhatIsKnown) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t waiting = accepted_job(store, "w");
    const std::int64_t completed = accepted_job(store, "c");
    store.completed(completed, R"({"a":1})");
    const std::int64_t failed = accepted_job(store, "f");
    store.failed(failed, "FAILED", "too dark");
    const std::int64_t saved = accepted_job(store, "s");
    store.completed(saved, "{}");
    store.saved(saved, {"/a.png"});

    for (const std::int64_t id : {waiting, completed, failed, saved}) {
        store.refused(id, "late");
        store.unknown(id, "late");
    }
    EXPECT_EQ(state_of(store, waiting), JobState::waiting);
    for (const std::int64_t id : {completed, failed, saved}) {
        store.still_waiting(id, "IN_QUEUE", 1);
        store.look_failed(id, "late");
        store.accepted(id, acceptance("late"));
    }
    store.failed(completed, "FAILED", "late");
    store.failed(saved, "FAILED", "late");
    store.completed(saved, R"({"late":1})");

    EXPECT_EQ(state_of(store, completed), JobState::completed);
    EXPECT_EQ(store.find(completed)->status, "COMPLETED");
    EXPECT_EQ(store.find(completed)->result_json, R"({"a":1})");
    EXPECT_EQ(state_of(store, failed), JobState::failed);
    EXPECT_EQ(store.find(failed)->error, "too dark");
    EXPECT_EQ(state_of(store, saved), JobState::saved);
    EXPECT_EQ(store.find(saved)->saved_to, "/a.png");

    store.completed(failed, R"({"after all":1})");
    EXPECT_EQ(state_of(store, failed), JobState::completed);
}

TEST(JobStore, AReportAboutNoJobIsAnError) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const Error error = failure_of([&] { store.accepted(7, acceptance("r")); });
    EXPECT_THAT(error.what(), HasSubstr("no job 7"));
    EXPECT_EQ(error.subject(), store.path());
    static_cast<void>(failure_of([&] { store.completed(7, "{}"); }));
    static_cast<void>(failure_of([&] { store.saved(7, {}); }));
}

TEST(JobStore, ForgetsWhatTheUserHasSeen) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t id = accepted_job(store, "r1");
    EXPECT_TRUE(store.forget(id));
    EXPECT_FALSE(store.forget(id));
    EXPECT_FALSE(store.forget(99));
    EXPECT_THAT(store.open_jobs(), IsEmpty());
    EXPECT_EQ(store.find(id), std::nullopt);
    EXPECT_EQ(store.find_request("r1"), std::nullopt);
    EXPECT_GT(store.begin(some_job()), id);
}

TEST(JobStore, DropsOldJobsThatAreDoneAndNoOthers) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t sending = store.begin(some_job());
    const std::int64_t unknown = store.begin(some_job());
    store.unknown(unknown, "");
    const std::int64_t waiting = accepted_job(store, "w");
    const std::int64_t completed = accepted_job(store, "c");
    store.completed(completed, "{}");
    const std::int64_t refused = store.begin(some_job());
    store.refused(refused, "");
    const std::int64_t failed = accepted_job(store, "f");
    store.failed(failed, "FAILED", "");
    const std::int64_t saved = accepted_job(store, "s");
    store.saved(saved, {});
    const std::int64_t forgotten = accepted_job(store, "x");
    EXPECT_TRUE(store.forget(forgotten));
    NewJob named = some_job();
    named.idempotency_key = "poster";
    store.saved(store.begin(named), {"poster.png"});

    ask(store.path(),
        "UPDATE jobs SET updated_at = strftime('%Y-%m-%dT%H:%M:%f', 'now', "
        "'-29 days')");
    static_cast<void>(store.begin(some_job()));
    EXPECT_EQ(ask(store.path(), "SELECT count(*) FROM jobs"), "10");
    ask(store.path(),
        "UPDATE jobs SET updated_at = strftime('%Y-%m-%dT%H:%M:%f', 'now', "
        "'-31 days')");
    static_cast<void>(store.begin(some_job()));
    EXPECT_EQ(ask(store.path(), "SELECT group_concat(id) FROM (SELECT id FROM jobs ORDER BY id)"),
              "1,2,3,4,9,10,11");
    EXPECT_EQ(store.find_key("poster")->saved_to, "poster.png");
    for (const std::int64_t id : {sending, unknown, waiting, completed}) {
        EXPECT_TRUE(store.find(id).has_value()) << id;
    }
}

TEST(JobStore, TellsTheDeadFromTheLiving) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const pid_t child = start([&] {
        JobStore its_own = open_in(folder);
        static_cast<void>(its_own.begin(some_job()));
        for (;;) {
            ::pause();
        }
    });
    while (store.open_jobs().empty()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(state_of(store, 1), JobState::sending);
    ::kill(child, SIGKILL);
    siginfo_t ended{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
    // Its parent has not collected it yet.
    EXPECT_EQ(store.open_jobs().at(0).state, JobState::unknown_outcome);
    EXPECT_EQ(exit_code_of(child), -SIGKILL);
    EXPECT_THAT(store.find(1)->error.value(), HasSubstr("gone"));
    EXPECT_EQ(ask(store.path(), "SELECT state FROM jobs"), "unknown_outcome");
}

TEST(JobStore, KnowsThatANumberOfAProcessIsUsedAgain) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    for (const char* change : {"owner_started = owner_started + 1", "owner_boot = 'another'"}) {
        const std::int64_t id = store.begin(some_job());
        EXPECT_EQ(state_of(store, id), JobState::sending);
        ask(store.path(), std::string("UPDATE jobs SET ") + change);
        EXPECT_EQ(state_of(store, id), JobState::unknown_outcome);
    }
}

TEST(JobStore, TwoStoresOfOneProcessDoNotUnlockEachOther) {
    const TempFolder folder;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&] {
            for (int round = 0; round < 10; ++round) {
                JobStore store = open_in(folder);
                store.accepted(store.begin(some_job()), acceptance("r"));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_THAT(open_in(folder).open_jobs(), SizeIs(40));
    EXPECT_EQ(ask(folder / "jobs.db", "PRAGMA integrity_check"), "ok");
}

TEST(JobStore, ThirtyProcessesAtOnceLoseNothing) {
    const TempFolder folder;
    constexpr int kProcesses = 30;
    constexpr int kJobs = 3;
    // The folder, the file and the tables are made by whoever comes first.
    const std::string path = (folder / "new" / "jobs.db").string();
    std::vector<pid_t> children;
    for (int process = 0; process < kProcesses; ++process) {
        children.push_back(start([&] {
            for (int number = 0; number < kJobs; ++number) {
                JobStore store = JobStore::open(path);
                const std::string name = std::to_string(process) + "-" + std::to_string(number);
                const std::int64_t id = store.begin(some_job(name));
                store.accepted(id, acceptance(name));
                store.completed(id, "{}");
            }
        }));
    }
    for (const pid_t child : children) {
        EXPECT_EQ(exit_code_of(child), 0);
    }
    std::set<std::string> names;
    for (const Job& job : JobStore::open(path).open_jobs()) {
        EXPECT_EQ(job.state, JobState::completed);
        EXPECT_EQ(job.request_id, job.model);
        names.insert(job.model);
    }
    EXPECT_THAT(names, SizeIs(kProcesses * kJobs));
}

/// Writes jobs until it is killed, and after each step a line of its own about it.
[[noreturn]] void write_jobs_for_ever(const std::string& database, int log) {
    const auto tell = [&](const char* step, std::int64_t id) {
        const std::string line = std::string(step) + " " + std::to_string(id) + "\n";
        if (::write(log, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
            ::_exit(2);
        }
    };
    const std::string result = "{\"b\":\"" + std::string(20'000, 'x') + "\"}";
    for (;;) {
        JobStore store = JobStore::open(database);
        const std::int64_t id = store.begin(some_job());
        tell("begun", id);
        store.accepted(id, acceptance("r" + std::to_string(id)));
        tell("accepted", id);
        store.completed(id, result);
        tell("completed", id);
        if (id % 2 == 0) {
            store.saved(id, {"/a.png"});
            tell("saved", id);
        }
    }
}

/// The last step that was told of each job.
std::map<std::int64_t, std::string> steps_in(const fs::path& log) {
    std::map<std::int64_t, std::string> steps;
    std::ifstream lines(log);
    std::string step;
    std::int64_t id = 0;
    while (lines >> step >> id) {
        steps[id] = step;
    }
    return steps;
}

void check_step(const std::string& step, const Job& job) {
    static const std::map<std::string, std::set<JobState>> kPossible{
        {"begun", {JobState::unknown_outcome, JobState::waiting}},
        {"accepted", {JobState::waiting, JobState::completed}},
        {"completed", {JobState::completed, JobState::saved}},
        {"saved", {JobState::saved}},
    };
    EXPECT_TRUE(kPossible.at(step).contains(job.state))
        << "job " << job.id << ": " << step << ", but " << name_of(job.state);
    if (job.state != JobState::unknown_outcome) {
        EXPECT_EQ(job.request_id, "r" + std::to_string(job.id));
    }
}

/// Starts the work in so many processes at once and kills them one after the other.
void kill_soon(int processes, std::mt19937& random, std::chrono::microseconds longest_life,
               const std::function<void()>& work) {
    std::vector<pid_t> children;
    for (int number = 0; number < processes; ++number) {
        children.push_back(start(work));
    }
    std::uniform_int_distribution<std::int64_t> life(0, longest_life.count());
    for (const pid_t child : children) {
        std::this_thread::sleep_for(std::chrono::microseconds(life(random)));
        ::kill(child, SIGKILL);
    }
    for (const pid_t child : children) {
        EXPECT_EQ(exit_code_of(child), -SIGKILL);
    }
}

TEST(JobStore, AKillAtAnyInstantLosesNothing) {
    const TempFolder folder;
    const fs::path database = folder / "jobs.db";
    const fs::path log = folder / "steps.log";
    constexpr int kRounds = 100;
    constexpr int kAtOnce = 3;
    std::mt19937 random(20240611);
    int rounds = 0;
    // Lives get longer, so that there are jobs even where the disk is slow.
    for (; rounds < kRounds || steps_in(log).size() < 30; ++rounds) {
        kill_soon(kAtOnce, random, std::chrono::microseconds(10'000 + 400 * rounds), [&] {
            const int steps = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
            write_jobs_for_ever(database.string(), steps);
        });
        ASSERT_NO_THROW(static_cast<void>(JobStore::open(database.string())));
        if (rounds % 10 == 9) {
            ASSERT_EQ(ask(database, "PRAGMA integrity_check"), "ok");
        }
    }

    const JobStore store = JobStore::open(database.string());
    const std::map<std::int64_t, std::string> steps = steps_in(log);
    for (const auto& [id, step] : steps) {
        const std::optional<Job> job = store.find(id);
        ASSERT_TRUE(job.has_value()) << id << " " << step;
        check_step(step, *job);
    }
    int not_told = 0;
    for (const Job& job : store.open_jobs()) {
        EXPECT_NE(job.state, JobState::sending);
        not_told += steps.contains(job.id) ? 0 : 1;
    }
    // Killed between the return of begin() and the line about it.
    EXPECT_LE(not_told, rounds * kAtOnce);
}

TEST(JobStore, AKillWhileTheFileIsMadeLeavesOneThatWorks) {
    std::mt19937 random(20240612);
    for (int round = 0; round < 50; ++round) {
        const TempFolder folder;
        kill_soon(2, random, std::chrono::microseconds(6'000), [&] {
            static_cast<void>(open_in(folder));
            ::pause();
        });
        JobStore store = open_in(folder);
        EXPECT_EQ(state_of(store, store.begin(some_job())), JobState::sending);
    }
}

TEST(JobStore, IsOpenToNobodyElseWhateverTheUmask) {
    for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0277}}) {
        const TempFolder folder;
        const fs::path database = folder / "state" / "editprep" / "jobs.db";
        const pid_t child = start([&] {
            ::umask(mask);
            JobStore store = JobStore::open(database.string());
            store.accepted(store.begin(some_job()), acceptance("r"));
        });
        EXPECT_EQ(exit_code_of(child), 0);
        EXPECT_EQ(mode_of(folder / "state"), 0700U);
        EXPECT_EQ(mode_of(folder / "state" / "editprep"), 0700U);
        int files = 0;
        for (const fs::directory_entry& file : fs::directory_iterator(database.parent_path())) {
            EXPECT_EQ(mode_of(file.path()), 0600U) << file.path();
            ++files;
        }
        EXPECT_GE(files, 1);
    }
}

TEST(JobStore, ClosesAFileThatWasOpenToOthers) {
    const TempFolder folder;
    static_cast<void>(open_in(folder).begin(some_job()));
    for (const fs::directory_entry& file : fs::directory_iterator(folder.path())) {
        fs::permissions(file.path(), fs::perms(0644));
    }
    EXPECT_THAT(open_in(folder).open_jobs(), SizeIs(1));
    for (const fs::directory_entry& file : fs::directory_iterator(folder.path())) {
        EXPECT_EQ(mode_of(file.path()), 0600U) << file.path();
    }
}

TEST(JobStore, NeverTouchesAFileThatIsNotItsOwn) {
    const TempFolder folder;
    const fs::path file = folder / "jobs.db";
    write(file, "Dear diary, this is no database at all, and long enough to have a header.\n" +
                    std::string(200, '.'));
    const std::string before = content_of(file);
    const Error error = failure_of([&] { static_cast<void>(open_in(folder)); });
    EXPECT_THAT(error.what(), HasSubstr(file.string()));
    EXPECT_EQ(error.subject(), file.string());
    EXPECT_THAT(error.next_step(), HasSubstr("move it aside"));
    EXPECT_EQ(content_of(file), before);
}

TEST(JobStore, NeverTouchesAnotherProgramsDatabase) {
    for (const char* journal : {"delete", "wal"}) {
        const TempFolder folder;
        const fs::path file = folder / "jobs.db";
        ask(file, std::string("PRAGMA journal_mode = ") + journal);
        ask(file, "CREATE TABLE jobs (id INTEGER)");
        const mode_t mode = mode_of(file);
        const std::string before = content_of(file);
        const Error error = failure_of([&] { static_cast<void>(open_in(folder)); });
        EXPECT_THAT(error.what(), HasSubstr("another program"));
        EXPECT_EQ(content_of(file), before) << journal;
        EXPECT_EQ(mode_of(file), mode);
    }
}

TEST(JobStore, RefusesWhatANewerVersionMade) {
    const TempFolder folder;
    static_cast<void>(open_in(folder).begin(some_job()));
    ask(folder / "jobs.db", "PRAGMA user_version = 99");
    const std::string before = content_of(folder / "jobs.db");
    const Error error = failure_of([&] { static_cast<void>(open_in(folder)); });
    EXPECT_THAT(error.what(), HasSubstr("newer version"));
    EXPECT_THAT(error.next_step(), HasSubstr("update"));
    EXPECT_EQ(content_of(folder / "jobs.db"), before);
}

/// Opens the store and looks at everything in it.
void read_all(const TempFolder& folder) { static_cast<void>(open_in(folder).open_jobs()); }

TEST(JobStore, SaysSoWhenItsFileIsCutOff) {
    const TempFolder folder;
    const fs::path file = folder / "jobs.db";
    {
        JobStore store = open_in(folder);
        for (int number = 0; number < 10; ++number) {
            store.completed(store.begin(some_job()), std::string(6'000, 'x'));
        }
    }
    const std::string whole = content_of(file);
    for (std::size_t size = 2; size < whole.size(); size += size < 200 ? 13 : 3'500) {
        write(file, whole.substr(0, size));
        const Error error = failure_of([&] { read_all(folder); });
        EXPECT_THAT(error.next_step(), HasSubstr("move it aside")) << size;
        EXPECT_EQ(content_of(file).size(), size);
    }
    write(file, whole);
    EXPECT_THAT(open_in(folder).open_jobs(), SizeIs(10));
}

TEST(JobStore, SaysSoWhenItsFileIsDamaged) {
    const TempFolder folder;
    const fs::path file = folder / "jobs.db";
    {
        JobStore store = open_in(folder);
        for (int number = 0; number < 30; ++number) {
            static_cast<void>(store.begin(some_job(std::string(300, 'm'))));
        }
    }
    const std::string whole = content_of(file);
    std::mt19937 random(7);
    int noticed = 0;
    for (int round = 0; round < 100; ++round) {
        std::string damaged = whole;
        const std::size_t at = random() % (whole.size() - 64);
        for (std::size_t i = 0; i < 64; ++i) {
            damaged[at + i] = static_cast<char>(random());
        }
        write(file, damaged);
        // A wrong letter in a text cannot be noticed; nothing may crash.
        try {
            read_all(folder);
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::store_failed);
            ++noticed;
        }
    }
    EXPECT_GT(noticed, 0);
    for (std::size_t at = 20; at < 4096; at += 500) {
        write(file, whole.substr(0, at) + std::string(whole.size() - at, '\xA5'));
        EXPECT_THAT(failure_of([&] { read_all(folder); }).next_step(), HasSubstr("move it aside"));
    }
}

/// Gives the folder to somebody who is not root, and runs the work as that one, or as ourselves
/// when we are not root.
int exit_code_without_privileges(const fs::path& folder, const std::function<void()>& work) {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0) {
        for (const fs::directory_entry& file : fs::recursive_directory_iterator(folder)) {
            EXPECT_EQ(::lchown(file.path().c_str(), kNobody, kNobody), 0);
        }
        EXPECT_EQ(::lchown(folder.c_str(), kNobody, kNobody), 0);
    }
    // Opens the module, which may lie where only we may look.
    const TempFolder other;
    static_cast<void>(open_in(other));
    return exit_code_of(start([&] {
        if (::geteuid() == 0 && (::setresgid(kNobody, kNobody, kNobody) != 0 ||
                                 ::setresuid(kNobody, kNobody, kNobody) != 0)) {
            ::_exit(3);
        }
        work();
    }));
}

/// Ends this process with 10 when the work fails as it should.
void expect_failure(const std::string& advice, const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        const bool as_expected = error.errc() == Errc::store_failed &&
                                 error.next_step().find(advice) != std::string::npos;
        if (!as_expected) {
            std::fprintf(stderr, "%s; %s\n", error.what(), error.next_step().c_str());
        }
        ::_exit(as_expected ? 10 : 11);
    }
}

TEST(JobStore, NamesAFolderThatCannotBeWritten) {
    const TempFolder folder;
    fs::permissions(folder.path(), fs::perms(0500));
    EXPECT_EQ(exit_code_without_privileges(folder.path(),
                                           [&] {
                                               expect_failure(folder.path().string(), [&] {
                                                   static_cast<void>(open_in(folder));
                                               });
                                           }),
              10);
    fs::permissions(folder.path(), fs::perms(0700));
}

TEST(JobStore, CanBeReadWhereItCannotBeWritten) {
    const TempFolder folder;
    ASSERT_EQ(exit_code_of(start([&] { static_cast<void>(open_in(folder).begin(some_job())); })),
              0);
    for (const fs::directory_entry& file : fs::directory_iterator(folder.path())) {
        fs::permissions(file.path(), fs::perms(0400));
    }
    fs::permissions(folder.path(), fs::perms(0500));
    const int code = exit_code_without_privileges(folder.path(), [&] {
        JobStore store = open_in(folder);
        const std::vector<Job> jobs = store.open_jobs();
        if (jobs.size() != 1 || jobs.front().state != JobState::unknown_outcome) {
            ::_exit(12);
        }
        expect_failure("writable", [&] { static_cast<void>(store.begin(some_job())); });
    });
    EXPECT_EQ(code, 10);
    fs::permissions(folder.path(), fs::perms(0700));
}

TEST(JobStore, NamesAFolderThatIsAFile) {
    const TempFolder folder;
    write(folder / "file", "x");
    const Error error = failure_of([&] {
        static_cast<void>(JobStore::open((folder / "file" / "deeper" / "jobs.db").string()));
    });
    EXPECT_THAT(error.what(), HasSubstr("Not a directory"));
    EXPECT_EQ(content_of(folder / "file"), "x");
}

TEST(JobStore, SurvivesAFullDisk) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t kept = accepted_job(store, "r1");
    const int code = exit_code_of(start([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        JobStore its_own = open_in(folder);
        const rlimit limit{64 << 10, 64 << 10};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        expect_failure("make room", [&] { its_own.completed(kept, std::string(1 << 20, 'x')); });
    }));
    EXPECT_EQ(code, 10);
    EXPECT_EQ(state_of(store, kept), JobState::waiting);
    EXPECT_EQ(ask(store.path(), "PRAGMA integrity_check"), "ok");
    store.completed(kept, "{}");
    EXPECT_EQ(state_of(store, kept), JobState::completed);
}

TEST(JobStore, LiesUnderAnyPath) {
    const TempFolder folder;
    for (const std::string name : {"caf\xC3\xA9 \xE5\x9B\xBE", "not\xFFutf8", "a?mode=memory&b#c",
                                   ":memory:", "file:x", "quote'\"", "%41"}) {
        const std::string path = (folder / name / name).string();
        static_cast<void>(JobStore::open(path).begin(some_job(name)));
        EXPECT_TRUE(fs::exists(path)) << name;
        EXPECT_EQ(JobStore::open(path).open_jobs().at(0).model, name);
    }
}

TEST(JobStore, FollowsItsFileWhenTheProcessChangesItsFolder) {
    const TempFolder folder;
    const int code = exit_code_of(start([&] {
        fs::current_path(folder.path());
        JobStore store = JobStore::open("jobs.db");
        fs::current_path("/");
        static_cast<void>(store.begin(some_job()));
        ::_exit(store.path() == (folder / "jobs.db").string() ? 0 : 12);
    }));
    EXPECT_EQ(code, 0);
    EXPECT_THAT(open_in(folder).open_jobs(), SizeIs(1));
}

void expect_job_exists(const std::function<void()>& begin, const std::string& key) {
    try {
        begin();
        ADD_FAILURE() << "it was begun";
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::job_exists) << error.what();
        EXPECT_EQ(error.subject(), key);
        EXPECT_THAT(error.next_step(), HasSubstr("run the command again"));
    }
}

NewJob keyed_job(const std::string& key, std::int64_t after = 0) {
    return {.provider = "fal",
            .model = "m",
            .input_json = "{}",
            .idempotency_key = key,
            .input_digest = "d",
            .sent_key = "s",
            .after = after};
}

TEST(JobStore, FindsTheNewestJobOfAKey) {
    const TempFolder folder;
    const std::string odd = "caf\xC3\xA9 '1'; --";
    const std::int64_t first = open_in(folder).begin(keyed_job(odd));
    open_in(folder).refused(first, "422");
    const std::int64_t second = open_in(folder).begin(keyed_job(odd, first));
    static_cast<void>(open_in(folder).begin(some_job()));

    const JobStore store = open_in(folder);
    const auto found = store.find_key(odd);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, second);
    EXPECT_EQ(found->idempotency_key, odd);
    EXPECT_EQ(found->input_digest, "d");
    EXPECT_EQ(found->sent_key, "s");
    EXPECT_EQ(store.find_key("another"), std::nullopt);
    EXPECT_EQ(store.find_key(""), std::nullopt) << "that is no key";
}

TEST(JobStore, AForgottenJobFreesItsKey) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t id = store.begin(keyed_job("k"));
    store.forget(id);
    EXPECT_EQ(store.find_key("k"), std::nullopt);
    EXPECT_GT(store.begin(keyed_job("k")), id);
}

TEST(JobStore, OfTwoThatFoundAKeyFreeOneBegins) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t id = store.begin(keyed_job("k"));
    expect_job_exists([&] { static_cast<void>(open_in(folder).begin(keyed_job("k"))); }, "k");
    EXPECT_THAT(store.open_jobs(), SizeIs(1));

    store.refused(id, "422");
    const std::int64_t next = store.begin(keyed_job("k", id));
    expect_job_exists([&] { static_cast<void>(store.begin(keyed_job("k", id))); }, "k");
    EXPECT_EQ(store.find_key("k")->id, next);
}

TEST(JobStore, ManyProcessesBeginOneJobOfAKey) {
    const TempFolder folder;
    std::vector<pid_t> processes;
    for (int i = 0; i < 20; ++i) {
        processes.push_back(start([&] {
            try {
                static_cast<void>(open_in(folder).begin(keyed_job("k")));
            } catch (const Error& error) {
                ::_exit(error.errc() == Errc::job_exists ? 10 : 11);
            }
        }));
    }
    std::map<int, int> codes;
    for (const pid_t process : processes) {
        ++codes[exit_code_of(process)];
    }
    EXPECT_EQ(codes, (std::map<int, int>{{0, 1}, {10, 19}}));
    EXPECT_EQ(open_in(folder).find_key("k")->state, JobState::unknown_outcome);
}

TEST(JobStore, BeginsAJobOfUnknownOutcomeAgain) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t id = store.begin(keyed_job("k"));
    expect_job_exists([&] { store.begin_again(id); }, "k");
    store.unknown(id, "the connection broke");
    store.begin_again(id);
    EXPECT_EQ(state_of(store, id), JobState::sending);
    EXPECT_EQ(store.find(id)->error, std::nullopt);
    expect_job_exists([&] { open_in(folder).begin_again(id); }, "k");
    store.accepted(id, acceptance("r"));
    EXPECT_EQ(state_of(store, id), JobState::waiting);
}

TEST(JobStore, GivesARequestThatWasFoundToOneJob) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t other = accepted_job(store, "r1");
    store.forget(other);
    const std::int64_t first = store.begin(some_job());
    const std::int64_t second = store.begin(some_job());
    EXPECT_FALSE(store.found(first, acceptance("r2"))) << "it is being sent";
    store.unknown(first, "x");
    store.unknown(second, "x");
    EXPECT_FALSE(store.found(first, acceptance("r1"))) << "a forgotten job has it";
    EXPECT_TRUE(store.found(first, acceptance("r2")));
    EXPECT_FALSE(store.found(second, acceptance("r2")));
    EXPECT_EQ(state_of(store, first), JobState::waiting);
    EXPECT_EQ(state_of(store, second), JobState::unknown_outcome);
    EXPECT_TRUE(store.has_request("r1"));
    EXPECT_FALSE(store.has_request("r3"));
}

TEST(JobStore, KeepsThePathsOfASavedJob) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const std::int64_t id = accepted_job(store, "r");
    store.saved(id, {"/a.png"});
    store.saved(id, {});
    EXPECT_EQ(store.find(id)->saved_to, "/a.png");
}

TEST(JobStore, KnowsWhenAJobWasWrittenDown) {
    const TempFolder folder;
    JobStore store = open_in(folder);
    const auto before = std::chrono::system_clock::now() - std::chrono::milliseconds(1);
    const auto job = store.find(store.begin(some_job()));
    EXPECT_GE(submission_time(*job), before);
    EXPECT_LE(submission_time(*job), std::chrono::system_clock::now());
}

/// The tables of schema version 1 with one job in them.
void make_old_database(const fs::path& file) {
    ask(file,
        "CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, model "
        "TEXT "
        "NOT NULL, request_id TEXT NOT NULL DEFAULT '', state TEXT NOT NULL, status TEXT NOT NULL "
        "DEFAULT '', status_url TEXT NOT NULL DEFAULT '', response_url TEXT NOT NULL DEFAULT '', "
        "cancel_url TEXT NOT NULL DEFAULT '', queue_position INTEGER, error TEXT, submitted_at "
        "TEXT "
        "NOT NULL, updated_at TEXT NOT NULL, saved_to TEXT NOT NULL DEFAULT '', forgotten INTEGER "
        "NOT NULL DEFAULT 0, owner_pid INTEGER NOT NULL DEFAULT 0, owner_started INTEGER NOT NULL "
        "DEFAULT 0, owner_boot TEXT NOT NULL DEFAULT '', input_json TEXT NOT NULL, taken_over_json "
        "TEXT NOT NULL DEFAULT '', result_json TEXT)");
    ask(file, "CREATE INDEX jobs_by_request ON jobs (request_id)");
    ask(file,
        "CREATE TABLE taken_over (path TEXT PRIMARY KEY, taken_at TEXT NOT NULL, jobs INTEGER NOT "
        "NULL)");
    ask(file,
        "INSERT INTO jobs (provider, model, request_id, state, submitted_at, updated_at, "
        "input_json) "
        "VALUES ('fal', 'm', 'old-1', 'waiting', '2026-01-01T00:00:00.000000', "
        "'2026-01-01T00:00:00.000000', '{}')");
    ask(file, "PRAGMA application_id = 1162104906");
    ask(file, "PRAGMA user_version = 1");
}

TEST(JobStore, ManyProcessesUpgradeAnOlderDatabaseInPlace) {
    const TempFolder folder;
    make_old_database(folder / "jobs.db");
    std::vector<pid_t> processes;
    for (int i = 0; i < 10; ++i) {
        processes.push_back(start([&, i] {
            JobStore store = open_in(folder);
            static_cast<void>(store.begin(keyed_job("k" + std::to_string(i))));
        }));
    }
    for (const pid_t process : processes) {
        EXPECT_EQ(exit_code_of(process), 0);
    }
    const JobStore store = open_in(folder);
    EXPECT_THAT(store.open_jobs(), SizeIs(11));
    EXPECT_EQ(store.find_request("old-1")->idempotency_key, "");
    EXPECT_TRUE(store.find_key("k7"));
    EXPECT_EQ(ask(folder / "jobs.db", "PRAGMA user_version"), "2");
    EXPECT_EQ(ask(folder / "jobs.db", "PRAGMA integrity_check"), "ok");
}

TEST(JobStore, AnUpgradeThatWasCutOffIsDoneByTheNext) {
    const TempFolder folder;
    make_old_database(folder / "jobs.db");
    const int code = exit_code_of(start([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{0, 0};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        expect_failure("make room", [&] { static_cast<void>(open_in(folder)); });
    }));
    EXPECT_EQ(code, 10);
    EXPECT_EQ(open_in(folder).find_request("old-1")->state, JobState::waiting);
}

}  // namespace
}  // namespace editprep::transport
