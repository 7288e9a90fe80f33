#include <signal.h>

#include <atomic>
#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "command_fixture.hpp"
#include "editprep/transport/base64.hpp"
#include "test_server.hpp"

/// --idempotency-key: what was sent under a key is gone on with, and never paid for twice.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kModel = "fal-ai/flux/dev";
constexpr const char* kVideoModel = "some/video";
constexpr const char* kListPath = "/api/v1/models/requests/by-endpoint";

/// Plays fal's queue, its platform's list of requests, and an OpenAI-compatible provider.
class KeyedTest : public CommandTest {
protected:
    KeyedTest() {
        write_text(file("openclaw.json"),
                   Json({{"models",
                          {{"providers",
                            {{"plain", {{"baseUrl", server_.url() + "/v1"}, {"apiKey", "k-plain"}}},
                             {"knowing",
                              {{"baseUrl", server_.url() + "/v1"},
                               {"apiKey", "k-knowing"},
                               {"idempotencyHeader", "Idempotency-Key"}}}}}}}})
                       .dump());
        environment_ = {{"HOME", file("home").string()},
                        {"XDG_CONFIG_HOME", ""},
                        {"OPENCLAW_CONFIG", file("openclaw.json").string()},
                        {"EDITPREP_STATE_DIR", file("state").string()},
                        {"EDITPREP_FAL_QUEUE_URL", server_.url()},
                        {"EDITPREP_FAL_REST_URL", server_.url()},
                        {"EDITPREP_FAL_API_URL", server_.url() + "/api/v1"},
                        {"FAL_KEY", "uuid-1:test_secret"}};
    }

    [[nodiscard]] ProcessResult call(const std::string& command, Arguments arguments) const {
        return run(command, std::move(arguments), {.environment = environment_});
    }

    /// Killed by SIGKILL once it has asked after its job.
    void call_and_kill(const std::string& command, const Arguments& arguments) {
        queued_ = true;
        ProcessOptions options{.arguments = {"-c", "echo $$ > pid; exec \"$0\" \"$@\"",
                                             std::string(EDITPREP_BIN) + '/' + command},
                               .environment = environment_,
                               .folder = file("")};
        options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
        const int before = looks_;
        auto run = std::async(std::launch::async, [&] { return run_process("/bin/sh", options); });
        while (looks_ == before &&
               run.wait_for(std::chrono::milliseconds(5)) == std::future_status::timeout) {
        }
        if (looks_ > before) {
            ::kill(std::stoi(content_of(file("pid"))), SIGKILL);
        }
        EXPECT_EQ(run.get().signal, SIGKILL);
        queued_ = false;
    }

