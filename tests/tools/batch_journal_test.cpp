#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
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
        return BatchJournal::open({name}, restart, environment_);
    }
    [[nodiscard]] BatchJournal open_shard(const Shard& shard) {
        return BatchJournal::open({"m.jsonl", shard}, false, environment_);
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder_ / name).string();
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }

    [[nodiscard]] fs::path state() const { return folder_ / "deep/state"; }

    [[nodiscard]] std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::recursive_directory_iterator(state() / "batches")) {
            if (entry.is_regular_file()) {
                found.push_back(entry.path());
            }
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
        key = journal.keys_for({item_of("a")}).front();
        EXPECT_FALSE(journal.done(key));
        journal.record(key, good_result("a"));
    }
    BatchJournal journal = open();
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

TEST_F(BatchJournalTest, CanBeLookedAtWithoutBeingHeldOrMade) {
    static_cast<void>(BatchJournal::look({"m.jsonl"}, false, environment_));
    EXPECT_FALSE(fs::exists(state()));
    BatchJournal journal = open();
    const std::string key = journal.keys_for({item_of("a")}).front();
    journal.record(key, good_result("a"));
    append("{\"key\": \"cut o");
    const auto size = fs::file_size(only_file());
    const BatchJournal looked = BatchJournal::look({"m.jsonl"}, false, environment_);
    EXPECT_EQ(looked.keys_for({item_of("a")}).front(), key);
    EXPECT_TRUE(looked.done(key));
    EXPECT_EQ(fs::file_size(only_file()), size);
}

TEST_F(BatchJournalTest, ForgetsWhatFailed) {
    ItemResult failed = good_result("a");
    failed.ok = false;
    failed.exit_code = 1;
    open().record("key", failed);
    EXPECT_FALSE(open().done("key"));
}

TEST_F(BatchJournalTest, BeginsAnewAfterTheEndWithThisRunsItemsAlone) {
    std::vector<std::string> keys;
    {
        BatchJournal journal = open();
        keys = journal.keys_for({item_of("a"), item_of("b", 2)});
        journal.record(keys[0], good_result("a"));
        journal.record(keys[1], good_result("b", 2));
    }
    {
        BatchJournal journal = open();
        EXPECT_EQ(journal.keys_for({item_of("a")}).front(), keys[0]);
        journal.finish();
        journal.finish();
    }
    BatchJournal journal = open();
    const auto later = journal.keys_for({item_of("a"), item_of("b", 2)});
    EXPECT_NE(later[0], keys[0]);
    EXPECT_FALSE(journal.done(later[0]));
    EXPECT_EQ(later[1], keys[1]);
    EXPECT_TRUE(journal.done(later[1]));
}

TEST_F(BatchJournalTest, BeginsAnewWhenToldToOnceAnItemIsStarted) {
    std::string key;
    {
        BatchJournal journal = open();
        key = journal.keys_for({item_of("a")}).front();
        journal.record(key, good_result("a"));
    }
    {
        BatchJournal journal = open(/*restart=*/true);
        const std::string anew = journal.keys_for({item_of("a")}).front();
        EXPECT_NE(anew, key);
        EXPECT_FALSE(journal.done(anew));
    }
    EXPECT_EQ(open().keys_for({item_of("a")}).front(), key) << "nothing was started";
    std::string anew;
    {
        BatchJournal journal = open(/*restart=*/true);
        anew = journal.keys_for({item_of("a")}).front();
        journal.start(anew);
        EXPECT_EQ(journal.keys_for({item_of("a")}).front(), anew);
    }
    EXPECT_EQ(open().keys_for({item_of("a")}).front(), anew);
}

TEST_F(BatchJournalTest, TellsManifestsApart) {
    const std::string key = open(false, "one").keys_for({item_of("a")}).front();
    open(false, "one").record(key, good_result("a"));
    EXPECT_NE(open(false, "two").keys_for({item_of("a")}).front(), key);
    EXPECT_FALSE(open(false, "two").done(key));
    EXPECT_TRUE(open(false, "one").done(key));
}

TEST_F(BatchJournalTest, KnowsWhatShardsHaveDone) {
    const BatchJournal whole = open();
    const std::string key = whole.keys_for({item_of("a")}).front();
    {
        BatchJournal shard = open_shard({2, 3});
        EXPECT_EQ(shard.keys_for({item_of("a")}).front(), key);
        shard.record(key, good_result("a"));
        EXPECT_THROW(static_cast<void>(open_shard({2, 3})), Failure);
    }
    EXPECT_TRUE(open_shard({1, 2}).done(key));
    open_shard({1, 4}).finish();
    EXPECT_TRUE(open_shard({1, 2}).done(key));
    BatchJournal last = open_shard({1, 2});
    EXPECT_EQ(last.keys_for({item_of("a")}).front(), key);
    last.finish();
    EXPECT_NE(open_shard({2, 3}).keys_for({item_of("a")}).front(), key);
}

