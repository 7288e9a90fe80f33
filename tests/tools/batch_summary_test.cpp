#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "temp_folder.hpp"
#include "tools/generate_batch_media/summary.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

ItemResult result_of(int index, bool ok = true) {
    return {.index = index,
            .item = {{"prompt", "größe " + std::to_string(index)}},
            .cmd = {"generate_image", "--prompt", "p"},
            .ok = ok,
            .exit_code = ok ? 0 : 1,
            .out = "STATUS: 200",
            .err = std::nullopt,
            .files = {"a.png"},
            .provider = "fal",
            .model = "m",
            .cost_usd = 0.1,
            .cost_basis = "a picture",
            .seconds = 1.5,
            .warnings = {"w"}};
}

BatchSummary summary_of(int count, const std::vector<int>& indices,
                        std::optional<Shard> shard = {}) {
    BatchSummary summary{.count = count, .manifest = "m.json", .shard = shard};
    for (const int index : indices) {
        summary.results.push_back(result_of(index));
    }
    return summary;
}

class BatchSummaryFiles : public ::testing::Test {
protected:
    [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
        const std::string path = folder_.path() / name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    [[nodiscard]] std::string write(const std::string& name, const BatchSummary& summary) const {
        return write(name, indented_json(summary_json(summary)));
    }

    /// Why these cannot be merged.
    [[nodiscard]] static std::string reason_against(const std::vector<std::string>& paths) {
        try {
            static_cast<void>(merge_summaries(paths));
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "merged";
    }

private:
    testing::TempFolder folder_;
};

TEST(SummaryJson, HasTheContractsKeysFirst) {
    BatchSummary summary = summary_of(3, {1, 2}, Shard{1, 2});
    summary.results[1].ok = false;
    summary.results[1].cost_usd.reset();
    std::vector<std::string> keys;
    const Json json = summary_json(summary);
    for (const auto& member : json.items()) {
        keys.push_back(member.key());
    }
    EXPECT_EQ(keys, (std::vector<std::string>{"ok", "count", "manifest", "summary_out", "results",
                                              "failed", "cost_usd", "cost_unknown", "shard",
                                              "stopped", "dry_run", "would_fail"}));
    EXPECT_EQ(json.at("ok"), false);
    EXPECT_EQ(json.at("failed"), 1);
    EXPECT_EQ(json.at("cost_usd"), 0.1);
    EXPECT_EQ(json.at("cost_unknown"), 1);
    EXPECT_EQ(json.at("shard"), "1/2");
    EXPECT_TRUE(json.at("stopped").is_null());
}

TEST(SummaryJson, SumsWithoutDigitsOfChance) {
    EXPECT_EQ(summary_json(summary_of(3, {1, 2, 3})).at("cost_usd").dump(), "0.3");
}

TEST(SummaryJson, LeavesWhatWouldFailOutOfSums) {
    BatchSummary summary = summary_of(2, {1, 2});
    summary.results[1].would_fail = "no picture";
    summary.results[1].cost_usd.reset();
    const Json json = summary_json(summary);
    EXPECT_EQ(json.at("ok"), false);
    EXPECT_EQ(json.at("would_fail"), 1);
    EXPECT_EQ(json.at("failed"), 0);
    EXPECT_EQ(json.at("cost_usd"), 0.1);
    EXPECT_EQ(json.at("cost_unknown"), 0);
    EXPECT_EQ(json.at("results")[1].at("would_fail"), "no picture");
    EXPECT_EQ(read_result(json.at("results")[1]).would_fail, "no picture");
}

TEST(SummaryJson, WhatWasLeftOutIsNotOk) {
    BatchSummary summary = summary_of(2, {1});
    EXPECT_TRUE(summary.ok());
    summary.stopped = "interrupted";
    EXPECT_FALSE(summary.ok());
}

TEST(ResultJson, ComesBackAsItWas) {
    const Json json = result_json(result_of(4, false));
    EXPECT_EQ(result_json(read_result(json)), json);
    ItemResult bare;
    EXPECT_EQ(result_json(read_result(result_json(bare))), result_json(bare));
}

TEST(ResultJson, HidesPayloadsAndKeys) {
    ItemResult result = result_of(1);
    const std::string payload(3000, 'A');
    result.item["extra_json"] = {{"img", "data:image/png;base64," + payload},
                                 {"api_key", "canary"}};
    result.cmd.push_back(R"({"img": "data:image/png;base64,)" + payload +
                         R"(", "api_key": "canary"})");
    const std::string text = result_json(result).dump();
    EXPECT_EQ(text.find(payload), std::string::npos);
    EXPECT_EQ(text.find("canary"), std::string::npos) << text;
}

TEST(ReadResult, SaysWhatIsWrong) {
    Json json = result_json(result_of(1));
    json["index"] = "one";
    EXPECT_THROW(static_cast<void>(read_result(json)), std::invalid_argument);
    json.erase("index");
    EXPECT_THROW(static_cast<void>(read_result(json)), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(read_result(Json::array())), std::invalid_argument);
}

