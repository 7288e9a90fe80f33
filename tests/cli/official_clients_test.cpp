#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "clip_maker.hpp"
#include "command_fixture.hpp"
#include "editprep/transport/fal.hpp"
#include "editprep/transport/openai.hpp"
#include "editprep/transport/redaction.hpp"
#include "editprep/transport/retry.hpp"
#include "emulator_process.hpp"
#include "test_server.hpp"

/// Our requests beside those of the official JavaScript clients, and those clients beside our
/// emulator. Node and the packages are needed; without them the tests are skipped.
namespace editprep::testing {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kFalKey = "key-id:key-secret";
constexpr const char* kOpenAiKey = "sk-test";

// --- the packages ---

std::optional<fs::path> find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const fs::path program = fs::path(folder) / name;
        if (::access(program.c_str(), X_OK) == 0) {
            return program;
        }
    }
    return std::nullopt;
}

/// Held by one process at a time.
class FileLock {
public:
    explicit FileLock(const fs::path& path)
        : descriptor_(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
        ::flock(descriptor_, LOCK_EX);
    }
    ~FileLock() { ::close(descriptor_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int descriptor_;
};

/// Each file whole at once, for another test may be reading it.
void copy_sources(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(EDITPREP_NODE_CLIENTS)) {
        if (entry.is_regular_file()) {
            const fs::path unfinished = folder / "unfinished";
            fs::copy_file(entry.path(), unfinished, fs::copy_options::overwrite_existing);
            fs::rename(unfinished, folder / entry.path().filename());
        }
    }
}

bool failed_lately(const fs::path& mark) {
    std::error_code none;
    const auto time = fs::last_write_time(mark, none);
    return !none && fs::file_time_type::clock::now() - time < 10min;
}

/// Installs what package-lock.json names, once for a build folder. The folder, or nothing when the
/// packages cannot be had; a machine without the registry finds that out once in ten minutes.
std::optional<fs::path> install_packages(const fs::path& npm) {
    const fs::path root = fs::path(EDITPREP_BIN).parent_path() / "tests" / "official_clients";
    fs::create_directories(root);
    const FileLock lock(root / "lock");
    const std::string versions = content_of(fs::path(EDITPREP_NODE_CLIENTS) / "package-lock.json");
    const fs::path folder = root / transport::sha256_hex(versions).substr(0, 16);
    const fs::path failure_mark = root / "failed";
    if (!fs::exists(folder / "node_modules")) {
        if (failed_lately(failure_mark)) {
            return std::nullopt;
        }
        const fs::path unfinished = root / "unfinished";
        fs::remove_all(unfinished);
        fs::create_directories(unfinished);
        copy_sources(unfinished);
        const ProcessResult result =
            run_process(npm, {.arguments = {"ci", "--ignore-scripts", "--prefer-offline",
                                            "--fetch-retries=0", "--fetch-timeout=20000"},
                              .folder = unfinished,
                              .time_limit = 90s});
        if (result.exit_code != 0) {
            write_text(failure_mark, result.err);
            return std::nullopt;
        }
        fs::rename(unfinished, folder);
    }
    copy_sources(folder);
    return folder;
}

class OfficialClients : public CommandTest {
protected:
    void SetUp() override {
        const auto node = find_program("node");
        const auto npm = find_program("npm");
        if (!node || !npm) {
            GTEST_SKIP() << "Node and npm are not installed";
        }
        const auto folder = install_packages(*npm);
        if (!folder) {
            GTEST_SKIP() << "the official clients cannot be installed from the package registry";
        }
        transport::set_module_folder(EDITPREP_MODULE_FOLDER);
        node_ = *node;
        scripts_ = *folder;
    }