TEST_F(BatchJournalTest, GivesAnItemItsKeyWhereverItStands) {
    const BatchJournal journal = open();
    const auto keys = journal.keys_for({item_of("a", 1), item_of("b", 2)});
    EXPECT_NE(keys[0], keys[1]);
    const auto moved = journal.keys_for({item_of("new", 1), item_of("b", 7), item_of("a", 3)});
    EXPECT_EQ(moved[1], keys[1]);
    EXPECT_EQ(moved[2], keys[0]);
    EXPECT_NE(moved[0], keys[0]);
    CheckedItem other = item_of("b");
    other.item.command = "generate_video";
    EXPECT_NE(journal.keys_for({other}).front(), keys[1]);
    CheckedItem second = item_of("b");
    second.item.number = 2;
    EXPECT_NE(journal.keys_for({second}).front(), keys[1]);
}

TEST_F(BatchJournalTest, GivesAnItemAnotherKeyWhenAFileThatItReadsIsAnother) {
    CheckedItem item = item_of("a");
    item.item.words = {"--image", path("in.png"), "--mask-out", path("out.png")};
    const auto key = [&] { return open().keys_for({item}).front(); };
    write("in.png", "one");
    const std::string first = key();
    write("out.png", "written by the item");
    EXPECT_EQ(key(), first);
    write("in.png", "two");
    EXPECT_NE(key(), first);
    write("in.png", "one");
    EXPECT_EQ(key(), first);
}

TEST_F(BatchJournalTest, KnowsAnItemWhoseFileIsGone) {
    CheckedItem item = item_of("a");
    item.item.words = {"--image", path("in.png"), "--mask", path("mask.png")};
    write("in.png", "one");
    write("mask.png", "mask");
    std::string key;
    {
        BatchJournal journal = open();
        key = journal.keys_for({item}).front();
        journal.start(key);
        journal.record(key, good_result("a"));
    }
    fs::remove(folder_ / "in.png");
    EXPECT_EQ(open().keys_for({item}).front(), key);
    write("mask.png", "another");
    EXPECT_NE(open().keys_for({item}).front(), key);
}

TEST_F(BatchJournalTest, FindsFilesFromAnotherFolder) {
    ItemResult result = good_result("a");
    const fs::path before = fs::current_path();
    open().record("key", result);
    fs::current_path(folder_.path());
    const auto files = open().done("key")->files;
    fs::current_path(before);
    EXPECT_EQ(files, std::vector<std::string>{(before / "a.png").string()});
    EXPECT_EQ(open().done("key")->files, result.files);
}

TEST_F(BatchJournalTest, LeavesOutOfALongFileWhatIsOfNoUse) {
    constexpr std::size_t kText = std::size_t{5} << 20;
    std::string kept;
    {
        BatchJournal journal = open();
        const auto keys = journal.keys_for({item_of("a"), item_of("b", 2)});
        ItemResult result = good_result("a");
        result.out = std::string(kText, 'x');
        journal.record(keys[0], result);
        kept = keys[1];
        journal.record(kept, good_result("b", 2));
        static_cast<void>(journal.keys_for({item_of("a")}));
        journal.finish();
    }
    const std::string anew = open().keys_for({item_of("a")}).front();
    EXPECT_LT(fs::file_size(only_file()), 10'000U);
    EXPECT_TRUE(open().done(kept));
    EXPECT_EQ(open().keys_for({item_of("a")}).front(), anew);
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
        EXPECT_EQ(journal.keys_for({item_of("a")}).front(), key) << cut;
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

TEST_F(BatchJournalTest, RefusesWhatIsNoJournal) {
    static_cast<void>(open());
    for (const std::string content :
         {"hello\n", "{}\n", "[]\n", "null\n", "{\"editprep_batch\": 3}\n",
          "{\"editprep_batch\": \"1\"}\n"}) {
        std::ofstream(only_file(), std::ios::binary | std::ios::trunc) << content;
        EXPECT_THROW(static_cast<void>(open()), Failure) << content;
        EXPECT_EQ(fs::file_size(only_file()), content.size());
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
