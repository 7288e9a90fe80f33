#include <nlohmann/json.hpp>

#include "clip_maker.hpp"
#include "command_fixture.hpp"

/// video_conform as its users run it. What it makes of many kinds of clips is tested beside the
/// library.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kModel = "fal-ai/kling-video/o3/pro/video-to-video/edit";

/// The limits of a model at a tenth of their size.
const Arguments kSmall{"--min-seconds", "0.5", "--max-seconds", "2",  "--min-side", "72",
                       "--max-side",    "216", "--min-fps",     "24", "--max-fps",  "60"};

class VideoConform : public CommandTest {
protected:
    void make(const std::string& name, const std::string& size, double seconds) const {
        make_clip("-f lavfi -i testsrc2=size=" + size +
                      ":rate=25:duration=" + std::to_string(seconds) +
                      " -f lavfi -i sine=duration=" + std::to_string(seconds) +
                      " -c:v libx264 -preset ultrafast -c:a aac",
                  file(name));
    }

    [[nodiscard]] ProcessResult conform(Arguments arguments, ProcessOptions options = {}) const {
        arguments.insert(arguments.end(), kSmall.begin(), kSmall.end());
        return run("video_conform", std::move(arguments), std::move(options));
    }

    void expect_usage_error(const Arguments& arguments, const std::string& part) const {
        const ProcessResult result = run("video_conform", arguments);
        EXPECT_EQ(result.exit_code, 2) << part;
        EXPECT_EQ(result.out, "");
        EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    }
};

TEST_F(VideoConform, PrintsThePathAndTellsTheChanges) {
    make("in.mkv", "384x216", 3);
    const ProcessResult result = conform({"in.mkv", "--out", "./new/out.mp4"});
    expect_success(result);
    EXPECT_EQ(result.out, "new/out.mp4\n");
    EXPECT_EQ(new_files(), (std::vector<std::string>{"in.mkv", "new/out.mp4"}));
    for (const char* line :
         {"NOTE: held against fal-ai/kling-video/o3/pro/video-to-video/edit\n",
          "NOTE: container: changed from matroska to mp4\n", "NOTE: duration: trimmed from 3",
          "NOTE: size: scaled from 384x216 to 216x12", "NOTE: codec: video re-encoded as h264\n"}) {
        EXPECT_NE(result.err.find(line), std::string::npos) << line << result.err;
    }
}

TEST_F(VideoConform, SaysWhenNothingHadToChange) {
    make("in.mp4", "160x90", 1);
    const ProcessResult result = conform({"in.mp4", "--out", "out.mp4"});
    expect_success(result);
    EXPECT_NE(result.err.find("NOTE: it fits, and was copied as it is\n"), std::string::npos);
    EXPECT_EQ(content_of(file("out.mp4")), content_of(file("in.mp4")));
    EXPECT_EQ(conform({"in.mp4", "--out", "quiet.mp4", "--quiet"}).err, "");
}

TEST_F(VideoConform, WarnsOfANameThatSaysAnotherContainer) {
    make("in.mkv", "160x90", 1);
    const ProcessResult result = conform({"in.mkv", "--out", "out"});
    expect_success(result);
    EXPECT_NE(result.err.find("WARN: out holds mp4, which its name does not say\n"),
              std::string::npos)
        << result.err;
    expect_failure(conform({"in.mkv", "--out", "out.WebM"}),
                   "ERROR: only mp4 and mov are written, not webm; name the output .mp4 or .mov");
    EXPECT_EQ(conform({"in.mkv", "--out", "OUT.MP4"}).err.find("WARN: OUT.MP4 holds"),
              std::string::npos);
}

