#pragma once

#include <signal.h>

#include <cctype>
#include <chrono>
#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "command_fixture.hpp"
#include "emulator_process.hpp"

namespace editprep::testing {

using Json = nlohmann::ordered_json;

inline const char* const kCanary = "canary-of-the-fault-tests";

/// Signals that come faster than this are taken for one.
inline constexpr std::chrono::milliseconds kNextWish{400};

/// Names a test after its fault, which has signs that no name may have.
struct FaultName {
    std::string operator()(const ::testing::TestParamInfo<const char*>& instance) const {
        std::string name;
        for (const char letter : std::string(instance.param)) {
            name += std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
        }
        return name;
    }
};

/// Commands against an emulator that misbehaves. Whatever happens, no key goes astray and no job is
/// sent twice.
class FaultTest : public CommandTest, public ::testing::WithParamInterface<const char*> {
protected:
    /// @param latency of every answer, in milliseconds
    explicit FaultTest(const std::string& job_seconds = "0", const std::string& latency = "0")
        : emulator_(std::filesystem::path(EDITPREP_BIN) / "provider_emulator",
                    {"--job-seconds", job_seconds, "--latency", latency}) {
        std::filesystem::create_directories(file("home"));
        options_.environment = emulator_.fal_environment();
        options_.environment["FAL_KEY"] = std::string("id:") + kCanary;
        options_.environment["HOME"] = file("home").string();
        options_.environment["EDITPREP_STATE_DIR"] = file("home/state").string();
        options_.environment["OPENCLAW_CONFIG"] = file("home/openclaw.json").string();
        configure(emulator_.url() + "/v1");
    }

    void TearDown() override {
        // A stalled answer would hold up the look at the journal's own page.
        emulator_.clear_faults();
        const Json seen = journal();
        EXPECT_EQ(seen.at("key_leaks"), 0);
        for (const Json& job : seen.at("jobs")) {
            EXPECT_EQ(job.at("submits"), 1) << "sent twice: " << job;
        }
        for (const std::string& name : new_files()) {
            if (name != "home/openclaw.json") {
                EXPECT_EQ(content_of(file(name)).find(kCanary), std::string::npos) << name;
            }
        }
    }

    void configure(const std::string& base_url) const {
        const Json providers{{"openai", {{"baseUrl", base_url}, {"apiKey", kCanary}}}};
        write_text(file("home/openclaw.json"), Json{{"models", {{"providers", providers}}}}.dump());
    }

    [[nodiscard]] ProcessResult call(const std::string& command, Arguments arguments) const {
        ProcessResult result = run(command, std::move(arguments), options_);
        EXPECT_FALSE(result.timed_out);
        EXPECT_EQ(result.signal, 0);
        EXPECT_EQ(result.out.find(kCanary), std::string::npos);
        EXPECT_EQ(result.err.find(kCanary), std::string::npos);
        return result;
    }

    /// The command gets a signal after so many seconds; once, for a second interrupt ends it at
    /// once.
    [[nodiscard]] ProcessResult signalled(const char* signal, const char* seconds,
                                          const std::string& command,
                                          const Arguments& arguments) const {
        Arguments words{"--foreground", "--preserve-status",
                        "-s",           signal,
                        seconds,        std::string(EDITPREP_BIN) + '/' + command};
        words.insert(words.end(), arguments.begin(), arguments.end());
        return call("/usr/bin/timeout", words);
    }
    /// As by a user.
    [[nodiscard]] ProcessResult interrupted(const char* seconds, const std::string& command,
                                            const Arguments& arguments) const {
        return signalled("INT", seconds, command, arguments);
    }

    /// Of a user who presses Ctrl-C.
    enum class Patience { waits, presses_again };

    /// Interrupted while the first POST waits for its answer.
    [[nodiscard]] ProcessResult interrupted_while_paying(Patience patience,
                                                         const std::string& command,
                                                         const Arguments& arguments) const {
        Arguments words{"-c", R"(echo $$ > pid.new; mv pid.new pid; exec "$0" "$@")",
                        std::string(EDITPREP_BIN) + '/' + command};
        words.insert(words.end(), arguments.begin(), arguments.end());
        auto process =
            std::async(std::launch::async, [&] { return run("/bin/sh", words, options_); });
        const auto has_ended = [&process](std::chrono::milliseconds time) {
            return process.wait_for(time) == std::future_status::ready;
        };
        while (requests("POST", "/") == 0 && !has_ended(std::chrono::milliseconds(5))) {
        }
        do {
            ::kill(std::stoi(content_of(file("pid"))), SIGINT);
        } while (!has_ended(kNextWish) && patience == Patience::presses_again);
        return process.get();
    }

    /// From now on.
    void misbehave(const char* fault) {
        fault_ = fault;
        emulator_.add_fault(fault);
    }
    void behave() {
        fault_ = nullptr;
        emulator_.clear_faults();
    }

    [[nodiscard]] Json journal() const { return Json::parse(emulator_.get("/_emulator/journal")); }

    /// Requests of that method whose path begins so.
    [[nodiscard]] std::size_t requests(const std::string& method, const std::string& path) const {
        const Json seen = journal();
        std::size_t count = 0;
        for (const Json& request : seen.at("requests")) {
            count += request.at("method") == method &&
                             request.at("target").get<std::string>().starts_with(path)
                         ? 1U
                         : 0U;
        }
        return count;
    }

    [[nodiscard]] Json kept_jobs() const {
        const ProcessResult result = call("fal_client", {"list"});
        expect_success(result);
        return Json::parse(result.out).at("pending");
    }

    void expect_told(const ProcessResult& result) const {
        EXPECT_EQ(result.exit_code, 1) << result.out;
        EXPECT_NE(result.out + result.err, "");
    }

    void expect_one_unknown_job() const {
        const Json jobs = kept_jobs();
        ASSERT_EQ(jobs.size(), 1U) << jobs;
        EXPECT_EQ(jobs.at(0).at("status"), "UNKNOWN");
    }

    /// Files below a folder, unfinished ones too.
    [[nodiscard]] std::vector<std::string> files_in(const std::string& folder) const {
        std::vector<std::string> names;
        for (const std::string& name : new_files()) {
            if (name.starts_with(folder + '/')) {
                names.push_back(name);
            }
        }
        return names;
    }

    EmulatorProcess emulator_;
    ProcessOptions options_{.time_limit = std::chrono::seconds(60)};
    /// What strikes now.
    const char* fault_ = nullptr;
};

}  // namespace editprep::testing
