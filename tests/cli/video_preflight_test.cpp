#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "clip_maker.hpp"
#include "command_fixture.hpp"

/// video_preflight as its users meet it.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class VideoPreflight : public CommandTest {
protected:
    static void SetUpTestSuite() {
        clips_ = std::make_unique<TempFolder>();
        const auto make = [](const std::string& source, const std::string& name) {
            make_clip("-f lavfi -i color=" + source + " -c:v libx264 -preset ultrafast",
                      *clips_ / name);
        };
        make("size=1280x720:rate=2:duration=5", "fits.mp4");
        make("size=640x360:rate=2:duration=12", "bad.mkv");
        make("size=1280x720:rate=25:duration=10.04", "near.mp4");
        write_text(*clips_ / "text.mp4", "no clip\n");
    }
    static void TearDownTestSuite() { clips_.reset(); }

    VideoPreflight() {
        for (const auto& entry : std::filesystem::directory_iterator(clips_->path())) {
            std::filesystem::copy_file(entry, file(entry.path().filename().string()));
        }
    }

    [[nodiscard]] ProcessResult preflight(Arguments arguments, ProcessOptions options = {}) const {
        options.environment.emplace("XDG_CONFIG_HOME", folder_path());
        return run("video_preflight", std::move(arguments), std::move(options));
    }

    [[nodiscard]] std::string folder_path() const { return file("").parent_path().string(); }

private:
    inline static std::unique_ptr<TempFolder> clips_;
};

