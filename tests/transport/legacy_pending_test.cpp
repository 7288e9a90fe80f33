#include "legacy_pending.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "editprep/transport/error.hpp"
#include "temp_folder.hpp"

namespace editprep::transport {
namespace {

namespace fs = std::filesystem;

using editprep::testing::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// As the older client writes it.
constexpr const char* kWritten = R"({
  "requests": [
    {
      "request_id": "0b1c-1",
      "model_id": "fal-ai/nano-banana-pro",
      "input": {
        "prompt": "caf\u00e9 \ud83c\udfa8",
        "seed": 18446744073709551615,
        "strength": 0.1,
        "image_urls": ["https://example.org/a.png", null, true]
      },
      "status": "IN_QUEUE",
      "submitted_at": "2024-06-11T08:30:00.123456",
      "updated_at": "2024-06-11T08:30:00.123456"
    },
    {
      "request_id": "0b1c-2",
      "model_id": "fal-ai/kling-video/o3/pro/video-to-video/edit",
      "input": {},
      "status": "IN_PROGRESS",
      "submitted_at": "2024-06-11T08:31:00.5",
      "updated_at": "2024-06-11T09:00:00",
      "error": "HTTP 502",
      "queue_position": null,
      "my own note": {"b": 1, "a": [2]}
    },
    {
      "request_id": "0b1c-3",
      "model_id": "fal-ai/flux/dev",
      "input": {"prompt": "p"},
      "status": "UNKNOWN",
      "submitted_at": "2024-06-11T08:32:00.000001",
      "updated_at": "2024-06-11T08:32:00.000001",
      "queue_position": 4
    }
  ]
})";

void write(const fs::path& file, const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
}

std::string content_of(const fs::path& file) {
    std::ostringstream content;
    content << std::ifstream(file, std::ios::binary).rdbuf();
    return content.str();
}

/// A store and the older client's file, in a folder of their own.
struct LegacyPendingTest : ::testing::Test {
    [[nodiscard]] JobStore open() const {
        return JobStore::open((folder / "state" / "jobs.db").string());
    }
    int take_over(const std::string& content) const {
        write(pending, content);
        return open().take_over(pending.string());
    }
    /// The message of the refusal; the file stays, and no job comes of it.
    [[nodiscard]] std::string refusal_of(const std::string& content) const {
        try {
            const int taken = take_over(content);
            ADD_FAILURE() << taken << " jobs of " << content.substr(0, 100);
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::store_failed);
            EXPECT_EQ(error.subject(), pending.string());
            EXPECT_THAT(error.what(), HasSubstr(pending.string()));
            EXPECT_TRUE(content_of(pending) == content);
            EXPECT_THAT(open().open_jobs(), IsEmpty());
            return error.what();
        }
        return {};
    }

    const TempFolder folder;
    const fs::path pending = folder / "fal-pending.json";
};

TEST_F(LegacyPendingTest, ListsEntriesAsTheyWere) {
    EXPECT_EQ(take_over(kWritten), 3);
    EXPECT_EQ(content_of(pending), kWritten);
    nlohmann::ordered_json listed = nlohmann::ordered_json::array();
    for (const Job& job : open().open_jobs()) {
        EXPECT_EQ(job.provider, "fal");
        EXPECT_EQ(job.state, JobState::waiting);
        listed.push_back(nlohmann::ordered_json::parse(pending_entry(job)));
    }
    EXPECT_EQ(listed.dump(2), nlohmann::ordered_json::parse(kWritten).at("requests").dump(2));

    const Job job = open().find_request("0b1c-3").value();
    EXPECT_EQ(job.model, "fal-ai/flux/dev");
    EXPECT_EQ(job.status, "UNKNOWN");
    EXPECT_EQ(job.input_json, R"({"prompt":"p"})");
    EXPECT_EQ(job.queue_position, 4);
    EXPECT_EQ(job.submitted_at, "2024-06-11T08:32:00.000001");
    EXPECT_EQ(open().find_request("0b1c-2")->error, "HTTP 502");
}

TEST_F(LegacyPendingTest, IsTakenOverOnce) {
    EXPECT_EQ(take_over(kWritten), 3);
    EXPECT_EQ(take_over(kWritten), 0);
    EXPECT_EQ(take_over("now something else"), 0);
    EXPECT_THAT(open().open_jobs(), SizeIs(3));
}

