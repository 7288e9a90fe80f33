#include <gmock/gmock.h>

#include <csignal>
#include <cstdint>
#include <filesystem>

#include "clip_maker.hpp"
#include "fal_fixture.hpp"

/// What fal_client can do beyond the older client.
namespace editprep::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using FalClientTest = FalTest;

constexpr const char* kEdit = "fal-ai/nano-banana-pro/edit";
constexpr const char* kMake = "fal-ai/nano-banana-pro";

/// As inputs of ffmpeg.
constexpr const char* kShortClip =
    "-f lavfi -i color=size=1280x720:rate=2:duration=4 -c:v libx264 -preset ultrafast";

TEST_F(FalClientTest, HelpEqualsItsReference) {
    const std::filesystem::path here = std::filesystem::path(__FILE__).parent_path();
    for (const char* command : {"", "submit", "collect", "run"}) {
        Arguments arguments{"--help"};
        std::string name = "fal_client";
        if (*command != '\0') {
            arguments.insert(arguments.begin(), command);
            name += '_' + std::string(command);
        }
        const ProcessResult result = fal(arguments);
        expect_success(result);
        EXPECT_EQ(result.out, content_of(here / "help" / (name + ".txt")));
        for (const std::string& line : lines_of(result.out)) {
            EXPECT_LE(line.size(), 100U) << line;
        }
    }
}

TEST_F(FalClientTest, EveryCommandHasHelp) {
    for (const char* command : {"submit", "poll", "list", "collect", "forget", "status", "result",
                                "cancel", "run", "upload", "to-data-uri", "video-to-uri", "models",
                                "model-info", "estimate", "check-key"}) {
        const ProcessResult result = fal({command, "--help"});
        expect_success(result);
        EXPECT_THAT(result.out, HasSubstr("usage: fal_client " + std::string(command)));
    }
    EXPECT_TRUE(fal({"--version"}).out.starts_with("fal_client (editprep) "));
}

TEST_F(FalClientTest, OptionErrorsAreUsageErrors) {
    for (const Arguments& arguments : std::vector<Arguments>{
             {"submit", "a/b", "{}", "--frob"},
             {"submit", "a/b", "{}", "extra"},
             {"submit", "a/b", "{}", "--start-timeout", "1"},
             {"submit", "a/b", "{}", "--expires-in", "0"},
             {"submit", "a/b", "{}", "--priority", "high"},
             {"submit", "a/b", "{}", "--header", "none"},
             {"submit", "a/b", "{}", "--header", "Authorization: Key x"},
             {"submit", "a/b", "{}", "--max-cost", "-1"},
             {"submit", "a/b", "{}", "--timeout", "-1"},
         }) {
        const ProcessResult result = fal(arguments);
        EXPECT_EQ(result.exit_code, 2) << result.out;
        EXPECT_EQ(result.out, "");
        EXPECT_THAT(result.err, HasSubstr("fal_client submit: error: "));
    }
    EXPECT_TRUE(requests().empty());
}

TEST_F(FalClientTest, TheInputComesFromAFileOrFromStandardInput) {
    answer_json("POST /some/model", R"({"request_id":"r1"})");
    write_text(file("input.json"), "{\"prompt\": \"from a file\"}\n");
    expect_success(fal({"submit", "some/model", "@input.json"}));
    expect_success(fal({"submit", "some/model", "-"}, {.input = file("input.json")}));
    for (const RecordedRequest& request : requests()) {
        EXPECT_EQ(request.body, R"({"prompt":"from a file"})");
    }
    EXPECT_EQ(requests().size(), 2U);
}

TEST_F(FalClientTest, WhatIsNoObjectIsRefused) {
    for (const char* text : {"", "{", "[1]", "3", "@missing.json", "{\"n\":1e999}"}) {
        const ProcessResult result = fal({"submit", "some/model", text});
        EXPECT_EQ(result.exit_code, 1) << text;
        EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
    }
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    write_text(file("deep.json"), "{\"a\":" + deep + "}");
    expect_error_line(fal({"submit", "some/model", "@deep.json"}), "nested too deeply");
    EXPECT_TRUE(requests().empty());
}

