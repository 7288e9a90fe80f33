#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <span>
#include <thread>

#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "editprep/transport/base64.hpp"
#include "editprep/transport/data_uri.hpp"
#include "emulator_fixture.hpp"
#include "test_server.hpp"

/// provider_emulator by requests as the official clients write them.
namespace editprep::testing {
namespace {

Image image_from(const std::string& content) {
    return imaging::read_image(std::as_bytes(std::span(content)), "the answer").image;
}

Image image_from_base64(const Json& text) {
    const auto bytes = transport::decode_base64(text.get<std::string>());
    return imaging::read_image(bytes, "the answer").image;
}

/// The left half of the fixture S1 is to be edited.
Mask left_half() {
    return make_mask(fixture_s1().size(), [](int x, int) { return x < 32 ? 255 : 0; });
}

Image white_edits() {
    return imaging::encode_mask(left_half(), imaging::MaskEncoding::white_edits);
}
Image transparent_edits() {
    return imaging::encode_mask(left_half(), imaging::MaskEncoding::transparent_edits);
}

/// The region is painted, and what should have been kept is close to it and nowhere equal.
void expect_edited_under_mask(const Image& before, const Image& after, const Mask& mask) {
    ASSERT_EQ(after.size(), before.size());
    const Image was = imaging::to_rgb(before);
    const Image is = imaging::to_rgb(after);
    int largest_outside = 0;
    int untouched_outside = 0;
    int largest_inside = 0;
    for (int y = 0; y < is.height(); ++y) {
        for (int x = 0; x < is.width() * 3; ++x) {
            const int difference = std::abs(is.row(y)[x] - was.row(y)[x]);
            if (mask.row(y)[x / 3] == 0) {
                largest_outside = std::max(largest_outside, difference);
                untouched_outside += difference == 0 ? 1 : 0;
            } else {
                largest_inside = std::max(largest_inside, difference);
            }
        }
    }
    EXPECT_LE(largest_outside, 4);
    EXPECT_EQ(untouched_outside, 0);
    EXPECT_GT(largest_inside, 60);
}

using EmulatorModule = CommandTest;

TEST_F(EmulatorModule, IsNamedWithItsPlaceWhereItIsMissing) {
    std::filesystem::create_directory(file("bin"));
    const std::filesystem::path program = file("bin/provider_emulator");
    std::filesystem::copy_file(std::filesystem::path(EDITPREP_BIN) / "provider_emulator", program);
    expect_error_line(
        run_process(program, {}),
        "^ERROR: the module editprep_emulator cannot be loaded: .*; install it in /.*/editprep$");
}

TEST_F(EmulatorTest, SubmitAnswersWithIdsAndAddressesOfOwnerAndApp) {
    const EmulatorReply reply = post("/queue/fal-ai/kling-video/o3/pro/video-to-video/edit", {});
    ASSERT_EQ(reply.status, 200);
    const Json body = Json::parse(reply.body);
    const std::string id = body.at("request_id");
    const std::string base = emulator().url() + "/queue/fal-ai/kling-video/requests/" + id;
    EXPECT_EQ(body.at("status"), "IN_QUEUE");
    EXPECT_EQ(body.at("response_url"), base);
    EXPECT_EQ(body.at("status_url"), base + "/status");
    EXPECT_EQ(body.at("cancel_url"), base + "/cancel");
    EXPECT_EQ(reply.headers.at("x-fal-request-id"), id);
}

TEST_F(EmulatorTest, WorkflowsAndComfyKeepThreeSegments) {
    const Json body = submit("workflows/me/mine", {{"prompt", "p"}});
    const std::string path = path_of(body.at("status_url"));
    EXPECT_TRUE(path.starts_with("/queue/workflows/me/mine/requests/")) << path;
    EXPECT_EQ(get(path).status, 200);
}

TEST_F(EmulatorTest, TheWholeModelInAStatusAddressIsNotAllowed) {
    const std::string id = submit("fal-ai/flux/dev", {{"prompt", "p"}}).at("request_id");
    EXPECT_EQ(get("/queue/fal-ai/flux/requests/" + id + "/status").status, 200);
    EXPECT_EQ(get("/queue/fal-ai/flux/dev/requests/" + id + "/status").status, 405);
    EXPECT_EQ(get("/queue/fal-ai/other/requests/" + id + "/status").status, 404);
}

TEST_F(EmulatorTest, UnknownRequestsAreNotFound) {
    for (const char* step : {"", "/status", "/status/stream"}) {
        const EmulatorReply reply = get(std::string("/queue/fal-ai/flux/requests/none") + step);
        EXPECT_EQ(reply.status, 404);
        EXPECT_EQ(reply.body, R"({"status":"NOT_FOUND"})");
    }
    EXPECT_EQ(emulator().send("PUT", "/queue/fal-ai/flux/requests/none/cancel", kFal).status, 404);
}

TEST_F(EmulatorTest, AKeyIsWanted) {
    const EmulatorReply none = emulator().send("POST", "/queue/fal-ai/flux/dev", {}, "{}");
    EXPECT_EQ(none.status, 401);
    EXPECT_NE(none.body.find("Expected '<key_id>:<key_secret>'"), std::string::npos);
    EXPECT_EQ(post("/run/fal-ai/flux/dev", {}, kOpenAi).status, 401);
    EXPECT_EQ(post("/v1/images/generations", {{"prompt", "p"}}, kFal).status, 401);
    EXPECT_EQ(emulator().send("GET", "/api/v1/models/pricing?endpoint_id=a").status, 401);
    EXPECT_EQ(emulator().send("POST", "/rest/storage/upload/initiate").status, 401);
}

TEST(EmulatorKey, OnlyTheOneOfTheEnvironmentIsTaken) {
    const EmulatorProcess emulator(emulator_path(), {}, {{"EDITPREP_EMULATOR_KEY", "one:right"}});
    const auto status = [&](const char* target, const char* authorization) {
        return emulator
            .send("POST", target, {{"Authorization", authorization}}, R"({"prompt":"p"})")
            .status;
    };
    EXPECT_EQ(status("/queue/fal-ai/flux/dev", "Key one:right"), 200);
    EXPECT_EQ(status("/queue/fal-ai/flux/dev", "Key one:wrong"), 401);
    EXPECT_EQ(status("/v1/images/generations", "Bearer one:right"), 200);
    EXPECT_EQ(status("/v1/images/generations", "Bearer one:wrong"), 401);
}

TEST_F(EmulatorTest, GenerationHasTheAskedSize) {
    struct Case {
        const char* model;
        Json input;
        Size size;
    };
    const Case cases[] = {
        {"fal-ai/flux/dev", {{"image_size", {{"width", 70}, {"height", 50}}}}, {70, 50}},
        {"fal-ai/flux/dev", {{"image_size", "square"}}, {512, 512}},
        {"fal-ai/flux/dev", {{"image_size", "portrait_16_9"}}, {576, 1024}},
        {"fal-ai/flux/dev", Json::object(), {1024, 768}},
        {"fal-ai/nano-banana-pro", {{"aspect_ratio", "1:1"}}, {1024, 1024}},
        {"fal-ai/nano-banana-pro", {{"aspect_ratio", "4:1"}}, {2048, 512}},
    };
    for (const Case& given : cases) {
        SCOPED_TRACE(given.input.dump());
        Json input = given.input;
        input["prompt"] = "a lighthouse";
        const Json image = run(given.model, input).at("images").at(0);
        EXPECT_EQ(image_from(fetch(image.at("url"))).size(), given.size);
        EXPECT_EQ(image.at("width"), given.size.width);
        EXPECT_EQ(image.at("height"), given.size.height);
    }
}

TEST_F(EmulatorTest, SeveralPicturesDiffer) {
    const Json output = run("fal-ai/nano-banana-pro",
                            {{"prompt", "p"}, {"num_images", 3}, {"output_format", "webp"}});
    ASSERT_EQ(output.at("images").size(), 3U);
    EXPECT_EQ(output.at("images").at(0).at("content_type"), "image/webp");
    EXPECT_NE(fetch(output.at("images").at(0).at("url")),
              fetch(output.at("images").at(1).at("url")));
}

TEST_F(EmulatorTest, SyncModeGivesDataUris) {
    const Json output = run("fal-ai/flux/dev", {{"prompt", "p"}, {"sync_mode", true}});
    const std::string url = output.at("images").at(0).at("url");
    const transport::DataUri uri = transport::parse_data_uri(url);
    EXPECT_EQ(uri.media_type, "image/jpeg");
    EXPECT_EQ(imaging::read_image(uri.content, "the answer").image.size(), (Size{1024, 768}));
}

TEST_F(EmulatorTest, AMaskedEditChangesTheRegionAndDisturbsTheRest) {
    for (const char* field : {"mask_url", "mask_image_url"}) {
        const Json output =
            run("fal-ai/flux-pro/v1/fill", {{"prompt", "a red ball"},
                                            {"image_url", data_uri_of(fixture_s1())},
                                            {field, data_uri_of(white_edits())}});
        expect_edited_under_mask(
            fixture_s1(), image_from(fetch(output.at("images").at(0).at("url"))), left_half());
    }
}

TEST_F(EmulatorTest, AnEditWithoutMaskChangesThePicture) {
    const Json output = run("fal-ai/nano-banana-pro/edit",
                            {{"prompt", "blue"}, {"image_urls", {data_uri_of(fixture_s1())}}});
    const Image after = image_from(fetch(output.at("images").at(0).at("url")));
    ASSERT_EQ(after.size(), fixture_s1().size());
    EXPECT_GT(imaging::compare(fixture_s1(), after).changed_pixels, after.size().area() * 9 / 10);
}

TEST_F(EmulatorTest, OtherKindsOfModels) {
    const std::string picture = data_uri_of(fixture_s1());
    const Image larger =
        image_from(fetch(run("fal-ai/esrgan", {{"image_url", picture}}).at("image").at("url")));
    EXPECT_EQ(larger.size(), (Size{128, 96}));
    const Image cut =
        image_from(fetch(run("fal-ai/birefnet", {{"image_url", picture}}).at("image").at("url")));
    EXPECT_TRUE(imaging::has_transparency(cut));
    const Json wider = run("fal-ai/image-apps-v2/outpaint",
                           {{"image_url", picture}, {"expand_left", 10}, {"expand_bottom", 0}});
    EXPECT_EQ(wider.at("images").at(0).at("width"), 74);
    EXPECT_EQ(wider.at("images").at(0).at("height"), 48);
}

struct RefusedInput {
    const char* name;
    const char* model;
    Json input;
    const char* type;
    const char* field;