    [[nodiscard]] static Arguments image(const std::string& key, const std::string& provider,
                                         const Arguments& more = {}) {
        Arguments arguments{"--prompt",    "a fox", "--provider",        provider,
                            "--model",     kModel,  "--idempotency-key", key,
                            "--print-json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    [[nodiscard]] ProcessResult make(const std::string& key, const std::string& provider = "fal",
                                     const Arguments& more = {}) const {
        return call("generate_image", image(key, provider, more));
    }

    [[nodiscard]] std::string downloaded(const ProcessResult& result) const {
        expect_success(result);
        const Json summary = Json::parse(result.out, nullptr, /*allow_exceptions=*/false);
        EXPECT_TRUE(summary.is_object() && summary["downloaded"].is_string()) << result.out;
        const auto path = summary.value("downloaded", "");
        EXPECT_TRUE(std::filesystem::exists(file(path))) << path;
        return path;
    }

    [[nodiscard]] int posts() const {
        int count = 0;
        for (const RecordedRequest& request : server_.requests()) {
            count += request.method == "POST" ? 1 : 0;
        }
        return count;
    }

    [[nodiscard]] std::vector<std::string> sent_keys() const {
        std::vector<std::string> keys;
        for (const RecordedRequest& request : server_.requests()) {
            if (request.method == "POST") {
                keys.push_back(request.header("Idempotency-Key"));
            }
        }
        return keys;
    }

    [[nodiscard]] std::size_t requests() const { return server_.requests().size(); }

    [[nodiscard]] Json pending() const {
        const ProcessResult result = call("fal_client", {"list"});
        expect_success(result);
        return Json::parse(result.out)["pending"];
    }

    static void expect_says(const ProcessResult& result, const std::string& words) {
        EXPECT_EQ(result.exit_code, 1) << result.out;
        EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    }

    /// The status of the next answers to POSTs; above 499 the request is taken all the same.
    std::atomic<int> status_ = 200;
    /// Jobs of the queue stay where they are.
    std::atomic<bool> queued_ = false;
    /// What is listed beside what was taken, and whether that is.
    std::atomic<int> strangers_ = 0;
    std::atomic<int> list_status_ = 200;
    std::atomic<bool> listed_ = true;
    std::atomic<int> delay_milliseconds_ = 0;
    /// How often a job was asked after.
    std::atomic<int> looks_ = 0;

private:
    struct Taken {
        std::string id;
        Json input;
    };

    static Reply json(const Json& body, int status = 200) {
        return {.status = status, .body = body.dump()};
    }

    [[nodiscard]] Json entry(const std::string& id, const Json& input) const {
        return {{"request_id", id},
                {"endpoint_id", kModel},
                {"sent_at", "2099-01-01T00:00:00Z"},
                {"json_input", input}};
    }

    Reply list() const {
        if (list_status_ != 200) {
            return json({{"error", {{"message", "not for this key"}}}}, list_status_);
        }
        Json items = Json::array();
        for (const Taken& request : taken_) {
            if (listed_) {
                items.push_back(entry(request.id, request.input));
            }
            for (int i = 0; i < strangers_; ++i) {
                items.push_back(entry("stranger-" + std::to_string(i), request.input));
            }
        }
        items.push_back(entry("other", {{"prompt", "another"}}));
        return json({{"items", items}, {"next_cursor", nullptr}, {"has_more", false}});
    }

    Reply take(const RecordedRequest& request) {
        std::this_thread::sleep_for(std::chrono::milliseconds(delay_milliseconds_));
        const int status = status_;
        const std::string id = "r" + std::to_string(++count_);
        const bool is_openai = request.target.starts_with("/v1/");
        if (!is_openai && (status == 200 || status >= 500)) {
            taken_.push_back({id, Json::parse(request.body)});
        }
        if (status != 200) {
            return json({{"detail", "no luck"}}, status);
        }
        if (is_openai) {
            const std::string png = content_of(file("S2.png"));
            return json(
                {{"data",
                  {{{"b64_json", transport::encode_base64(std::as_bytes(std::span(png)))}}}}});
        }
        return json({{"request_id", id}, {"status", "IN_QUEUE"}});
    }

    Reply answer(const RecordedRequest& request) {
        const std::string path = request.target.substr(0, request.target.find('?'));
        if (request.method == "POST") {
            return take(request);
        }
        if (path == kListPath) {
            return list();
        }
        if (path == "/S1.png" || path == "/clip.mp4") {
            return {.body = content_of(file("S1.png")), .content_type = "image/png"};
        }
        if (path.ends_with("/status")) {
            ++looks_;
            return json({{"status", queued_ ? "IN_QUEUE" : "COMPLETED"}});
        }
        if (path.find("/requests/") != std::string::npos) {
            return json({{"images", {{{"url", server_.url() + "/S1.png"}}}}});
        }
        return json(Json::object(), 404);
    }

    std::map<std::string, std::string> environment_;
    std::vector<Taken> taken_;
    int count_ = 0;

protected:
    TestServer server_{[this](const RecordedRequest& request) { return answer(request); }};
};

TEST_F(KeyedTest, AJobThatWaitsIsCollectedAfterAKill) {
    call_and_kill("generate_image", image("k", "fal"));
    ASSERT_EQ(posts(), 1);
    const Json list = pending();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0]["idempotency_key"], "k");
    const std::string path = downloaded(make("k"));
    EXPECT_EQ(posts(), 1);
    EXPECT_EQ(content_of(file(path)), content_of(file("S1.png")));
    EXPECT_TRUE(pending().empty());
}

TEST_F(KeyedTest, ASavedJobIsShownWithItsFile) {
    for (const char* provider : {"fal", "plain", "knowing"}) {
        const std::string path = downloaded(make(provider, provider));
        const std::size_t before = requests();
        const ProcessResult again = make(provider, provider);
        EXPECT_EQ(downloaded(again), path);
        EXPECT_EQ(requests(), before) << provider << ": nobody was asked";
    }
}

TEST_F(KeyedTest, AFileThatIsGoneIsDownloadedAgainWhereItsReferenceIsKnown) {
    const std::string path = downloaded(make("k"));
    std::filesystem::remove(file(path));
    const std::string again = downloaded(make("k"));
    EXPECT_EQ(posts(), 1);
    EXPECT_EQ(downloaded(make("k")), again);
}

TEST_F(KeyedTest, WhatCannotBeHadAgainIsSaid) {
    const std::string path = downloaded(make("k", "plain"));
    std::filesystem::remove(file(path));
    const ProcessResult again = make("k", "plain");
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_NE(again.out.find("another --idempotency-key"), std::string::npos) << again.out;
    EXPECT_EQ(posts(), 1);
}

