#include <algorithm>
#include <utility>

#include "provider_fixture.hpp"

/// Cases C84 to C94: generate_batch_media against an OpenAI-compatible provider; and what its own
/// options do beside them.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

class ContractBatch : public ProviderTest {
protected:
    ContractBatch() { reply_with({{"data", {{{"b64_json", "aGVsbG8="}}}}}); }

    [[nodiscard]] ProcessResult batch(const std::string& manifest, Arguments added = {}) const {
        write_text(file("m.jsonl"), manifest);
        added.insert(added.begin(), {"--manifest", "m.jsonl"});
        return call("generate_batch_media", std::move(added));
    }

    /// The summary that a run printed.
    [[nodiscard]] static Json summary_in(const ProcessResult& result) {
        EXPECT_EQ(result.signal, 0);
        try {
            return Json::parse(result.out);
        } catch (const Json::exception& error) {
            ADD_FAILURE() << error.what() << '\n' << result.out << '\n' << result.err;
            return Json::object();
        }
    }

    [[nodiscard]] std::size_t posts() const {
        std::size_t count = 0;
        for (const RecordedRequest& request : requests()) {
            count += request.method == "POST" ? 1U : 0U;
        }
        return count;
    }

    /// 400 for the prompt `bad`, and what is set for the others.
    void refuse_bad() {
        reply_by([](const RecordedRequest& request) {
            const bool bad = Json::parse(request.body).at("prompt") == "bad";
            return bad ? Reply{.status = 400, .body = R"({"error":"no"})"}
                       : Reply{.body = R"({"data":[]})"};
        });
    }
};

/// Nothing is saved, so that the server needs to serve nothing.
std::string item(const std::string& prompt, const std::string& more = {}) {
    return R"({"prompt":")" + prompt + R"(","model":"m","download":false)" + more + "}\n";
}

bool has_words(const Json& cmd, const std::vector<std::string>& words) {
    const auto all = cmd.get<std::vector<std::string>>();
    return std::ranges::search(all, words).begin() != all.end();
}

TEST_F(ContractBatch, C84DryRunResolvesAndSendsNothing) {
    const ProcessResult result =
        batch(R"({"mode":"image","prompt":"minimal {subject}","prefix":"b-{subject}-{index}",)"
              R"("download":false})",
              {"--vars-json", R"({"subject":"mug"})", "--summary-out", "s/x.json", "--dry-run"});
    expect_success(result);
    EXPECT_EQ(content_of(file("s/x.json")), result.out);
    const Json summary = summary_in(result);
    const auto keys = keys_of(summary);
    EXPECT_EQ(std::vector(keys.begin(), keys.begin() + 5),
              (std::vector<std::string>{"ok", "count", "manifest", "summary_out", "results"}));
    EXPECT_EQ(summary.at("ok"), true);
    EXPECT_EQ(summary.at("count"), 1);
    EXPECT_EQ(summary.at("manifest"), "m.jsonl");
    EXPECT_EQ(summary.at("summary_out"), "s/x.json");
    const Json& first = summary.at("results").at(0);
    const auto first_keys = keys_of(first);
    EXPECT_EQ(std::vector(first_keys.begin(), first_keys.begin() + 6),
              (std::vector<std::string>{"index", "item", "cmd", "ok", "stdout", "stderr"}));
    EXPECT_EQ(first.at("item").at("prompt"), "minimal mug");
    EXPECT_EQ(first.at("item").at("prefix"), "b-mug-1");
    EXPECT_EQ(first.at("item").at("vars").dump(), R"({"subject":"mug","index":1,"mode":"image"})");
    EXPECT_EQ(first.at("cmd").at(0), "generate_image");
    EXPECT_TRUE(has_words(first.at("cmd"), {"--no-download"}));
    EXPECT_TRUE(first.at("ok"));
    EXPECT_TRUE(first.at("stdout").is_null());
    EXPECT_TRUE(first.at("stderr").is_null());
    EXPECT_TRUE(requests().empty());
    EXPECT_EQ(new_files(), (std::vector<std::string>{"m.jsonl", "s/x.json"}));
}

