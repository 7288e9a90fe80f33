#include "tools/object_select_edit/object_select_edit.hpp"

#include <gtest/gtest.h>

#include "parse_support.hpp"

namespace editprep::tools::object_select_edit {
namespace {

using imaging::SelectionMode;

Words with(const Words& added) {
    Words words{"--image", "a.png", "--prompt", "p"};
    words.insert(words.end(), added.begin(), added.end());
    return words;
}

TEST(ObjectSelectEditParse, Defaults) {
    const Options options = parse(with({}));
    EXPECT_EQ(options.selection.mode, SelectionMode::automatic);
    EXPECT_EQ(options.selection.threshold, 40);
    EXPECT_EQ(options.selection.sample_size, 8);
    EXPECT_EQ(options.target, EditTarget::object);
    EXPECT_EQ(options.edges.feather_sigma_px, 8.0);
    EXPECT_EQ(options.settings.edit.prefix, "object-edit");
    EXPECT_EQ(options.mask_dir, std::nullopt);
    EXPECT_FALSE(options.prepare_only);
}

TEST(ObjectSelectEditParse, EveryOptionOfItsOwn) {
    const Options options = parse(with({"--selection-mode",
                                        "corner-bg",
                                        "--edit-target",
                                        "background",
                                        "--threshold",
                                        "9",
                                        "--sample-size",
                                        "3",
                                        "--expand",
                                        "2",
                                        "--shrink",
                                        "1",
                                        "--feather",
                                        "0.5",
                                        "--mask-dir",
                                        "m",
                                        "--prepare-only",
                                        "--provider",
                                        "local",
                                        "--model",
                                        "x",
                                        "--endpoint",
                                        "e",
                                        "--config",
                                        "c"}));
    EXPECT_EQ(options.selection.mode, SelectionMode::corner_bg);
    EXPECT_EQ(options.target, EditTarget::background);
    EXPECT_EQ(options.selection.threshold, 9);
    EXPECT_EQ(options.selection.sample_size, 3);
    EXPECT_EQ(options.edges.expand_px, 2);
    EXPECT_EQ(options.edges.shrink_px, 1);
    EXPECT_EQ(options.edges.feather_sigma_px, 0.5);
    EXPECT_EQ(options.mask_dir, "m");
    EXPECT_TRUE(options.prepare_only);
    EXPECT_EQ(options.settings.edit.provider, "local");
    EXPECT_EQ(options.settings.edit.model, "x");
    EXPECT_EQ(options.settings.edit.endpoint, "e");
    EXPECT_EQ(options.settings.edit.config, "c");
}

TEST(ObjectSelectEditParse, Refusals) {
    EXPECT_EQ(refusal(parse, {"--image", "a.png"}),
              "the following arguments are required: --prompt");
    EXPECT_EQ(refusal(parse, with({"--edit-target", "sky"})),
              "argument --edit-target: invalid choice: 'sky' (choose from object, background)");
    EXPECT_EQ(refusal(parse, with({"--invert"})), "unrecognized argument: --invert");
}

}  // namespace
}  // namespace editprep::tools::object_select_edit
