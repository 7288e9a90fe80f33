#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "editprep/transport/base64.hpp"
#include "editprep/transport/job_store.hpp"
#include "image_maker.hpp"
#include "png_reference.hpp"
#include "remote_support.hpp"
#include "temp_folder.hpp"
#include "test_server.hpp"
#include "tools/generate_batch_media/bill.hpp"
#include "tools/generate_batch_media/execute.hpp"
#include "tools/generate_batch_media/run_item.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

class BatchExecute : public ::testing::Test {
protected:
    BatchExecute() { testing::write_png_reference(path("S1.png"), testing::fixture_s1()); }

    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder_ / name).string();
    }

    /// Makes a mask, in an instant.
    [[nodiscard]] CheckedItem local_item(int index, const std::string& image = "S1.png") const {
        CheckedItem item;
        item.item.index = index;
        item.item.item = {{"mode", "mask"}, {"image", path(image)}};
        item.item.command = "prepare_object_mask";
        item.item.words = {"--image", path(image), "--out",
                           path("mask" + std::to_string(index) + ".png")};
        item.cost_usd = 0;
        return item;
    }

    /// Counts as paid, with all that belongs to it, and stops before it asks anybody.
    [[nodiscard]] CheckedItem paid_item(int index, std::optional<double> cost_usd,
                                        const std::string& image = "S1.png") const {
        CheckedItem item;
        item.item.index = index;
        item.item.item = {{"mode", "inpaint"}, {"prompt", std::to_string(index)}};
        item.item.command = "mask_inpaint";
        item.item.words = {"--image",    path(image),    "--prompt",   std::to_string(index),
                           "--region",   "rect:1:1:5:5", "--mask-dir", path("masks"),
                           "--mask-only"};
        item.paid = true;
        item.provider = "fal";
        item.model = "fal-ai/some";
        item.cost_usd = cost_usd;
        return item;
    }

    [[nodiscard]] BatchJournal open_journal() const {
        return BatchJournal::open({"batch"}, false, environment_);
    }

    Execution run(const std::vector<CheckedItem>& items, const ExecuteOptions& options = {}) {
        BatchJournal journal = open_journal();
        return execute(
            items, journal.keys_for(items), journal, options,
            [this](const ItemResult& result) { told_.push_back(result.index); },
            printed_.context(environment_));
    }

    testing::TempFolder folder_;
    Environment environment_ =
        environment_of({{"EDITPREP_STATE_DIR", path("state")}, {"HOME", path("home")}});
    Printed printed_;
    /// The items whose results were told, in the order in which they were.
    std::vector<int> told_;
};

std::vector<int> indexes_of(const Execution& execution) {
    std::vector<int> indexes;
    for (const ItemResult& result : execution.results) {
        indexes.push_back(result.index);
    }
    return indexes;
}

TEST_F(BatchExecute, TellsResultsInTheOrderOfTheManifest) {
    std::vector<CheckedItem> items;
    std::vector<int> expected;
    for (int index = 1; index <= 24; ++index) {
        items.push_back(local_item(index));
        expected.push_back(index);
    }
    const Execution execution = run(items, {.jobs = 6});
    EXPECT_EQ(told_, expected);
    EXPECT_EQ(indexes_of(execution), expected);
    EXPECT_EQ(execution.stopped, "");
    EXPECT_FALSE(execution.cost_limit || execution.interrupted);
    for (const ItemResult& result : execution.results) {
        EXPECT_TRUE(result.ok) << result.err.value_or("");
        EXPECT_EQ(result.exit_code, 0);
        ASSERT_EQ(result.files.size(), 1U);
        EXPECT_EQ(result.out, result.files.front());
        EXPECT_TRUE(fs::exists(result.files.front()));
        EXPECT_FALSE(result.reused);
        EXPECT_EQ(result.cost_usd, 0.0);
        EXPECT_GT(result.seconds, 0);
    }
    EXPECT_EQ(printed_.out + printed_.err, "");
}