TEST_F(ContractBatch, C85ReferencesGoToReferenceMedia) {
    const ProcessResult result = batch(
        R"([{"prompt":"p","model":"m","reference_image":"S1.png","nsfw":"false"},)"
        R"({"prompt":"p","model":"v","mode":"video","reference_image":"S1.png","preset":"fun"}])",
        {"--dry-run"});
    expect_success(result);
    const Json results = summary_in(result).at("results");
    for (const Json& each : results) {
        EXPECT_EQ(each.at("cmd").at(0), "reference_media");
        EXPECT_EQ(each.at("warnings"), Json::array()) << each;
    }
    EXPECT_TRUE(has_words(results.at(0).at("cmd"), {"--nsfw", "false"}));
    EXPECT_TRUE(has_words(results.at(1).at("cmd"), {"--preset", "fun"}));
    EXPECT_TRUE(has_words(results.at(1).at("cmd"), {"--mode", "video"}));
}

TEST_F(ContractBatch, C86AnItemsOwnVariableWins) {
    const ProcessResult result = batch(item("{subject}", R"(,"vars":{"subject":"cup"})"),
                                       {"--vars-json", R"({"subject":"mug"})", "--print-json"});
    expect_success(result);
    ASSERT_EQ(requests().size(), 1U);
    EXPECT_EQ(Json::parse(requests()[0].body).at("prompt"), "cup");
}

TEST_F(ContractBatch, C87StopsAfterTheFirstFailure) {
    refuse_bad();
    const std::string manifest = item("a") + item("bad") + item("c");
    const ProcessResult result = batch(manifest, {"--summary-out", "s.json"});
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 2U) << result.out;
    EXPECT_EQ(Json::parse(lines[0]).at("ok"), true);
    EXPECT_EQ(Json::parse(lines[1]).at("ok"), false);
    const Json summary = Json::parse(content_of(file("s.json")));
    EXPECT_EQ(summary.at("count"), 3);
    EXPECT_EQ(summary.at("results").size(), 2U);
    EXPECT_EQ(summary.at("failed"), 1);
    EXPECT_EQ(posts(), 2U);
    const std::string out = summary.at("results").at(1).at("stdout");
    EXPECT_TRUE(out.starts_with("STATUS: 400\n{\"error\":\"no\"}\nHINT: ")) << out;
    EXPECT_FALSE(out.ends_with('\n'));
}

TEST_F(ContractBatch, C88ContinuesOnErrorWhereToldTo) {
    refuse_bad();
    const ProcessResult result =
        batch(item("a") + item("bad") + item("c"), {"--continue-on-error"});
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U) << result.out;
    EXPECT_EQ(Json::parse(lines[1]).at("ok"), false);
    EXPECT_EQ(Json::parse(lines[2]).at("ok"), true);
    EXPECT_EQ(posts(), 3U);
}

TEST_F(ContractBatch, C89AndC90Templates) {
    const std::pair<std::string, std::string> kPrompts[] = {
        {"x{index:03d}{{y}}{mode}{unknown}", "x001{y}image{unknown}"},
        {"a {\"k\": 1} b", "a {\"k\": 1} b"},
        {"bad } brace", "bad } brace"},
        {"{} {0}", "{} {0}"},
    };
    Json manifest = Json::array();
    for (const auto& [prompt, expected] : kPrompts) {
        manifest.push_back({{"prompt", prompt}, {"model", "m"}, {"download", false}});
    }
    expect_success(batch(manifest.dump()));
    const auto sent = requests();
    ASSERT_EQ(sent.size(), std::size(kPrompts));
    for (std::size_t i = 0; i < sent.size(); ++i) {
        EXPECT_EQ(Json::parse(sent[i].body).at("prompt"), kPrompts[i].second);
    }
}

TEST_F(ContractBatch, C91NamesTheLineThatIsNoJson) {
    const ProcessResult result = batch(item("a") + "nope\n");
    expect_error_line(result, "^invalid JSONL at line 2: .+");
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractBatch, C92AnItemThatCannotBeRunIsItsOwnFailure) {
    const std::string manifest =
        R"([{"mode":"hologram","prompt":"x"},{"prompt":"y","model":"m","download":false}])";
    const ProcessResult result = batch(manifest, {"--continue-on-error"});
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 2U) << result.out;
    const Json first = Json::parse(lines[0]);
    EXPECT_EQ(first.at("ok"), false);
    EXPECT_EQ(first.at("stderr"), "unsupported mode in manifest item: hologram");
    EXPECT_EQ(first.at("cmd"), Json::array());
    EXPECT_EQ(Json::parse(lines[1]).at("ok"), true);
    EXPECT_EQ(posts(), 1U);
}

