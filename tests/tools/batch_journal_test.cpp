#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "remote_support.hpp"
#include "temp_folder.hpp"
#include "tools/generate_batch_media/journal.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

namespace fs = std::filesystem;

CheckedItem item_of(const std::string& prompt, int index = 1) {
    CheckedItem item;
    item.item.index = index;
    item.item.item = {{"prompt", prompt}};
    item.item.command = "generate_image";
    item.item.words = {"--prompt", prompt};
    return item;
}

ItemResult good_result(const std::string& prompt, int index = 1) {
    ItemResult result;
    result.index = index;
    result.item = {{"prompt", prompt}};
    result.cmd = {"generate_image", "--prompt", prompt};
    result.ok = true;
    result.out = "DOWNLOADED: a.png";
    result.err = "";
    result.files = {"a.png"};
    result.provider = "fal";
    result.model = "fal-ai/flux/dev";
    result.cost_usd = 0.025;
    result.seconds = 1.5;
    return result;
}

class BatchJournalTest : public ::testing::Test {
protected:
    [[nodiscard]] BatchJournal open(bool restart = false, const std::string& name = "m.jsonl") {
        return BatchJournal::open(name, restart, environment_);
    }

    [[nodiscard]] fs::path state() const { return folder_ / "deep/state"; }

    [[nodiscard]] std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(state() / "batches")) {
            found.push_back(entry.path());
        }
        return found;
    }

    [[nodiscard]] fs::path only_file() const {
        EXPECT_EQ(files().size(), 1U);
        return files().front();
    }

    void append(const std::string& text) const {
        std::ofstream(only_file(), std::ios::binary | std::ios::app) << text;
    }

    testing::TempFolder folder_;
    Environment environment_ =
        environment_of({{"EDITPREP_STATE_DIR", (folder_ / "deep/state").string()}});
};

TEST_F(BatchJournalTest, RemembersGoodResultsForTheNextRun) {
    std::string key;
    {
        BatchJournal journal = open();
        EXPECT_FALSE(journal.goes_on());
        key = journal.keys_for({item_of("a")}).front();
        EXPECT_FALSE(journal.done(key));
        journal.record(key, good_result("a"));
    }
    BatchJournal journal = open();
    EXPECT_TRUE(journal.goes_on());
    EXPECT_EQ(journal.keys_for({item_of("a")}).front(), key);
    const auto done = journal.done(key);
    ASSERT_TRUE(done);
    EXPECT_TRUE(done->ok);
    EXPECT_TRUE(done->reused);
    EXPECT_EQ(done->files, std::vector<std::string>{"a.png"});
    EXPECT_EQ(done->out, "DOWNLOADED: a.png");
    EXPECT_EQ(done->cost_usd, 0.025);
    EXPECT_FALSE(journal.done("another"));
}

TEST_F(BatchJournalTest, ForgetsWhatFailed) {
    ItemResult failed = good_result("a");
    failed.ok = false;
    failed.exit_code = 1;
    open().record("key", failed);
    EXPECT_FALSE(open().done("key"));
}

TEST_F(BatchJournalTest, BeginsAnewAfterTheEnd) {
    std::string key;
    {
        BatchJournal journal = open();
        key = journal.keys_for({item_of("a")}).front();
        journal.record(key, good_result("a"));
        journal.finish();
        journal.finish();
    }
    EXPECT_TRUE(files().empty());
    BatchJournal journal = open();
    EXPECT_FALSE(journal.goes_on());
    EXPECT_FALSE(journal.done(key));
    EXPECT_NE(journal.keys_for({item_of("a")}).front(), key);
}

TEST_F(BatchJournalTest, BeginsAnewWhenToldTo) {
    std::string key;
    {
        BatchJournal journal = open();
        key = journal.keys_for({item_of("a")}).front();
        journal.record(key, good_result("a"));
    }
    BatchJournal journal = open(/*restart=*/true);
    EXPECT_FALSE(journal.goes_on());
    EXPECT_FALSE(journal.done(key));
    EXPECT_NE(journal.keys_for({item_of("a")}).front(), key);
}

TEST_F(BatchJournalTest, TellsBatchesApartByTheirNames) {
    open(false, "one").record("key", good_result("a"));
    EXPECT_FALSE(open(false, "two").goes_on());
    EXPECT_TRUE(open(false, "one").done("key"));
}

TEST_F(BatchJournalTest, GivesAnItemItsKeyWhereverItStands) {
    const BatchJournal journal = open();
    const auto keys = journal.keys_for({item_of("a", 1), item_of("b", 2), item_of("a", 3)});
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), 3U);
    const auto moved = journal.keys_for({item_of("new", 1), item_of("b", 2), item_of("a", 3)});
    EXPECT_EQ(moved[1], keys[1]);
    EXPECT_EQ(moved[2], keys[0]);
    EXPECT_NE(moved[0], keys[0]);
    CheckedItem other = item_of("b");
    other.item.command = "generate_video";
    EXPECT_NE(journal.keys_for({other}).front(), keys[1]);
}

TEST_F(BatchJournalTest, GivesItemsThatCannotRunKeysToo) {
    CheckedItem broken;
    broken.item.error = "unsupported mode";
    broken.item.item = {{"mode", "hologram"}};
    CheckedItem other = broken;
    other.item.item = {{"mode", "smell"}};
    const auto keys = open().keys_for({broken, other});
    EXPECT_NE(keys[0], keys[1]);
}

TEST_F(BatchJournalTest, MakesKeysThatFitAHeader) {
    for (const std::string& key :
         open().keys_for({item_of("a\nb"), item_of(std::string(9999, 'x')), item_of("a\nb")})) {
        EXPECT_LE(key.size(), 64U);
        EXPECT_EQ(key.find_first_not_of("0123456789abcdef-"), std::string::npos) << key;
    }
}