    friend void PrintTo(const RefusedInput& given, std::ostream* out) { *out << given.name; }
};

class EmulatorRefusal : public EmulatorTest, public ::testing::WithParamInterface<RefusedInput> {};

TEST_P(EmulatorRefusal, LooksLikeAModelsOwn) {
    const RefusedInput& given = GetParam();
    const EmulatorReply direct = post(std::string("/run/") + given.model, given.input);
    EXPECT_EQ(direct.status, 422);
    const Json detail = Json::parse(direct.body).at("detail").at(0);
    EXPECT_EQ(detail.at("type"), given.type);
    EXPECT_EQ(detail.at("loc").at(1), given.field);
    EXPECT_EQ(direct.body.find("base64"), std::string::npos);

    // In the queue the job is completed, with an error.
    const Json job = submit(given.model, given.input);
    const Json status = Json::parse(get(path_of(job.at("status_url"))).body);
    EXPECT_EQ(status.at("status"), "COMPLETED");
    EXPECT_EQ(status.at("error_type"), given.type);
    const EmulatorReply result = get(path_of(job.at("response_url")));
    EXPECT_EQ(result.status, 422);
    EXPECT_EQ(result.body, direct.body);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, EmulatorRefusal,
    ::testing::Values(
        RefusedInput{"NoPrompt", "fal-ai/flux/dev", Json::object(), "missing", "prompt"},
        RefusedInput{
            "NoPicture", "fal-ai/nano-banana-pro/edit", {{"prompt", "p"}}, "missing", "image_urls"},
        RefusedInput{"TooMany",
                     "fal-ai/flux/dev",
                     {{"prompt", "p"}, {"num_images", 5}},
                     "less_than_equal",
                     "num_images"},
        RefusedInput{"NotAPicture",
                     "fal-ai/esrgan",
                     {{"image_url", "data:image/png;base64,AAAA"}},
                     "image_load_error",
                     "image_url"},
        RefusedInput{"OtherMachine",
                     "fal-ai/esrgan",
                     {{"image_url", "https://example.com/a.png"}},
                     "file_download_error",
                     "image_url"},
        RefusedInput{"MaskOfOtherSize",
                     "fal-ai/flux-pro/v1/fill",
                     {{"prompt", "p"},
                      {"image_url", data_uri_of(fixture_s2())},
                      {"mask_url", data_uri_of(white_edits())}},
                     "value_error",
                     "mask_url"}),
    CaseName{});

TEST_F(EmulatorTest, ClipsOfModelsThatNobodyKnowsAreNotMade) {
    const EmulatorReply reply = post("/run/someone/video-model", {{"prompt", "p"}});
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.body,
              R"({"detail":"the emulator makes pictures, and clips for the video models that it )"
              R"(knows"})");
}

