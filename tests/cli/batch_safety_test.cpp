#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>

#include "command_fixture.hpp"
#include "editprep/imaging/image_file.hpp"
#include "emulator_process.hpp"

/// Batches that are killed, interrupted and met by faults: the same command goes on until all is
/// done, and nothing is paid for twice.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr const char* kCanary = "canary-of-the-batch-tests";
constexpr int kKills = 10;
/// A run that ends before the signal comes is none of them.
constexpr int kMostAttempts = 30;
/// Runs without a kill until everything is done; each can fail where a fault strikes.
constexpr int kMostRuns = 12;
constexpr int kRunsBeforeResending = 3;
constexpr std::mt19937::result_type kSeed = 20'261'121;

class BatchSafety : public CommandTest {
protected:
    explicit BatchSafety(const Arguments& emulator_arguments = {"--job-seconds", "0.2",
                                                                "--answer-size", "48x32"})
        : emulator_(std::filesystem::path(EDITPREP_BIN) / "provider_emulator", emulator_arguments) {
        environment_ = emulator_.fal_environment();
        environment_["HOME"] = file("home").string();
        environment_["EDITPREP_STATE_DIR"] = file("state").string();
        environment_["OPENCLAW_CONFIG"] = file("openclaw.json").string();
        const Json entry{{"baseUrl", emulator_.url() + "/v1"},
                         {"apiKey", kCanary},
                         {"idempotencyHeader", "Idempotency-Key"}};
        write_text(file("openclaw.json"),
                   Json{{"models", {{"providers", {{"openai", entry}}}}}}.dump());
    }

    void TearDown() override {
        emulator_.clear_faults();
        EXPECT_EQ(journal().at("key_leaks"), 0);
    }

    /// Pictures and edits by both providers in turn, each with words of its own.
    void write_manifest(int count) const {
        std::string lines;
        for (int i = 0; i < count; ++i) {
            Json item{{"mode", i % 2 == 0 ? "image" : "edit"},
                      {"prompt", "number " + std::to_string(i + 1)},
                      {"out_dir", "out"},
                      {"prefix", "item{index:03d}"}};
            const bool fal = i % 4 >= 2;
            item["provider"] = fal ? "fal" : "openai";
            if (i % 2 == 1) {
                item["image"] = "S1.png";
                item["model"] = fal ? "fal-ai/nano-banana-pro/edit" : "gpt-image-1-mini";
            } else {
                item["model"] = fal ? "fal-ai/flux/schnell" : "gpt-image-1-mini";
            }
            lines += item.dump() + '\n';
        }
        write_text(file("batch.jsonl"), lines);
    }

    [[nodiscard]] static Arguments batch_words(int jobs, const Arguments& further = {}) {
        Arguments words{"--manifest",         "batch.jsonl",   "--jobs",
                        std::to_string(jobs), "--summary-out", "summary.json"};
        words.insert(words.end(), further.begin(), further.end());
        return words;
    }

    [[nodiscard]] ProcessResult batch(const Arguments& words) const {
        return run("generate_batch_media", words, {.environment = environment_});
    }

    /// The same, with a signal once so many further files are there, and a little later.
    [[nodiscard]] ProcessResult signalled(int signal, std::size_t further_files,
                                          std::chrono::milliseconds later,
                                          const Arguments& words) const {
        const std::size_t before = saved_files().size();
        return signalled_when([&] { return saved_files().size() >= before + further_files; },
                              signal, later, words);
    }

    [[nodiscard]] ProcessResult signalled_when(const std::function<bool()>& is_time, int signal,
                                               std::chrono::milliseconds later,
                                               const Arguments& words) const {
        std::filesystem::remove(file("pid"));
        auto process = std::async(std::launch::async, [this, &words] {
            Arguments shell{"-c", R"(echo $$ > pid.new; mv pid.new pid; exec "$0" "$@")",
                            std::string(EDITPREP_BIN) + "/generate_batch_media"};
            shell.insert(shell.end(), words.begin(), words.end());
            return run("/bin/sh", shell, {.environment = environment_});
        });
        while (process.wait_for(2ms) != std::future_status::ready &&
               (!std::filesystem::exists(file("pid")) || !is_time())) {
        }
        if (process.wait_for(later) != std::future_status::ready) {
            ::kill(std::stoi(content_of(file("pid"))), signal);
        }
        return process.get();
    }