TEST_F(BatchJournalTest, SurvivesALineThatWasNotFinished) {
    open().record("one", good_result("a"));
    append(R"({"key": "two", "result": {"index": 2, "ok": tr)");
    {
        BatchJournal journal = open();
        EXPECT_TRUE(journal.done("one"));
        EXPECT_FALSE(journal.done("two"));
        journal.record("three", good_result("c"));
    }
    BatchJournal journal = open();
    EXPECT_TRUE(journal.done("one"));
    EXPECT_TRUE(journal.done("three"));
}

TEST_F(BatchJournalTest, SurvivesBeingCutAnywhere) {
    std::string key;
    {
        BatchJournal journal = open();
        key = journal.keys_for({item_of("a")}).front();
        journal.record(key, good_result("a"));
    }
    const fs::path path = only_file();
    const auto size = fs::file_size(path);
    std::string whole(size, '\0');
    std::ifstream(path, std::ios::binary).read(whole.data(), static_cast<std::streamsize>(size));
    const std::size_t header = whole.find('\n');
    for (const std::size_t cut :
         {std::size_t{0}, std::size_t{1}, header - 1, header, header + 1, header + 2,
          whole.size() / 2, whole.size() - 2, whole.size() - 1}) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << whole.substr(0, cut);
        const BatchJournal journal = open();
        EXPECT_FALSE(journal.done(key)) << cut;
        const bool has_header = cut > header;
        EXPECT_EQ(journal.goes_on(), has_header) << cut;
        EXPECT_EQ(journal.keys_for({item_of("a")}).front() == key, has_header) << cut;
    }
}

TEST_F(BatchJournalTest, TakesADamagedRecordForNone) {
    open().record("one", good_result("a"));
    append("no json\n{\"key\": 7}\n{\"key\": \"two\", \"result\": []}\n[1]\nnull\n");
    append(R"({"key": "three", "result": {"ok": true}})"
           "\n");
    const BatchJournal journal = open();
    EXPECT_TRUE(journal.done("one"));
    EXPECT_FALSE(journal.done("two"));
    EXPECT_FALSE(journal.done("three"));
}

TEST_F(BatchJournalTest, RefusesWhatIsNoJournalUntilToldToBeginAnew) {
    static_cast<void>(open());
    for (const std::string content :
         {"hello\n", "{}\n", "[]\n", "null\n", "{\"editprep_batch\": 2, \"batch\": \"x\"}\n",
          "{\"editprep_batch\": 1, \"batch\": 5}\n", "{\"editprep_batch\": \"1\"}\n"}) {
        std::ofstream(only_file(), std::ios::binary | std::ios::trunc) << content;
        EXPECT_THROW(static_cast<void>(open()), Failure) << content;
        EXPECT_NO_THROW(static_cast<void>(open(/*restart=*/true))) << content;
    }
}

TEST_F(BatchJournalTest, IsForOneProcessAtATime) {
    const BatchJournal journal = open();
    try {
        static_cast<void>(open());
        FAIL() << "both are at it";
    } catch (const Failure& failure) {
        const std::string text = failure.what();
        EXPECT_NE(text.find("(process " + std::to_string(::getpid()) + ")"), std::string::npos)
            << text;
        EXPECT_NE(text.find("wait until it ends"), std::string::npos) << text;
    }
    EXPECT_THROW(static_cast<void>(open(/*restart=*/true)), Failure);
    EXPECT_NO_THROW(static_cast<void>(open(false, "another")));
}

TEST_F(BatchJournalTest, NamesTheLatestHolder) {
    static_cast<void>(open());
    append("{\"process\": 4711, \"host\": \"elsewhere\"}\n");
    const BatchJournal holder = open();
    append("{\"process\": 4712, \"host\": \"elsewhere\"}\n");
    try {
        static_cast<void>(open());
        FAIL() << "both are at it";
    } catch (const Failure& failure) {
        EXPECT_NE(std::string(failure.what()).find("(process 4712 on elsewhere)"),
                  std::string::npos)
            << failure.what();
    }
}

TEST_F(BatchJournalTest, IsOpenToNobodyElse) {
    const BatchJournal journal = open();
    struct stat facts {};
    ASSERT_EQ(::stat(only_file().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    for (const fs::path& folder : {state(), state() / "batches"}) {
        ASSERT_EQ(::stat(folder.c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 0777U, 0700U) << folder;
    }
}

TEST_F(BatchJournalTest, TakesRecordsFromSeveralThreads) {
    constexpr int kThreads = 4;
    constexpr int kRecords = 25;
    {
        BatchJournal journal = open();
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([&journal, thread] {
                for (int i = 0; i < kRecords; ++i) {
                    const std::string name = std::to_string(thread * kRecords + i);
                    journal.record(name, good_result(name));
                }
            });
        }
    }
    const BatchJournal journal = open();
    for (int i = 0; i < kThreads * kRecords; ++i) {
        const auto done = journal.done(std::to_string(i));
        ASSERT_TRUE(done) << i;
        EXPECT_EQ(done->item["prompt"], std::to_string(i));
    }
}

TEST_F(BatchJournalTest, SaysWhereItCannotWrite) {
    fs::create_directories(state());
    std::ofstream(state() / "batches") << "a file in the way";
    try {
        static_cast<void>(open());
        FAIL() << "it was opened";
    } catch (const Failure& failure) {
        EXPECT_NE(std::string(failure.what()).find("EDITPREP_STATE_DIR"), std::string::npos)
            << failure.what();
    }
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