TEST_F(EmulatorTest, ResultsExpireWhenTheRequestSaysSo) {
    Headers headers = kFal;
    headers["X-Fal-Object-Lifecycle-Preference"] = R"({"expiration_duration_seconds":1})";
    const EmulatorReply reply =
        post("/run/fal-ai/flux/dev", {{"prompt", "p"}, {"image_size", "square"}}, headers);
    const Json image = Json::parse(reply.body).at("images").at(0);
    const std::string path = path_of(image.at("url"));
    EXPECT_EQ(emulator().send("GET", path).status, 200);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    EXPECT_EQ(emulator().send("GET", path).status, 404);
}

TEST_F(EmulatorTest, AWebhookIsCalledWithTheResult) {
    std::atomic<int> calls = 0;
    TestServer server([&](const RecordedRequest&) {
        ++calls;
        return Reply{};
    });
    const std::string encoded = server.url() + "/hook%3Fa%3D1";
    const Json job = submit("fal-ai/flux/dev", {{"prompt", "p"}}, "?fal_webhook=" + encoded);
    for (int i = 0; i < 500 && calls == 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ASSERT_EQ(server.requests().size(), 1U);
    const RecordedRequest request = server.requests().front();
    EXPECT_EQ(request.target, "/hook?a=1");
    const Json body = Json::parse(request.body);
    EXPECT_EQ(body.at("request_id"), job.at("request_id"));
    EXPECT_EQ(body.at("status"), "OK");
    EXPECT_TRUE(body.at("payload").contains("images"));
}

/// Jobs that take their time.
class SlowEmulatorTest : public EmulatorTest {
protected:
    SlowEmulatorTest() : EmulatorTest({"--job-seconds", "1.5"}) {}
};

TEST_F(SlowEmulatorTest, AJobWaitsRunsAndEnds) {
    const Json job = submit("fal-ai/flux/dev", {{"prompt", "p"}, {"image_size", "square"}});
    const std::string status_path = path_of(job.at("status_url"));
    const EmulatorReply first = get(status_path);
    EXPECT_EQ(first.status, 202);
    EXPECT_EQ(Json::parse(first.body).at("status"), "IN_QUEUE");
    EXPECT_GE(Json::parse(first.body).at("queue_position"), 0);

    const EmulatorReply early = get(path_of(job.at("response_url")));
    EXPECT_EQ(early.status, 400);
    EXPECT_EQ(early.body, R"({"detail":"Request is still in progress"})");

    const EmulatorReply stream = get(status_path + "/stream?logs=1");
    EXPECT_EQ(stream.headers.at("content-type"), "text/event-stream");
    const std::size_t queued = stream.body.find("IN_QUEUE");
    const std::size_t running = stream.body.find("IN_PROGRESS");
    const std::size_t done = stream.body.find("COMPLETED");
    EXPECT_LT(queued, running);
    EXPECT_LT(running, done);
    EXPECT_NE(done, std::string::npos);

    const EmulatorReply last = get(status_path + "?logs=1");
    EXPECT_EQ(last.status, 200);
    EXPECT_EQ(Json::parse(last.body).at("logs").at(0).at("level"), "INFO");
    EXPECT_EQ(get(path_of(job.at("response_url"))).status, 200);
}

TEST_F(SlowEmulatorTest, AJobCanBeCancelledOnce) {
    const Json job = submit("fal-ai/flux/dev", {{"prompt", "p"}});
    const std::string cancel = path_of(job.at("cancel_url"));
    const EmulatorReply first = emulator().send("PUT", cancel, kFal);
    EXPECT_EQ(first.status, 202);
    EXPECT_EQ(first.body, R"({"status":"CANCELLATION_REQUESTED"})");
    const EmulatorReply second = emulator().send("PUT", cancel, kFal);
    EXPECT_EQ(second.status, 400);
    EXPECT_EQ(second.body, R"({"status":"ALREADY_COMPLETED"})");
    EXPECT_EQ(Json::parse(get(path_of(job.at("status_url"))).body).at("error_type"),
              "client_cancelled");
    EXPECT_EQ(get(path_of(job.at("response_url"))).status, 499);
}

TEST_F(SlowEmulatorTest, AStartDeadlineMayPass) {
    Headers headers = kFal;
    headers["X-Fal-Request-Timeout"] = "0.2";
    const EmulatorReply reply = post("/queue/fal-ai/flux/dev", {{"prompt", "p"}}, headers);
    const std::string path = path_of(Json::parse(reply.body).at("response_url"));
    std::this_thread::sleep_for(std::chrono::milliseconds(1600));
    const EmulatorReply result = get(path);
    EXPECT_EQ(result.status, 504);
    EXPECT_EQ(result.headers.at("x-fal-request-timeout-type"), "user");
}

TEST_F(SlowEmulatorTest, AQueueMayBeTooLong) {
    const Json first = submit("fal-ai/flux/dev", {{"prompt", "p"}});
    EXPECT_EQ(post("/queue/fal-ai/flux/dev?fal_max_queue_length=0", {{"prompt", "p"}}).status, 429);
    EXPECT_EQ(post("/queue/fal-ai/flux/dev?fal_max_queue_length=5", {{"prompt", "p"}}).status, 200);
}

class EmulatorStorage : public EmulatorTest {
protected:
    [[nodiscard]] Json initiate(const std::string& kind) const {
        const EmulatorReply reply =
            post("/rest/storage/upload/" + kind + "?storage_type=fal-cdn-v3",
                 {{"content_type", "image/png"}, {"file_name", "a b.png"}});
        EXPECT_EQ(reply.status, 200) << reply.body;
        return Json::parse(reply.body);
    }
    [[nodiscard]] int put(const std::string& target, const std::string& body,
                          const Headers& headers = {{"Content-Type", "image/png"}}) const {
        return emulator().send("PUT", target, headers, body).status;
    }
};

TEST_F(EmulatorStorage, AFileIsPutAndFetchedAndUsed) {
    const Json upload = initiate("initiate");
    const std::string png = png_of(fixture_s1());
    EXPECT_EQ(put(path_of(upload.at("upload_url")), png), 200);
    EXPECT_EQ(fetch(upload.at("file_url")), png);
    EXPECT_EQ(run("fal-ai/esrgan", {{"image_url", upload.at("file_url")}}).at("image").at("width"),
              128);
}

TEST_F(EmulatorStorage, ASignedAddressIsTakenByteForByteAndWithoutAKey) {
    const Json upload = initiate("initiate");
    const std::string target = path_of(upload.at("upload_url"));
    ASSERT_NE(target.find("%2F"), std::string::npos);
    std::string decoded = target;
    decoded.replace(decoded.find("%2F"), 3, "/");
    EXPECT_EQ(put(decoded, "x"), 403);
    EXPECT_EQ(put(target.substr(0, target.find('?')), "x"), 403);
    EXPECT_EQ(put(target, "x", {{"Content-Type", "image/jpeg"}}), 403);
    EXPECT_EQ(put(target, "x", {{"Content-Type", "image/png"}, {"Authorization", "Key a:b"}}), 400);
    EXPECT_EQ(emulator().send("GET", path_of(upload.at("file_url"))).status, 404);
}

TEST_F(EmulatorStorage, PartsAreJoinedWhenTheirListIsRight) {
    const Json upload = initiate("initiate-multipart");
    const std::string target = path_of(upload.at("upload_url"));
    const std::size_t mark = target.find('?');
    const auto step = [&](const std::string& name) {
        return target.substr(0, mark) + '/' + name + target.substr(mark);
    };
    Json parts = Json::array();
    for (const char* content : {"first ", "second"}) {
        const std::string number = std::to_string(parts.size() + 1);
        const EmulatorReply reply = emulator().send("PUT", step(number), {}, content);
        ASSERT_EQ(reply.status, 200) << reply.body;
        parts.push_back(Json::parse(reply.body));
        EXPECT_EQ(parts.back().at("partNumber"), parts.size());
    }
    Json wrong = parts;
    wrong.at(0)["etag"] = "another";
    const Headers json{{"Content-Type", "application/json"}};
    const auto complete = [&](const Json& list) {
        return emulator().send("POST", step("complete"), json, Json{{"parts", list}}.dump()).status;
    };
    EXPECT_EQ(complete(wrong), 400);
    EXPECT_EQ(complete(Json::array({parts.at(1), parts.at(0)})), 400);
    EXPECT_EQ(complete(parts), 200);
    EXPECT_EQ(fetch(upload.at("file_url")), "first second");
}

TEST_F(EmulatorTest, PricesOfKnownModels) {
    const std::string base = "/api/v1/models/pricing?endpoint_id=";
    const EmulatorReply reply =
        get(base + "fal-ai/flux/dev,fal-ai/nano-banana-pro&endpoint_id=fal-ai/flux/schnell");
    ASSERT_EQ(reply.status, 200) << reply.body;
    const Json prices = Json::parse(reply.body).at("prices");
    ASSERT_EQ(prices.size(), 3U);
    EXPECT_EQ(prices.at(2).at("endpoint_id"), "fal-ai/flux/schnell");
    EXPECT_GT(prices.at(0).at("unit_price"), 0.0);
    EXPECT_EQ(get(base + "none/such").status, 404);
    EXPECT_EQ(get("/api/v1/models/pricing").status, 400);
}

/// Asks for the requests of flux/dev.
class EmulatorRequestList : public EmulatorTest {
protected:
    using EmulatorTest::EmulatorTest;

    [[nodiscard]] EmulatorReply ask(const std::string& more = {}) const {
        return get("/api/v1/models/requests/by-endpoint?endpoint_id=fal-ai/flux/dev" + more);
    }
    [[nodiscard]] Json list(const std::string& more = {}) const {
        const EmulatorReply reply = ask(more);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return Json::parse(reply.body);
    }
};

TEST_F(EmulatorRequestList, TellsWhatCameOfEachTheNewestFirst) {
    const Json input{{"prompt", "p"}, {"image_size", "square"}};
    const Json good = submit("fal-ai/flux/dev", input);
    const Json bad = submit("fal-ai/flux/dev", {{"prompt", "p"}, {"num_images", 5}});
    submit("fal-ai/flux/schnell", input);
    const Json answer = list();
    EXPECT_EQ(answer.at("has_more"), false);
    EXPECT_EQ(answer.at("next_cursor"), nullptr);
    ASSERT_EQ(answer.at("items").size(), 2U);
    const Json& first = answer.at("items").at(0);
    EXPECT_EQ(first.at("request_id"), bad.at("request_id"));
    EXPECT_EQ(first.at("endpoint_id"), "fal-ai/flux/dev");
    EXPECT_EQ(first.at("status_code"), 422);
    EXPECT_GE(first.at("duration"), 0.0);
    EXPECT_FALSE(first.contains("json_input"));
    EXPECT_TRUE(first.at("sent_at").get<std::string>().ends_with("Z"));

    const Json items = list("&expand=payloads&status=success").at("items");
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items.at(0).at("request_id"), good.at("request_id"));
    EXPECT_EQ(items.at(0).at("json_input"), input);
    EXPECT_TRUE(items.at(0).at("json_output").contains("images"));
    EXPECT_EQ(list("&status=user_error").at("items").size(), 1U);
    EXPECT_EQ(list(",fal-ai/flux/schnell").at("items").size(), 3U);
    EXPECT_EQ(list("&endpoint_id=fal-ai/flux/schnell").at("items").size(), 3U);
}

