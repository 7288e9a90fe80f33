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
    EXPECT_NE(result.err.find("ERROR: item 2: reference image not found: none.png\n"),
              std::string::npos)
        << result.err;
    EXPECT_EQ(lines_of(result.err).back(),
              "ERROR: 3 of 4 items cannot be run; nothing was sent; correct them, or run the "
              "others with --continue-on-error");
    EXPECT_EQ(lines_of(result.out).size(), 3U);
}

TEST_F(ContractBatch, ADryRunSaysWhatWouldFail) {
    const ProcessResult result =
        batch(R"([{"prompt":"p","model":"m","reference_image":"none.png"},)"
              R"({"mode":"hologram"},{"mode":"object-mask","image":"S1.png"}])",
              {"--dry-run", "--report", "r.html"});
    EXPECT_EQ(result.exit_code, 1);
    const Json summary = summary_in(result);
    EXPECT_EQ(summary.at("ok"), false);
    EXPECT_EQ(summary.at("would_fail"), 2);
    EXPECT_EQ(summary.at("cost_unknown"), 0);
    const Json& results = summary.at("results");
    for (const Json& each : results) {
        EXPECT_EQ(each.at("ok"), true);
    }
    EXPECT_EQ(results[0].at("would_fail"), "reference image not found: none.png");
    EXPECT_EQ(results[1].at("would_fail"), "unsupported mode in manifest item: hologram");
    EXPECT_TRUE(results[2].at("would_fail").is_null());
    EXPECT_NE(result.err.find("ERROR: item 1: reference image not found: none.png\n"
                              "ERROR: item 2: unsupported mode in manifest item: hologram\n"
                              "NOTE: the estimate for 1 item is 0.00 US dollars\n"),
              std::string::npos)
        << result.err;
    const std::string page = content_of(file("r.html"));
    EXPECT_NE(page.find("<dt>Wrong</dt><dd>2</dd>"), std::string::npos);
}

TEST_F(ContractBatch, ADryRunSeesWhatLocalWorkLacks) {
    write_text(file("text.png"), "no picture");
    const ProcessResult result = batch(
        R"({"mode":"inpaint","prompt":"p","image":"S1.png","provider":"local"}
{"mode":"inpaint","prompt":"p","image":"S1.png","provider":"local","region":"rect:70:0:5:5"}
{"mode":"inpaint","prompt":"p","image":"S1.png","x":3,"mask_only":true}
{"mode":"outpaint","prompt":"p","image":"S1.png","provider":"local"}
{"mode":"outpaint","prompt":"p","image":"S1.png","provider":"local","left":-64}
{"mode":"outpaint","prompt":"p","image":"S1.png","left":1,"prepare_only":true,"canvas_mode":"solid","bg":"red"}
{"mode":"object-edit","prompt":"p","image":"S1.png","provider":"local","point":"70:5"}
{"mode":"object-edit","prompt":"p","image":"S1.png","provider":"local","trim":true}
{"mode":"object-mask","image":"S1.png","point":"5:50"}
{"mode":"edit","prompt":"p","image":"S1.png","provider":"local"}
{"mode":"edit","prompt":"p","image":"text.png","provider":"local"}
{"mode":"inpaint","prompt":"p","image":"S1.png","provider":"local","region":"rect:7:0:5:5"}
{"mode":"outpaint","prompt":"p","image":"S1.png","provider":"local","left":1})",
        {"--dry-run"});
    const std::vector<std::string> reasons{
        "provide either --mask, a legacy single region, or one or more --region specs",
        "invalid region after clamping: rect:[70.0, 0.0, 5.0, 5.0]",
        "incomplete single region: missing --y, --width, --height",
        "specify at least one of --expand/--left/--right/--top/--bottom",
        "expanded size must be positive",
        "invalid --bg color: red",
        "the object point 70:5 lies outside of the picture, which is 64x48",
        "--trim is for cut-outs: it needs --edit-target background",
        "the object point 5:50 lies outside of the picture, which is 64x48",
        "the local provider needs a --mask: it can only fill a region",
        "not a picture in a format that is read here: text.png"};
    EXPECT_EQ(result.exit_code, 1);
    const Json results = summary_in(result).at("results");
    ASSERT_EQ(results.size(), reasons.size() + 2);
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        ASSERT_TRUE(results[i].at("would_fail").is_string()) << reasons[i];
        const std::string reason = results[i].at("would_fail");
        EXPECT_TRUE(reason.starts_with(reasons[i])) << reason;
    }
    EXPECT_TRUE(results[reasons.size()].at("would_fail").is_null());
    EXPECT_TRUE(results[reasons.size() + 1].at("would_fail").is_null());
    EXPECT_EQ(result.err.find("ERROR: item 11: ERROR:"), std::string::npos) << result.err;
}

