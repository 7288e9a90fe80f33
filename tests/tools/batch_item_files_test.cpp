#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "temp_folder.hpp"
#include "tools/generate_batch_media/item_files.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Files = std::vector<std::string>;

BatchItem item_of(const std::string& command, Words words = {}) {
    BatchItem item;
    item.command = command;
    item.words = std::move(words);
    return item;
}

TEST(BatchItemFiles, AreFoundInLines) {
    EXPECT_EQ(files_of(item_of("generate_image"),
                       "STATUS: 200\n{\"data\": [{\"url\": \"https://x.test/a.png\"}]}\n"
                       "DOWNLOADED: tmp/a b.png\n"),
              Files{"tmp/a b.png"});
    EXPECT_EQ(files_of(item_of("mask_inpaint"),
                       "STATUS: 200\n{}\nDOWNLOADED: o/e.png\nMASK_USED: m/e_mask.png\n"),
              (Files{"o/e.png", "m/e_mask.png"}));
    EXPECT_EQ(files_of(item_of("outpaint_image"),
                       "STATUS: 200\n{}\nDOWNLOADED: o/e.png\nPREPARED_INPUT: w/e_input.png\n"
                       "EXPAND: left=1 right=1 top=1 bottom=1\nMODE: solid\n"),
              (Files{"o/e.png", "w/e_input.png"}));
}

TEST(BatchItemFiles, AreFoundInJson) {
    EXPECT_EQ(files_of(item_of("generate_image"),
                       R"({"status": 200, "response": {"downloaded": "no"}, "downloaded": "a.png",
                           "hints": [], "downloads": ["a.png", "b.png"]})"),
              (Files{"a.png", "b.png"}));
    EXPECT_EQ(files_of(item_of("mask_inpaint"),
                       R"({"mask": "m.png", "downloaded": "a.png", "provider_output": "a_raw.png",
                           "preview": null, "downloads": []})"),
              (Files{"a.png", "m.png", "a_raw.png"}));
    // A video's summary is one line among others.
    EXPECT_EQ(files_of(item_of("generate_video"),
                       "STATUS: 200\n{\"downloaded\": \"v.mp4\", \"downloads\": [\"v.mp4\", "
                       "\"w.mp4\"]}\nDOWNLOADED: v.mp4\n"),
              (Files{"v.mp4", "w.mp4"}));
}

TEST(BatchItemFiles, AreFoundInTheJsonOfACommandWithin) {
    EXPECT_EQ(files_of(item_of("object_select_edit"),
                       R"({"image": "s.png", "mask": "base.png",
                           "edited": "{\"mask\": \"copy.png\", \"downloaded\": \"a.png\"}",
                           "result": {"mask": "copy.png", "downloaded": "a.png"}})"),
              (Files{"a.png", "copy.png", "base.png"}));
    EXPECT_EQ(files_of(item_of("reference_media"),
                       R"({"mode": "image", "result": {"downloaded": "a.png"}, "attempts": []})"),
              Files{"a.png"});
    EXPECT_EQ(files_of(item_of("reference_media"), R"({"result": null})"), Files{});
}

TEST(BatchItemFiles, TheMaskOfAnEditIsNone) {
    EXPECT_EQ(files_of(item_of("edit_image"), R"({"mask": "given.png", "downloaded": "a.png"})"),
              Files{"a.png"});
}

TEST(BatchItemFiles, APathAloneIsOne) {
    const testing::TempFolder folder;
    const std::string mask = (folder / "m.png").string();
    EXPECT_EQ(files_of(item_of("prepare_object_mask"), mask + '\n'), Files{});
    std::ofstream(mask) << "x";
    EXPECT_EQ(files_of(item_of("prepare_object_mask"), mask + '\n'), Files{mask});
    EXPECT_EQ(files_of(item_of("generate_image"), "STATUS: 200\n[1]\n"), Files{});
}

TEST(BatchItemFiles, ThoseThatWereAskedForComeLast) {
    const testing::TempFolder folder;
    const std::string preview = (folder / "p.jpg").string();
    const BatchItem item = item_of("mask_inpaint", {"--prompt", "--preview", "--preview", preview});
    EXPECT_EQ(files_of(item, "DOWNLOADED: a.png\n"), Files{"a.png"});
    std::ofstream(preview) << "x";
    EXPECT_EQ(files_of(item, "DOWNLOADED: a.png\n"), (Files{"a.png", preview}));
}

TEST(BatchItemFiles, UglyOutputHoldsNone) {
    for (const char* out : {"", "\n\n", "{", "{}", "[]", "null", "{\"downloaded\": 5}",
                            "{\"downloaded\": {\"downloaded\": null}}", "DOWNLOADED: ",
                            "{\"edited\": \"{\"}", "{\"downloads\": [null, 1, \"\"]}"}) {
        EXPECT_EQ(files_of(item_of("mask_inpaint"), out), Files{}) << out;
    }
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