TEST_F(EmulatorRequestList, KnowsWhatLostItsAnswer) {
    const Json input{{"prompt", "p"}, {"image_size", "square"}};
    emulator().add_fault("drop-before-answer@POST *:1");
    EXPECT_EQ(post("/queue/fal-ai/flux/dev", input).status, 0);
    const Json queued = list("&expand=payloads").at("items");
    ASSERT_EQ(queued.size(), 1U);
    EXPECT_EQ(queued.at(0).at("json_input"), input);
    static_cast<void>(run("fal-ai/flux/dev", input));
    EXPECT_EQ(list().at("items").size(), 2U);
}

TEST_F(EmulatorRequestList, IsReadByPages) {
    std::vector<std::string> newest_first;
    for (int i = 0; i < 5; ++i) {
        newest_first.insert(newest_first.begin(),
                            submit("fal-ai/flux/dev", Json::object()).at("request_id"));
    }
    std::vector<std::string> read;
    std::string cursor;
    for (int page = 0; page < 3; ++page) {
        const Json answer = list("&limit=2" + cursor);
        for (const Json& item : answer.at("items")) {
            read.push_back(item.at("request_id"));
        }
        EXPECT_EQ(answer.at("has_more"), page < 2);
        cursor = page < 2 ? "&cursor=" + answer.at("next_cursor").get<std::string>() : "";
    }
    EXPECT_EQ(read, newest_first);
    const Json one = list("&request_id=" + newest_first.at(3)).at("items");
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one.at(0).at("request_id"), newest_first.at(3));
}