TEST_F(BatchExecute, DoesNothingForNoItems) {
    const Execution execution = run({}, {.jobs = 3});
    EXPECT_TRUE(execution.results.empty());
    EXPECT_EQ(execution.stopped, "");
}

TEST_F(BatchExecute, StopsAfterTheFirstFailure) {
    const Execution execution =
        run({local_item(1), local_item(2, "missing.png"), local_item(3)}, {.jobs = 1});
    EXPECT_EQ(told_, (std::vector{1, 2}));
    EXPECT_EQ(execution.stopped, "item 2 failed");
    ASSERT_EQ(execution.results.size(), 2U);
    EXPECT_FALSE(execution.results[1].ok);
    EXPECT_EQ(execution.results[1].exit_code, 1);
    EXPECT_EQ(execution.results[1].err, "image not found: " + path("missing.png"));
    EXPECT_FALSE(fs::exists(path("mask3.png")));
}

TEST_F(BatchExecute, FinishesWhatRunsWhenOneFails) {
    std::vector<CheckedItem> items{local_item(1, "missing.png")};
    for (int index = 2; index <= 40; ++index) {
        items.push_back(local_item(index));
    }
    const Execution execution = run(items, {.jobs = 4});
    EXPECT_LT(execution.results.size(), items.size());
    EXPECT_EQ(indexes_of(execution), told_);
    for (std::size_t i = 1; i < execution.results.size(); ++i) {
        EXPECT_TRUE(execution.results[i].ok);
    }
}

TEST_F(BatchExecute, GoesOnAfterFailuresWhenToldTo) {
    CheckedItem hologram;
    hologram.item.index = 3;
    hologram.item.error = "unsupported mode in manifest item: hologram";
    const Execution execution =
        run({local_item(1), local_item(2, "missing.png"), hologram, local_item(4)},
            {.jobs = 1, .continue_on_error = true});
    EXPECT_EQ(told_, (std::vector{1, 2, 3, 4}));
    EXPECT_EQ(execution.stopped, "");
    EXPECT_FALSE(execution.results[2].ok);
    EXPECT_EQ(execution.results[2].err, hologram.item.error);
    EXPECT_EQ(execution.results[2].out, std::nullopt);
    EXPECT_TRUE(execution.results[3].ok);
}

TEST_F(BatchExecute, RunsOnlyWhatIsNotDone) {
    std::vector<CheckedItem> items{local_item(1), local_item(2, "late.png"), local_item(3)};
    EXPECT_EQ(run(items, {.jobs = 1, .continue_on_error = true}).results.size(), 3U);
    const auto made = fs::last_write_time(path("mask1.png"));

    fs::copy_file(path("S1.png"), path("late.png"));
    const Execution second = run(items, {.jobs = 1});
    ASSERT_EQ(second.results.size(), 3U);
    EXPECT_TRUE(second.results[0].ok && second.results[0].reused);
    EXPECT_TRUE(second.results[1].ok && !second.results[1].reused);
    EXPECT_TRUE(second.results[2].ok && second.results[2].reused);
    EXPECT_EQ(fs::last_write_time(path("mask1.png")), made);
    EXPECT_EQ(printed_.err,
              "NOTE: 2 of 3 items were done by an earlier run of this batch; --restart forgets "
              "that\n");
}

TEST_F(BatchExecute, TellsOfDoneItemsThatHaveMovedByTheirNewPlace) {
    EXPECT_TRUE(run({local_item(1)}).results[0].ok);
    CheckedItem moved = local_item(1);
    moved.item.index = 2;
    moved.item.item["vars"] = {{"index", 2}};
    const Execution second = run({local_item(9), moved}, {.jobs = 1, .quiet = true});
    EXPECT_EQ(told_, (std::vector{1, 9, 2}));
    EXPECT_TRUE(second.results[1].reused);
    EXPECT_EQ(second.results[1].item["vars"]["index"], 2);
    EXPECT_EQ(printed_.err, "");
}