TEST_F(LegacyPendingTest, IsTakenOverOnceByManyProcesses) {
    write(pending, kWritten);
    constexpr int kProcesses = 10;
    for (int process = 0; process < kProcesses; ++process) {
        if (::fork() == 0) {
            try {
                ::_exit(open().take_over(pending.string()));
            } catch (...) {
                ::_exit(100);
            }
        }
    }
    int taken = 0;
    for (int process = 0; process < kProcesses; ++process) {
        int status = 0;
        ASSERT_GT(::wait(&status), 0);
        taken += WEXITSTATUS(status);
    }
    EXPECT_EQ(taken, 3);
    EXPECT_THAT(open().open_jobs(), SizeIs(3));
}

TEST_F(LegacyPendingTest, ACopyUnderAnotherNameBringsNothingTwice) {
    EXPECT_EQ(take_over(kWritten), 3);
    write(folder / "copy.json", kWritten);
    EXPECT_EQ(open().take_over((folder / "copy.json").string()), 0);
    EXPECT_THAT(open().open_jobs(), SizeIs(3));
}

TEST_F(LegacyPendingTest, WhatIsLearntLaterChangesAnEntry) {
    EXPECT_EQ(take_over(kWritten), 3);
    JobStore store = open();
    store.still_waiting(1, "IN_QUEUE", 3);
    store.still_waiting(2, "IN_PROGRESS", std::nullopt);
    store.completed(3, R"({"images":[{"url":"https://v3.fal.media/x.png"}]})");

    const auto first = nlohmann::ordered_json::parse(pending_entry(store.find(1).value()));
    EXPECT_EQ(first.at("queue_position"), 3);
    EXPECT_NE(first.at("updated_at"), first.at("submitted_at"));
    const auto second = nlohmann::ordered_json::parse(pending_entry(store.find(2).value()));
    EXPECT_FALSE(second.contains("error"));
    EXPECT_EQ(second.at("my own note").dump(), R"({"b":1,"a":[2]})");
    const auto third = nlohmann::ordered_json::parse(pending_entry(store.find(3).value()));
    EXPECT_FALSE(third.contains("queue_position"));
    EXPECT_EQ(third.at("status"), "COMPLETED");
    EXPECT_EQ(third.at("result").dump(), R"({"images":[{"url":"https://v3.fal.media/x.png"}]})");
}

TEST_F(LegacyPendingTest, OwnJobsHaveTheSameShape) {
    JobStore store = open();
    const std::int64_t id = store.begin({"fal", "fal-ai/flux", R"({"prompt":"p","seed":1})"});
    store.accepted(id, {"r1", "IN_QUEUE"});
    const Job job = store.find(id).value();
    EXPECT_EQ(pending_entry(job), R"({"request_id":"r1","model_id":"fal-ai/flux",)"
                                  R"("input":{"prompt":"p","seed":1},"status":"IN_QUEUE",)"
                                  R"("submitted_at":")" +
                                      job.submitted_at + R"(","updated_at":")" + job.updated_at +
                                      "\"}");
    store.still_waiting(id, "IN_QUEUE", 0);
    EXPECT_THAT(pending_entry(store.find(id).value()), HasSubstr(R"("queue_position":0)"));
    store.failed(id, "FAILED", "caf\xC3\xA9 \xFF");
    EXPECT_THAT(pending_entry(store.find(id).value()),
                HasSubstr("\"error\":\"caf\xC3\xA9 \xEF\xBF\xBD\""));
}

TEST_F(LegacyPendingTest, AnAnswerThatIsNoJsonIsShownAsText) {
    JobStore store = open();
    for (const std::string& answer : {std::string("<html>"), std::string(100'000, '[')}) {
        const std::int64_t id = store.begin({"fal", "m", "{}"});
        store.completed(id, answer);
        const auto entry = nlohmann::json::parse(pending_entry(store.find(id).value()));
        EXPECT_TRUE(entry.at("result").get<std::string>() == answer);
    }
}

TEST_F(LegacyPendingTest, NothingIsThereYetInAnEmptyFile) {
    EXPECT_EQ(open().take_over(pending.string()), 0);
    EXPECT_EQ(open().take_over((folder / "no" / "folder.json").string()), 0);
    for (const char* empty : {"", " \n", "{}", R"({"requests": []})", R"({"other": 1})"}) {
        EXPECT_EQ(take_over(empty), 0) << empty;
    }
    // What the older client appends later is not overlooked.
    EXPECT_EQ(take_over(kWritten), 3);
}

TEST_F(LegacyPendingTest, NoPartOfAFileIsTaken) {
    const std::string whole = kWritten;
    for (std::size_t size = 1; size < whole.size(); size += 37) {
        EXPECT_THAT(refusal_of(whole.substr(0, size)), HasSubstr("not all of it")) << size;
    }
    EXPECT_EQ(take_over(whole), 3);
}

TEST_F(LegacyPendingTest, RefusesWhatIsNoPendingFile) {
    EXPECT_THAT(refusal_of("<html></html>"), HasSubstr("not JSON"));
    EXPECT_THAT(refusal_of("[1, 2]"), HasSubstr("'requests'"));
    EXPECT_THAT(refusal_of("17"), HasSubstr("'requests'"));
    EXPECT_THAT(refusal_of(R"({"requests": {"a": 1}})"), HasSubstr("no array"));
    EXPECT_THAT(refusal_of("{\"requests\": [\"\xFF\xFE\"]}"), HasSubstr("not JSON"));
    EXPECT_THAT(refusal_of(std::string("{\"requests\": []}\0x", 18)), HasSubstr("not JSON"));
    EXPECT_THAT(refusal_of(R"({"requests": [1e999]})"), HasSubstr("number"));
    const std::string deep(200'000, '[');
    EXPECT_THAT(refusal_of("{\"requests\": [" + deep), HasSubstr("deeply"));
}

TEST_F(LegacyPendingTest, EntriesThatAreNoJobsAreReported) {
    write(pending, R"({"requests": [7, {"model_id": "m"}, {"request_id": ""}, {"request_id": 5},
                       {"request_id": "bare"}, null]})");
    std::vector<std::string> skipped;
    EXPECT_EQ(open().take_over(pending.string(), &skipped), 1);
    EXPECT_THAT(skipped, ElementsAre("entry 1 of " + pending.string() + ": it is no object",
                                     "entry 2 of " + pending.string() + ": it has no request_id",
                                     "entry 3 of " + pending.string() + ": it has no request_id",
                                     "entry 4 of " + pending.string() + ": it has no request_id",
                                     "entry 6 of " + pending.string() + ": it is no object"));
    const Job job = open().find_request("bare").value();
    EXPECT_EQ(job.model, "");
    EXPECT_EQ(pending_entry(job), R"({"request_id":"bare"})");
}

TEST_F(LegacyPendingTest, MembersOfOddTypesStayAsTheyAre) {
    const std::string entry =
        R"({"status":3,"request_id":"odd","input":"text","queue_position":1.5,"error":{"a":1},)"
        R"("submitted_at":null,"result":{"kept":true}})";
    EXPECT_EQ(take_over("{\"requests\":[" + entry + "]}"), 1);
    EXPECT_EQ(pending_entry(open().find_request("odd").value()), entry);
}

TEST_F(LegacyPendingTest, PayloadsAreNotTakenAlong) {
    const std::string payload(10 << 20, 'Q');
    EXPECT_EQ(take_over(R"({"requests":[{"request_id":"r1","model_id":"m","input":{"prompt":"p",)"
                        R"("image_urls":["data:image/png;base64,)" +
                        payload + R"(","https://example.org/a.png"]},"status":"IN_QUEUE"}]})"),
              1);
    EXPECT_EQ(fs::file_size(pending), content_of(pending).size());
    const Job job = open().find_request("r1").value();
    EXPECT_LT(job.input_json.size(), 1000U);
    EXPECT_LT(job.taken_over_json.size(), 1000U);
    EXPECT_THAT(job.input_json, HasSubstr("sha256"));
    EXPECT_THAT(job.input_json, HasSubstr("https://example.org/a.png"));
    EXPECT_THAT(pending_entry(job), Not(HasSubstr("QQQQQQQQ")));
    EXPECT_LT(fs::file_size(folder / "state" / "jobs.db"), 1U << 20);
}

TEST_F(LegacyPendingTest, FollowsASymbolicLinkAndRefusesWhatIsNoFile) {
    write(folder / "target.json", kWritten);
    fs::create_symlink("target.json", pending);
    EXPECT_EQ(open().take_over(pending.string()), 3);
    EXPECT_TRUE(fs::is_symlink(pending));

    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    for (const fs::path& odd : {folder / "pipe", fs::path(folder.path()), fs::path("/dev/zero")}) {
        EXPECT_THROW(open().take_over(odd.string()), Error) << odd;
    }
    fs::create_symlink("nowhere", folder / "dangling");
    EXPECT_EQ(open().take_over((folder / "dangling").string()), 0);
}

TEST_F(LegacyPendingTest, LiesUnderAnyPath) {
    const fs::path odd = folder / "caf\xC3\xA9 \xFF" / "fal-pending.json";
    fs::create_directories(odd.parent_path());
    write(odd, kWritten);
    EXPECT_EQ(open().take_over(odd.string()), 3);
    EXPECT_EQ(open().take_over(odd.string()), 0);
}

}  // namespace
}  // namespace editprep::transport