    [[nodiscard]] ProcessResult run_script(const std::string& name, const json& settings,
                                           Arguments arguments) const {
        Arguments all{(scripts_ / name).string(), settings.dump()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return run_process(node_, {.arguments = std::move(all), .folder = scripts_});
    }

    [[nodiscard]] static json settings_for(const std::string& run, const std::string& queue,
                                           const std::string& rest, const std::string& openai) {
        return {{"fal", {{"fal.run", run}, {"queue.fal.run", queue}, {"rest.fal.ai", rest}}},
                {"openai", openai},
                {"falKey", kFalKey},
                {"openaiKey", kOpenAiKey}};
    }
    [[nodiscard]] static json settings_for(const EmulatorProcess& emulator) {
        auto fal = emulator.fal_environment();
        json settings = settings_for(fal["EDITPREP_FAL_RUN_URL"], fal["EDITPREP_FAL_QUEUE_URL"],
                                     fal["EDITPREP_FAL_REST_URL"], emulator.url() + "/v1");
        settings["falKey"] = fal["FAL_KEY"];
        return settings;
    }

private:
    fs::path node_;
    fs::path scripts_;
};

// --- a server that is every provider ---

bool has_text(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Answers whatever the clients need to go on. Every host has its own first segment of the path.
Reply answer(const RecordedRequest& request, const std::string& url) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    const std::string job = url + "/queue.fal.run/fal-ai/flux/requests/r1";
    if (path.starts_with("/api.openai.com/") && has_text(request.body, R"("stream":true)")) {
        return {.body =
                    "event: image_generation.completed\n"
                    "data: {\"type\":\"image_generation.completed\",\"b64_json\":\"AAAA\"}\n\n",
                .content_type = "text/event-stream"};
    }
    if (path.ends_with("/status/stream")) {
        return {.body =
                    "data: {\"status\":\"IN_QUEUE\",\"request_id\":\"r1\"}\n\n"
                    "data: {\"status\":\"COMPLETED\",\"request_id\":\"r1\"}\n\n",
                .content_type = "text/event-stream"};
    }
    json body{{"status", "IN_QUEUE"},          {"request_id", "r1"},
              {"response_url", job},           {"status_url", job + "/status"},
              {"cancel_url", job + "/cancel"}, {"queue_position", 0},
              {"images", json::array()}};
    if (has_text(path, "/storage/upload/")) {
        body = {{"upload_url", url + "/storage/a%2Fb?sig=x%2F%2B%3d&e=1"},
                {"file_url", "https://v3.fal.media/files/a/b"}};
    } else if (path.starts_with("/storage/") && request.method == "PUT") {
        const std::string number = path.substr(path.rfind('/') + 1);
        body = {{"partNumber", std::atoi(number.c_str())}, {"etag", "etag-" + number}};
    } else if (path.starts_with("/api.openai.com/")) {
        body = {{"created", 1}, {"data", {{{"b64_json", "AAAA"}}}}};
    }
    return {.body = body.dump()};
}

class Providers {
public:
    Providers() : server_([this](const RecordedRequest& request) { return reply(request); }) {}

    [[nodiscard]] std::string url() const { return server_.url(); }
    [[nodiscard]] std::string url_of(const std::string& host) const { return url() + "/" + host; }
    [[nodiscard]] std::vector<RecordedRequest> requests() const { return server_.requests(); }

private:
    [[nodiscard]] Reply reply(const RecordedRequest& request) const {
        return answer(request, "http://" + request.header("Host"));
    }

    TestServer server_;
};

// --- our clients ---

constexpr const char* kEditModel = "fal-ai/flux/dev/image-to-image";
constexpr const char* kWorkflow = "workflows/me/upscale/fast";

std::string bytes(std::size_t size, std::size_t start) {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        content[i] = static_cast<char>((start + i) % 256);
    }
    return content;
}

transport::FormFile picture(const std::string& name, const std::string& type, std::size_t start) {
    return {transport::text_body(bytes(300, start)), name, type};
}

/// The steps of record.mjs, done by our clients.
class OurSteps {
public:
    OurSteps(transport::FalClient& fal, transport::OpenAiClient& openai)
        : fal_(fal), openai_(openai) {}

    void take(const std::string& name) {
        const auto step = all().find(name);
        ASSERT_NE(step, all().end()) << name;
        step->second(*this);
    }

private:
    using Step = std::function<void(OurSteps&)>;