TEST_F(BatchExecute, TellsOfDoneItemsBehindAFailure) {
    EXPECT_TRUE(run({local_item(3)}).results[0].ok);
    told_.clear();
    const Execution second =
        run({local_item(1, "missing.png"), local_item(2), local_item(3)}, {.jobs = 1});
    EXPECT_EQ(told_, (std::vector{1, 3}));
    EXPECT_TRUE(second.results[1].reused);
}

TEST_F(BatchExecute, MakesDoneFilesAgainThatHaveVanished) {
    EXPECT_TRUE(run({local_item(1)}).results[0].ok);
    fs::remove(path("mask1.png"));
    const Execution second = run({local_item(1)});
    EXPECT_TRUE(second.results[0].ok);
    EXPECT_FALSE(second.results[0].reused);
    EXPECT_TRUE(fs::exists(path("mask1.png")));
    EXPECT_NE(printed_.err.find("WARN: files of item 1, which was done, are gone"),
              std::string::npos)
        << printed_.err;
}

TEST_F(BatchExecute, StartsNothingThatWouldPassTheCostLimit) {
    const Execution execution =
        run({paid_item(1, 0.4), paid_item(2, 0.4), paid_item(3, 0.4), paid_item(4, 0.1)},
            {.jobs = 1, .max_cost_usd = 1.0});
    EXPECT_EQ(told_, (std::vector{1, 2}));
    EXPECT_TRUE(execution.cost_limit);
    EXPECT_EQ(execution.stopped, "item 3 would pass --max-cost");
    EXPECT_DOUBLE_EQ(execution.spent_usd, 0.8);
}

TEST_F(BatchExecute, SpendsTheCostLimitToTheCent) {
    std::vector<CheckedItem> items;
    for (int index = 1; index <= 10; ++index) {
        items.push_back(paid_item(index, 0.1));
    }
    const Execution execution = run(items, {.jobs = 3, .max_cost_usd = 1.0});
    EXPECT_EQ(execution.results.size(), 10U);
    EXPECT_FALSE(execution.cost_limit);
    EXPECT_NEAR(execution.spent_usd, 1.0, 1e-9);
}

TEST_F(BatchExecute, CountsWhatEarlierRunsSpent) {
    EXPECT_EQ(run({paid_item(1, 0.6)}, {.max_cost_usd = 1.0}).results.size(), 1U);
    const Execution second = run({paid_item(1, 0.6), paid_item(2, 0.6)}, {.max_cost_usd = 1.0});
    EXPECT_TRUE(second.cost_limit);
    EXPECT_EQ(second.results.size(), 1U);
    EXPECT_DOUBLE_EQ(second.spent_usd, 0.6);
}

TEST_F(BatchExecute, StartsNothingOfUnknownPriceUnderACostLimit) {
    const Execution execution =
        run({local_item(1), paid_item(2, std::nullopt)}, {.jobs = 1, .max_cost_usd = 1.0});
    EXPECT_EQ(told_, std::vector{1});
    EXPECT_TRUE(execution.cost_limit);
    EXPECT_EQ(execution.stopped, "the price of item 2 is not known, so --max-cost cannot be kept");
    EXPECT_TRUE(run({paid_item(2, std::nullopt)}).results.at(0).ok);
}

TEST_F(BatchExecute, DoesNotCountWhatNeverCameToAProvider) {
    const Execution execution = run({paid_item(1, 0.6, "missing.png"), paid_item(2, 0.6)},
                                    {.jobs = 1, .continue_on_error = true, .max_cost_usd = 1.0});
    EXPECT_EQ(told_, (std::vector{1, 2}));
    EXPECT_EQ(execution.results[0].cost_usd, 0.0);
    EXPECT_DOUBLE_EQ(execution.spent_usd, 0.6);
}