TEST_F(FalClientTest, ADryRunShowsTheRequestAsItIsSent) {
    const Arguments call{
        "submit",    "--priority=low",         kMake,      R"({"prompt":"p"})", "--hint",
        "h",         "--start-timeout",        "30",       "--expires-in",      "1d",
        "--webhook", "https://hook.example/a", "--header", "X-Fal-No-Retry: 1"};
    Arguments dry = call;
    dry.push_back("--dry-run");
    const ProcessResult shown = fal(dry);
    expect_success(shown);
    EXPECT_TRUE(requests().empty());
    EXPECT_TRUE(new_files().empty());

    answer_json(std::string("POST /") + kMake, R"({"request_id":"r1"})");
    expect_success(fal(call));
    ASSERT_EQ(requests().size(), 1U);
    const RecordedRequest sent = requests()[0];
    const auto lines = lines_of(shown.out);
    EXPECT_EQ(lines[0], "POST " + server_.url() + sent.target);
    std::size_t i = 1;
    for (; i < lines.size() && !lines[i].empty(); ++i) {
        const std::string name = lines[i].substr(0, lines[i].find(':'));
        const std::string value = lines[i].substr(lines[i].find(':') + 2);
        EXPECT_EQ(name == "Authorization" ? "Key ***" : sent.header(name), value) << name;
    }
    for (const auto& [name, value] : sent.headers) {
        if (name != "Host" && name != "Content-Length") {
            EXPECT_THAT(shown.out, HasSubstr(name + ": "));
        }
    }
    EXPECT_EQ(Json::parse(shown.out.substr(shown.out.find("\n\n"))), Json::parse(sent.body));
}

TEST_F(FalClientTest, ADryRunHidesWhatMayBeSecret) {
    const ProcessResult shown =
        fal({"submit", "some/model", "{}", "--dry-run", "--header", "X-Token: canary1", "--webhook",
             "https://hook.example/a?token=canary2"});
    expect_success(shown);
    EXPECT_THAT(shown.out, AllOf(HasSubstr("\nX-Token: ***\n"), Not(HasSubstr("canary")),
                                 HasSubstr("hook.example%2Fa%3F...\n")));
}

TEST_F(FalClientTest, ADryRunShowsThePathThatIsCalled) {
    for (const char* command : {"submit", "run"}) {
        const ProcessResult shown = fal({command, "110602490-sdxl", "{}", "--dry-run"});
        expect_success(shown);
        EXPECT_EQ(lines_of(shown.out).at(0), "POST " + server_.url() + "/110602490/sdxl");
    }
}

TEST_F(FalClientTest, ALocalPictureTravelsWithTheCall) {
    answer_json(std::string("POST /") + kEdit, R"({"request_id":"r1"})");
    const std::string input = R"({"prompt":"p","image_urls":["S1.png"]})";
    const ProcessResult shown = fal({"submit", kEdit, input, "--dry-run"});
    expect_success(shown);
    EXPECT_THAT(shown.out, HasSubstr("data:image/png;base64,... ("));
    expect_success(fal({"submit", kEdit, input}));
    ASSERT_EQ(requests().size(), 1U);
    EXPECT_EQ(requests()[0].body, R"({"prompt":"p","image_urls":[")" +
                                      lines_of(fal({"to-data-uri", "S1.png"}).out)[0] + R"("]})");
    const std::string stored = listed()["pending"][0]["input"]["image_urls"][0];
    EXPECT_THAT(stored, HasSubstr("data:image/png;base64,... ("));
}

TEST_F(FalClientTest, WhatDoesNotFitIsSentOnDemandOnly) {
    answer_json(std::string("POST /") + kEdit, R"({"request_id":"r1"})");
    const std::string input = R"({"prompt":"p","image_urls":["none.png"]})";
    EXPECT_EQ(fal({"submit", kEdit, input}).exit_code, 1);
    EXPECT_TRUE(requests().empty());
    expect_success(fal({"submit", kEdit, input, "--skip-validation"}));
    EXPECT_EQ(requests().at(0).body, input);
}