TEST_F(EmulatorRequestList, IsBoundedByTimes) {
    submit("fal-ai/flux/dev", Json::object());
    const std::string sent_at = list().at("items").at(0).at("sent_at");
    EXPECT_EQ(list("&start=" + sent_at).at("items").size(), 1U);
    EXPECT_EQ(list("&end=" + sent_at).at("items").size(), 0U);
    EXPECT_EQ(list("&start=2020-01-01&end=2020-02-01T10:00:00Z").at("items").size(), 0U);
}

TEST_F(EmulatorRequestList, RefusesWhatItCannotAnswer) {
    for (const char* wrong :
         {"&limit=0", "&limit=101", "&limit=x", "&cursor=%21", "&cursor=MA==", "&status=fine",
          "&start=yesterday", "&end=2020-01-01T", "&expand=all"}) {
        const EmulatorReply reply = ask(wrong);
        EXPECT_EQ(reply.status, 400) << wrong;
        EXPECT_EQ(Json::parse(reply.body).at("error").at("type"), "validation_error");
    }
    const std::string page = "/api/v1/models/requests/by-endpoint";
    EXPECT_EQ(get(page).status, 400);
    EXPECT_EQ(emulator().send("GET", page + "?endpoint_id=a").status, 401);
}

class SlowEmulatorRequestList : public EmulatorRequestList {
protected:
    SlowEmulatorRequestList() : EmulatorRequestList({"--job-seconds", "600"}) {}
};

TEST_F(SlowEmulatorRequestList, HoldsWhatIsStillInTheQueue) {
    const Json job = submit("fal-ai/flux/dev", {{"prompt", "p"}});
    const Json waiting = list("&expand=payloads").at("items").at(0);
    for (const char* member :
         {"started_at", "ended_at", "status_code", "duration", "json_output"}) {
        EXPECT_EQ(waiting.at(member), nullptr) << member;
    }
    EXPECT_EQ(emulator().send("PUT", path_of(job.at("cancel_url")), kFal).status, 202);
    const Json cancelled = list().at("items").at(0);
    EXPECT_EQ(cancelled.at("status_code"), 499);
    EXPECT_EQ(cancelled.at("started_at"), nullptr);
    EXPECT_LT(cancelled.at("duration"), 100.0);
}

class EmulatorOpenAi : public EmulatorTest {
protected:
    [[nodiscard]] EmulatorReply post_edit(const std::vector<Part>& parts) const {
        return post_form("/v1/images/edits", parts);
    }

    [[nodiscard]] EmulatorReply edit(const std::string& mask,
                                     const std::string& model = "gpt-image-1.5") const {
        return post_edit({{"model", model},
                          {"prompt", "a red ball"},
                          {"image", png_of(fixture_s1()), "image/png"},
                          {"mask", mask, "image/png"}});
    }

    void expect_error(const EmulatorReply& reply, int status, const std::string& message) const {
        EXPECT_EQ(reply.status, status);
        const Json error = Json::parse(reply.body).at("error");
        EXPECT_NE(error.at("message").get<std::string>().find(message), std::string::npos) << error;
        EXPECT_TRUE(error.contains("type") && error.contains("param") && error.contains("code"));
        EXPECT_TRUE(reply.headers.at("x-request-id").starts_with("req_"));
    }
};

TEST_F(EmulatorOpenAi, GenerationsOfGptModelsAreBase64) {
    const EmulatorReply reply =
        post("/v1/images/generations",
             {{"model", "gpt-image-2"}, {"prompt", "p"}, {"size", "1024x512"}, {"n", 2}}, kOpenAi);
    ASSERT_EQ(reply.status, 200) << reply.body;
    const Json body = Json::parse(reply.body);
    ASSERT_EQ(body.at("data").size(), 2U);
    EXPECT_EQ(image_from_base64(body.at("data").at(1).at("b64_json")).size(), (Size{1024, 512}));
    EXPECT_EQ(body.at("size"), "1024x512");
    EXPECT_GT(body.at("usage").at("total_tokens"), 0);
}

TEST_F(EmulatorOpenAi, GenerationsOfOthersAreLinksUnlessAskedOtherwise) {
    const Json request{{"model", "other"}, {"prompt", "p"}, {"size", "40x30"}};
    const EmulatorReply link = post("/v1/images/generations", request, kOpenAi);
    const Json item = Json::parse(link.body).at("data").at(0);
    EXPECT_EQ(image_from(fetch(item.at("url"))).size(), (Size{40, 30}));

    Json inlined = request;
    inlined["response_format"] = "b64_json";
    const EmulatorReply text = post("/v1/images/generations", inlined, kOpenAi);
    EXPECT_TRUE(Json::parse(text.body).at("data").at(0).contains("b64_json"));
}

TEST_F(EmulatorOpenAi, EditsUnderATransparentMask) {
    const EmulatorReply reply = edit(png_of(transparent_edits()));
    ASSERT_EQ(reply.status, 200) << reply.body;
    const Json data = Json::parse(reply.body).at("data");
    expect_edited_under_mask(fixture_s1(), image_from_base64(data.at(0).at("b64_json")),
                             left_half());
}

TEST_F(EmulatorOpenAi, EditsByJson) {
    const EmulatorReply reply = post("/v1/images/edits",
                                     {{"model", "gpt-image-1.5"},
                                      {"prompt", "a red ball"},
                                      {"images", {{{"image_url", data_uri_of(fixture_s1())}}}},
                                      {"mask", {{"image_url", data_uri_of(transparent_edits())}}}},
                                     kOpenAi);
    ASSERT_EQ(reply.status, 200) << reply.body;
    const Json data = Json::parse(reply.body).at("data");
    expect_edited_under_mask(fixture_s1(), image_from_base64(data.at(0).at("b64_json")),
                             left_half());
}