TEST_F(BatchExecute, KeepsToTheRateOfAProvider) {
    std::vector<CheckedItem> items{local_item(1)};
    for (int index = 2; index <= 5; ++index) {
        items.push_back(paid_item(index, 0.1));
    }
    const ExecuteOptions options{.jobs = 4, .rate_limits = {{"fal", 300}, {"openai", 1}}};
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(run(items, options).results.size(), 5U);
    EXPECT_GE(Seconds(std::chrono::steady_clock::now() - start).count(), 0.6);

    const auto again = std::chrono::steady_clock::now();
    EXPECT_TRUE(run(items, {.jobs = 1, .rate_limits = {{"", 0.1}}}).results.back().reused);
    EXPECT_LT(Seconds(std::chrono::steady_clock::now() - again).count(), 60);
}

TEST_F(BatchExecute, KeepsWhatIsDoneWhenResultsCannotBeTold) {
    const std::vector<CheckedItem> items{local_item(1), local_item(2), local_item(3)};
    {
        BatchJournal journal = open_journal();
        const auto refuse = [](const ItemResult&) { throw Failure("cannot write the result"); };
        EXPECT_THROW(static_cast<void>(execute(items, journal.keys_for(items), journal, {.jobs = 1},
                                               refuse, printed_.context(environment_))),
                     Failure);
    }
    EXPECT_FALSE(fs::exists(path("mask2.png")));
    const BatchJournal journal = open_journal();
    EXPECT_TRUE(journal.done(journal.keys_for(items)[0]));
}

TEST_F(BatchExecute, KeepsKeysOutOfResults) {
    const std::string key = "canary-key-of-the-batch-tests";
    process_keys().hide(transport::Secret(key));
    const ItemResult result = run_item(local_item(1, key), {}, printed_.context());
    EXPECT_EQ(result.err, "image not found: " + path("***"));
}

TEST_F(BatchExecute, SaysWhatIsWrongWithAnItemThatCannotRun) {
    CheckedItem unknown = local_item(1);
    unknown.item.command = "paint_fence";
    const ItemResult result = run_item(unknown, {}, printed_.context());
    EXPECT_FALSE(result.ok);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err, "ERROR: there is no command paint_fence");

    CheckedItem misspelt = local_item(1);
    misspelt.item.words.emplace_back("--colour");
    const ItemResult usage = run_item(misspelt, {}, printed_.context());
    EXPECT_FALSE(usage.ok);
    EXPECT_EQ(usage.exit_code, 2);
    EXPECT_NE(usage.err.value_or("").find("unrecognized argument: --colour"), std::string::npos);
}

/// Items that do ask a provider.
class BatchExecuteRemote : public BatchExecute {
protected:
    BatchExecuteRemote() {
        const nlohmann::json entry{{"baseUrl", server_.url()}, {"apiKey", "canary-0123456789"}};
        std::ofstream(path("config.json"))
            << nlohmann::json{{"models", {{"providers", {{"paint", entry}}}}}};
        environment_ = environment_of({{"EDITPREP_STATE_DIR", path("state")},
                                       {"HOME", path("home")},
                                       {"OPENCLAW_CONFIG", path("config.json")}});
    }

    [[nodiscard]] CheckedItem image_item(int index, const std::string& prompt) const {
        CheckedItem item;
        item.item.index = index;
        item.item.item = {{"prompt", prompt}};
        item.item.command = "generate_image";
        item.item.words = {"--prompt", prompt,  "--provider", "paint",
                           "--model",  "brush", "--out-dir",  path("out")};
        item.paid = true;
        item.provider = "paint";
        item.model = "brush";
        item.cost_usd = 0.5;
        return item;
    }