TEST_F(FalClientTest, WaitPrintsTheResultAndClearsTheList) {
    answer_json("POST /some/model", R"({"request_id":"r1"})");
    answer_json("GET /some/model/requests/r1/status", R"({"status":"COMPLETED"})");
    answer_json("GET /some/model/requests/r1", R"({"seed":1.0})");
    const ProcessResult result = fal({"submit", "some/model", "{}", "--wait"});
    expect_success(result);
    EXPECT_EQ(result.out, "{\n  \"seed\": 1.0\n}\n");
    EXPECT_THAT(result.err, HasSubstr("fal_client result some/model r1"));
    EXPECT_EQ(listed()["count"], 0);
}

TEST_F(FalClientTest, WaitGivesUpInTimeAndKeepsTheJob) {
    answer_json("POST /some/model", R"({"request_id":"r1"})");
    answer_json("GET /some/model/requests/r1/status", R"({"status":"IN_PROGRESS"})");
    const ProcessResult result = fal({"submit", "some/model", "{}", "--wait", "--timeout", "1"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr("not finished after 1 s"));
    EXPECT_EQ(listed()["count"], 1);
}

TEST_F(FalClientTest, ASilentStatusDoesNotOutlastTheTimeout) {
    const RawServer server([](int socket) {
        if (read_request(socket).find("POST ") == 0) {
            write_all(socket,
                      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                      "Content-Length: 19\r\nConnection: close\r\n\r\n{\"request_id\":\"r1\"}");
            return;
        }
        static_cast<void>(read_request(socket));
    });
    environment_["EDITPREP_FAL_QUEUE_URL"] = server.url();
    const auto start = std::chrono::steady_clock::now();
    const ProcessResult result = fal({"submit", "some/model", "{}", "--wait", "--timeout", "2"});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, AllOf(HasSubstr("not finished after 2 s"),
                                  HasSubstr("go on with: fal_client result some/model r1")));
    EXPECT_EQ(listed()["pending"][0]["request_id"], "r1");
}

TEST_F(FalClientTest, AFullDiskHidesNoResultThatWasPaidFor) {
    const std::string large = "{\"text\":\"" + std::string(400'000, 'x') + "\"}";
    expect_success(fal({"list"}));
    ProcessOptions full;
    full.largest_file_bytes = 200'000;

    answer_json("POST /some/model", large);
    const ProcessResult ran = fal({"run", "some/model", "{}", "--quiet"}, full);
    expect_success(ran);
    EXPECT_EQ(Json::parse(ran.out), Json::parse(large));
    EXPECT_THAT(ran.err, HasSubstr("WARN: job 1 is completed"));

    answer_json("POST /some/model", R"({"request_id":"r1"})");
    answer_json("GET /some/model/requests/r1/status", R"({"status":"COMPLETED"})");
    answer_json("GET /some/model/requests/r1", large);
    const ProcessResult waited = fal({"submit", "some/model", "{}", "--wait"}, full);
    expect_success(waited);
    EXPECT_EQ(Json::parse(waited.out), Json::parse(large));
    EXPECT_THAT(waited.err,
                HasSubstr("fal_client result some/model r1; that could not be written"));

    expect_success(fal({"submit", "some/model", "{}"}));
    const ProcessResult polled = fal({"poll"}, full);
    expect_success(polled);
    EXPECT_EQ(Json::parse(polled.out)["completed"].back()["result"], Json::parse(large));
}

TEST_F(FalClientTest, ARunThatFailsBehindTheGatewayIsAnUnknownOutcome) {
    int id = 0;
    for (const int status : {408, 500, 503}) {
        answer("POST /some/model", {.status = status, .body = R"({"detail":"gone"})"});
        const ProcessResult result = fal({"run", "some/model", "{}"});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.err, AllOf(HasSubstr("job " + std::to_string(++id) + ": HTTP " +
                                                std::to_string(status) + ": gone"),
                                      HasSubstr("may cost money")));
        EXPECT_EQ(listed()["count"], id);
        EXPECT_EQ(listed()["pending"].back()["status"], "UNKNOWN");
    }
    answer("POST /some/model", {.status = 422, .body = R"({"detail":"bad"})"});
    EXPECT_EQ(fal({"run", "some/model", "{}"}).exit_code, 1);
    EXPECT_EQ(listed()["count"], id);
}