TEST_F(EmulatorOpenAi, SeveralImages) {
    const std::string png = png_of(fixture_s1());
    const EmulatorReply reply = post_edit({{"prompt", "p"},
                                           {"model", "gpt-image-1.5"},
                                           {"image[]", png, "image/png"},
                                           {"image[]", png, "image/png"}});
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(journal().at("requests").at(0).at("parts").size(), 4U);
}

TEST_F(EmulatorOpenAi, MasksAreChecked) {
    expect_error(edit(png_of(white_edits())), 400,
                 "Invalid mask image format - mask image missing alpha channel");
    expect_error(edit(png_of(solid_image({9, 9}, Channels::rgba, {0, 0, 0, 0}))), 400,
                 "Invalid mask image format - mask size does not match image size");
}

TEST_F(EmulatorOpenAi, OtherMistakesAreTold) {
    const std::string generations = "/v1/images/generations";
    expect_error(post(generations, {{"model", "m"}}, kOpenAi), 400, "'prompt'");
    expect_error(
        post(generations, {{"prompt", "p"}, {"model", "gpt-image-1.5"}, {"size", "9x9"}}, kOpenAi),
        400, "'9x9'");
    expect_error(post(generations, {{"prompt", "p"}, {"n", 11}}, kOpenAi), 400, "'n'");
    expect_error(
        post(generations, {{"prompt", "p"}, {"model", "gpt-image-2"}, {"response_format", "url"}},
             kOpenAi),
        400, "'response_format'");
    expect_error(emulator().send("POST", generations, kOpenAi, "{"), 400, "JSON");
    expect_error(post_edit({{"prompt", "p"}}), 400, "'image'");
    expect_error(post_edit({{"prompt", "p"}, {"image", "x", "application/octet-stream"}}), 400,
                 "unsupported mimetype");
    expect_error(post_edit({{"prompt", "p"}, {"image", "x", "image/png"}}), 400,
                 "Invalid image file");
    expect_error(post("/v1/audio/speech", {{"input", "p"}}, kOpenAi), 404, "/v1/audio/speech");
}

TEST_F(EmulatorOpenAi, StreamsPartialPictures) {
    const EmulatorReply reply = post("/v1/images/generations",
                                     {{"model", "gpt-image-2"},
                                      {"prompt", "p"},
                                      {"size", "64x64"},
                                      {"stream", true},
                                      {"partial_images", 2}},
                                     kOpenAi);
    EXPECT_EQ(reply.headers.at("content-type"), "text/event-stream");
    std::vector<std::string> events;
    for (const std::string& line : lines_of(reply.body)) {
        if (line.starts_with("event: ")) {
            events.push_back(line.substr(7));
        }
    }
    EXPECT_EQ(events, (std::vector<std::string>{"image_generation.partial_image",
                                                "image_generation.partial_image",
                                                "image_generation.completed"}));
}

/// POSTs to OpenAI's pages that carry a key of their own.
class EmulatorIdempotency : public EmulatorTest {
protected:
    [[nodiscard]] EmulatorReply post_once(
        const std::string& target, const Json& body, const std::string& key,
        const std::string& authorization = "Bearer sk-0123456789") const {
        return post(target, body,
                    {{"Authorization", authorization},
                     {"Content-Type", "application/json"},
                     {"idempotency-KEY", key}});
    }

    const std::string generations_ = "/v1/images/generations";
    const Json picture_{{"prompt", "p"}, {"size", "32x32"}, {"model", "other"}};
};

TEST_F(EmulatorIdempotency, AKeyMakesOneJobAndGivesItsAnswerAgain) {
    const EmulatorReply first = post_once(generations_, picture_, "a");
    const EmulatorReply again = post_once(generations_, picture_, "a");
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.headers.at("x-request-id"), first.headers.at("x-request-id"));
    EXPECT_FALSE(first.headers.contains("idempotent-replayed"));
    EXPECT_EQ(again.headers.at("idempotent-replayed"), "true");
    EXPECT_EQ(journal().at("job_count"), 1);

    EXPECT_NE(post_once(generations_, picture_, "b").body, first.body);
    EXPECT_NE(post_once(generations_, picture_, "a", "Bearer sk-of-somebody").body, first.body);
    EXPECT_EQ(post(generations_, picture_, kOpenAi).status, 200);
    EXPECT_EQ(journal().at("job_count"), 4);
}

TEST_F(EmulatorIdempotency, AnswersThatWereLostAreThereTheSecondTime) {
    emulator().add_fault("drop-before-answer@POST *:1");
    EXPECT_EQ(post_once("/v1/videos", {{"prompt", "p"}}, "a").status, 0);
    const EmulatorReply again = post_once("/v1/videos", {{"prompt", "p"}}, "a");
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(Json::parse(again.body).at("object"), "video");
    EXPECT_EQ(journal().at("job_count"), 1);
}

TEST_F(EmulatorIdempotency, AnotherRequestOfTheSameKeyIsRefused) {
    EXPECT_EQ(post_once(generations_, picture_, "a").status, 200);
    Json other = picture_;
    other["prompt"] = "another";
    for (const EmulatorReply& reply :
         {post_once(generations_, other, "a"), post_once("/v1/videos", picture_, "a"),
          post_once(generations_, picture_, std::string(300, 'a'))}) {
        EXPECT_EQ(reply.status, 400);
        EXPECT_EQ(Json::parse(reply.body).at("error").at("type"), "idempotency_error");
    }
    EXPECT_EQ(journal().at("job_count"), 1);
}

TEST_F(EmulatorIdempotency, WhatMadeNothingLeavesTheKeyFree) {
    EXPECT_EQ(post_once(generations_, {{"size", "32x32"}}, "a").status, 400);
    emulator().add_fault("status-503@POST *:1");
    EXPECT_EQ(post_once(generations_, picture_, "a").status, 503);
    emulator().add_fault("job-fails:1");
    EXPECT_EQ(post_once(generations_, picture_, "a").status, 400);
    EXPECT_EQ(post_once(generations_, picture_, "a").status, 200);
    EXPECT_EQ(journal().at("job_count"), 1);
}