    /// The same command again and again. What was being sent when a signal struck may have arrived:
    /// only when the provider had the time to list it, and does not, it is sent anew.
    int run_to_the_end(int jobs) const {
        for (int count = 1; count <= kMostRuns; ++count) {
            Arguments words = batch_words(jobs, {"--continue-on-error"});
            if (count > kRunsBeforeResending) {
                words.emplace_back("--resend-unknown");
            }
            const ProcessResult result = batch(words);
            if (result.exit_code == 0) {
                return count;
            }
            EXPECT_EQ(result.exit_code, 1) << result.err;
            std::this_thread::sleep_for(500ms);
        }
        ADD_FAILURE() << "it never ends: " << content_of(file("summary.json"));
        return kMostRuns;
    }

    /// Names of finished files below `out`.
    [[nodiscard]] std::set<std::string> saved_files() const {
        std::set<std::string> names;
        if (std::filesystem::exists(file("out"))) {
            for (const auto& entry : std::filesystem::directory_iterator(file("out"))) {
                // One that is being written has another name.
                if (entry.path().extension() == ".png" || entry.path().extension() == ".jpg") {
                    names.insert(entry.path().filename().string());
                }
            }
        }
        return names;
    }

    [[nodiscard]] Json journal() const { return Json::parse(emulator_.get("/_emulator/journal")); }
    [[nodiscard]] Json summary() const { return Json::parse(content_of(file("summary.json"))); }

    /// Every item has been paid for once, and has left a whole file of its own.
    void expect_all_paid_and_saved_once(std::size_t count) const {
        const Json seen = journal();
        EXPECT_EQ(seen.at("job_count"), count);
        for (const Json& job : seen.at("jobs")) {
            EXPECT_EQ(job.at("submits"), 1) << job;
        }
        const Json told = summary();
        EXPECT_EQ(told.at("ok"), true);
        EXPECT_EQ(told.at("count"), count);
        ASSERT_EQ(told.at("results").size(), count);
        std::set<std::string> files;
        for (std::size_t i = 0; i < count; ++i) {
            const Json& result = told.at("results").at(i);
            EXPECT_EQ(result.at("index"), i + 1);
            EXPECT_EQ(result.at("ok"), true) << result;
            const std::string path = result.at("files").at(0);
            expect_matches(path, "out/" + result.at("item").at("prefix").get<std::string>() +
                                     "_[0-9a-f]{8}\\.(png|jpg)");
            EXPECT_TRUE(files.insert(path).second) << path << " stands for two items";
            EXPECT_FALSE(imaging::read_image(file(path)).image.empty()) << path;
        }
    }

    /// What `fal_client list` shows.
    [[nodiscard]] Json pending_jobs() const {
        const ProcessResult result = run("fal_client", {"list"}, {.environment = environment_});
        expect_success(result);
        return Json::parse(result.out).at("pending");
    }

    EmulatorProcess emulator_;
    std::map<std::string, std::string> environment_;
};

TEST_F(BatchSafety, PaysAndSavesEverythingOnceHoweverOftenItIsKilled) {
    constexpr std::size_t kItems = 200;
    constexpr int kJobs = 6;
    write_manifest(kItems);
    // Those of one path are of one stage: an answer that never leaves would make nothing.
    for (const char* fault :
         {"drop-before-answer@POST /v1/images/generations:6",
          "drop-mid-body@POST /v1/images/generations:4", "drop-request@POST /v1/images/edits:4",
          "status-429=1@POST /v1/images/edits:6", "status-500@POST /v1/images/edits:6",
          "drop-before-answer@POST /queue/fal-ai/flux/*:6",
          "drop-request@POST /queue/fal-ai/nano-banana-pro/*:3",
          "status-429=1@POST /queue/fal-ai/nano-banana-pro/*:6", "status-503@GET /queue/*:6",
          "slow-drip=1@GET /queue/*:9", "drop-mid-body@GET /files/*:4"}) {
        emulator_.add_fault(fault);
    }
    std::mt19937 random(kSeed);
    int kills = 0;
    for (int i = 0; kills < kKills && i < kMostAttempts; ++i) {
        const std::size_t further = std::uniform_int_distribution<std::size_t>(0, 14)(random);
        const std::chrono::milliseconds later(std::uniform_int_distribution<int>(0, 60)(random));
        const ProcessResult result =
            signalled(SIGKILL, further, later, batch_words(kJobs, {"--continue-on-error"}));
        kills += result.signal == SIGKILL ? 1 : 0;
        ASSERT_TRUE(result.signal == SIGKILL || result.exit_code == 1) << result.err;
    }
    EXPECT_EQ(kills, kKills);

    const int runs = run_to_the_end(kJobs);
    expect_all_paid_and_saved_once(kItems);
    for (const Json& job : pending_jobs()) {
        EXPECT_EQ(job.at("status"), "UNKNOWN") << "not collected: " << job;
    }
    RecordProperty("kills", kills);
    RecordProperty("runs", runs);
}

