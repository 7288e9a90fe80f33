#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <sstream>
#include <thread>

#include "clip_maker.hpp"
#include "emulator_fixture.hpp"

/// The videos of provider_emulator by requests as the official clients write them.
namespace editprep::testing {
namespace {

const char* const kEditModel = "fal-ai/kling-video/o3/pro/video-to-video/edit";
const char* const kEditModelO1 = "fal-ai/kling-video/o1/video-to-video/edit";

/// What the ffprobe program says of a clip.
struct ClipFacts {
    int width = 0;
    int height = 0;
    double seconds = 0;
    bool sound = false;
};

ClipFacts facts_of(const std::string& content, const std::filesystem::path& path) {
    write_text(path, content);
    const ProcessResult result = run_process(
        "/usr/bin/env", {.arguments = {"ffprobe", "-v", "error", "-of", "json", "-show_streams",
                                       "-show_format", path.string()}});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const Json said = Json::parse(result.out);
    ClipFacts facts;
    facts.seconds = std::stod(said.at("format").at("duration").get<std::string>());
    for (const Json& stream : said.at("streams")) {
        if (stream.at("codec_type") == "video") {
            facts.width = stream.at("width");
            facts.height = stream.at("height");
        }
        facts.sound = facts.sound || stream.at("codec_type") == "audio";
    }
    return facts;
}

/// A clip of that size and length, with few frames.
std::string made_clip(const std::string& size, double seconds, const std::string& extension,
                      int rate = 4) {
    const TempFolder folder;
    const std::filesystem::path path = folder / ("clip." + extension);
    std::ostringstream words;
    words << "-f lavfi -i testsrc2=size=" << size << ":rate=" << rate << ":duration=" << seconds
          << " -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    make_clip(words.str(), path);
    return content_of(path);
}

const std::string& good_clip() {
    static const std::string clip = made_clip("1280x720", 3.5, "mp4");
    return clip;
}

/// The same clip with a free box behind it, so that it has so many bytes.
std::string padded_clip(std::size_t size) {
    std::string clip = good_clip();
    const auto box = static_cast<std::uint32_t>(size - clip.size());
    for (int shift = 24; shift >= 0; shift -= 8) {
        clip += static_cast<char>(box >> shift & 0xffU);
    }
    clip += "free";
    clip.resize(size);
    return clip;
}

std::string clip_uri(const std::string& content, const char* media_type = "video/mp4") {
    return transport::to_data_uri(std::as_bytes(std::span(content)), media_type);
}

class EmulatorVideos : public EmulatorTest {
protected:
    using EmulatorTest::EmulatorTest;

    [[nodiscard]] ClipFacts facts_behind(const Json& url) const {
        return facts_of(fetch(url), folder_ / "result.mp4");
    }
    [[nodiscard]] ClipFacts facts(const std::string& content) const {
        return facts_of(content, folder_ / "result.mp4");
    }

