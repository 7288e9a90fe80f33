#include "tools/video_preflight/video_preflight.hpp"

#include <gtest/gtest.h>

#include "parse_support.hpp"
#include "tools/clips/clip_check.hpp"
#include "tools/video_preflight/clip_text.hpp"

namespace editprep::tools::video_preflight {
namespace {

TEST(VideoPreflightParse, Defaults) {
    const Options options = parse({"a.mp4"});
    EXPECT_EQ(options.clips, std::vector<std::string>{"a.mp4"});
    EXPECT_EQ(options.limits.model(), kDefaultClipModel);
    EXPECT_EQ(options.files_from, std::nullopt);
    EXPECT_FALSE(options.null_separated);
    EXPECT_FALSE(options.together);
    EXPECT_FALSE(options.strict);
    EXPECT_FALSE(options.print_json);
    EXPECT_FALSE(options.json_lines);
    EXPECT_FALSE(options.list_models);
    EXPECT_EQ(options.jobs, 0);
}

TEST(VideoPreflightParse, EveryOption) {
    const Options options = parse({"a.mp4", "--files-from=-", "--null", "--model", "sora-2",
                                   "--max-seconds", "5", "--together", "--strict", "--print-json",
                                   "--jobs", "3", "--quiet", "--", "--b.mp4"});
    EXPECT_EQ(options.clips, (std::vector<std::string>{"a.mp4", "--b.mp4"}));
    EXPECT_EQ(options.files_from, "-");
    EXPECT_TRUE(options.null_separated);
    EXPECT_EQ(options.limits.model(), "sora-2");
    EXPECT_EQ(options.limits.limits(transport::ModelRegistry::built_in()).clip.max_seconds, 5);
    EXPECT_TRUE(options.together);
    EXPECT_TRUE(options.strict);
    EXPECT_TRUE(options.print_json);
    EXPECT_EQ(options.jobs, 3);
    EXPECT_TRUE(options.quiet);
    EXPECT_TRUE(parse({"--jsonl", "a"}).json_lines);
    EXPECT_TRUE(parse({"--list-models"}).list_models);
}

TEST(VideoPreflightParse, Refusals) {
    EXPECT_EQ(refusal(parse, {}), "the following arguments are required: FILE, or --files-from");
    EXPECT_EQ(refusal(parse, {"a", "--null"}), "argument --null: it needs --files-from");
    EXPECT_EQ(refusal(parse, {"a", "--jsonl", "--print-json"}),
              "argument --jsonl: not allowed with argument --print-json");
    EXPECT_EQ(refusal(parse, {"a", "--jobs", "-1"}), "argument --jobs: it must not be negative");
    EXPECT_EQ(refusal(parse, {"a", "--max-seconds", "x"}),
              "argument --max-seconds: invalid limit: 'x' (want a number above 0, or none)");
}

TEST(ClipText, WritesNumbersAsPeopleDo) {
    EXPECT_EQ(decimal(5), "5");
    EXPECT_EQ(decimal(10.05), "10.05");
    EXPECT_EQ(decimal(30000.0 / 1001), "29.97");
    EXPECT_EQ(decimal(0), "0");
    EXPECT_EQ(decimal(1200), "1200");
    EXPECT_EQ(decimal(1e15), "1000000000000000");
}

TEST(ClipText, NoNameCanBreakALine) {
    const ClipLook look{.path = "a\nOK b\x1b[2J.mp4", .error = "no\nclip"};
    EXPECT_EQ(clip_line(look, Verdict::unreadable), "UNREADABLE a\\nOK b\\x1b[2J.mp4: no\\nclip");
}

TEST(ClipText, SetsColumnsUnderEachOther) {
    EXPECT_EQ(table({{"A", "B"}, {"long", "b"}, {"c", ""}}), "A     B\nlong  b\nc     \n");
    EXPECT_EQ(table({}), "");
}

}  // namespace
}  // namespace editprep::tools::video_preflight