TEST_F(VideoConform, PrintsOneDocumentAsJson) {
    make("in.mkv", "384x216", 3);
    const ProcessResult result = conform({"in.mkv", "--out", "out.mp4", "--print-json", "--quiet"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json["input"]["path"], "in.mkv");
    EXPECT_EQ(json["input"]["info"]["container"], "matroska");
    EXPECT_EQ(json["output"]["path"], "out.mp4");
    EXPECT_EQ(json["output"]["info"]["container"], "mp4");
    EXPECT_EQ(json["output"]["info"]["size"]["width"], 216);
    EXPECT_EQ(json["video_reencoded"], true);
    EXPECT_EQ(json["audio_reencoded"], false);
    EXPECT_EQ(json["dry_run"], false);
    EXPECT_EQ(json["changes"][0]["what"], "container");
    EXPECT_TRUE(json["findings"].is_array());
    EXPECT_EQ(json["limits"]["max_side_px"], 216);
}

TEST_F(VideoConform, DryRunWritesNothing) {
    make("in.mkv", "384x216", 3);
    const ProcessResult result =
        conform({"in.mkv", "--out", "new/out.mp4", "--dry-run", "--print-json"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out)["dry_run"], true);
    EXPECT_NE(result.err.find("NOTE: size: scaled from 384x216"), std::string::npos);
    EXPECT_EQ(new_files(), std::vector<std::string>{"in.mkv"});
    EXPECT_EQ(conform({"in.mkv", "--out", "out.mp4", "--dry-run"}).out, "");
}

TEST_F(VideoConform, ReplacesOnlyWhenTold) {
    make("in.mkv", "160x90", 1);
    write_text(file("out.mp4"), "mine");
    expect_failure(conform({"in.mkv", "--out", "out.mp4"}),
                   "ERROR: refusing to replace out.mp4; name another file or give --overwrite");
    EXPECT_EQ(content_of(file("out.mp4")), "mine");
    expect_success(conform({"in.mkv", "--out", "out.mp4", "--overwrite"}));
    EXPECT_NE(content_of(file("out.mp4")), "mine");
    expect_error_line(conform({"out.mp4", "--out", "out.mp4", "--overwrite"}),
                      "ERROR: the output is the input: out.mp4");
}

TEST_F(VideoConform, ExplainsWhatCannotBeDone) {
    make("brief.mp4", "160x90", 0.2);
    make("wide.mp4", "400x80", 1);
    write_text(file("text.mp4"), "no clip");
    expect_error_line(conform({"brief.mp4", "--out", "out.mp4"}),
                      "it lasts 0\\.2.* s, and at least 0\\.5 s are needed; give a longer clip");
    expect_error_line(conform({"wide.mp4", "--out", "out.mp4"}),
                      "no scaling brings 400x80 into sides of 72 to 216 px; crop it");
    expect_error_line(conform({"text.mp4", "--out", "out.mp4"}), "text\\.mp4");
    expect_error_line(conform({"none.mp4", "--out", "out.mp4"}), "file not found: none\\.mp4");
    expect_success(conform({"wide.mp4", "--out", "padded.mp4", "--pad"}));
    EXPECT_EQ(new_files(),
              (std::vector<std::string>{"brief.mp4", "padded.mp4", "text.mp4", "wide.mp4"}));
}

TEST_F(VideoConform, LeavesNothingOnAFullDisk) {
    make("in.mkv", "384x216", 2);
    make("fits.mp4", "160x90", 1);
    ProcessOptions options;
    options.largest_file_bytes = 20'000;
    for (const char* input : {"in.mkv", "fits.mp4"}) {
        expect_error_line(conform({input, "--out", "out.mp4", "--quiet"}, options),
                          "ERROR: cannot write .*File too large.*out\\.mp4|"
                          "ERROR: cannot write .*out\\.mp4.*File too large");
    }
    EXPECT_EQ(new_files(), (std::vector<std::string>{"fits.mp4", "in.mkv"}));
}

TEST_F(VideoConform, LeavesNothingWhenInterrupted) {
    make("in.mp4", "640x360", 3);
    bool heard = false;
    for (const char* seconds : {"0.2", "0.7", "1.2"}) {
        // Some seconds of work: ten times as many frames, and large ones.
        const ProcessResult result =
            run_process("/usr/bin/timeout",
                        {.arguments = {"--preserve-status", "-s", "TERM", seconds,
                                       std::string(EDITPREP_BIN) + "/video_conform", "in.mp4",
                                       "--out", "out.mp4", "--min-fps", "240", "--max-fps", "300",
                                       "--min-side", "1440", "--max-side", "3000"},
                         .folder = file(".")});
        EXPECT_EQ(result.out, "");
        EXPECT_NE(result.exit_code, 0);
        heard = heard || result.err == "ERROR: interrupted; nothing was written\n";
        EXPECT_EQ(new_files(), std::vector<std::string>{"in.mp4"}) << seconds;
    }
    EXPECT_TRUE(heard);
}

TEST_F(VideoConform, RefusesWrongUsage) {
    expect_usage_error({}, "required");
    expect_usage_error({"--out", "out.mp4"}, "required: IN");
    expect_usage_error({"in.mp4"}, "--out");
    expect_usage_error({"in.mp4", "--out", "o.mp4", "--start", "-1"}, "--start");
    expect_usage_error({"in.mp4", "--out", "o.mp4", "--model", "no/such"}, "no/such");
    expect_usage_error({"in.mp4", "--out", "o.mp4", "--model", "fal-ai/nano-banana-pro"},
                       "takes no clip");
    expect_usage_error({"in.mp4", "other.mp4", "--out", "o.mp4"}, "other.mp4");
}

TEST_F(VideoConform, HelpEqualsItsReference) {
    const ProcessResult result = run("video_conform", {"--help"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    const std::filesystem::path here = std::filesystem::path(__FILE__).parent_path();
    EXPECT_EQ(result.out, content_of(here / "help" / "video_conform.txt"));
    EXPECT_NE(result.out.find(kModel), std::string::npos);
    for (const std::string& line : lines_of(result.out)) {
        EXPECT_LE(line.size(), 100U) << line;
    }
}

}  // namespace
}  // namespace editprep::testing