TEST_F(EmulatorIdempotency, ACrowdOfOneKeyGetsOneAnswer) {
    const Json large{{"prompt", "p"}, {"size", "1500x1500"}, {"model", "other"}};
    std::vector<std::string> bodies(6);
    {
        std::vector<std::jthread> clients;
        for (std::string& body : bodies) {
            clients.emplace_back([&] { body = post_once(generations_, large, "a").body; });
        }
    }
    for (const std::string& body : bodies) {
        EXPECT_EQ(body, bodies.front());
        EXPECT_TRUE(Json::parse(body).contains("data"));
    }
    EXPECT_EQ(journal().at("job_count"), 1);
}

TEST_F(EmulatorIdempotency, FormsAreKnownAgainByTheirParts) {
    const auto post_edit = [this](const std::string& boundary, const std::string& prompt) {
        std::string body = form_of(
            {{"prompt", prompt}, {"model", "other"}, {"image", png_of(fixture_s1()), "image/png"}});
        for (std::size_t at = body.find("--edge"); at != std::string::npos;
             at = body.find("--edge", at)) {
            body.replace(at, 6, "--" + boundary);
        }
        return emulator().send("POST", "/v1/images/edits",
                               {{"Authorization", "Bearer sk-0123456789"},
                                {"Content-Type", "multipart/form-data; boundary=" + boundary},
                                {"Idempotency-Key", "a"}},
                               body);
    };
    const EmulatorReply first = post_edit("one", "p");
    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(post_edit("two", "p").body, first.body);
    EXPECT_EQ(post_edit("three", "q").status, 400);
    EXPECT_EQ(journal().at("job_count"), 1);
}

TEST_F(EmulatorIdempotency, StreamsComeAgainAsAWhole) {
    const Json streamed{
        {"model", "gpt-image-2"}, {"prompt", "p"}, {"size", "64x64"}, {"stream", true}};
    const EmulatorReply first = post_once(generations_, streamed, "a");
    EXPECT_EQ(first.headers.at("content-type"), "text/event-stream");
    EXPECT_NE(first.body.find("image_generation.completed"), std::string::npos);
    EXPECT_EQ(post_once(generations_, streamed, "a").body, first.body);
    EXPECT_EQ(journal().at("job_count"), 1);
}

TEST_F(EmulatorTest, TheJournalTellsJobsAndHidesKeys) {
    const Json input{{"prompt", "p"}};
    submit("fal-ai/flux/dev", input);
    submit("fal-ai/flux/dev", input);
    submit("fal-ai/flux/schnell", input);
    const std::string text = emulator().get("/_emulator/journal");
    EXPECT_EQ(text.find("a-secret-of-mine"), std::string::npos);
    const Json journal = Json::parse(text);
    EXPECT_EQ(journal.at("job_count"), 3);
    EXPECT_EQ(journal.at("jobs").at(0).at("submits"), 2);
    EXPECT_EQ(journal.at("jobs").at(2).at("submits"), 1);
    EXPECT_EQ(journal.at("requests").at(2).at("target"), "/queue/fal-ai/flux/schnell");
    EXPECT_EQ(journal.at("requests").at(2).at("body_bytes"), input.dump().size());
    EXPECT_EQ(journal.at("key_leaks"), 0);

    submit("fal-ai/flux/dev", {{"prompt", "an-id:a-secret-of-mine"}});
    EXPECT_EQ(Json::parse(emulator().get("/_emulator/journal")).at("key_leaks"), 1);
}