TEST_F(ContractBatch, C93AnEmptyManifestIsNoFailure) {
    for (const char* manifest : {"", "[]", "\xEF\xBB\xBF \r\n"}) {
        const ProcessResult result = batch(manifest, {"--print-json"});
        expect_success(result);
        EXPECT_EQ(summary_in(result).at("count"), 0);
        EXPECT_EQ(summary_in(result).at("results"), Json::array());
        const ProcessResult plain = batch(manifest);
        expect_success(plain);
        EXPECT_EQ(plain.out, "");
    }
}

TEST_F(ContractBatch, C94ExtraJsonMayBeAnObject) {
    expect_success(batch(item("p", R"(,"extra_json":{"k":1})")));
    ASSERT_EQ(requests().size(), 1U);
    EXPECT_EQ(Json::parse(requests()[0].body).at("k"), 1);
}

TEST_F(ContractBatch, PaysNothingWhenAnItemIsWrong) {
    const std::string manifest =
        item("good") + R"({"prompt":"p","model":"m","reference_image":"none.png"})" + "\n" +
        item("p", R"(,"n":"many")") + item("p", R"(,"prefix":"../x")");
    const ProcessResult result = batch(manifest, {"--summary-out", "s.json"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(requests().empty());
    const Json results = Json::parse(content_of(file("s.json"))).at("results");
    ASSERT_EQ(results.size(), 3U) << results;
    EXPECT_EQ(results[0].at("stderr"), "reference image not found: none.png");
    EXPECT_EQ(results[1].at("stderr"),
              "generate_image: error: argument --n: invalid int value: 'many'");
    EXPECT_TRUE(results[2].at("stderr").get<std::string>().starts_with("invalid --prefix: '../x'"));
    EXPECT_EQ(lines_of(result.err).back(), "ERROR: 3 items of 4 cannot be run; nothing was sent");
    EXPECT_EQ(lines_of(result.out).size(), 3U);
}

TEST_F(ContractBatch, ADryRunSaysWhatWouldFail) {
    const ProcessResult result =
        batch(R"([{"prompt":"p","model":"m","reference_image":"none.png"}])", {"--dry-run"});
    expect_success(result);
    const Json first = summary_in(result).at("results").at(0);
    EXPECT_TRUE(first.at("ok"));
    EXPECT_EQ(first.at("warnings"), Json::array({"it would fail: reference image not found: "
                                                 "none.png"}));
    EXPECT_NE(result.err.find("WARN: item 1: it would fail: "), std::string::npos) << result.err;
}

TEST_F(ContractBatch, ADryRunNeedsNoConfiguration) {
    options.environment["OPENCLAW_CONFIG"] = "none.json";
    const ProcessResult result = batch(item("p"), {"--dry-run"});
    expect_success(result);
    EXPECT_TRUE(summary_in(result).at("results").at(0).at("ok"));
}

TEST_F(ContractBatch, ADryRunEstimatesTheCost) {
    options.environment["FAL_KEY"] = "an-id:a-secret-of-mine";
    const std::string fal =
        R"({"prompt":"p","provider":"fal","model":"fal-ai/flux/dev","size":"1024x1024","n":2})"
        "\n";
    const ProcessResult result = batch(fal + fal + item("unknown"), {"--dry-run"});
    expect_success(result);
    const Json summary = summary_in(result);
    const Json& first = summary.at("results").at(0);
    EXPECT_EQ(first.at("provider"), "fal");
    EXPECT_EQ(first.at("model"), "fal-ai/flux/dev");
    ASSERT_TRUE(first.at("cost_usd").is_number()) << first;
    EXPECT_GT(first.at("cost_usd"), 0);
    EXPECT_DOUBLE_EQ(summary.at("cost_usd").get<double>(), 2 * first.at("cost_usd").get<double>());
    EXPECT_EQ(summary.at("cost_unknown"), 1);
    EXPECT_EQ(summary.at("results").at(2).at("provider"), "alpha");
    EXPECT_EQ(summary.at("results").at(2).at("model"), "m");
    expect_matches(lines_of(result.err).back(),
                   "NOTE: the estimate for 3 items is [0-9.]+ US dollars, without 1 of unknown "
                   "price");
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractBatch, PaysNothingBeyondTheLimit) {
    options.environment["FAL_KEY"] = "an-id:a-secret-of-mine";
    const std::string fal =
        R"({"prompt":"p","provider":"fal","model":"fal-ai/flux/dev","size":"1024x1024"})"
        "\n";
    const ProcessResult dear = batch(fal + fal, {"--max-cost", "0.01", "--summary-out", "s.json"});
    EXPECT_EQ(dear.exit_code, 3);
    EXPECT_EQ(dear.out, "");
    const Json summary = Json::parse(content_of(file("s.json")));
    EXPECT_EQ(summary.at("results"), Json::array());
    expect_matches(summary.at("stopped"),
                   "the batch would cost 0.0[0-9] US dollars, more than the 0.01 US dollars of "
                   "--max-cost; nothing was sent");
    const ProcessResult unknown = batch(item("p"), {"--max-cost", "100"});
    EXPECT_EQ(unknown.exit_code, 3);
    EXPECT_NE(unknown.err.find("the price of item 1 is not known"), std::string::npos);
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractBatch, UnknownFieldsAreNamedOnce) {
    std::string manifest;
    for (int i = 0; i < 7; ++i) {
        manifest += item("p", R"(,"qualty":"high")");
    }
    const ProcessResult result = batch(manifest);
    expect_success(result);
    EXPECT_EQ(result.err.find("WARN: items 1, 2, 3, 4, 5 and 2 more: 'qualty' is left out: nothing "
                              "is called so; did you mean 'quality'?\n"),
              0U)
        << result.err;
    const ProcessResult quiet = batch(manifest, {"--quiet"});
    expect_success(quiet);
    EXPECT_EQ(quiet.err, "");
}

TEST_F(ContractBatch, EditsLocallyWithoutAProvider) {
    const std::string manifest =
        R"({"mode":"object-mask","image":"S1.png","out":"o/mask-{index}.png"})"
        "\n"
        R"({"mode":"inpaint","image":"S1.png","mask_only":true,"region":"rect:2:2:9:9",)"
        R"("mask_dir":"md"})"
        "\n"
        R"({"mode":"outpaint","image":"S2.png","prepare_only":true,"expand":3,"work_dir":"wd"})"
        "\n"
        R"({"mode":"inpaint","image":"S1.png","prompt":"p","provider":"local","x":4,"y":4,)"
        R"("width":20,"height":20,"fill":"white","out_dir":"od"})"
        "\n";
    const ProcessResult dry = batch(manifest, {"--dry-run"});
    expect_success(dry);
    EXPECT_EQ(summary_in(dry).at("cost_usd"), 0);
    EXPECT_EQ(new_files(), std::vector<std::string>{"m.jsonl"});

    const ProcessResult result = batch(manifest, {"--print-json", "--summary-out", "s.json"});
    expect_success(result);
    EXPECT_EQ(result.out, content_of(file("s.json")));
    const Json results = summary_in(result).at("results");
    ASSERT_EQ(results.size(), 4U);
    EXPECT_EQ(results[0].at("stdout"), "o/mask-1.png");
    for (const Json& each : results) {
        EXPECT_EQ(each.at("cost_usd"), 0) << each;
        ASSERT_FALSE(each.at("files").empty()) << each;
        EXPECT_TRUE(std::filesystem::exists(file(each.at("files").at(0).get<std::string>())));
    }
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractBatch, NoTwoItemsWriteOneFile) {
    const std::string mask = R"({"mode":"object-select","image":"S1.png","prepare_only":true})"
                             "\n";
    const ProcessResult result = batch(mask + mask);
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 1U) << result.out;
    EXPECT_EQ(Json::parse(lines[0]).at("stderr"),
              "it would write tmp/images/masks/object-edit_base_object_mask.png like item 1; give "
              "it a name of its own ('out', or 'prefix')");
    expect_success(batch(R"({"mode":"object-select","image":"S1.png","prepare_only":true,)"
                         R"("prefix":"a{index}"})"
                         "\n"
                         R"({"mode":"object-select","image":"S1.png","prepare_only":true,)"
                         R"("prefix":"a{index}"})"));
}

TEST_F(ContractBatch, WhatCannotBeWrittenIsKnownFirst) {
    write_text(file("plain"), "x");
    for (const char* option : {"--summary-out", "--report"}) {
        for (const char* path : {"plain/s.json", "."}) {
            const ProcessResult result = batch(item("p"), {option, path});
            EXPECT_EQ(result.exit_code, 1) << option << path;
            EXPECT_EQ(result.out, "");
        }
    }
    EXPECT_EQ(batch(item("p"), {"--summary-out", "x", "--report", "x"}).exit_code, 1);
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractBatch, CheckingAnEditLeavesNoFile) {
    const std::string manifest =
        R"({"mode":"inpaint","image":"S1.png","prompt":"p","model":"e","region":"rect:2:2:9:9"})"
        "\n"
        R"({"mode":"outpaint","image":"S2.png","prompt":"p","model":"e","expand":3,)"
        R"("mask_out":"mo.png"})"
        "\n"
        R"({"mode":"object-edit","image":"S1.png","prompt":"p","model":"e"})"
        "\n"
        R"({"mode":"edit","image":"S1.png","prompt":"p","model":"e"})"
        "\n";
    const ProcessResult result = batch(manifest, {"--dry-run"});
    expect_success(result);
    for (const Json& each : summary_in(result).at("results")) {
        EXPECT_EQ(each.at("warnings"), Json::array());
        EXPECT_EQ(each.at("model"), "e");
    }
    EXPECT_EQ(new_files(), std::vector<std::string>{"m.jsonl"});
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractBatch, KeysAndPayloadsStayOutOfTheSummary) {
    const std::string payload(4000, 'A');
    const ProcessResult result = batch(item("p", R"(,"extra_json":{"img":"data:image/png;base64,)" +
                                                     payload + R"(","api_key":"canary-secret"})"),
                                       {"--summary-out", "s.json"});
    expect_success(result);
    for (const std::string& text : {result.out, result.err, content_of(file("s.json"))}) {
        EXPECT_EQ(text.find(payload), std::string::npos);
        EXPECT_EQ(text.find("canary-secret"), std::string::npos);
        EXPECT_EQ(text.find("k-alpha"), std::string::npos);
    }
}

