#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "command_fixture.hpp"
#include "editprep/transport/redaction.hpp"
#include "emulator_process.hpp"

/// fal_client killed (SIGKILL) at random instants, thirty processes at once: every job that the
/// server took is in the store, and none was sent twice.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kProcesses = 30;
constexpr int kSubmitRounds = 6;
constexpr int kPollRounds = 3;
constexpr std::mt19937::result_type kSeed = 20'250'917;

std::string input_of(int round, int process) {
    return R"({"prompt":"round )" + std::to_string(round) + " process " + std::to_string(process) +
           "\"}";
}

class JobSafety : public CommandTest {
protected:
    JobSafety() : environment_(emulator_.fal_environment()) {
        environment_["HOME"] = file("home").string();
        environment_["XDG_CONFIG_HOME"] = "";
        environment_["EDITPREP_STATE_DIR"] = file("state").string();
    }

    [[nodiscard]] ProcessResult fal(Arguments arguments, ProcessOptions options = {}) const {
        options.environment = environment_;
        return run("fal_client", std::move(arguments), std::move(options));
    }

    /// Runs the command and kills it after so long, if it still runs.
    [[nodiscard]] ProcessResult killed_after(double seconds, const Arguments& arguments) const {
        ProcessOptions options{.arguments = {"-s", "KILL", std::to_string(seconds),
                                             std::string(EDITPREP_BIN) + "/fal_client"},
                               .environment = environment_};
        options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
        return run_process("/usr/bin/timeout", options);
    }

    [[nodiscard]] double random_instant() {
        // From before main() until after the answer, at the pace of a busy machine.
        return std::uniform_real_distribution<double>(0.001, 0.3)(random_);
    }

    /// Kills that struck.
    int submit_in_rounds() {
        int kills = 0;
        for (int round = 0; round < kSubmitRounds; ++round) {
            std::vector<std::future<ProcessResult>> runs;
            for (int process = 0; process < kProcesses; ++process) {
                const double instant = random_instant();
                runs.push_back(std::async(std::launch::async, [this, instant, round, process] {
                    return killed_after(
                        instant, {"submit", "fal-ai/nano-banana-pro", input_of(round, process)});
                }));
            }
            for (auto& run : runs) {
                kills += run.get().exit_code == 0 ? 0 : 1;
            }
        }
        return kills;
    }

    /// Request id by the digest of the input.
    [[nodiscard]] std::map<std::string, std::string> accepted_jobs() const {
        const Json journal = Json::parse(emulator_.get("/_emulator/journal"));
        EXPECT_EQ(journal["key_leaks"], 0);
        std::map<std::string, std::string> jobs;
        for (const Json& job : journal["jobs"]) {
            EXPECT_EQ(job["submits"], 1) << job;
            jobs[job["input_sha256"]] = job["request_id"];
        }
        EXPECT_EQ(jobs.size(), journal["job_count"]) << "an input was taken twice";
        return jobs;
    }

    [[nodiscard]] Json pending() const {
        const ProcessResult result = fal({"list"});
        expect_success(result);
        return Json::parse(result.out)["pending"];
    }

    EmulatorProcess emulator_{std::filesystem::path(EDITPREP_BIN) / "provider_emulator"};
    std::map<std::string, std::string> environment_;
    std::mt19937 random_{kSeed};
};

TEST_F(JobSafety, AKilledSubmitLosesNoJobAndSendsNoneTwice) {
    const int kills = submit_in_rounds();
    const auto accepted = accepted_jobs();
    RecordProperty("kills", kills);
    RecordProperty("accepted", static_cast<int>(accepted.size()));

    std::map<std::string, Json> stored;
    for (const Json& entry : pending()) {
        const std::string digest = transport::sha256_hex(entry["input"].dump());
        EXPECT_FALSE(stored.contains(digest)) << entry;
        stored[digest] = entry;
    }
    int unknown = 0;
    for (const auto& [digest, request_id] : accepted) {
        ASSERT_TRUE(stored.contains(digest)) << request_id << " is lost";
        const Json& entry = stored[digest];
        if (entry["status"] == "UNKNOWN") {
            ++unknown;
        } else {
            EXPECT_EQ(entry["request_id"], request_id);
        }
    }
    EXPECT_GT(kills, 0);
    EXPECT_GT(accepted.size(), 0U);
    RecordProperty("unknown", unknown);
}

TEST_F(JobSafety, AKilledPollLosesNoResult) {
    std::vector<std::future<int>> submits;
    for (int process = 0; process < kProcesses; ++process) {
        submits.push_back(std::async(std::launch::async, [this, process] {
            return fal({"submit", "fal-ai/nano-banana-pro", input_of(0, process)}).exit_code;
        }));
    }
    for (auto& code : submits) {
        EXPECT_EQ(code.get(), 0);
    }
    std::set<std::string> printed;
    const auto take = [&printed](const ProcessResult& result) {
        const Json answer = Json::parse(result.out, nullptr, /*allow_exceptions=*/false);
        if (answer.is_object()) {
            for (const Json& entry : answer["completed"]) {
                printed.insert(entry["request_id"].get<std::string>());
            }
        }
    };
    for (int round = 0; round < kPollRounds; ++round) {
        std::vector<std::future<ProcessResult>> polls;
        for (int process = 0; process < kProcesses; ++process) {
            const double instant = random_instant();
            polls.push_back(std::async(
                std::launch::async, [this, instant] { return killed_after(instant, {"poll"}); }));
        }
        for (auto& poll : polls) {
            take(poll.get());
        }
    }
    std::set<std::string> known = printed;
    for (const Json& entry : pending()) {
        known.insert(entry["request_id"].get<std::string>());
    }
    for (const auto& [digest, request_id] : accepted_jobs()) {
        EXPECT_TRUE(known.contains(request_id)) << request_id << " is lost";
    }
}

TEST_F(JobSafety, WithoutAPlaceToWriteItDownNothingIsSent) {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the thread sanitizer writes a file of its own when a program starts";
#endif
    ProcessOptions options;
    options.largest_file_bytes = 0;
    const ProcessResult result =
        fal({"submit", "fal-ai/nano-banana-pro", input_of(0, 0)}, std::move(options));
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(accepted_jobs().empty());
}

}  // namespace
}  // namespace editprep::testing