TEST_F(BatchSafety, ASecondProcessAtTheSameBatchIsRefused) {
    write_manifest(8);
    auto first = std::async(std::launch::async, [this] { return batch(batch_words(1)); });
    while (saved_files().empty()) {
        ASSERT_NE(first.wait_for(2ms), std::future_status::ready) << first.get().err;
    }
    const ProcessResult second = batch(batch_words(1));
    expect_error_line(second, R"(^ERROR: another process \(process \d+\) is at this batch; )");
    expect_success(first.get());
    expect_all_paid_and_saved_once(8);
    EXPECT_TRUE(pending_jobs().empty());
}

struct SignalCase {
    const char* name;
    int signal;

    friend void PrintTo(const SignalCase& given, std::ostream* out) { *out << given.name; }
};

class BatchSignal : public BatchSafety, public ::testing::WithParamInterface<SignalCase> {
protected:
    BatchSignal() : BatchSafety({"--job-seconds", "1", "--answer-size", "48x32"}) {}
};

TEST_P(BatchSignal, EndsInOrderAndGoesOn) {
    constexpr std::size_t kItems = 12;
    write_manifest(kItems);
    const ProcessResult stopped = signalled(GetParam().signal, 2, 100ms, batch_words(2));
    EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
    EXPECT_EQ(stopped.signal, 0);
    const Json told = summary();
    EXPECT_EQ(told.at("ok"), false);
    EXPECT_EQ(told.at("count"), kItems);
    EXPECT_LT(told.at("results").size(), kItems);
    EXPECT_EQ(told.at("stopped"), "interrupted");

    run_to_the_end(2);
    EXPECT_EQ(summary().at("results").at(0).at("reused"), true);
    expect_all_paid_and_saved_once(kItems);
}

INSTANTIATE_TEST_SUITE_P(All, BatchSignal,
                         ::testing::Values(SignalCase{"Interrupt", SIGINT},
                                           SignalCase{"Terminate", SIGTERM}),
                         CaseName());

class BatchOfSlowAnswers : public BatchSafety {
protected:
    BatchOfSlowAnswers() : BatchSafety({"--latency", "1000", "--answer-size", "48x32"}) {}
};

TEST_F(BatchOfSlowAnswers, FinishesWhatIsBeingPaidForAndBeginsNothing) {
    constexpr std::size_t kItems = 6;
    std::string lines;
    for (std::size_t i = 0; i < kItems; ++i) {
        lines += R"({"prompt":"number )" + std::to_string(i + 1) +
                 R"(","model":"gpt-image-1-mini","provider":"openai","out_dir":"out",)"
                 R"("prefix":"item{index:03d}"})" +
                 '\n';
    }
    write_text(file("batch.jsonl"), lines);
    const auto is_paying = [this] { return !journal().at("requests").empty(); };
    const ProcessResult stopped = signalled_when(is_paying, SIGINT, 50ms, batch_words(2));
    EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
    EXPECT_NE(stopped.err.find("NOTE: interrupted: what is being paid for is finished"),
              std::string::npos)
        << stopped.err;
    const std::size_t paid = journal().at("job_count");
    EXPECT_GE(paid, 1U);
    EXPECT_LE(paid, 2U);
    EXPECT_EQ(saved_files().size(), paid);
    EXPECT_TRUE(pending_jobs().empty());
    EXPECT_EQ(summary().at("stopped"), "interrupted");

    EXPECT_EQ(run_to_the_end(2), 1);
    expect_all_paid_and_saved_once(kItems);
}

}  // namespace
}  // namespace editprep::testing