TEST_F(EmulatorTest, FaultsStrikeAsOftenAsAskedAndWhereAsked) {
    emulator().add_fault("status-503=7@POST /queue/*:2");
    EXPECT_EQ(post("/run/fal-ai/flux/dev", {{"prompt", "p"}}).status, 200);
    const EmulatorReply hit = post("/queue/fal-ai/flux/dev", {{"prompt", "p"}});
    EXPECT_EQ(hit.status, 503);
    EXPECT_EQ(hit.headers.at("retry-after"), "7");
    EXPECT_EQ(post("/queue/fal-ai/flux/dev", {{"prompt", "p"}}).status, 503);
    EXPECT_EQ(post("/queue/fal-ai/flux/dev", {{"prompt", "p"}}).status, 200);
    EXPECT_EQ(emulator().get("/_emulator/faults"),
              R"({"faults":[{"fault":"status-503=7@POST /queue/*:2","hits":2}]})");
    EXPECT_EQ(journal().at("job_count"), 2);
    EXPECT_THROW(emulator().add_fault("nonsense"), std::runtime_error);
}

TEST_F(EmulatorTest, FaultsStrikeEveryNthOfTheRequestsThatFit) {
    emulator().add_fault("status-503@POST /queue/*%3:2");
    EXPECT_THROW(emulator().add_fault("status-503%0"), std::runtime_error);
    EXPECT_THROW(emulator().add_fault("status-503%x"), std::runtime_error);
    std::vector<int> statuses;
    for (int i = 0; i < 10; ++i) {
        // Requests elsewhere are not counted.
        EXPECT_EQ(get("/queue/fal-ai/flux/requests/none").status, 404);
        statuses.push_back(post("/queue/fal-ai/flux/dev", Json::object()).status);
    }
    EXPECT_EQ(statuses, (std::vector{200, 200, 503, 200, 200, 503, 200, 200, 200, 200}));
}

TEST_F(EmulatorTest, FaultsThatTakeTurnsCountAllRequests) {
    emulator().add_fault("status-500@POST *%2");
    emulator().add_fault("status-503@POST *%3");
    std::vector<int> statuses;
    for (int i = 0; i < 6; ++i) {
        statuses.push_back(post("/queue/fal-ai/flux/dev", Json::object()).status);
    }
    EXPECT_EQ(statuses, (std::vector{200, 500, 503, 500, 200, 500}));
}

TEST_F(EmulatorTest, EncodedCharactersInAFaultsPathAreNoShare) {
    emulator().add_fault("status-503@POST /queue/a%2Fb");
    EXPECT_EQ(post("/queue/a%2Fb", Json::object()).status, 503);
}

TEST_F(EmulatorTest, FaultsOfTheConnectionAreReal) {
    for (const char* fault :
         {"drop-request:1", "drop-before-answer:1", "drop-mid-body:1", "long-length:1"}) {
        emulator().add_fault(fault);
        EXPECT_EQ(post("/queue/fal-ai/flux/dev", {{"prompt", "p"}}).status, 0) << fault;
    }
    // What was dropped unread was not accepted; what lost its answer was.
    EXPECT_EQ(journal().at("job_count"), 3);
    EXPECT_EQ(post("/queue/fal-ai/flux/dev", {{"prompt", "p"}}).status, 200);
}

TEST_F(EmulatorTest, FaultsOfTheWork) {
    const std::string model = "fal-ai/nano-banana-pro";
    const Json input{{"prompt", "p"}, {"aspect_ratio", "1:1"}};
    emulator().add_fault("other-size=30x20:1");
    EXPECT_EQ(run(model, input).at("images").at(0).at("width"), 30);
    emulator().add_fault("not-an-image:1");
    EXPECT_EQ(fetch(run(model, input).at("images").at(0).at("url")), "This is not a picture.\n");
    emulator().add_fault("expired-link:1");
    const Json url = run(model, input).at("images").at(0).at("url");
    EXPECT_EQ(emulator().send("GET", path_of(url)).status, 404);
    EXPECT_EQ(emulator().send("GET", path_of(url)).status, 200);

    emulator().add_fault("never-finishes:1");
    const Json stuck = submit(model, input);
    EXPECT_EQ(Json::parse(get(path_of(stuck.at("status_url"))).body).at("status"), "IN_PROGRESS");
    emulator().add_fault("job-fails:1");
    const Json failed = submit(model, input);
    EXPECT_EQ(Json::parse(get(path_of(failed.at("status_url"))).body).at("error_type"),
              "content_policy_violation");
}

TEST_F(EmulatorTest, ManyStalledClientsLeaveRoomForMore) {
    constexpr std::size_t kClients = 60;
    emulator().add_fault("stall-headers@POST /queue/stalled/*");
    std::vector<std::thread> clients;
    for (std::size_t i = 0; i < kClients; ++i) {
        clients.emplace_back([this] { EXPECT_EQ(post("/queue/stalled/app", {}).status, 0); });
    }
    for (int i = 0; i < 500 && journal().at("job_count") < kClients; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(journal().at("job_count"), kClients);
    EXPECT_EQ(post("/queue/fal-ai/flux/dev", {{"prompt", "p"}}).status, 200);
    EXPECT_EQ(emulator().stop(), 0);
    for (std::thread& client : clients) {
        client.join();
    }
}

class EmulatorCommand : public CommandTest {};

TEST_F(EmulatorCommand, HelpAndWrongWordsLoadNoServer) {
    for (const char* word : {"--help", "--frob"}) {
        const ProcessResult result =
            run("provider_emulator", {word}, {.environment = {{"LD_DEBUG", "libs"}}});
        EXPECT_NE(result.err.find("libc.so"), std::string::npos);
        for (const char* library : {"httplib", "libssl", "libjpeg"}) {
            EXPECT_EQ(result.err.find(library), std::string::npos) << library;
        }
    }
}

TEST_F(EmulatorCommand, HelpEqualsItsReference) {
    const std::filesystem::path here = std::filesystem::path(__FILE__).parent_path();
    const std::string reference = content_of(here / "help" / "provider_emulator.txt");
    const ProcessResult result = run("provider_emulator", {"--help"});
    expect_success(result);
    EXPECT_EQ(result.out, reference);
    for (const std::string& line : lines_of(reference)) {
        EXPECT_LE(line.size(), 100U) << line;
    }
}

TEST_F(EmulatorCommand, VersionIsOneLine) {
    const ProcessResult result = run("provider_emulator", {"--version"});
    expect_success(result);
    expect_matches(result.out, R"(provider_emulator \(editprep\) [0-9]+\.[0-9]+\.[0-9]+\n)");
}

TEST_F(EmulatorCommand, WrongWordsAreRefused) {
    const Arguments cases[] = {
        {"--port", "70000"},       {"--port", "-1"},
        {"--latency", "-5"},       {"--job-seconds", "nan"},
        {"--answer-size", "0x7"},  {"--fault", "nonsense"},
        {"--fault", "status-200"}, {"--fault", "stall-body:x"},
        {"--host", "0.0.0.0"},
    };
    for (const Arguments& arguments : cases) {
        const ProcessResult result = run("provider_emulator", arguments);
        EXPECT_EQ(result.exit_code, 2) << arguments.back() << result.err;
        EXPECT_EQ(result.out, "");
    }
}

TEST_F(EmulatorCommand, ATakenPortIsToldAtOnce) {
    const EmulatorProcess first(emulator_path());
    expect_error_line(run("provider_emulator", {"--port", std::to_string(first.port())}),
                      "cannot listen on 127.0.0.1:" + std::to_string(first.port()));
}

TEST_F(EmulatorCommand, ASignalEndsItOrderly) {
    EmulatorProcess emulator(emulator_path(), {"--fault", "stall-headers"});
    EXPECT_EQ(emulator.stop(), 0);
}

TEST_F(EmulatorCommand, SetupFilesPointTheCommandsAtIt) {
    const EmulatorProcess emulator(emulator_path(), {"--setup", file("here/it's").string()});
    const Json config = Json::parse(content_of(file("here/it's/openclaw.json")));
    EXPECT_EQ(config.at("models").at("providers").at("openai").at("baseUrl"),
              emulator.url() + "/v1");
    const ProcessResult result = run(
        "/bin/sh", {"-c", ". \"$0\" && echo \"$EDITPREP_FAL_QUEUE_URL $FAL_KEY $OPENCLAW_CONFIG\"",
                    file("here/it's/environment.sh").string()});
    expect_success(result);
    EXPECT_EQ(result.out, emulator.url() + "/queue emulator:key " +
                              file("here/it's/openclaw.json").string() + '\n');
}

TEST_F(EmulatorCommand, SetupFilesDoNotRepeatAKey) {
    const EmulatorProcess emulator(emulator_path(), {"--setup", file("here").string()},
                                   {{"EDITPREP_EMULATOR_KEY", "canary:of-the-emulator"}});
    for (const char* name : {"here/openclaw.json", "here/environment.sh"}) {
        const std::string text = content_of(file(name));
        EXPECT_EQ(text.find("canary"), std::string::npos);
        EXPECT_NE(text.find("${EDITPREP_EMULATOR_KEY}"), std::string::npos);
    }
}

}  // namespace
}  // namespace editprep::testing