TEST_F(KeyedTest, ARefusedRequestIsSentAnewAndMayDiffer) {
    for (const char* provider : {"fal", "knowing"}) {
        const int before = posts();
        status_ = 422;
        EXPECT_EQ(make(provider, provider).exit_code, 1);
        status_ = 200;
        static_cast<void>(downloaded(make(provider, provider, {"--seed", "7"})));
        EXPECT_EQ(posts(), before + 2);
    }
    const auto keys = sent_keys();
    ASSERT_EQ(keys.size(), 4U);
    EXPECT_EQ(keys[2], "knowing");
    EXPECT_TRUE(keys[3].starts_with("knowing-")) << "a refusal may be kept under the first";
}

TEST_F(KeyedTest, AKeyBelongsToOneRequest) {
    static_cast<void>(downloaded(make("k")));
    expect_says(make("k", "fal", {"--seed", "7"}), "had another input");
    expect_says(make("k", "fal", {"--model", "fal-ai/flux/schnell"}),
                "asked fal-ai/flux/dev, not fal-ai/flux/schnell");
    expect_says(make("k", "plain"), "went to fal, not to plain");
    EXPECT_EQ(posts(), 1);
    static_cast<void>(downloaded(make("k2", "fal", {"--seed", "7"})));
}

TEST_F(KeyedTest, ALostSubmitIsFoundInFalsList) {
    status_ = 500;
    EXPECT_EQ(make("k").exit_code, 1);
    ASSERT_EQ(posts(), 1);
    status_ = 200;
    const ProcessResult again = make("k");
    static_cast<void>(downloaded(again));
    EXPECT_NE(again.err.find("found at fal as request r1"), std::string::npos) << again.err;
    EXPECT_EQ(posts(), 1);
}

TEST_F(KeyedTest, WhatFalDoesNotListIsSentAgainOnlyOnDemand) {
    status_ = 500;
    EXPECT_EQ(make("k").exit_code, 1);
    status_ = 200;
    listed_ = false;
    expect_says(make("k"), "--resend-unknown");
    EXPECT_EQ(posts(), 1);
    list_status_ = 403;
    expect_says(make("k"), "not for this key");
    EXPECT_EQ(posts(), 1);
    static_cast<void>(downloaded(make("k", "fal", {"--resend-unknown"})));
    EXPECT_EQ(posts(), 2);
    static_cast<void>(downloaded(make("k")));
    EXPECT_EQ(posts(), 2);
}

TEST_F(KeyedTest, WhatMayBeSomebodyElsesIsNotTaken) {
    status_ = 500;
    EXPECT_EQ(make("k").exit_code, 1);
    status_ = 200;
    strangers_ = 1;
    expect_says(make("k"), "2 requests of the same input");
    expect_says(make("k", "fal", {"--resend-unknown"}), "stranger-0");
    EXPECT_EQ(posts(), 1);
}

TEST_F(KeyedTest, EqualLostRequestsGetOneEach) {
    status_ = 500;
    EXPECT_EQ(make("k1").exit_code, 1);
    EXPECT_EQ(make("k2").exit_code, 1);
    status_ = 200;
    const ProcessResult first = make("k1");
    const ProcessResult second = make("k2");
    EXPECT_NE(downloaded(first), downloaded(second));
    EXPECT_NE(first.err.find("as request r1"), std::string::npos) << first.err;
    EXPECT_NE(second.err.find("as request r2"), std::string::npos) << second.err;
    EXPECT_EQ(posts(), 2);
}

TEST_F(KeyedTest, WithoutAHeaderALostAnswerIsSentAgainOnlyOnDemand) {
    status_ = 500;
    EXPECT_EQ(make("k", "plain").exit_code, 1);
    status_ = 200;
    expect_says(make("k", "plain"), "plain cannot be asked what became of it");
    EXPECT_EQ(posts(), 1);
    static_cast<void>(downloaded(make("k", "plain", {"--resend-unknown"})));
    EXPECT_EQ(posts(), 2);
    for (const std::string& key : sent_keys()) {
        EXPECT_EQ(key, "");
    }
}

TEST_F(KeyedTest, WithAHeaderALostAnswerIsAskedForAgain) {
    status_ = 500;
    const ProcessResult lost = make("k", "knowing");
    EXPECT_EQ(lost.exit_code, 1);
    EXPECT_NE(lost.err.find("the same --idempotency-key"), std::string::npos) << lost.err;
    const int before = posts();
    EXPECT_EQ(before, 3) << "the answer was asked for again";
    status_ = 200;
    static_cast<void>(downloaded(make("k", "knowing")));
    EXPECT_EQ(posts(), before + 1);
    for (const std::string& key : sent_keys()) {
        EXPECT_EQ(key, "k");
    }
    EXPECT_TRUE(pending().empty()) << "it is one job";
}