    static const std::map<std::string, Step>& all() {
        static const std::map<std::string, Step> steps{
            {"run", [](OurSteps& ours) { ours.run(R"({"prompt":"p","seed":7})", {}); }},
            {"run_options",
             [](OurSteps& ours) {
                 ours.run(R"({"prompt":"p"})", {.start_timeout_seconds = 30, .expires_in = 1h});
             }},
            {"submit",
             [](OurSteps& ours) {
                 ours.submit(
                     kEditModel,
                     R"({"prompt":"caf\u00e9","image_url":"https://a.example/b.png","strength":0.5})",
                     {});
             }},
            {"submit_options",
             [](OurSteps& ours) {
                 ours.submit(kEditModel, R"({"prompt":"p"})",
                             {.priority = transport::FalPriority::low,
                              .hint = "runner-7",
                              .start_timeout_seconds = 30.5,
                              .expires_in = transport::parse_fal_expiry("30d"),
                              .webhook = "https://me.example/hook?a=b c&d=\xC3\xA9",
                              .headers = {{"X-Fal-Store-IO", "0"}}});
             }},
            {"submit_numeric",
             [](OurSteps& ours) { ours.submit("110602490-fast-sdxl", R"({"prompt":"p"})", {}); }},
            {"submit_workflow", [](OurSteps& ours) { ours.submit(kWorkflow, "{}", {}); }},
            {"status",
             [](OurSteps& ours) { static_cast<void>(ours.fal_.status(ours.job(), false)); }},
            {"status_logs",
             [](OurSteps& ours) { static_cast<void>(ours.fal_.status(ours.job(), true)); }},
            {"status_workflow",
             [](OurSteps& ours) {
                 static_cast<void>(
                     ours.fal_.status({.model = kWorkflow, .request_id = "r1"}, false));
             }},
            {"status_stream",
             [](OurSteps& ours) {
                 static_cast<void>(
                     ours.fal_.follow(ours.job(), true, [](const transport::FalStatus&) {}));
             }},
            {"result", [](OurSteps& ours) { static_cast<void>(ours.fal_.result(ours.job())); }},
            {"cancel", [](OurSteps& ours) { static_cast<void>(ours.fal_.cancel(ours.job())); }},
            {"upload",
             [](OurSteps& ours) {
                 ours.upload(bytes(1000, 0),
                             {.media_type = "image/png", .file_name = "picture.png"});
             }},
            {"upload_expiring",
             [](OurSteps& ours) {
                 ours.upload(bytes(10, 3), {.media_type = "video/mp4",
                                            .file_name = "clip.mp4",
                                            .expires_in = transport::parse_fal_expiry("7d")});
             }},
            {"upload_multipart",
             [](OurSteps& ours) {
                 ours.upload(std::string(94'371'841, '\0'),
                             {.media_type = "video/mp4",
                              .file_name = "clip.mp4",
                              .expires_in = transport::parse_fal_expiry("1d")});
             }},
            {"generate",
             [](OurSteps& ours) {
                 static_cast<void>(ours.openai_.post_json(
                     {.endpoint = "/images/generations"},
                     transport::text_body(
                         R"({"model":"gpt-image-2","prompt":"a \"quoted\" caf\u00e9\n","n":2,)"
                         R"("size":"1024x1024"})")));
             }},
            {"generate_stream",
             [](OurSteps& ours) {
                 static_cast<void>(ours.openai_.post_json_streamed(
                     {.endpoint = "/images/generations"},
                     transport::text_body(
                         R"({"model":"gpt-image-2","prompt":"p","stream":true,"partial_images":2})"),
                     {}));
             }},
            {"edit_mask",
             [](OurSteps& ours) {
                 ours.edit(
                     {.model = "gpt-image-2",
                      .prompt = " two\r\nlines ",
                      .images = {picture("source.jpg", "image/jpeg", 1)},
                      .mask = picture("mask.png", "image/png", 2),
                      .fields = {{"n", "2"}, {"size", "1024x1024"}, {"output_format", "webp"}}});
             }},
            {"edit_two",
             [](OurSteps& ours) {
                 ours.edit({.model = "gpt-image-2",
                            .prompt = "p",
                            .images = {picture("one.webp", "image/webp", 1),
                                       picture("two.png", "image/png", 2)},
                            .fields = {{"quality", "high"}}});
             }},
        };
        return steps;
    }

