#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "provider_fixture.hpp"

/// A batch shared out among machines: `--shard`, what schedulers say, and `--merge`.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kItems = 10;

/// Without what differs from run to run: random parts of names, times, and where it was written.
Json facts(Json summary) {
    summary.erase("summary_out");
    summary.erase("shard");
    for (Json& result : summary.at("results")) {
        result["seconds"] = 0;
    }
    return Json::parse(std::regex_replace(summary.dump(), std::regex("_[0-9a-f]{8}"), "_X"));
}

class BatchShardTest : public ProviderTest {
protected:
    BatchShardTest() {
        reply_with({{"data", {{{"url", url() + "/media/a.png"}}}}});
        serve_png("/media/a.png", "S1.png");
        std::ofstream manifest(file("m.jsonl"));
        for (int item = 1; item <= kItems; ++item) {
            // Two that fail, in different shards.
            manifest << (item == 4 || item == 9
                             ? R"({"mode":"hologram","prompt":"x"})"
                             : R"({"prompt":"mug {index}","model":"m","prefix":"p-{index}"})")
                     << '\n';
        }
    }

    [[nodiscard]] ProcessResult batch(Arguments arguments,
                                      const std::map<std::string, std::string>& variables = {}) {
        ProcessOptions with = options;
        for (const auto& [name, value] : variables) {
            with.environment[name] = value;
        }
        arguments.insert(arguments.begin(),
                         {"--manifest", "m.jsonl", "--continue-on-error", "--print-json"});
        return run("generate_batch_media", arguments, with);
    }

    /// Runs a shard, whose summary goes to `<number>.json`.
    void run_shard(int number, int count) {
        const std::string shard = std::to_string(number) + '/' + std::to_string(count);
        const ProcessResult result =
            batch({"--shard", shard, "--summary-out", std::to_string(number) + ".json"});
        EXPECT_EQ(result.timed_out, false);
        EXPECT_EQ(Json::parse(result.out).at("shard"), shard) << result.err;
    }

    [[nodiscard]] ProcessResult merge(const Arguments& names) const {
        Arguments arguments{"--merge"};
        arguments.insert(arguments.end(), names.begin(), names.end());
        arguments.emplace_back("--print-json");
        return call("generate_batch_media", arguments);
    }

    /// The numbers of the items that were run.
    [[nodiscard]] static std::vector<int> indices(const ProcessResult& result) {
        std::vector<int> numbers;
        const Json summary = Json::parse(result.out);
        for (const Json& item : summary.at("results")) {
            numbers.push_back(item.at("index").get<int>());
        }
        return numbers;
    }

    [[nodiscard]] std::size_t paid() const {
        std::size_t posts = 0;
        for (const RecordedRequest& request : requests()) {
            posts += request.method == "POST" ? 1U : 0U;
        }
        return posts;
    }

    /// Nothing was asked of the provider, and one line says why.
    void expect_refused(const ProcessResult& result, const std::string& pattern) {
        expect_error_line(result, pattern);
        EXPECT_EQ(paid(), 0U);
    }
};

TEST_F(BatchShardTest, PartsPutTogetherAreTheWhole) {
    const ProcessResult whole = batch({});
    EXPECT_EQ(whole.exit_code, 1) << whole.err;
    const std::size_t paid_for_whole = paid();
    EXPECT_EQ(paid_for_whole, 8U);
    // Machines that know nothing of that run; one that does would not pay again.
    options.environment["EDITPREP_STATE_DIR"] = file("other-state").string();
    for (int number = 1; number <= 4; ++number) {
        run_shard(number, 4);
    }
    EXPECT_EQ(paid(), 2 * paid_for_whole);

    const ProcessResult merged = merge({"3.json", "1.json", "4.json", "2.json"});
    EXPECT_EQ(merged.exit_code, whole.exit_code) << merged.err;
    EXPECT_EQ(facts(Json::parse(merged.out)), facts(Json::parse(whole.out)));
    EXPECT_EQ(keys_of(Json::parse(merged.out)).front(), "ok");
}

TEST_F(BatchShardTest, MergingWritesSummaryAndReportAndPaysNothing) {
    run_shard(1, 2);
    run_shard(2, 2);
    const std::size_t paid_before = paid();
    const ProcessResult result =
        call("generate_batch_media", {"--merge", "1.json", "2.json", "--summary-out", "all.json",
                                      "--report", "all.html", "--print-json"});
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_EQ(paid(), paid_before);
    EXPECT_EQ(Json::parse(content_of(file("all.json"))), Json::parse(result.out));
    EXPECT_NE(content_of(file("all.html")).find("<html"), std::string::npos);
}

TEST_F(BatchShardTest, ShardsTakeTurns) {
    EXPECT_EQ(indices(batch({"--shard", "1/4"})), (std::vector<int>{1, 5, 9}));
    EXPECT_EQ(indices(batch({"--shard", "2/4"})), (std::vector<int>{2, 6, 10}));
    EXPECT_EQ(indices(batch({"--shard", "3/4", "--dry-run"})), (std::vector<int>{3, 7}));
    EXPECT_EQ(Json::parse(batch({"--shard", "4/4"}).out).at("count"), kItems);
}

TEST_F(BatchShardTest, MoreShardsThanItemsLeaveSomeWithNothingToDo) {
    const ProcessResult result = batch({"--shard", "11/12", "--summary-out", "empty.json"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out).at("results"), Json::array());
    EXPECT_TRUE(std::filesystem::exists(file("empty.json")));
}