TEST_F(KeyedTest, WithoutAKeyTheHeaderHoldsARandomOne) {
    const Arguments arguments{"--prompt", "a fox", "--provider", "knowing", "--model", "m"};
    expect_success(call("generate_image", arguments));
    expect_success(call("generate_image", arguments));
    const auto keys = sent_keys();
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0].size(), 32U);
    EXPECT_NE(keys[0], keys[1]);
}

TEST_F(KeyedTest, AKeyThatIsNoHeaderGoesAsItsDigest) {
    static_cast<void>(downloaded(make("caf\xC3\xA9 1", "knowing")));
    EXPECT_EQ(sent_keys().at(0).size(), 64U);
    static_cast<void>(downloaded(make("caf\xC3\xA9 1", "knowing")));
    EXPECT_EQ(posts(), 1);
}

TEST_F(KeyedTest, OfManyProcessesWithOneKeyOneSends) {
    for (const char* provider : {"fal", "plain", "knowing"}) {
        const int before = posts();
        delay_milliseconds_ = 300;
        std::vector<std::future<ProcessResult>> runs;
        for (int i = 0; i < 5; ++i) {
            runs.push_back(
                std::async(std::launch::async, [&] { return make(provider, provider); }));
        }
        int done = 0;
        for (auto& run : runs) {
            const ProcessResult result = run.get();
            done += result.exit_code == 0 ? 1 : 0;
            EXPECT_TRUE(result.exit_code == 0 ||
                        result.err.find("another process") != std::string::npos)
                << result.err;
        }
        EXPECT_GE(done, 1);
        EXPECT_EQ(posts(), before + 1) << provider;
        static_cast<void>(downloaded(make(provider, provider)));
        EXPECT_EQ(posts(), before + 1) << provider;
    }
}

TEST_F(KeyedTest, AnAnswerThatAKillKeptFromItsFileIsComposed) {
    const Arguments edit{"--image",
                         "S1.png",
                         "--mask",
                         "M1.png",
                         "--prompt",
                         "p",
                         "--provider",
                         "fal",
                         "--model",
                         "fal-ai/flux-pro/v1/fill",
                         "--skip-validation",
                         "--idempotency-key",
                         "k",
                         "--print-json"};
    call_and_kill("mask_inpaint", edit);
    ASSERT_EQ(posts(), 1);
    const ProcessResult first = call("mask_inpaint", edit);
    const std::string path = downloaded(first);
    EXPECT_EQ(posts(), 1);
    const std::string raw = Json::parse(first.out)["provider_output"];
    EXPECT_NE(raw, path);

    const ProcessResult again = call("mask_inpaint", edit);
    EXPECT_EQ(downloaded(again), path);
    EXPECT_EQ(Json::parse(again.out)["provider_output"], raw);
    EXPECT_EQ(posts(), 1);

    std::filesystem::remove(file(path));
    static_cast<void>(downloaded(call("mask_inpaint", edit)));
    EXPECT_EQ(posts(), 1);
}

TEST_F(KeyedTest, AVideoIsGoneOnWithAndShown) {
    const Arguments video{"--prompt", "p",           "--provider",        "fal",
                          "--model",  kVideoModel,   "--skip-validation", "--idempotency-key",
                          "v",        "--print-json"};
    call_and_kill("generate_video", video);
    ASSERT_EQ(posts(), 1);
    static_cast<void>(downloaded(call("generate_video", video)));
    EXPECT_EQ(posts(), 1);
}

TEST_F(KeyedTest, KeysThatAreNoneAreUsageErrors) {
    for (const std::string& key : {std::string(), std::string(256, 'k'), std::string("a\nb")}) {
        const ProcessResult result = make(key);
        EXPECT_EQ(result.exit_code, 2) << key;
        EXPECT_NE(result.err.find("--idempotency-key"), std::string::npos) << result.err;
    }
    EXPECT_EQ(requests(), 0U);
}

TEST_F(KeyedTest, ADryRunTellsThePriceAndLooksForNothing) {
    const ProcessResult known = make("k", "fal", {"--size", "1024x1024", "--dry-run"});
    expect_success(known);
    const Json json = Json::parse(known.out);
    EXPECT_GT(json["cost_usd"].get<double>(), 0);
    EXPECT_NE(json["cost_basis"].get<std::string>().find("fal.ai"), std::string::npos);

    const ProcessResult unknown = make("k", "plain", {"--model", "m", "--dry-run"});
    expect_success(unknown);
    EXPECT_TRUE(Json::parse(unknown.out)["cost_usd"].is_null());
    EXPECT_EQ(Json::parse(unknown.out)["cost_basis"], "no price is known for m");
    EXPECT_EQ(requests(), 0U);
}

}  // namespace
}  // namespace editprep::testing