    [[nodiscard]] Json upload(const std::string& content, const char* media_type) const {
        const Json upload =
            Json::parse(post("/rest/storage/upload/initiate?storage_type=fal-cdn-v3",
                             {{"content_type", media_type}, {"file_name", "clip.mp4"}})
                            .body);
        EXPECT_EQ(emulator()
                      .send("PUT", path_of(upload.at("upload_url")), {{"Content-Type", media_type}},
                            content)
                      .status,
                  200);
        return upload.at("file_url");
    }

private:
    TempFolder folder_;
};

TEST_F(EmulatorVideos, AnEditGivesBackTheClipThatWasSent) {
    const Json job = submit(kEditModel, {{"prompt", "make @Video1 blue"},
                                         {"video_url", clip_uri(good_clip())},
                                         {"keep_audio", true}});
    EXPECT_EQ(Json::parse(get(path_of(job.at("status_url"))).body).at("status"), "COMPLETED");
    const EmulatorReply reply = get(path_of(job.at("response_url")));
    ASSERT_EQ(reply.status, 200) << reply.body;
    const Json video = Json::parse(reply.body).at("video");
    EXPECT_EQ(video.at("content_type"), "video/mp4");
    EXPECT_EQ(video.at("file_name"), "output.mp4");
    EXPECT_EQ(video.at("file_size"), good_clip().size());
    EXPECT_TRUE(fetch(video.at("url")) == good_clip());
    // Asked once more, it is the same result.
    EXPECT_EQ(get(path_of(job.at("response_url"))).body, reply.body);
}

TEST_F(EmulatorVideos, AClipIsTakenFromStorageAndKeepsItsContainer) {
    const std::string clip = made_clip("720x720", 3.5, "mov");
    const Json url = upload(clip, "video/quicktime");
    const Json video = run(kEditModel, {{"prompt", "p"}, {"video_url", url}}).at("video");
    EXPECT_EQ(video.at("content_type"), "video/quicktime");
    EXPECT_TRUE(fetch(video.at("url")) == clip);
}

TEST_F(EmulatorVideos, ALargeClipGoesThroughWhole) {
    const std::string clip = padded_clip(std::size_t{199} << 20);
    const Json stored = upload(clip, "video/mp4");
    const Json video = run(kEditModel, {{"prompt", "p"}, {"video_url", stored}}).at("video");
    EXPECT_EQ(video.at("file_size"), clip.size());
    EXPECT_TRUE(fetch(video.at("url")) == clip);
}

TEST_F(EmulatorVideos, ALargeClipMayBeInsideTheRequest) {
    const std::string clip = padded_clip(std::size_t{40} << 20);
    const Json job = submit(kEditModel, {{"prompt", "p"}, {"video_url", clip_uri(clip)}});
    const Json result = Json::parse(get(path_of(job.at("response_url"))).body);
    EXPECT_TRUE(fetch(result.at("video").at("url")) == clip);
}

TEST_F(EmulatorVideos, ClipsHaveTheAskedLengthAndShape) {
    struct Case {
        const char* model;
        Json input;
        ClipFacts facts;
    };
    const std::string picture = data_uri_of(solid_image({60, 40}, Channels::rgb, {9, 9, 9, 255}));
    const std::string seedance = "bytedance/seedance-2.0/";
    const Case cases[] = {
        {"fal-ai/minimax/video-01-live", Json::object(), {854, 480, 5, true}},
        {"bytedance/seedance-2.0/text-to-video",
         {{"duration", "4"}, {"resolution", "720p"}, {"aspect_ratio", "9:16"}},
         {720, 1280, 4, true}},
        {"bytedance/seedance-2.0/image-to-video",
         {{"image_url", picture}, {"duration", "4"}, {"generate_audio", false}},
         {720, 480, 4, false}},
        {"fal-ai/heygen/v2/video-agent",
         {{"config", {{"duration", 6}, {"orientation", "portrait"}}}},
         {480, 854, 6, true}},
        {"fal-ai/kling-video/o3/pro/video-to-video/reference",
         {{"video_url", clip_uri(good_clip())}, {"aspect_ratio", "1:1"}, {"duration", "3"}},
         {480, 480, 3, true}},
    };
    for (const Case& given : cases) {
        SCOPED_TRACE(given.model);
        Json input = given.input;
        input["prompt"] = "a lighthouse";
        const Json video = run(given.model, input).at("video");
        EXPECT_EQ(video.at("content_type"), "video/mp4");
        const ClipFacts is = facts_behind(video.at("url"));
        EXPECT_EQ(is.width, given.facts.width);
        EXPECT_EQ(is.height, given.facts.height);
        EXPECT_NEAR(is.seconds, given.facts.seconds, 0.1);
        EXPECT_EQ(is.sound, given.facts.sound);
    }
}

/// Clips of one size, whatever is asked, and a small one.
class SmallVideos : public EmulatorVideos {
protected:
    SmallVideos() : EmulatorVideos({"--job-seconds", "0", "--answer-size", "64x48"}) {}
};

TEST_F(SmallVideos, ThePromptAndTheSeedMakeTheClip) {
    const auto made = [this](const char* prompt, int seed) {
        const Json output = run("bytedance/seedance-2.0/fast/text-to-video",
                                {{"prompt", prompt}, {"duration", "4"}, {"seed", seed}});
        EXPECT_EQ(output.at("seed"), seed);
        return fetch(output.at("video").at("url"));
    };
    const std::string first = made("red", 7);
    EXPECT_EQ(facts(first).width, 64);
    EXPECT_TRUE(made("red", 7) == first);
    EXPECT_FALSE(made("red", 8) == first);
    EXPECT_FALSE(made("blue", 7) == first);
}

TEST_F(EmulatorVideos, ResultsExpireWhenTheRequestSaysSo) {
    Headers headers = kFal;
    headers["X-Fal-Object-Lifecycle-Preference"] = R"({"expiration_duration_seconds":1})";
    const EmulatorReply reply =
        post(std::string("/run/") + kEditModel,
             {{"prompt", "p"}, {"video_url", clip_uri(good_clip())}}, headers);
    const std::string path = path_of(Json::parse(reply.body).at("video").at("url"));
    EXPECT_EQ(emulator().send("GET", path).status, 200);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    EXPECT_EQ(emulator().send("GET", path).status, 404);
}

/// An input that the service refuses, with where and why.
struct RefusedVideo {
    const char* name;
    const char* model;
    Json input;
    std::set<std::pair<std::string, std::string>> mistakes;
    /// Takes the place of the input's clip; made when the test runs, and not for a list of tests.
    std::function<std::string()> clip{};