TEST_F(ContractBatch, TellsOfNoMoreThanTwentyFailures) {
    std::string manifest;
    for (int i = 0; i < 25; ++i) {
        manifest += R"({"mode":"hologram"})"
                    "\n";
    }
    const ProcessResult result = batch(manifest, {"--dry-run"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("ERROR: item 20: "), std::string::npos);
    EXPECT_EQ(result.err.find("ERROR: item 21: "), std::string::npos);
    EXPECT_NE(result.err.find("ERROR: and 5 items more\n"), std::string::npos) << result.err;
}

TEST_F(ContractBatch, SaysAtItsEndWhatFailedAndWhatToDo) {
    refuse_bad();
    const std::string manifest = item("a") + item("bad") + item("c");
    const ProcessResult stopped = batch(manifest);
    EXPECT_EQ(stopped.exit_code, 1);
    EXPECT_NE(stopped.err.find(R"(ERROR: item 2: STATUS: 400; {"error":"no"})"), std::string::npos)
        << stopped.err;
    EXPECT_EQ(lines_of(stopped.err).back(),
              "ERROR: 1 of 3 items done, 1 failed, 1 not started; the same command tries again "
              "what failed, and with --continue-on-error runs the others, too");
    const ProcessResult again = batch(manifest, {"--continue-on-error"});
    EXPECT_NE(again.err.find("NOTE: 1 of 3 items was done by an earlier run"), std::string::npos)
        << again.err;
    EXPECT_EQ(lines_of(again.err).back(),
              "ERROR: 2 of 3 items done, 1 failed; the same command tries again what failed");
}

TEST_F(ContractBatch, SaysThatAGoodBatchWouldBePaidAgain) {
    const std::string note =
        "NOTE: the batch is done, and paid for: the same command would begin anew, and pay again\n";
    EXPECT_NE(batch(item("a")).err.find(note), std::string::npos);
    const std::string mask = R"({"mode":"object-mask","image":"S1.png","out":"m.png"})";
    EXPECT_EQ(batch(mask).err.find(note), std::string::npos);
}

TEST_F(ContractBatch, WarnsOfNamesThatNoVariableHas) {
    const ProcessResult result =
        batch(item("a {colour} {x} {{colour}} mug", R"(,"vars":{"color":"red"})"), {"--dry-run"});
    expect_success(result);
    const Json first = summary_in(result).at("results").at(0);
    EXPECT_EQ(first.at("item").at("prompt"), "a {colour} {x} {colour} mug");
    EXPECT_EQ(first.at("warnings"),
              Json::array({"no variable is called colour, so that {colour} stays as it is; did you "
                           "mean {color}?",
                           "no variable is called x, so that {x} stays as it is"}));
}

TEST_F(ContractBatch, WarningsOfItsDryRunAreTheItems) {
    const std::string manifest = R"({"prompt":"p","provider":"alpha","download":false})";
    const std::string expected = "using placeholder model '";
    const ProcessResult dry = batch(manifest, {"--dry-run"});
    ASSERT_EQ(summary_in(dry).at("results").at(0).at("warnings").size(), 1U) << dry.out;
    const ProcessResult result = batch(manifest, {"--print-json"});
    const Json warnings = summary_in(result).at("results").at(0).at("warnings");
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_TRUE(warnings[0].get<std::string>().starts_with(expected)) << warnings;
}

TEST_F(ContractBatch, WarnsOfARateLimitOfNobody) {
    for (const bool dry : {true, false}) {
        Arguments words{"--rate-limit", "fal=30", "--rate-limit", "alpha=600"};
        if (dry) {
            words.emplace_back("--dry-run");
        }
        const ProcessResult result = batch(item("p"), words);
        expect_success(result);
        EXPECT_NE(result.err.find("WARN: --rate-limit fal=... has no effect: no item asks fal; "
                                  "they ask alpha\n"),
                  std::string::npos)
            << result.err;
        EXPECT_EQ(result.err.find("alpha=..."), std::string::npos);
    }
}

TEST_F(ContractBatch, WhatIsPaidMakesNoRunRefuse) {
    write_text(file("models.json"),
               R"({"source":"https://example.com","date":"2026-01-31","models":[{"id":"m",)"
               R"("category":"image","price":{"unit":"image","usd":1}}]})");
    options.environment["EDITPREP_MODELS"] = file("models.json").string();
    refuse_bad();
    const std::string good = item("a") + item("b");
    const std::string manifest = good + item("bad");
    EXPECT_EQ(batch(manifest, {"--max-cost", "3", "--summary-out", "s.json"}).exit_code, 1);
    const std::string left = content_of(file("s.json"));

    const ProcessResult dry = batch(manifest, {"--dry-run"});
    EXPECT_EQ(lines_of(dry.err).back(),
              "NOTE: the estimate for 3 items is 3.00 US dollars; 2.00 US dollars are spent by an "
              "earlier run, 1.00 US dollars still to be paid");
    const ProcessResult dear = batch(manifest, {"--max-cost", "2.5", "--summary-out", "s.json"});
    EXPECT_EQ(dear.exit_code, 3);
    EXPECT_EQ(lines_of(dear.err).back(),
              "ERROR: the batch would cost 3.00 US dollars (2.00 US dollars are spent, 1.00 US "
              "dollars still to be paid), more than the 2.50 US dollars of --max-cost; nothing was "
              "sent");
    EXPECT_EQ(content_of(file("s.json")), left);
    EXPECT_EQ(posts(), 3U);

    const ProcessResult rest = batch(good, {"--max-cost", "0.5"});
    expect_success(rest);
    EXPECT_EQ(posts(), 3U);
}

TEST_F(ContractBatch, ADryRunNeedsNoConfiguration) {
    options.environment["OPENCLAW_CONFIG"] = "none.json";
    const ProcessResult result = batch(item("p"), {"--dry-run"});
    expect_success(result);
    const Json first = summary_in(result).at("results").at(0);
    EXPECT_TRUE(first.at("ok"));
    EXPECT_TRUE(first.at("would_fail").is_null());
    EXPECT_NE(result.err.find("WARN: item 1: it would fail: config not found: none.json"),
              std::string::npos)
        << result.err;
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
                   "NOTE: the estimate for 3 items is at least [0-9.]+ US dollars; the price of 1 "
                   "item is not known: m");
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
    EXPECT_NE(unknown.err.find("the price of 1 item is not known: m, so --max-cost cannot be kept; "
                               "leave --max-cost out, or state the price in the file "
                               "$EDITPREP_MODELS: "),
              std::string::npos)
        << unknown.err;
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

TEST_F(ContractBatch, TheLastNoteSaysHowManyAreDoneAndWhereTheyAre) {
    const std::string masks = R"({"mode":"object-mask","image":"S1.png","out":"o/{index}.png"})"
                              "\n"
                              R"({"mode":"object-mask","image":"S1.png","out":"{index}.png"})"
                              "\n"
                              R"({"mode":"object-mask","image":"S2.png","out":"o/{index}.png"})"
                              "\n";
    const Arguments outputs{"--jobs", "1", "--summary-out", "s.json", "--report", "r.html"};
    const ProcessResult result = batch(masks, outputs);
    expect_success(result);
    EXPECT_EQ(lines_of(result.out).size(), 3U);
    EXPECT_EQ(lines_of(result.err).back(),
              "NOTE: 3 items done; files are in o, .; summary: s.json; report: r.html");

    const ProcessResult merged = call("generate_batch_media", {"--merge", "s.json"});
    expect_success(merged);
    EXPECT_EQ(lines_of(merged.err).back(), "NOTE: 3 items done; files are in o, .");
    EXPECT_EQ(batch("").err, "");
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

TEST_F(ContractBatch, NoTwoPaidItemsWriteOneFileThatTheyName) {
    const std::string edit = R"({"mode":"outpaint","image":"S1.png","prompt":"p","model":"m",)"
                             R"("left":8,"preview":"look.png"})"
                             "\n";
    const ProcessResult result = batch(edit + edit);
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 1U) << result.out;
    EXPECT_EQ(Json::parse(lines[0]).at("stderr"),
              "it would write look.png like item 1; give it a name of its own ('{index}' in "
              "it)");
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractBatch, ASummaryReplacesSummariesAlone) {
    write_text(file("notes.txt"), "dear");
    write_text(file("vars.json"), "{}");
    std::filesystem::create_symlink("m.jsonl", file("link.json"));
    for (const char* path : {"m.jsonl", "./m.jsonl", "link.json", "notes.txt", "vars.json"}) {
        const ProcessResult result =
            batch(item("p"), {"--summary-out", path, "--vars-file", "vars.json"});
        EXPECT_EQ(result.exit_code, 1) << path;
        expect_matches(result.err, "ERROR: --summary-out would replace .*; choose another name\n");
    }
    EXPECT_EQ(content_of(file("m.jsonl")), item("p"));
    EXPECT_EQ(content_of(file("notes.txt")), "dear");
    EXPECT_TRUE(requests().empty());
    expect_success(batch(item("p"), {"--summary-out", "s.json"}));
    expect_success(batch(item("p"), {"--summary-out", "s.json"}));
    const std::string summary = content_of(file("s.json"));
    EXPECT_EQ(
        call("generate_batch_media", {"--merge", "s.json", "--summary-out", "./s.json"}).exit_code,
        1);
    EXPECT_EQ(content_of(file("s.json")), summary);
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
    std::filesystem::create_directory(file("locked"));
    std::filesystem::permissions(
        file("locked"), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    options.obey_permissions = true;
    EXPECT_EQ(batch(item("p"), {"--report", "locked/r.html"}).err,
              "ERROR: cannot write to the folder locked: Permission denied; choose another folder "
              "or change its permissions\n");
    options.obey_permissions = false;
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