    std::string picture_ = [this] {
        std::ostringstream content;
        content << std::ifstream(path("S1.png"), std::ios::binary).rdbuf();
        return content.str();
    }();
    testing::TestServer server_{[this](const testing::RecordedRequest& request) {
        if (request.body.find("refuse me") != std::string::npos) {
            return testing::Reply{400, R"({"error": {"message": "no"}})"};
        }
        const std::string base64 = transport::encode_base64(std::as_bytes(std::span(picture_)));
        return testing::Reply{200, R"({"data": [{"b64_json": ")" + base64 + R"("}]})"};
    }};
};

TEST_F(BatchExecuteRemote, KeepsFilesAndNoPayloads) {
    const Execution execution = run({image_item(1, "a house")});
    ASSERT_EQ(execution.results.size(), 1U);
    const ItemResult& result = execution.results[0];
    EXPECT_TRUE(result.ok) << result.err.value_or("");
    ASSERT_EQ(result.files.size(), 1U);
    EXPECT_EQ(fs::file_size(result.files[0]), picture_.size());
    EXPECT_LT(result.out.value_or("").size(), 1000U) << *result.out;
    EXPECT_NE(result.out.value_or("").find("DOWNLOADED: " + result.files[0]), std::string::npos);
    EXPECT_DOUBLE_EQ(execution.spent_usd, 0.5);
}

TEST_F(BatchExecuteRemote, CountsNoCostOfWhatWasRefused) {
    const Execution execution = run({image_item(1, "refuse me"), image_item(2, "a house")},
                                    {.jobs = 1, .continue_on_error = true, .max_cost_usd = 0.5});
    EXPECT_EQ(told_, (std::vector{1, 2}));
    EXPECT_EQ(execution.results[0].cost_usd, 0.0);
    EXPECT_EQ(execution.results[1].cost_usd, 0.5);
    EXPECT_DOUBLE_EQ(execution.spent_usd, 0.5);
}

TEST_F(BatchExecuteRemote, LeavesAnAnswerThatIsNotSavedToBeCollected) {
    // Small ones are printed whole.
    picture_ += std::string(1000, '-');
    CheckedItem item = image_item(1, "a house");
    item.item.words.emplace_back("--no-download");
    const Execution execution = run({item});
    ASSERT_TRUE(execution.results[0].ok) << execution.results[0].err.value_or("");
    const Context context = printed_.context(environment_);
    const auto jobs = open_job_store(environment_, Story(context.err, /*quiet=*/true)).open_jobs();
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].state, transport::JobState::completed);
    EXPECT_GT(jobs[0].result_json.value_or("").size(), picture_.size());
    EXPECT_NE(execution.results[0].err.value_or("").find(
                  "'fal_client collect " + std::to_string(jobs[0].id) + "' saves the pictures"),
              std::string::npos);
}

TEST_F(BatchExecuteRemote, KnowsWhatAFallbackHasSent) {
    CheckedItem item = image_item(1, "a house");
    item.item.command = "reference_media";
    const Context context = printed_.context(environment_);
    auto store = open_job_store(environment_, Story(context.err, /*quiet=*/true));
    const auto begin = [&store](const std::string& key) {
        transport::NewJob job{"paint", "brush", "{}"};
        job.idempotency_key = key;
        return store.begin(job);
    };
    store.refused(begin("key"), "no references");
    EXPECT_TRUE(find_earlier_jobs({item}, {"key"}, context).sent.empty());
    store.completed(begin("key/without-references"), "{}");
    const EarlierJobs found = find_earlier_jobs({item}, {"key"}, context);
    EXPECT_TRUE(found.sent.contains("key"));
    EXPECT_TRUE(found.collectable.contains("key"));
}

TEST_F(BatchExecuteRemote, SendsADoneItemOnlyOnce) {
    static_cast<void>(run({image_item(1, "a house")}));
    EXPECT_TRUE(run({image_item(1, "a house")}).results[0].reused);
    EXPECT_EQ(server_.requests().size(), 1U);
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