TEST_F(ContractBatch, TakesTheManifestFromStandardInput) {
    ProcessOptions given = options;
    write_text(file("in.jsonl"), item("p"));
    given.input = file("in.jsonl");
    const ProcessResult result = run("generate_batch_media", {"--manifest", "-"}, given);
    expect_success(result);
    EXPECT_EQ(posts(), 1U);
}

TEST_F(ContractBatch, RefusesWrongCommandLines) {
    const std::pair<Arguments, const char*> kWrong[] = {
        {{}, "the following arguments are required: --manifest"},
        {{"--manifest", "m", "plain"}, "unrecognized argument: plain"},
        {{"--manifest", "m", "--merge", "s"},
         "argument --merge: not allowed with argument --manifest"},
        {{"--manifest", "m", "--jobs", "0"},
         "argument --jobs: must be a number from 1 to 256: '0'"},
        {{"--manifest", "m", "--max-cost", "-1"}, "argument --max-cost: invalid amount: '-1'"},
    };
    for (const auto& [arguments, reason] : kWrong) {
        const ProcessResult result = call("generate_batch_media", arguments);
        EXPECT_EQ(result.exit_code, 2);
        EXPECT_EQ(result.out, "");
        EXPECT_EQ(lines_of(result.err).back(),
                  std::string("generate_batch_media: error: ") + reason);
    }
    expect_failure(call("generate_batch_media", {"--manifest", "none.json"}),
                   "file not found: none.json");
    expect_failure(call("generate_batch_media", {"--manifest", "."}),
                   "cannot read .: Is a directory");
}

}  // namespace
}  // namespace editprep::testing