TEST_F(VideoPreflight, HelpEqualsItsReference) {
    const std::filesystem::path here = std::filesystem::path(__FILE__).parent_path();
    const ProcessResult result = preflight({"--help"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(result.out, content_of(here / "help" / "video_preflight.txt"));
    for (const std::string& line : lines_of(result.out)) {
        EXPECT_LE(line.size(), 100U) << line;
    }
    expect_matches(preflight({"--version"}).out,
                   R"(video_preflight \(editprep\) [0-9]+\.[0-9]+\.[0-9]+\n)");
}

TEST_F(VideoPreflight, AnAcceptedClip) {
    const ProcessResult result = preflight({"fits.mp4"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    const auto lines = lines_of(result.out);
    ASSERT_GE(lines.size(), 7U);
    EXPECT_EQ(lines[0], "OK fits.mp4");
    EXPECT_THAT(result.out,
                AllOf(HasSubstr("\n  duration    5 s\n"), HasSubstr("\n  size        1280x720\n"),
                      HasSubstr("\n  frame rate  2 fps\n"), HasSubstr("\n  sound       none\n")));
    EXPECT_THAT(result.out, Not(HasSubstr("ERROR")));
}

TEST_F(VideoPreflight, ARefusedClipWithEveryReason) {
    const ProcessResult result = preflight({"bad.mkv"});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(lines_of(result.out)[0], "REFUSED bad.mkv");
    EXPECT_THAT(result.out, AllOf(HasSubstr("\nERROR: container matroska, limit mp4 or mov: "),
                                  HasSubstr("\nERROR: duration 12 s, limit at most 10 s: "),
                                  HasSubstr("\nERROR: width 640 px, limit at least 720 px: "),
                                  HasSubstr("\nERROR: height 360 px, limit at least 720 px: ")));
}

TEST_F(VideoPreflight, AClipThatCannotBeRead) {
    for (const char* const name : {"text.mp4", "none.mp4", "."}) {
        const ProcessResult result = preflight({name});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.out, ::testing::StartsWith("UNREADABLE " + std::string(name) + ": "));
        EXPECT_EQ(lines_of(result.out).size(), 1U);
        EXPECT_EQ(result.err, "");
    }
}

TEST_F(VideoPreflight, AnErrorNamesTheClipOnce) {
    std::filesystem::create_directory(file("folder"));
    EXPECT_EQ(preflight({"S1.png"}).out,
              "UNREADABLE S1.png: not a video in a known format; give an MP4, MOV, WebM, MKV, AVI "
              "or MPEG-TS file\n");
    EXPECT_EQ(preflight({"none.mp4"}).out, "UNREADABLE none.mp4: file not found\n");
    EXPECT_EQ(preflight({"folder"}).out,
              "UNREADABLE folder: cannot read: it is a directory; name a file inside it\n");
}

TEST_F(VideoPreflight, ManyClipsAreALineEachInTheirOrder) {
    const ProcessResult result =
        preflight({"bad.mkv", "fits.mp4", "text.mp4", "fits.mp4", "--jobs", "3"});
    EXPECT_EQ(result.exit_code, 1);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 13U) << result.out;
    EXPECT_THAT(lines[0], ::testing::StartsWith("REFUSED bad.mkv: ERROR: container matroska, "));
    EXPECT_THAT(lines[1],
                ::testing::StartsWith("OK fits.mp4: 5 s, 1280x720, 2 fps, h264 in mp4, "));
    EXPECT_THAT(lines[2], ::testing::StartsWith("UNREADABLE text.mp4: "));
    EXPECT_EQ(lines[3], lines[1]);
    EXPECT_THAT(
        std::vector(lines.begin() + 4, lines.end()),
        ElementsAre("", "             clips", "accepted     2", "refused      1", "  container  1",
                    "  duration   1", "  width      1", "  height     1", "unreadable   1"));
}

TEST_F(VideoPreflight, TheWorstVerdictDecidesTheExitCode) {
    EXPECT_EQ(preflight({"fits.mp4", "fits.mp4"}).exit_code, 0);
    EXPECT_EQ(preflight({"fits.mp4", "bad.mkv"}).exit_code, 3);
    EXPECT_EQ(preflight({"text.mp4", "bad.mkv"}).exit_code, 1);
    EXPECT_EQ(preflight({}).exit_code, 2);
    EXPECT_EQ(preflight({"fits.mp4", "--max-seconds", "long"}).exit_code, 2);
    const ProcessResult unknown = preflight({"fits.mp4", "--model", "sora2"});
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_EQ(unknown.err,
              "usage: video_preflight [FILE...] [options]\n"
              "All options: video_preflight --help\nvideo_preflight: error: argument --model: "
              "nothing is known of 'sora2'; did you mean sora-2?\n");
}

TEST_F(VideoPreflight, LimitsCanBeChanged) {
    expect_success(
        preflight({"bad.mkv", "--container", "mkv", "--max-seconds", "12", "--min-side", "none"}));
    EXPECT_EQ(preflight({"fits.mp4", "--max-side", "1279"}).exit_code, 3);
    expect_success(preflight({"bad.mkv", "--model", "none"}));
    EXPECT_EQ(preflight({"bad.mkv", "--model", "none", "--codec", "hevc"}).exit_code, 3);
}

TEST_F(VideoPreflight, SaysWhenNothingIsKnown) {
    const ProcessResult result = preflight({"bad.mkv", "--model", "sora-2"});
    expect_success(result);
    EXPECT_EQ(result.err,
              "NOTE: no limits are known for clips of sora-2; only whether a clip can be read is "
              "checked\n");
    EXPECT_EQ(preflight({"bad.mkv", "--model", "sora-2", "--quiet"}).err, "");
}

TEST_F(VideoPreflight, WarningsRefuseOnlyWhenAskedTo) {
    const Arguments clip{"near.mp4", "--model", "fal-ai/kling-video/o1/video-to-video/edit"};
    const ProcessResult result = preflight(clip);
    expect_success(result);
    EXPECT_THAT(result.out, HasSubstr("\nWARN: duration 10.04 s, limit at most 10.05 s: "));
    Arguments strict = clip;
    strict.push_back("--strict");
    const ProcessResult refused = preflight(strict);
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_THAT(refused.out, ::testing::StartsWith("REFUSED near.mp4\n"));
}

TEST_F(VideoPreflight, PrintsOneDocument) {
    const ProcessResult result = preflight({"fits.mp4", "bad.mkv", "text.mp4", "--print-json"});
    EXPECT_EQ(result.exit_code, 1);
    const Json all = Json::parse(result.out);
    EXPECT_EQ(all["model"], "fal-ai/kling-video/o3/pro/video-to-video/edit");
    EXPECT_EQ(all["limits"]["max_seconds"], 10);
    EXPECT_EQ(all["limits"]["containers"], (Json{"mp4", "mov"}));
    EXPECT_TRUE(all["limits"]["date"].is_string());
    ASSERT_EQ(all["clips"].size(), 3U);

    const Json& fits = all["clips"][0];
    EXPECT_EQ(fits["path"], "fits.mp4");
    EXPECT_EQ(fits["verdict"], "ok");
    EXPECT_EQ(fits["accepted"], true);
    EXPECT_EQ(fits["findings"], Json::array());
    EXPECT_EQ(fits["info"]["size"].dump(), R"({"width":1280,"height":720})");
    EXPECT_EQ(fits["info"]["seconds"], 5.0);
    EXPECT_EQ(fits["info"]["frame_rate"]["exact"], "2/1");
    EXPECT_EQ(fits["info"]["has_audio"], false);
    EXPECT_EQ(fits["info"]["audio_codec"], nullptr);

    const Json& bad = all["clips"][1];
    EXPECT_EQ(bad["verdict"], "refused");
    ASSERT_EQ(bad["findings"].size(), 4U);
    EXPECT_EQ(bad["findings"][1]["severity"], "error");
    EXPECT_EQ(bad["findings"][1]["check"], "duration");
    EXPECT_EQ(bad["findings"][1]["measured"], "12 s");
    EXPECT_EQ(bad["findings"][1]["limit"], "at most 10 s");
    EXPECT_FALSE(bad["findings"][1]["remedy"].get<std::string>().empty());

    const Json& text = all["clips"][2];
    EXPECT_EQ(text["verdict"], "unreadable");
    EXPECT_EQ(text["info"], nullptr);
    EXPECT_THAT(text["error"].get<std::string>(), HasSubstr("text.mp4"));
    EXPECT_EQ(all["summary"].dump(),
              R"({"clips":3,"accepted":1,"refused":1,"unreadable":1,"refused_for":)"
              R"({"container":1,"duration":1,"width":1,"height":1}})");
}

TEST_F(VideoPreflight, PrintsALineOfJsonForEachClip) {
    const ProcessResult result = preflight({"fits.mp4", "bad.mkv", "--jsonl"});
    EXPECT_EQ(result.exit_code, 3);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(Json::parse(lines[0])["verdict"], "ok");
    EXPECT_EQ(Json::parse(lines[1])["verdict"], "refused");
}

TEST_F(VideoPreflight, ReadsListsOfClips) {
    write_text(file("list"), "fits.mp4\n\nbad.mkv\nfits.mp4");
    const ProcessResult result = preflight({"text.mp4", "--files-from", "list", "--jsonl"});
    EXPECT_EQ(result.exit_code, 1);
    std::vector<std::string> paths;
    for (const std::string& line : lines_of(result.out)) {
        paths.push_back(Json::parse(line)["path"]);
    }
    EXPECT_THAT(paths, ElementsAre("text.mp4", "fits.mp4", "bad.mkv", "fits.mp4"));

    write_text(file("crlf"), "fits.mp4\r\n\r\n./fits.mp4\r");
    const Json listed = Json::parse(preflight({"--files-from", "crlf", "--print-json"}).out);
    ASSERT_EQ(listed["clips"].size(), 2U);
    EXPECT_EQ(listed["clips"][1]["path"], "./fits.mp4");

    const std::string odd = "a\nb \xc3\xa9\x1b.mp4";
    std::filesystem::copy_file(file("fits.mp4"), file(odd));
    write_text(file("nulls"), "fits.mp4" + std::string(1, '\0') + odd + std::string(1, '\0'));
    const ProcessResult nulls =
        preflight({"--files-from", "-", "--null"}, {.input = file("nulls")});
    expect_success(nulls);
    EXPECT_THAT(nulls.out, HasSubstr("\nOK a\\nb \xc3\xa9\\x1b.mp4: 5 s"));

    write_text(file("empty"), "");
    expect_success(preflight({"--files-from", "empty"}));
    EXPECT_EQ(Json::parse(preflight({"--files-from", "empty", "--print-json"}).out)["clips"],
              Json::array());
    expect_error_line(preflight({"--files-from", "none"}),
                      "^ERROR: cannot read the list of clips from none: No such file");
    write_text(file("binary"), std::string(300'000, 'x'));
    expect_error_line(preflight({"--files-from", "binary"}), "a name that no file can have");
}

/// Whoever reads the lines does not wait for the end of the list.
TEST_F(VideoPreflight, PrintsEachLineAsSoonAsItsTurnComes) {
    const std::filesystem::path names = file("names");
    const std::filesystem::path lines = file("lines");
    ASSERT_EQ(::mkfifo(names.c_str(), 0600), 0);
    ASSERT_EQ(::mkfifo(lines.c_str(), 0600), 0);
    std::thread command([&] {
        static_cast<void>(run_process(
            "/bin/sh", {.arguments = {"-c", "exec '" EDITPREP_BIN
                                            "/video_preflight' --files-from names > lines"},
                        .folder = folder_path()}));
    });
    {
        // In the order in which the shell and then the command open them: each end waits for the
        // other.
        std::ifstream out(lines);
        std::ofstream in(names);
        for (int i = 0; i < 3; ++i) {
            in << "fits.mp4\n" << std::flush;
            std::string line;
            ASSERT_TRUE(std::getline(out, line));
            EXPECT_THAT(line, ::testing::StartsWith("OK fits.mp4: "));
        }
        in.close();
        std::string rest;
        while (std::getline(out, rest)) {
        }
    }
    command.join();
}

TEST_F(VideoPreflight, HoldsClipsTogether) {
    const std::string model = "bytedance/seedance-2.0/reference-to-video";
    const Arguments clips{"fits.mp4", "fits.mp4", "fits.mp4", "--model", model};
    expect_success(preflight(clips));
    Arguments together = clips;
    together.insert(together.end(), {"--together", "--max-seconds", "none"});
    expect_success(preflight(together));
    together.insert(together.begin(), "fits.mp4");
    const ProcessResult refused = preflight(together);
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_THAT(refused.out,
                HasSubstr("\nREFUSED together: duration 20 s together, limit at most 15 s: "));
    together.push_back("--print-json");
    const Json all = Json::parse(preflight(together).out);
    EXPECT_EQ(all["together"]["accepted"], false);
    EXPECT_EQ(all["together"]["findings"][0]["check"], "duration");
    EXPECT_EQ(all["summary"]["refused"], 0);
}

TEST_F(VideoPreflight, ListsTheModelsThatTakeClips) {
    const ProcessResult table = preflight({"--list-models"});
    expect_success(table);
    const auto lines = lines_of(table.out);
    EXPECT_THAT(lines[0], ::testing::StartsWith("MODEL "));
    EXPECT_THAT(lines[1], ::testing::StartsWith("fal-ai/kling-video/o3/pro/video-to-video/edit "));
    EXPECT_THAT(lines[1],
                AllOf(HasSubstr(" mp4,mov "), HasSubstr(" 3-10 "), HasSubstr(" 720-2160 "),
                      HasSubstr(" 200 "), HasSubstr(" 2026-"), HasSubstr("https://")));
    const Json models = Json::parse(preflight({"--list-models", "--print-json"}).out)["models"];
    EXPECT_EQ(models.size(), lines.size() - 1);
    EXPECT_EQ(models[0]["default"], true);
    EXPECT_EQ(models[0]["field"], "video_url");
    EXPECT_EQ(models[0]["limits"]["max_side_px"], 2160);
}

TEST_F(VideoPreflight, KnowsTheUsersModels) {
    write_text(file("models.json"),
               "{source: 'https://example.com', date: '2026-11-01', models: [{id: 'me/clips', "
               "category: 'video', fields: {clip: {file: 'video', max_seconds: 4}}}]}");
    ProcessOptions options;
    options.environment["EDITPREP_MODELS"] = file("models.json").string();
    const ProcessResult result = preflight({"fits.mp4", "--model", "me/clips"}, options);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.out, HasSubstr("duration 5 s, limit at most 4 s"));
    EXPECT_THAT(preflight({"--list-models"}, options).out, HasSubstr("\nme/clips "));
}

TEST_F(VideoPreflight, AFullDiskIsAFailure) {
    for (const char* const jobs : {"1", "2"}) {
        const ProcessResult result =
            preflight({"fits.mp4", "fits.mp4", "--jobs", jobs}, {.output = Output::full_device});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.err, HasSubstr("ERROR: cannot write to standard output"));
    }
}

TEST_F(VideoPreflight, LoadsFfmpegForClipsOnly) {
    ProcessOptions options;
    options.environment["LD_DEBUG"] = "libs";
    for (const Arguments& arguments :
         std::vector<Arguments>{{"--help"}, {"--list-models"}, {"--version"}}) {
        EXPECT_THAT(preflight(arguments, options).err,
                    AllOf(HasSubstr("libc.so"), Not(HasSubstr("avformat")), Not(HasSubstr("curl")),
                          Not(HasSubstr("sqlite"))));
    }
}

}  // namespace
}  // namespace editprep::testing