TEST_F(BatchSummaryFiles, ShardsMakeTheWholeAgain) {
    const std::string first = write("1.json", summary_of(5, {1, 3, 5}, Shard{1, 2}));
    const std::string second = write("2.json", summary_of(5, {2, 4}, Shard{2, 2}));
    const Json whole = summary_json(summary_of(5, {1, 2, 3, 4, 5}));
    EXPECT_EQ(summary_json(merge_summaries({first, second})), whole);
    EXPECT_EQ(summary_json(merge_summaries({second, first})), whole);
    EXPECT_EQ(summary_json(merge_summaries({write("all.json", summary_of(2, {1, 2}))})),
              summary_json(summary_of(2, {1, 2})));
}

TEST_F(BatchSummaryFiles, MergingKeepsWhyAShardStopped) {
    BatchSummary part = summary_of(3, {1}, Shard{1, 2});
    part.stopped = "interrupted";
    const BatchSummary whole =
        merge_summaries({write("1.json", part), write("2.json", summary_of(3, {2}, Shard{2, 2}))});
    EXPECT_EQ(whole.stopped, "shard 1/2: interrupted");
    EXPECT_FALSE(whole.ok());
}

TEST_F(BatchSummaryFiles, RefusesWhatDoesNotBelongTogether) {
    const std::string first = write("1.json", summary_of(4, {1, 3}, Shard{1, 2}));
    const std::string second = write("2.json", summary_of(4, {2, 4}, Shard{2, 2}));
    EXPECT_EQ(reason_against({first}), "the summaries of these shards are missing: 2/2");
    EXPECT_EQ(reason_against({first, first}), first + ": it is of the same shard as " + first);

    BatchSummary other = summary_of(4, {2}, Shard{2, 2});
    other.manifest = "n.json";
    EXPECT_EQ(reason_against({first, write("n.json", other)}),
              write("n.json", other) + ": it is about the manifest n.json, and " + first +
                  " about m.json");
    const std::string longer = write("5.json", summary_of(5, {2}, Shard{2, 2}));
    EXPECT_EQ(reason_against({first, longer}),
              longer + ": its manifest has 5 items, that of " + first + " 4");
    const std::string third = write("3.json", summary_of(4, {2}, Shard{2, 3}));
    EXPECT_EQ(reason_against({first, third}), third + ": it is of another run than " + first);
    const std::string foreign = write("f.json", summary_of(4, {1}, Shard{2, 2}));
    EXPECT_EQ(reason_against({second, foreign}),
              foreign + ": it has items that are not its shard's");
}

TEST_F(BatchSummaryFiles, NamesAFewOfManyMissingShards) {
    const std::string path = write("1.json", summary_of(3, {1}, Shard{1, 2147483647}));
    EXPECT_EQ(reason_against({path}),
              "the summaries of these shards are missing: 2/2147483647, 3/2147483647, "
              "4/2147483647, 5/2147483647, 6/2147483647, 7/2147483647, 8/2147483647, "
              "9/2147483647 and 2147483638 more");
}

TEST_F(BatchSummaryFiles, KnowsSummariesFromOtherFiles) {
    EXPECT_TRUE(is_summary(write("s.json", summary_of(1, {1}))));
    EXPECT_TRUE(
        is_summary(write("older.json", R"({"ok":true,"count":0,"manifest":"m","results":[]})")));
    for (const char* text : {"", "{", "[]", "{}", R"({"count":1,"manifest":"m"})", "\xff"}) {
        EXPECT_FALSE(is_summary(write("other.json", text))) << text;
    }
}

TEST_F(BatchSummaryFiles, NamesFilesThatAreNoSummaries) {
    for (const char* text : {"", "{", "[]", "{}", R"({"count":1})", "\xff"}) {
        const std::string path = write("bad.json", text);
        EXPECT_TRUE(reason_against({path}).starts_with(path + ": it is no summary of a batch: "))
            << text;
    }
    Json json = summary_json(summary_of(1, {1}));
    json["count"] = -1;
    const std::string negative = write("negative.json", json.dump());
    EXPECT_TRUE(
        reason_against({negative}).starts_with(negative + ": it is no summary of a batch: "));
    json["count"] = 1;
    json["shard"] = "1/0";
    const std::string path = write("shard.json", json.dump());
    EXPECT_TRUE(reason_against({path}).starts_with(path + ": it is no summary of a batch: "));
    EXPECT_EQ(reason_against({path + ".none"}),
              "cannot read the JSON from " + path + ".none: No such file or directory");
    const std::string folder = std::filesystem::path(path).parent_path();
    EXPECT_EQ(reason_against({folder}), "cannot read the JSON from " + folder + ": Is a directory");
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