    /// As a submit left it, with the URLs that the queue gave.
    [[nodiscard]] transport::FalRequest job() const {
        const std::string url = fal_.endpoints().queue_url + "/fal-ai/flux/requests/r1";
        return {kEditModel, "r1", url + "/status", url, url + "/cancel"};
    }

    void run(const std::string& input, const transport::FalCallOptions& options) {
        static_cast<void>(fal_.run("fal-ai/flux/dev", transport::text_body(input), options));
    }

    void submit(const std::string& model, const std::string& input,
                const transport::FalCallOptions& options) {
        const auto response = fal_.submit(model, transport::text_body(input), options);
        EXPECT_EQ(transport::parse_fal_submission(model, response.body).request_id, "r1");
    }

    void upload(std::string content, const transport::FalUploadOptions& options) {
        EXPECT_EQ(fal_.upload(transport::text_body(std::move(content)), options),
                  "https://v3.fal.media/files/a/b");
    }

    void edit(transport::ImageEditForm form) {
        static_cast<void>(openai_.edit_image({.endpoint = "/images/edits"}, std::move(form)));
    }

    transport::FalClient& fal_;
    transport::OpenAiClient& openai_;
};

std::vector<RecordedRequest> our_requests(const std::string& step) {
    const Providers providers;
    transport::HttpClient http({.user_agent = "editprep"});
    const transport::Clock clock = transport::system_clock(nullptr);
    transport::FalClient fal(http, clock,
                             {.run_url = providers.url_of("fal.run"),
                              .queue_url = providers.url_of("queue.fal.run"),
                              .rest_url = providers.url_of("rest.fal.ai")},
                             transport::Secret(kFalKey));
    transport::OpenAiClient openai(http, clock, providers.url_of("api.openai.com") + "/v1",
                                   transport::Secret(kOpenAiKey));
    OurSteps(fal, openai).take(step);
    return providers.requests();
}

// --- the comparison ---

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

bool is_form(const RecordedRequest& request) {
    return request.header("Content-Type").starts_with("multipart/form-data");
}

bool is_json(const RecordedRequest& request) {
    return request.header("Content-Type") == "application/json" && !request.body.empty();
}