TEST_F(BatchShardTest, MergingNamesMissingShards) {
    run_shard(1, 4);
    run_shard(3, 4);
    expect_error_line(merge({"1.json", "3.json"}), "shards are missing: 2/4, 4/4$");
}

TEST_F(BatchShardTest, MergingRefusesAShardThatIsThereTwice) {
    run_shard(1, 2);
    run_shard(2, 2);
    std::filesystem::copy_file(file("1.json"), file("copy.json"));
    expect_error_line(merge({"1.json", "2.json", "copy.json"}),
                      "copy\\.json: it is of the same shard as 1\\.json");
}

TEST_F(BatchShardTest, MergingRefusesWhatDoesNotBelongTogether) {
    run_shard(1, 2);
    run_shard(2, 2);
    Json other = Json::parse(content_of(file("2.json")));
    other["manifest"] = "another.jsonl";
    write_text(file("other.json"), other.dump());
    expect_error_line(merge({"1.json", "other.json"}), "manifest another\\.jsonl");

    other = Json::parse(content_of(file("2.json")));
    other["shard"] = "2/3";
    write_text(file("other.json"), other.dump());
    expect_error_line(merge({"1.json", "other.json"}), "other\\.json: it is of another run than");

    write_text(file("other.json"), "{\"ok\": true");
    expect_error_line(merge({"1.json", "other.json"}), "other\\.json");
    write_text(file("other.json"), "[]");
    expect_error_line(merge({"1.json", "other.json"}), "other\\.json");
    expect_error_line(merge({"1.json", "none.json"}), "none\\.json");
}

TEST_F(BatchShardTest, TakesItsPartFromSlurm) {
    const std::map<std::string, std::string> task{{"SLURM_ARRAY_TASK_ID", "12"},
                                                  {"SLURM_ARRAY_TASK_COUNT", "4"},
                                                  {"SLURM_ARRAY_TASK_MIN", "10"},
                                                  {"SLURM_ARRAY_TASK_MAX", "16"},
                                                  {"SLURM_ARRAY_TASK_STEP", "2"}};
    const ProcessResult result = batch({}, task);
    EXPECT_EQ(indices(result), (std::vector<int>{2, 6, 10}));
    EXPECT_EQ(Json::parse(result.out).at("shard"), "2/4");
    // What is said on the command line counts.
    EXPECT_EQ(indices(batch({"--shard", "3/4"}, task)), (std::vector<int>{3, 7}));
}

TEST_F(BatchShardTest, TakesItsPartFromKubernetes) {
    const ProcessResult result =
        batch({}, {{"JOB_COMPLETION_INDEX", "2"}, {"EDITPREP_SHARD_COUNT", "4"}});
    EXPECT_EQ(indices(result), (std::vector<int>{3, 7}));
    EXPECT_EQ(Json::parse(result.out).at("shard"), "3/4");
}

TEST_F(BatchShardTest, DoesNothingWhereOnlyHalfOfItsPlaceIsKnown) {
    expect_refused(batch({}, {{"SLURM_ARRAY_TASK_ID", "0"}}), "SLURM_ARRAY_TASK_COUNT is not");
    expect_refused(batch({}, {{"JOB_COMPLETION_INDEX", "0"}}), "EDITPREP_SHARD_COUNT is not");
    expect_refused(batch({}, {{"EDITPREP_SHARD_COUNT", "4"}}), "JOB_COMPLETION_INDEX is not");
    // --array=1,3,7
    expect_refused(batch({}, {{"SLURM_ARRAY_TASK_ID", "3"},
                              {"SLURM_ARRAY_TASK_COUNT", "3"},
                              {"SLURM_ARRAY_TASK_MIN", "1"},
                              {"SLURM_ARRAY_TASK_MAX", "7"},
                              {"SLURM_ARRAY_TASK_STEP", "1"}}),
                   "cannot be told");
    EXPECT_EQ(new_files(), std::vector<std::string>{"m.jsonl"});
}

TEST_F(BatchShardTest, RefusesShardsThatAreNone) {
    for (const char* shard : {"0/4", "5/4", "2", "a/b"}) {
        const ProcessResult result = batch({"--shard", shard});
        EXPECT_EQ(result.exit_code, 2) << shard;
        EXPECT_EQ(result.out, "");
        EXPECT_NE(result.err.find("argument --shard: invalid shard"), std::string::npos);
    }
}

/// The number behind the first match in a file of the samples.
std::string number_in(const std::string& name, const std::string& pattern) {
    const std::string text = content_of(std::filesystem::path(EDITPREP_SAMPLES) / "cluster" / name);
    std::smatch parts;
    return std::regex_search(text, parts, std::regex(pattern)) ? parts[1].str() : "none";
}

TEST(ClusterSamples, SayTwiceTheSameHowManyThereAre) {
    EXPECT_EQ(number_in("batch.sbatch", "--array=0-([0-9]+)"), "3");
    EXPECT_EQ(number_in("batch.sbatch", "EDITPREP_SHARD_COUNT=([0-9]+)"), "4");
    EXPECT_EQ(number_in("job.yaml", "\n  completions: ([0-9]+)"), "4");
    EXPECT_EQ(number_in("job.yaml", "EDITPREP_SHARD_COUNT\n +value: \"([0-9]+)\""), "4");
}

}  // namespace
}  // namespace editprep::testing