    friend void PrintTo(const RefusedVideo& given, std::ostream* out) { *out << given.name; }
};

Json edit_of(const std::string& clip, Json more = Json::object()) {
    more["prompt"] = "p";
    more["video_url"] = clip_uri(clip);
    return more;
}

Json small_picture() { return data_uri_of(solid_image({299, 400}, Channels::rgb, {9, 9, 9, 255})); }

class EmulatorVideoRefusal : public EmulatorVideos,
                             public ::testing::WithParamInterface<RefusedVideo> {};

TEST_P(EmulatorVideoRefusal, NamesEveryMistake) {
    const RefusedVideo& given = GetParam();
    Json input = given.input;
    if (given.clip) {
        input["video_url"] = clip_uri(given.clip());
    }
    const EmulatorReply reply = post(std::string("/run/") + given.model, input);
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.body.find("base64"), std::string::npos);
    std::set<std::pair<std::string, std::string>> mistakes;
    const Json body = Json::parse(reply.body);
    for (const Json& entry : body.at("detail")) {
        std::string place;
        for (const Json& step : entry.at("loc")) {
            place += (place.empty() ? "" : ".") +
                     (step.is_string() ? step.get<std::string>() : step.dump());
        }
        EXPECT_NE(entry.at("msg"), "");
        mistakes.emplace(place, entry.at("type").get<std::string>());
    }
    EXPECT_EQ(mistakes, given.mistakes);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, EmulatorVideoRefusal,
    ::testing::Values(
        RefusedVideo{"NothingAtAll",
                     kEditModel,
                     Json::object(),
                     {{"body.prompt", "missing"}, {"body.video_url", "missing"}}},
        RefusedVideo{"AFieldTooMany",
                     kEditModel,
                     edit_of("x", {{"aspect_ratio", "1:1"}}),
                     {{"body.aspect_ratio", "extra_forbidden"}}},
        RefusedVideo{"WrongTypes",
                     kEditModel,
                     edit_of("x", {{"keep_audio", "yes"}, {"image_urls", "a"}, {"elements", {7}}}),
                     {{"body.keep_audio", "bool_type"},
                      {"body.image_urls", "list_type"},
                      {"body.elements.0", "dict_type"}}},
        RefusedVideo{"UnknownWords",
                     "bytedance/seedance-2.0/fast/text-to-video",
                     {{"prompt", "p"}, {"resolution", "1080p"}, {"duration", 5}},
                     {{"body.resolution", "one_of"}, {"body.duration", "string_type"}}},
        RefusedVideo{"FiveElementsAndImages",
                     kEditModel,
                     edit_of("x", {{"elements", {Json::object(), Json::object()}},
                                   {"image_urls", {"a", "b", "c"}}}),
                     {{"body", "value_error"}}},
        RefusedVideo{"FiveImages",
                     kEditModelO1,
                     edit_of("x", {{"image_urls", {"a", "b", "c", "d", "e"}}}),
                     {{"body", "value_error"}, {"body.image_urls", "sequence_too_long"}}},
        RefusedVideo{"AnElementWithoutItsPictures",
                     kEditModelO1,
                     edit_of("x", {{"elements", {Json::object()}}}),
                     {{"body.elements.0.frontal_image_url", "missing"},
                      {"body.elements.0.reference_image_urls", "missing"}}},
        RefusedVideo{
            "NumbersOutOfRange",
            "fal-ai/heygen/v2/video-agent",
            {{"prompt", ""}, {"config", {{"duration", 4}}}},
            {{"body.prompt", "string_too_short"}, {"body.config.duration", "greater_than_equal"}}},
        RefusedVideo{"SoundAlone",
                     "bytedance/seedance-2.0/reference-to-video",
                     {{"prompt", "p"}, {"audio_urls", {"data:audio/mpeg;base64,AAAA"}}},
                     {{"body", "value_error"}}},
        RefusedVideo{"NoClip",
                     kEditModel,
                     edit_of("This is a text.\n"),
                     {{"body.video_url", "unsupported_video_format"}}},
        RefusedVideo{"AClipElsewhere",
                     kEditModel,
                     {{"prompt", "p"}, {"video_url", "https://example.com/a.mp4"}},
                     {{"body.video_url", "file_download_error"}}},
        RefusedVideo{"TooShort",
                     kEditModel,
                     edit_of(""),
                     {{"body.video_url", "video_duration_too_short"}},
                     [] { return made_clip("720x720", 2.5, "mp4"); }},
        RefusedVideo{"TooLong",
                     kEditModel,
                     edit_of(""),
                     {{"body.video_url", "video_duration_too_long"}},
                     [] { return made_clip("720x720", 10.5, "mp4"); }},
        RefusedVideo{"TooLow",
                     kEditModel,
                     edit_of(""),
                     {{"body.video_url", "image_too_small"}},
                     [] { return made_clip("1280x718", 3.5, "mp4"); }},
        RefusedVideo{
            "TooWideAndTooLong",
            kEditModel,
            edit_of(""),
            {{"body.video_url", "image_too_large"}, {"body.video_url", "video_duration_too_long"}},
            [] { return made_clip("2162x720", 10.5, "mp4"); }},
        RefusedVideo{"TooFewFrames",
                     kEditModelO1,
                     edit_of(""),
                     {{"body.video_url", "value_error"}},
                     [] { return made_clip("720x720", 3.5, "mp4", 10); }},
        RefusedVideo{"AnotherContainer",
                     kEditModel,
                     edit_of(""),
                     {{"body.video_url", "unsupported_video_format"}},
                     [] { return made_clip("720x720", 3.5, "mkv"); }},
        RefusedVideo{"CutShort",
                     kEditModel,
                     edit_of(""),
                     {{"body.video_url", "unsupported_video_format"}},
                     [] { return good_clip().substr(0, good_clip().size() / 2); }},
        RefusedVideo{"APictureThatIsNone",
                     kEditModel,
                     edit_of("", {{"image_urls", {"data:image/png;base64,AAAA"}}}),
                     {{"body.image_urls.0", "image_load_error"}},
                     [] { return good_clip(); }},
        RefusedVideo{"ASmallElement",
                     kEditModelO1,
                     edit_of("", {{"elements",
                                   {{{"frontal_image_url", small_picture()},
                                     {"reference_image_urls", {small_picture()}}}}}}),
                     {{"body.elements.0.frontal_image_url", "image_too_small"}},
                     [] { return made_clip("720x720", 3.5, "mp4", 24); }}),
    CaseName{});

TEST_F(EmulatorVideos, AClipBeyondTheLimitIsRefusedUnread) {
    const Json stored = upload(std::string((std::size_t{200} << 20) + 1, 'x'), "video/mp4");
    const EmulatorReply reply =
        post(std::string("/run/") + kEditModel, {{"prompt", "p"}, {"video_url", stored}});
    EXPECT_EQ(reply.status, 422);
    const Json detail = Json::parse(reply.body).at("detail").at(0);
    EXPECT_EQ(detail.at("type"), "file_too_large");
    EXPECT_EQ(detail.at("ctx").at("max_size"), 200 << 20);
}

TEST_F(EmulatorVideos, ClipsOfOneFieldAreJudgedTogether) {
    const std::string clip = clip_uri(made_clip("720x720", 8, "mp4", 24));
    const EmulatorReply reply = post("/run/bytedance/seedance-2.0/reference-to-video",
                                     {{"prompt", "p"}, {"video_urls", {clip, clip}}});
    EXPECT_EQ(reply.status, 422);
    const Json detail = Json::parse(reply.body).at("detail").at(0);
    EXPECT_EQ(detail.at("type"), "video_duration_too_long");
    EXPECT_EQ(detail.at("loc"), (Json{"body", "video_urls"}));
}

TEST_F(EmulatorVideos, FaultsOfTheWork) {
    const Json input = edit_of(good_clip());
    emulator().add_fault("not-an-image:1");
    EXPECT_EQ(fetch(run(kEditModel, input).at("video").at("url")), "This is not a clip.\n");
    emulator().add_fault("other-size=320x180:1");
    EXPECT_EQ(facts_behind(run(kEditModel, input).at("video").at("url")).width, 320);
    emulator().add_fault("expired-link:1");
    const Json url = run(kEditModel, input).at("video").at("url");
    EXPECT_EQ(emulator().send("GET", path_of(url)).status, 404);
    emulator().add_fault("job-fails:1");
    EXPECT_EQ(post(std::string("/run/") + kEditModel, input).status, 422);
}

/// OpenAI's videos.
class EmulatorOpenAiVideos : public EmulatorVideos {
protected:
    using EmulatorVideos::EmulatorVideos;