TEST_F(FalClientTest, RunIsOneCallAndLeavesNothingBehind) {
    answer_json("POST /some/model", R"({"images":[]})");
    const ProcessResult result = fal({"run", "some/model", "{}", "--timeout", "20"});
    expect_success(result);
    EXPECT_EQ(result.out, "{\n  \"images\": []\n}\n");
    EXPECT_EQ(requests().size(), 1U);
    EXPECT_EQ(listed()["count"], 0);
}

TEST_F(FalClientTest, AnInterruptedRunIsAnUnknownOutcome) {
    const RawServer silent([](int socket) { static_cast<void>(read_request(socket)); });
    environment_["EDITPREP_FAL_RUN_URL"] = silent.url();
    const ProcessResult result = fal({"run", "some/model", "{}"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(silent.connections(), 1);
    const Json store = listed();
    ASSERT_EQ(store["count"], 1);
    EXPECT_EQ(store["pending"][0]["status"], "UNKNOWN");
    const std::string id = store["pending"][0]["job_id"].dump();
    expect_success(fal({"poll"}));
    EXPECT_EQ(listed()["count"], 1);
    expect_success(fal({"forget", id}));
    EXPECT_EQ(listed()["count"], 0);
    expect_error_line(fal({"forget", id}), "no such job in the list: " + id);
}

TEST_F(FalClientTest, AResultThatCannotBePrintedStaysInTheList) {
    submit("r1");
    answer_json("GET /some/model/requests/r1/status", R"({"status":"COMPLETED"})");
    answer_json("GET /some/model/requests/r1", R"({"images":[]})");
    EXPECT_EQ(fal({"poll"}, {.output = Output::full_device}).exit_code, 1);
    EXPECT_EQ(listed()["pending"][0]["status"], "COMPLETED");
    answer("GET /some/model/requests/r1", {.status = 404});
    EXPECT_EQ(Json::parse(fal({"poll"}).out)["completed"][0]["result"],
              Json::parse(R"({"images":[]})"));
    EXPECT_EQ(listed()["count"], 0);
}

TEST_F(FalClientTest, CollectSavesWhatIsFinished) {
    submit("r1");
    submit("r2");
    answer_json("GET /some/model/requests/r1/status", R"({"status":"COMPLETED"})");
    answer_json("GET /some/model/requests/r1",
                R"({"images":[{"url":")" + server_.url() + R"(/a.png"}]})");
    answer("GET /a.png", {.body = content_of(file("S1.png")), .content_type = "image/png"});
    answer_json("GET /some/model/requests/r2/status", R"({"status":"IN_PROGRESS"})");
    const ProcessResult result = fal({"collect", "--out-dir", "out", "--prefix", "job"});
    expect_success(result);
    expect_matches(result.out, "out/job_[0-9a-f]{8}\\.png\n");
    EXPECT_THAT(result.err, HasSubstr("1 job is not finished yet"));
    EXPECT_EQ(content_of(file(lines_of(result.out)[0])), content_of(file("S1.png")));
    EXPECT_EQ(listed()["count"], 1);
}

TEST_F(FalClientTest, CollectSaysWhenThereIsNothingToCollect) {
    const ProcessResult result = fal({"collect", "--out-dir", "out"});
    expect_success(result);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "NOTE: there is nothing to collect\n");
    EXPECT_EQ(fal({"collect", "--out-dir", "out", "--quiet"}).err, "");
}

TEST_F(FalClientTest, CollectKeepsWhatCannotBeSaved) {
    submit("r1");
    answer_json("GET /some/model/requests/r1/status", R"({"status":"COMPLETED"})");
    answer_json("GET /some/model/requests/r1",
                R"({"images":[{"url":")" + server_.url() + R"(/gone.png"}]})");
    const ProcessResult result = fal({"collect", "--out-dir", "out"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, AllOf(HasSubstr("ERROR: job r1: "), HasSubstr("404")));
    EXPECT_EQ(listed()["count"], 1);
    // What poll has handed over can still be saved by its name.
    expect_success(fal({"poll"}));
    answer("GET /gone.png", {.body = content_of(file("S1.png")), .content_type = "image/png"});
    expect_success(fal({"collect", "r1", "--out-dir", "out"}));
}

TEST_F(FalClientTest, CancelSaysWhatCameOfIt) {
    answer("PUT /some/model/requests/r1/cancel",
           {.status = 202, .body = R"({"status":"CANCELLATION_REQUESTED"})"});
    const ProcessResult requested = fal({"cancel", "some/model", "r1"});
    expect_success(requested);
    EXPECT_EQ(Json::parse(requested.out)["status"], "CANCELLATION_REQUESTED");
    answer("PUT /some/model/requests/r2/cancel",
           {.status = 400, .body = R"({"status":"ALREADY_COMPLETED"})"});
    expect_error_line(fal({"cancel", "some/model", "r2"}), "finished already");
    answer("PUT /some/model/requests/r3/cancel",
           {.status = 404, .body = R"({"status":"NOT_FOUND"})"});
    expect_error_line(fal({"cancel", "some/model", "r3"}), "knows no request r3");
}

TEST_F(FalClientTest, UploadPrintsTheUrl) {
    answer_json("POST /storage/upload/initiate",
                R"({"file_url":"https://cdn.example/f.png","upload_url":")" + server_.url() +
                    R"(/put?sig=1"})");
    answer("PUT /put", {});
    const ProcessResult result = fal({"upload", "S1.png", "--expires-in", "1h"});
    expect_success(result);
    EXPECT_EQ(result.out, "https://cdn.example/f.png\n");
    ASSERT_EQ(requests().size(), 2U);
    EXPECT_THAT(requests()[0].header("X-Fal-Object-Lifecycle"), HasSubstr("3600"));
    EXPECT_EQ(requests()[1].body, content_of(file("S1.png")));
}

constexpr const char* kPrices =
    R"({"prices":[{"endpoint_id":"some/model","unit_price":0.05,"unit":"images",)"
    R"("currency":"USD"}],"next_cursor":null,"has_more":false})";

/// A model of the user's own, with a price.
constexpr const char* kPricedModel =
    R"({"models":[{"id":"my/model","title":"Mine","category":"image","source":"me",)"
    R"("date":"2026-01-01","fields":{"prompt":{"required":true},)"
    R"("num_images":{"type":"integer"}},)"
    R"("price":{"unit":"image","usd":0.25,"quantity_field":"num_images"}}]})";

TEST_F(FalClientTest, MaxCostIsAskedBeforeTheCall) {
    answer_json("GET /models/pricing", kPrices);
    const std::string input = R"({"num_images":3})";
    const ProcessResult dear = fal({"submit", "some/model", input, "--max-cost", "0.1"});
    EXPECT_EQ(dear.exit_code, 3);
    EXPECT_EQ(dear.out, "");
    EXPECT_THAT(dear.err, AllOf(HasSubstr("about 0.15 USD"), HasSubstr("nothing was sent")));
    EXPECT_EQ(fal({"run", "some/model", input, "--max-cost", "0.1"}).exit_code, 3);

    answer_json("GET /models/pricing", R"({"prices":[]})");
    const ProcessResult unknown = fal({"submit", "some/model", input, "--max-cost", "100"});
    EXPECT_EQ(unknown.exit_code, 3);
    EXPECT_THAT(unknown.err, HasSubstr("is not known"));
    answer("GET /models/pricing", {.status = 404});
    EXPECT_EQ(fal({"submit", "some/model", input, "--max-cost", "100"}).exit_code, 3);
    EXPECT_EQ(listed()["count"], 0);

    answer_json("GET /models/pricing", kPrices);
    answer_json("POST /some/model", R"({"request_id":"r1"})");
    expect_success(fal({"submit", "some/model", input, "--max-cost", "0.15"}));
}

TEST_F(FalClientTest, TheUsersOwnModelsAreKnown) {
    write_text(file("models.json"), kPricedModel);
    environment_["EDITPREP_MODELS"] = "models.json";
    const ProcessResult price = fal({"estimate", "my/model", R"({"prompt":"p","num_images":2})"});
    expect_success(price);
    EXPECT_DOUBLE_EQ(Json::parse(price.out)["usd"].get<double>(), 0.5);
    EXPECT_TRUE(requests().empty());
    const ProcessResult dear =
        fal({"submit", "my/model", R"({"prompt":"p","num_images":1})", "--max-cost", "0.2"});
    EXPECT_EQ(dear.exit_code, 3);
    EXPECT_TRUE(requests().empty());
}

TEST_F(FalClientTest, EstimateAsksThePriceListOnDemand) {
    answer_json("GET /models/pricing", kPrices);
    const ProcessResult online = fal({"estimate", "some/model", R"({"num_images":3})", "--online"});
    expect_success(online);
    EXPECT_NEAR(Json::parse(online.out)["usd"].get<double>(), 0.15, 1e-9);

    const ProcessResult unknown = fal({"estimate", "some/model"});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_TRUE(Json::parse(unknown.out)["usd"].is_null());
}

TEST_F(FalClientTest, DataUrisHaveTheTypeOfTheContent) {
    std::filesystem::copy_file(file("S1.png"), file("lies.jpg"));
    EXPECT_TRUE(fal({"to-data-uri", "lies.jpg"}).out.starts_with("data:image/png;"));
    write_text(file("clip.AVI"), "no signature");
    const ProcessResult doubtful = fal({"to-data-uri", "clip.AVI"});
    EXPECT_TRUE(doubtful.out.starts_with("data:video/x-msvideo;"));
    EXPECT_EQ(doubtful.err,
              "WARN: clip.AVI does not begin as video/x-msvideo does, which its name says it is; a "
              "model may refuse it\n");
    write_text(file("text"), "no signature");
    EXPECT_EQ(fal({"to-data-uri", "text"}).err, "");
    write_text(file("empty.png"), "");
    const ProcessResult empty = fal({"to-data-uri", "empty.png"});
    EXPECT_EQ(empty.out, "data:image/png;base64,\n");
    EXPECT_THAT(empty.err, HasSubstr("WARN: empty.png does not begin as image/png does"));
    for (const char* command : {"video-to-uri", "upload"}) {
        expect_failure(fal({command, "empty.png"}),
                       "ERROR: empty.png is empty; name a file with content");
    }
    expect_error_line(fal({"to-data-uri", "none.png"}), "none.png");
}

TEST_F(FalClientTest, EstimateSaysWhatThePriceDependsOn) {
    const auto reason = [this](const std::string& model, const std::string& input) {
        const ProcessResult result = fal({"estimate", model, input});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_TRUE(Json::parse(result.out).at("usd").is_null());
        return result.err;
    };
    EXPECT_EQ(reason("fal-ai/flux/dev", R"({"image_size":"auto"})"),
              "ERROR: the price of fal-ai/flux/dev cannot be told from the input's image_size; "
              R"(give one, such as '{"image_size":{"height":1024,"width":1024}}')"
              "\n");
    EXPECT_THAT(reason("fal-ai/flux-pro/v1/fill", "{}"),
                HasSubstr("input's image_size; give one, for the estimate alone, such as "));
    EXPECT_THAT(reason("bytedance/seedance-2.0/text-to-video", "{}"),
                HasSubstr(R"(input's duration; give one, such as '{"duration":"5"}')"));
    EXPECT_THAT(
        reason("bytedance/seedance-2.0/text-to-video", R"({"duration":"5","resolution":"480p"})"),
        HasSubstr(R"(input's resolution; give one, such as '{"resolution":"720p"}')"));
    EXPECT_THAT(reason("fal-ai/kling-video/o3/pro/video-to-video/edit", "{}"),
                HasSubstr("is 0.336 US dollars for each second, and the input does not tell"));
    EXPECT_THAT(reason("some/other", "{}"), HasSubstr("is not known; ask fal's price list"));
}

TEST_F(FalClientTest, WrongChoicesComeWithTheUsage) {
    const ProcessResult category = fal({"models", "--category", "nosuch"});
    EXPECT_EQ(category.exit_code, 2);
    EXPECT_EQ(category.out, "");
    EXPECT_TRUE(category.err.starts_with("usage: fal_client models [options]\n"));
    EXPECT_THAT(category.err, HasSubstr("error: argument --category: invalid choice: 'nosuch' "
                                        "(choose from audio, cutout, "));
    const ProcessResult model = fal({"video-to-uri", "S1.png", "--model", "nosuch"});
    EXPECT_EQ(model.exit_code, 2);
    EXPECT_TRUE(model.err.starts_with("usage: fal_client video-to-uri FILE [options]\n"));
    EXPECT_THAT(model.err, HasSubstr("\nfal_client video-to-uri: error: argument --model: "));
}

TEST_F(FalClientTest, UsageShowsWhatMayBeLeftOut) {
    EXPECT_EQ(fal({"estimate"}).out, "Usage: fal_client estimate MODEL [JSON] [options]\n");
    EXPECT_EQ(fal({"forget"}).out, "Usage: fal_client forget JOB... [options]\n");
    EXPECT_TRUE(fal({"model-info"}).out.starts_with("Usage: fal_client model-info [MODEL] [opt"));
}

TEST_F(FalClientTest, DataUrisHaveASizeLimit) {
    const auto sized = [this](const std::string& name, std::uintmax_t size_bytes) {
        write_text(file(name), "");
        std::filesystem::resize_file(file(name), size_bytes);
    };
    sized("large", (50 << 20) + (52 << 10));
    const ProcessResult large = fal({"to-data-uri", "large"});
    expect_success(large);
    EXPECT_EQ(large.err, "WARNING: File is 50.1MB. Large files may be slow or fail.\n");
    sized("huge", (200 << 20) + 1);
    const ProcessResult huge = fal({"to-data-uri", "huge"});
    EXPECT_EQ(huge.exit_code, 1);
    EXPECT_EQ(huge.out, "");
    EXPECT_THAT(huge.err, HasSubstr("ERROR: File exceeds 200MB limit (200.0MB)\n"));
    expect_failure(fal({"video-to-uri", "huge"}), "ERROR: Video exceeds 200MB limit (200.0MB)");
}

TEST_F(FalClientTest, AClipMustBeOne) {
    make_clip(kShortClip, file("clip.mp4"));
    const ProcessResult clip = fal({"video-to-uri", "clip.mp4"});
    expect_success(clip);
    EXPECT_TRUE(clip.out.starts_with("data:video/mp4;base64,"));
    EXPECT_EQ(clip.err, "");
    std::filesystem::copy_file(file("S1.png"), file("picture.mp4"));
    const ProcessResult refused = fal({"video-to-uri", "picture.mp4"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("Validation failed:\n   - "));
    EXPECT_THAT(refused.err, HasSubstr("picture.mp4"));
    const ProcessResult printed = fal({"video-to-uri", "picture.mp4", "--skip-validation"});
    expect_success(printed);
    EXPECT_TRUE(printed.out.starts_with("data:image/png;base64,"));
    EXPECT_THAT(printed.err, HasSubstr("(printed all the same)"));
}

TEST_F(FalClientTest, AClipIsHeldAgainstTheNamedModel) {
    make_clip(kShortClip, file("clip.mp4"));
    expect_success(fal({"video-to-uri", "clip.mp4", "--model", "sora-2"}));
    const ProcessResult refused =
        fal({"video-to-uri", "clip.mp4", "--model", "kling/v4/video-to-video/edit"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("clip.mp4: frame rate 2 fps, limit at least 23.9 fps"));
    const ProcessResult unknown = fal({"video-to-uri", "clip.mp4", "--model", "sora3"});
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean sora-2?"));
}

TEST_F(FalClientTest, AClipThatDoesNotFitIsNotSent) {
    make_clip("-f lavfi -i color=size=640x720:rate=2:duration=12 -c:v libx264", file("clip.mkv"));
    const std::string model = "fal-ai/kling-video/o3/pro/video-to-video/edit";
    const std::string input = R"({"prompt":"p","video_url":"clip.mkv"})";
    answer_json("POST /" + model, R"({"request_id":"r1"})");
    for (const char* const command : {"submit", "run"}) {
        const ProcessResult refused = fal({command, model, input});
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_EQ(refused.out, "");
        EXPECT_THAT(refused.err, HasSubstr("   - video_url: clip.mkv: container matroska, "));
        EXPECT_THAT(refused.err, HasSubstr("   - video_url: clip.mkv: duration 12 s, "));
        EXPECT_THAT(refused.err, HasSubstr("   - video_url: clip.mkv: width 640 px, "));
    }
    EXPECT_TRUE(requests().empty());
    EXPECT_EQ(listed()["count"], 0);

    const ProcessResult sent = fal({"submit", model, input, "--skip-validation"});
    expect_success(sent);
    EXPECT_THAT(sent.err, HasSubstr("width 640 px"));
    EXPECT_THAT(sent.err, HasSubstr("(sent all the same)"));
    ASSERT_EQ(requests().size(), 1U);
    EXPECT_THAT(requests()[0].body, HasSubstr("data:video/x-matroska;base64,"));
}

TEST_F(FalClientTest, AClipThatFitsIsSent) {
    make_clip(kShortClip, file("clip.mp4"));
    const std::string model = "fal-ai/kling-video/o3/pro/video-to-video/edit";
    answer_json("POST /" + model, R"({"request_id":"r1"})");
    expect_success(fal({"submit", model, R"({"prompt":"p","video_url":"clip.mp4"})"}));
    ASSERT_EQ(requests().size(), 1U);
    EXPECT_THAT(requests()[0].body, HasSubstr("data:video/mp4;base64,"));
}

#if !defined(EDITPREP_SANITIZED_COMMANDS)
TEST_F(FalClientTest, AFileOfAnySizeTravelsInlineInLittleMemory) {
    constexpr std::uint64_t kBytes = 100'000'000;
    write_text(file("long.bin"), "sound");
    std::filesystem::resize_file(file("long.bin"), kBytes);
    answer_json("POST /fal-ai/chatterbox/text-to-speech", R"({"request_id":"r1"})");
    expect_success(fal({"submit", "fal-ai/chatterbox/text-to-speech",
                        R"({"text":"t","audio_url":"long.bin"})", "--inline"},
                       {.memory_bytes = 80'000'000}));
    ASSERT_EQ(requests().size(), 1U);
    const RecordedRequest request = requests()[0];
    const std::string before = R"({"text":"t","audio_url":"data:application/octet-stream;base64,)";
    const std::string after = R"(AA=="})";
    const std::uint64_t text_bytes = (kBytes + 2) / 3 * 4;
    EXPECT_EQ(request.body.size(), before.size() + text_bytes + 2);
    EXPECT_EQ(request.header("Content-Length"), std::to_string(request.body.size()));
    EXPECT_FALSE(request.has_header("Expect"));
    EXPECT_TRUE(request.body.starts_with(before + "c291bmQAAAA"));
    EXPECT_TRUE(request.body.ends_with(after));
}
#endif

#if defined(EDITPREP_STATIC_COMMANDS)
TEST_F(FalClientTest, LoadsNoSharedRuntime) {
    environment_["LD_DEBUG"] = "libs";
    answer_json("POST /some/model", R"({"request_id":"r1"})");
    const ProcessResult result = fal({"submit", "some/model", R"({"prompt":"p"})"});
    expect_success(result);
    EXPECT_THAT(result.err,
                AllOf(HasSubstr("libcurl"), HasSubstr("libsqlite3"), Not(HasSubstr("libstdc++"))));
}
#endif

TEST_F(FalClientTest, WhatNeedsNoNetworkLoadsNone) {
    environment_["LD_DEBUG"] = "libs";
    for (const Arguments& arguments :
         std::vector<Arguments>{{"--help"}, {"models"}, {"check-key"}, {"to-data-uri", "S1.png"}}) {
        const ProcessResult result = fal(arguments);
        expect_success(result);
        EXPECT_THAT(result.err, AllOf(HasSubstr("libc.so"), Not(HasSubstr("curl")),
                                      Not(HasSubstr("sqlite")), Not(HasSubstr("avformat"))));
    }
}

}  // namespace
}  // namespace editprep::testing