std::string decoded(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

/// A client may write the same parameter with other escapes; a signature it must leave alone.
std::string comparable_target(const std::string& target) {
    const std::size_t mark = target.find('?');
    const bool is_signed = target.find("sig=") != std::string::npos;
    return mark == std::string::npos || is_signed
               ? target
               : target.substr(0, mark) + "?" + decoded(target.substr(mark + 1));
}

/// What every HTTP library says in its own way, and telemetry.
bool is_about_the_library(const std::string& name, const RecordedRequest& request) {
    static const std::set<std::string> kNames{"user-agent",      "connection",      "host",
                                              "accept-encoding", "accept-language", "priority"};
    const bool size_may_differ = is_form(request) || is_json(request);
    return kNames.contains(name) || name.starts_with("x-stainless-") ||
           name.starts_with("sec-fetch-") || (name == "content-length" && size_may_differ);
}

std::map<std::string, std::string> comparable_headers(const RecordedRequest& request) {
    std::map<std::string, std::string> headers;
    for (const auto& [name, value] : request.headers) {
        const std::string lower = lower_case(name);
        if (!is_about_the_library(lower, request)) {
            headers[lower] = lower == "content-type" && is_form(request)
                                 ? value.substr(0, value.find(';'))
                                 : value;
        }
    }
    return headers;
}

std::multiset<std::tuple<std::string, std::string, std::string, std::string>> comparable_parts(
    const RecordedRequest& request) {
    std::multiset<std::tuple<std::string, std::string, std::string, std::string>> parts;
    for (const RecordedPart& part : parts_of(request)) {
        parts.emplace(part.name, part.file_name, part.media_type, part.content);
    }
    return parts;
}

void expect_equal(const RecordedRequest& ours, const RecordedRequest& theirs) {
    EXPECT_EQ(ours.method, theirs.method);
    EXPECT_EQ(comparable_target(ours.target), comparable_target(theirs.target));
    EXPECT_EQ(comparable_headers(ours), comparable_headers(theirs));
    ASSERT_EQ(is_form(ours), is_form(theirs));
    ASSERT_EQ(is_json(ours), is_json(theirs));
    if (is_form(ours)) {
        EXPECT_EQ(comparable_parts(ours), comparable_parts(theirs));
    } else if (is_json(ours)) {
        EXPECT_EQ(json::parse(ours.body), json::parse(theirs.body));
    } else {
        EXPECT_TRUE(ours.body == theirs.body)
            << ours.body.size() << " and " << theirs.body.size() << " bytes";
    }
}

class RequestEquality : public OfficialClients {
protected:
    void compare(const std::vector<std::string>& steps) {
        const auto recorded = record(steps);
        for (const std::string& step : steps) {
            SCOPED_TRACE(step);
            const auto theirs = recorded.find(step);
            ASSERT_NE(theirs, recorded.end());
            const std::vector<RecordedRequest> ours = our_requests(step);
            ASSERT_EQ(ours.size(), theirs->second.size());
            EXPECT_FALSE(ours.empty());
            for (std::size_t i = 0; i < ours.size(); ++i) {
                expect_equal(ours[i], theirs->second[i]);
            }
        }
    }

    /// The official clients' requests, by step.
    std::map<std::string, std::vector<RecordedRequest>> record(
        const std::vector<std::string>& steps) {
        const Providers providers;
        json settings = settings_for(providers.url_of("fal.run"), providers.url_of("queue.fal.run"),
                                     providers.url_of("rest.fal.ai"),
                                     providers.url_of("api.openai.com") + "/v1");
        settings["recorder"] = providers.url();
        const ProcessResult result = run_script("record.mjs", settings, steps);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        std::map<std::string, std::vector<RecordedRequest>> recorded;
        std::string step;
        const std::string announcement = "/step/";
        for (RecordedRequest& request : providers.requests()) {
            if (request.target.starts_with(announcement)) {
                step = request.target.substr(announcement.size());
            } else {
                recorded[step].push_back(std::move(request));
            }
        }
        return recorded;
    }
};

TEST_F(RequestEquality, OfFalRunAndSubmit) {
    compare(
        {"run", "run_options", "submit", "submit_options", "submit_numeric", "submit_workflow"});
}

TEST_F(RequestEquality, OfFalJobs) {
    compare({"status", "status_logs", "status_workflow", "status_stream", "result", "cancel"});
}

TEST_F(RequestEquality, OfFalUploads) { compare({"upload", "upload_expiring"}); }

TEST_F(RequestEquality, OfFalMultipartUploads) { compare({"upload_multipart"}); }

TEST_F(RequestEquality, OfOpenAiImages) {
    compare({"generate", "generate_stream", "edit_mask", "edit_two"});
}

/// What generate_video sends.
class VideoEquality : public RequestEquality {
protected:
    /// The requests of one call, without downloads.
    [[nodiscard]] std::vector<RecordedRequest> sent_by(const Arguments& more) const {
        const Providers providers;
        const json entry{{"baseUrl", providers.url_of("api.openai.com") + "/v1"},
                         {"apiKey", kOpenAiKey}};
        write_text(file("openclaw.json"),
                   json{{"models", {{"providers", {{"openai", entry}}}}}}.dump());
        write_text(file("first.png"), bytes(300, 3));
        Arguments arguments{"--provider",        "openai",   "--no-download",
                            "--skip-validation", "--config", "openclaw.json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const ProcessResult result =
            run("generate_video", arguments,
                {.environment = {{"HOME", file("").string()},
                                 {"EDITPREP_STATE_DIR", file("state").string()}}});
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return providers.requests();
    }

    void compare_one(const std::string& step, const Arguments& arguments) {
        const auto recorded = record({step});
        const auto ours = sent_by(arguments);
        ASSERT_EQ(recorded.at(step).size(), 1U);
        ASSERT_FALSE(ours.empty());
        expect_equal(ours.front(), recorded.at(step).front());
    }
};

TEST_F(VideoEquality, OfAFormWithAReference) {
    compare_one("video_reference",
                {"--model", "sora-2-pro", "--prompt", "a \"quoted\" word", "--seconds", "4",
                 "--size", "720x1280", "--input-reference", "first.png"});
}

TEST_F(VideoEquality, OfAFormWithoutFiles) {
    compare_one("video", {"--model", "sora-2", "--prompt", "caf\xC3\xA9", "--seconds", "8",
                          "--size", "1280x720", "--request-form", "multipart"});
}

// --- the official clients and the emulator ---

TEST_F(OfficialClients, CompleteTheirJobsAtTheEmulator) {
    constexpr const char* kPng = "89504e470d0a1a0a";
    const EmulatorProcess emulator(fs::path(EDITPREP_BIN) / "provider_emulator");
    write_png_reference(file("mask.png"), noise_image({32, 24}, Channels::rgba));
    write_png_reference(file("image.png"), noise_image({32, 24}, Channels::rgb));
    const ProcessResult result =
        run_script("complete.mjs", settings_for(emulator), {file("image.png"), file("mask.png")});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const json outcome = json::parse(result.out);
    EXPECT_EQ(outcome["upload_is_intact"], true);
    EXPECT_EQ(outcome["states"].back(), "COMPLETED");
    EXPECT_EQ(outcome["job"], kPng);
    EXPECT_EQ(outcome["run_images"], 1);
    EXPECT_EQ(outcome["edit"], kPng);
}

TEST_F(OfficialClients, CompleteTheirVideosAtTheEmulator) {
    const EmulatorProcess emulator(fs::path(EDITPREP_BIN) / "provider_emulator");
    make_clip(
        "-f lavfi -i testsrc2=size=1280x720:rate=4:duration=3.5 -c:v libx264 -preset ultrafast",
        file("clip.mp4"));
    write_png_reference(file("picture.png"), noise_image({1280, 720}, Channels::rgb));
    const ProcessResult result = run_script("complete_videos.mjs", settings_for(emulator),
                                            {file("clip.mp4"), file("picture.png")});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const json outcome = json::parse(result.out);
    EXPECT_EQ(outcome["edit"]["states"].back(), "COMPLETED");
    EXPECT_EQ(outcome["edit"]["type"], "video/mp4");
    EXPECT_EQ(outcome["edit"]["intact"], true);
    EXPECT_EQ(outcome["refusal"], (json{{"status", 422}, {"field", "video_url"}}));
    const json& video = outcome["video"];
    EXPECT_EQ(video["states"].front(), "queued");
    EXPECT_EQ(video["states"].back(), "completed");
    EXPECT_EQ(video["size"], "1280x720");
    EXPECT_EQ(video["content"], "ftyp");
    EXPECT_EQ(video["thumbnail"], "image/webp");
    EXPECT_EQ(video["remixed_from_it"], true);
    EXPECT_EQ(video["edit_size"], "1280x720");
    EXPECT_EQ(video["edit_is_intact"], true);
    EXPECT_EQ(video["longer"], "12");
    EXPECT_EQ(video["all_listed"], true);
    EXPECT_EQ(video["deleted"], true);
    EXPECT_EQ(outcome["plain"], (json{{"size", "720x1280"}, {"seconds", "4"}}));
    EXPECT_EQ(outcome["openai_refusal"], (json{{"status", 400}, {"param", "seconds"}}));
}

}  // namespace
}  // namespace editprep::testing