    [[nodiscard]] EmulatorReply ask(const std::string& target,
                                    const std::string& method = "GET") const {
        return emulator().send(method, "/v1/videos" + target, kOpenAi);
    }
    [[nodiscard]] EmulatorReply create(const Json& body, const std::string& where = "") const {
        return post("/v1/videos" + where, body, kOpenAi);
    }
    [[nodiscard]] Json created(const Json& body, const std::string& where = "") const {
        const EmulatorReply reply = create(body, where);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return Json::parse(reply.body);
    }
    /// The shortest and smallest.
    [[nodiscard]] Json created() const {
        return created({{"model", "any"}, {"prompt", "p"}, {"seconds", 1}, {"size", "64x48"}});
    }

    void expect_refused(const EmulatorReply& reply, const std::string& param,
                        int status = 400) const {
        EXPECT_EQ(reply.status, status) << reply.body;
        const Json error = Json::parse(reply.body).at("error");
        EXPECT_EQ(error.at("param"), param.empty() ? Json(nullptr) : Json(param)) << error;
        EXPECT_NE(error.at("message"), "");
        EXPECT_TRUE(reply.headers.at("x-request-id").starts_with("req_"));
    }
};

TEST_F(EmulatorOpenAiVideos, AVideoHasAllKeysAndItsContent) {
    const Json video = created({{"prompt", "a lighthouse"}, {"seconds", "4"}});
    std::vector<std::string> keys;
    for (const auto& [key, value] : video.items()) {
        keys.push_back(key);
    }
    EXPECT_EQ(keys,
              (std::vector<std::string>{"id", "object", "model", "status", "progress", "created_at",
                                        "completed_at", "expires_at", "prompt", "size", "seconds",
                                        "remixed_from_video_id", "error"}));
    EXPECT_EQ(video.at("object"), "video");
    EXPECT_EQ(video.at("model"), "sora-2");
    EXPECT_EQ(video.at("size"), "720x1280");
    EXPECT_EQ(video.at("seconds"), "4");
    EXPECT_EQ(video.at("error"), nullptr);

    const std::string path = '/' + video.at("id").get<std::string>();
    const Json finished = Json::parse(ask(path).body);
    EXPECT_EQ(finished.at("status"), "completed");
    EXPECT_EQ(finished.at("progress"), 100);
    EXPECT_GT(finished.at("expires_at"), finished.at("completed_at"));

    const EmulatorReply content = ask(path + "/content");
    EXPECT_EQ(content.headers.at("content-type"), "video/mp4");
    const ClipFacts is = facts(content.body);
    EXPECT_EQ(is.width, 720);
    EXPECT_EQ(is.height, 1280);
    EXPECT_NEAR(is.seconds, 4, 0.1);
    EXPECT_TRUE(ask(path + "/content?variant=video").body == content.body);
    EXPECT_EQ(ask(path + "/content?variant=thumbnail").headers.at("content-type"), "image/webp");
    EXPECT_EQ(ask(path + "/content?variant=spritesheet").headers.at("content-type"), "image/jpeg");
    expect_refused(ask(path + "/content?variant=other"), "variant");
}

TEST_F(EmulatorOpenAiVideos, AFormDoesTheSame) {
    const std::string picture = png_of(solid_image({720, 1280}, Channels::rgb, {9, 9, 9, 255}));
    const EmulatorReply reply =
        post_form("/v1/videos", {{"model", "sora-2-pro"},
                                 {"prompt", "p"},
                                 {"seconds", "8"},
                                 {"size", "720x1280"},
                                 {"input_reference", picture, "image/png"}});
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(Json::parse(reply.body).at("seconds"), "8");
    EXPECT_EQ(journal().at("requests").at(0).at("parts").size(), 5U);
    EXPECT_EQ(journal().at("jobs").at(0).at("model"), "sora-2-pro");
}

TEST_F(EmulatorOpenAiVideos, AReferenceHasTheSizeOfTheVideo) {
    const std::string picture = png_of(solid_image({64, 48}, Channels::rgb, {9, 9, 9, 255}));
    const auto with = [&](const char* model, const char* size, const std::string& content,
                          const char* type) {
        std::vector<Part> parts{
            {"model", model}, {"prompt", "p"}, {"input_reference", content, type}};
        if (size != nullptr) {
            parts.push_back({"size", size});
        }
        return post_form("/v1/videos", parts);
    };
    expect_refused(with("sora-2", "1280x720", picture, "image/png"), "input_reference");
    expect_refused(with("any", "64x64", picture, "image/png"), "input_reference");
    expect_refused(with("any", "64x48", picture, "application/octet-stream"), "input_reference");
    expect_refused(with("any", "64x48", "no picture", "image/png"), "input_reference");
    EXPECT_EQ(with("any", "64x48", picture, "image/png").status, 200);
    EXPECT_EQ(Json::parse(with("any", nullptr, picture, "image/png").body).at("size"), "64x48");
    const std::string clip = made_clip("128x96", 1, "mp4");
    EXPECT_EQ(Json::parse(with("any", nullptr, clip, "video/mp4").body).at("size"), "128x96");
    EXPECT_EQ(created({{"model", "any"},
                       {"prompt", "p"},
                       {"input_reference", {{"image_url", data_uri_of(fixture_s1())}}}})
                  .at("size"),
              "64x48");
}

TEST_F(EmulatorOpenAiVideos, MistakesAreTold) {
    const auto with = [](Json fields) {
        fields["prompt"] = "p";
        return fields;
    };
    expect_refused(create(Json::object()), "prompt");
    expect_refused(create({{"prompt", std::string(32'001, 'p')}}), "prompt");
    expect_refused(create(with({{"seconds", 4}})), "seconds");
    expect_refused(create(with({{"seconds", "5"}})), "seconds");
    expect_refused(create(with({{"model", "any"}, {"seconds", "five"}})), "seconds");
    expect_refused(create(with({{"model", "any"}, {"seconds", 61}})), "seconds");
    expect_refused(create(with({{"size", "640x480"}})), "size");
    expect_refused(create(with({{"model", "any"}, {"size", "641x480"}})), "size");
    expect_refused(create(with({{"model", "sora-1"}})), "model");
    expect_refused(create(with({{"fps", 24}})), "fps");
    expect_refused(create(with({{"input_reference", {{"file_id", "file-1"}}}})), "input_reference");
    expect_refused(emulator().send("POST", "/v1/videos", kOpenAi, "["), "");
    EXPECT_EQ(create(with({{"model", "any"}, {"fps", 24}, {"seconds", 1}})).status, 200);
    EXPECT_EQ(emulator().send("GET", "/v1/videos", kFal).status, 401);
    expect_refused(ask("/none"), "", 404);
    expect_refused(ask("/none/content"), "", 404);
    expect_refused(ask("/none/else"), "", 404);
    expect_refused(ask("/edits"), "", 405);
    expect_refused(ask("", "DELETE"), "", 405);
}

TEST_F(EmulatorOpenAiVideos, TheListHasPages) {
    std::vector<Json> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(created().at("id"));
    }
    const Json first = Json::parse(ask("?limit=2").body);
    EXPECT_EQ(first.at("object"), "list");
    EXPECT_EQ(first.at("first_id"), ids[4]);
    EXPECT_EQ(first.at("last_id"), ids[3]);
    EXPECT_EQ(first.at("has_more"), true);
    const Json last =
        Json::parse(ask("?limit=3&after=" + first.at("last_id").get<std::string>()).body);
    EXPECT_EQ(last.at("data").size(), 3U);
    EXPECT_EQ(last.at("has_more"), false);
    EXPECT_EQ(Json::parse(ask("?order=asc").body).at("first_id"), ids[0]);
    expect_refused(ask("?after=none"), "after");
    expect_refused(ask("?limit=101"), "limit");
}

TEST_F(EmulatorOpenAiVideos, ADeletedVideoIsGone) {
    const std::string path = '/' + created().at("id").get<std::string>();
    const Json answer = Json::parse(ask(path, "DELETE").body);
    EXPECT_EQ(answer,
              (Json{{"id", path.substr(1)}, {"object", "video.deleted"}, {"deleted", true}}));
    expect_refused(ask(path), "", 404);
    expect_refused(ask(path + "/content"), "", 404);
}

TEST_F(EmulatorOpenAiVideos, RemixesEditsAndExtensions) {
    const Json source = created();
    const std::string id = source.at("id");
    const Json remix = created({{"prompt", "blue"}}, '/' + id + "/remix");
    EXPECT_EQ(remix.at("remixed_from_video_id"), id);
    EXPECT_EQ(remix.at("size"), "64x48");
    const auto content = [this](const Json& video) {
        return ask('/' + video.at("id").get<std::string>() + "/content").body;
    };
    EXPECT_FALSE(content(remix) == content(source));

    const Json longer =
        created({{"prompt", "p"}, {"seconds", 2}, {"video", {{"id", id}}}}, "/extensions");
    EXPECT_EQ(longer.at("seconds"), "3");
    EXPECT_NEAR(facts(content(longer)).seconds, 3, 0.1);

    const std::string clip = made_clip("128x96", 2, "mp4");
    const EmulatorReply edit =
        post_form("/v1/videos/edits", {{"prompt", "p"}, {"video", clip, "video/mp4", "clip.mp4"}});
    ASSERT_EQ(edit.status, 200) << edit.body;
    const Json edited = Json::parse(edit.body);
    EXPECT_EQ(edited.at("size"), "128x96");
    EXPECT_EQ(edited.at("seconds"), "2");
    EXPECT_TRUE(content(edited) == clip);
    EXPECT_EQ(post_form("/v1/videos/edits", {{"prompt", "p"}, {"video[id]", id}}).status, 200);

    expect_refused(create({{"prompt", "p"}}, "/edits"), "video");
    expect_refused(create({{"prompt", "p"}, {"video", {{"id", "none"}}}}, "/edits"), "", 404);
    expect_refused(create({{"prompt", "p"}, {"video", {{"id", id}}}}, "/extensions"), "seconds");
    expect_refused(post_form("/v1/videos/edits", {{"prompt", "p"}, {"video", "x", "video/mp4"}}),
                   "video");
}

TEST_F(EmulatorOpenAiVideos, FaultsOfTheWork) {
    emulator().add_fault("job-fails:1");
    const Json failed = created();
    const std::string path = '/' + failed.at("id").get<std::string>();
    const EmulatorReply state = ask(path);
    EXPECT_EQ(state.status, 200);
    EXPECT_EQ(Json::parse(state.body).at("status"), "failed");
    EXPECT_EQ(Json::parse(state.body).at("error").at("code"), "moderation_blocked");
    expect_refused(ask(path + "/content"), "", 404);

    emulator().add_fault("never-finishes:1");
    const std::string stuck = '/' + created().at("id").get<std::string>();
    EXPECT_EQ(Json::parse(ask(stuck).body).at("status"), "in_progress");
    EXPECT_LT(Json::parse(ask(stuck).body).at("progress"), 100);
    expect_refused(ask(stuck, "DELETE"), "");

    emulator().add_fault("not-an-image:1");
    const std::string text = '/' + created().at("id").get<std::string>();
    EXPECT_EQ(ask(text + "/content").body, "This is not a clip.\n");
    emulator().add_fault("expired-link:1");
    expect_refused(ask(text + "/content"), "", 404);
}

TEST_F(EmulatorOpenAiVideos, TheContentMayLieElsewhere) {
    const std::string path = '/' + created().at("id").get<std::string>() + "/content";
    emulator().add_fault("redirect-content:1");
    const EmulatorReply reply = ask(path);
    EXPECT_EQ(reply.status, 302);
    const std::string link = reply.headers.at("location");
    const std::string other = "http://localhost:" + std::to_string(emulator().port());
    ASSERT_TRUE(link.starts_with(other + "/files/")) << link;
    EXPECT_TRUE(emulator().send("GET", link.substr(other.size())).body == ask(path).body);
}

class SlowOpenAiVideos : public EmulatorOpenAiVideos {
protected:
    SlowOpenAiVideos() : EmulatorOpenAiVideos({"--job-seconds", "1.5"}) {}
};

TEST_F(SlowOpenAiVideos, AJobIsQueuedGrowsAndEnds) {
    const Json video = created();
    EXPECT_EQ(video.at("status"), "queued");
    EXPECT_EQ(video.at("progress"), 0);
    EXPECT_EQ(video.at("expires_at"), nullptr);
    const std::string path = '/' + video.at("id").get<std::string>();
    expect_refused(ask(path + "/content"), "", 404);
    expect_refused(create({{"prompt", "p"}}, path + "/remix"), "video");

    std::vector<std::string> states;
    int progress = 0;
    for (int i = 0; i < 500 && (states.empty() || states.back() != "completed"); ++i) {
        const Json now = Json::parse(ask(path).body);
        EXPECT_GE(now.at("progress"), progress);
        progress = now.at("progress");
        if (states.empty() || states.back() != now.at("status")) {
            states.push_back(now.at("status"));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(states.back(), "completed");
    EXPECT_EQ(progress, 100);
    EXPECT_EQ(ask(path + "/content").status, 200);
}

}  // namespace
}  // namespace editprep::testing
