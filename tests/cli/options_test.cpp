#include "command_fixture.hpp"

/// Rules that hold for the options of every command.
namespace editprep::testing {
namespace {

using OptionsTest = CommandTest;

void expect_usage_error(const ProcessResult& result, const std::string& command,
                        const std::string& reason) {
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    const auto lines = lines_of(result.err);
    ASSERT_GE(lines.size(), 2U);
    EXPECT_TRUE(lines.front().starts_with("usage: " + command + ' ')) << result.err;
    EXPECT_EQ(lines.back(), command + ": error: " + reason);
}

TEST_F(OptionsTest, UsageErrors) {
    expect_usage_error(run("mask_inpaint", {"--image", "S1.png"}), "mask_inpaint",
                       "the following arguments are required: --prompt");
    expect_usage_error(run("mask_inpaint", {"--ma", "x"}), "mask_inpaint",
                       "ambiguous option: --ma could match --mask, --mask-only, --mask-dir");
    expect_usage_error(run("outpaint_image", {"--image", "S1.png", "extra"}), "outpaint_image",
                       "unrecognized argument: extra");
    expect_usage_error(run("outpaint_image", {"--image", "S1.png", "--left", "1.5"}),
                       "outpaint_image", "argument --left: invalid int value: '1.5'");
    expect_usage_error(run("prepare_object_mask", {"--image"}), "prepare_object_mask",
                       "argument --image: expected one argument");
    expect_usage_error(run("prepare_object_mask", {"--image", "S1.png", "--invert=1"}),
                       "prepare_object_mask", "argument --invert: takes no value, got '1'");
    expect_usage_error(run("outpaint_image", {"--image", "S1.png", "--left", "2147483648"}),
                       "outpaint_image", "argument --left: number too large: '2147483648'");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(OptionsTest, ValuesOutOfBoundsAreUsageErrorsLikeTheOthers) {
    expect_usage_error(run("provider_emulator", {"--port", "70000"}), "provider_emulator",
                       "argument --port: must be from 0 to 65535");
    expect_usage_error(run("provider_emulator", {"--fault", "none"}), "provider_emulator",
                       "argument --fault: fault 'none': unknown name; --help lists them all");
    expect_usage_error(run("video_conform", {"a.mp4", "--out", "b.mp4", "--start", "-1"}),
                       "video_conform", "argument --start: it must be 0 or more seconds");
    expect_usage_error(run("video_conform", {"--out", "b.mp4"}), "video_conform",
                       "the following arguments are required: IN");
    expect_usage_error(run("generate_video", {"--resume", "3", "--prompt", "p"}), "generate_video",
                       "argument --resume: the job has its provider, its model and its input; "
                       "leave out --prompt, --model, --provider, --dry-run and what was attached");
}

TEST_F(OptionsTest, UsageErrorsStayOnOneLine) {
    expect_usage_error(run("outpaint_image", {"--image", "S1.png", "--left", "1\n\x1b[31m"}),
                       "outpaint_image", "argument --left: invalid int value: '1\\n\\x1b[31m'");
    expect_usage_error(run("mask_inpaint", {"a\nb"}), "mask_inpaint",
                       "unrecognized argument: a\\nb");
}

TEST_F(OptionsTest, HugeIntegersMeanWhatTheySay) {
    expect_success(run("prepare_object_mask",
                       {"--image", "S1.png", "--threshold", "2147483647", "--sample-size",
                        "2147483647", "--expand=-2147483648", "--feather", "0"}));
    EXPECT_EQ(sum_of(read_png_reference(file("S1_object_mask.png"))), 0);
    expect_success(run("prepare_object_mask", {"--image", "S1.png", "--expand", "2147483647"}));
    EXPECT_EQ(sum_of(read_png_reference(file("S1_object_mask.png"))), 64 * 48 * 255);
    expect_success(run("prepare_object_mask", {"--image", "S1.png", "--shrink", "2147483647"}));
    EXPECT_EQ(sum_of(read_png_reference(file("S1_object_mask.png"))), 0);
}

TEST_F(OptionsTest, AbbreviationsEqualsSignsAndRepetitions) {
    expect_success(run("prepare_object_mask", {"--im=S1.png", "--feather", "9", "--thr", " 40 ",
                                               "--feat=0", "--out=m.png"}));
    EXPECT_EQ(crc32_of(read_png_reference(file("m.png"))), 0x5810c75fU);
}

TEST_F(OptionsTest, AFileIsNotTakenForAFolderByAnAbbreviation) {
    const Arguments edit{"--image",    "S1.png",     "--prompt", "",       "--edit-target",
                         "background", "--provider", "local",    "--fill", "white"};
    const auto with = [&](Arguments added) {
        added.insert(added.begin(), edit.begin(), edit.end());
        return run("object_select_edit", added);
    };
    expect_usage_error(with({"--out", "x.PNG"}), "object_select_edit",
                       "argument --out-dir: --out is short for it, and 'x.PNG' looks like a file; "
                       "name a folder, in which files get names of their own, or write --out-dir "
                       "in full");
    EXPECT_EQ(with({"--mask-d=m.jpg"}).exit_code, 2);
    EXPECT_EQ(run("generate_video", {"--prompt", "p", "--out", "v.mp4"}).exit_code, 2);
    EXPECT_TRUE(new_files().empty());
    expect_success(with({"--out", "folder.d"}));
    expect_success(with({"--out-dir", "x.png", "--mask", "./masks"}));
    EXPECT_TRUE(std::filesystem::is_directory(file("folder.d")));
    EXPECT_TRUE(std::filesystem::is_directory(file("x.png")));
}

TEST_F(OptionsTest, AChoiceIsNotTakenForANameByAnAbbreviation) {
    const Arguments edit{"--image", "S1.png", "--prompt", "p", "--prepare-only"};
    const auto with = [&](Arguments added) {
        added.insert(added.begin(), edit.begin(), edit.end());
        return run("object_select_edit", added);
    };
    expect_usage_error(with({"--mode", "backdrop"}), "object_select_edit",
                       "argument --model: --mode is short for it, and 'backdrop' is a choice of "
                       "--selection-mode; write --selection-mode or --model in full");
    EXPECT_TRUE(new_files().empty());
    expect_success(with({"--mode", "gpt-image-1.5"}));
    expect_success(with({"--model", "backdrop"}));
}

TEST_F(OptionsTest, TextThatLooksLikeAnOption) {
    const ProcessResult result = run("mask_inpaint", {"--image", "S1.png", "--prompt", "-x",
                                                      "--region", "rect:0:0:5:5", "--mask-only"});
    expect_success(result);
}

TEST_F(OptionsTest, PathsArePrintedCleaned) {
    // The folder that `..` leaves must exist for the name to mean anything.
    std::filesystem::create_directories(file("a/b"));
    const ProcessResult result =
        run("prepare_object_mask", {"--image", "./S1.png", "--out", ".//a/./b/../m.png"});
    expect_success(result);
    EXPECT_EQ(result.out, "a/b/../m.png\n");
    EXPECT_EQ(run("prepare_object_mask", {"--image", ".//none.png"}).err,
              "image not found: none.png\n");
    expect_failure(run("prepare_object_mask", {"--image", ""}), "image not found: ");
}

TEST_F(OptionsTest, DefaultFoldersFollowTheEnvironment) {
    ProcessOptions options;
    options.environment["MEDIA_GENERATION_OUTPUT_ROOT"] = "out";
    const Arguments arguments{"--image",  "S1.png",       "--prompt",   "p",
                              "--region", "rect:0:0:5:5", "--mask-only"};
    expect_matches(run("mask_inpaint", arguments, options).out,
                   "out/images/masks/inpaint_mask_[0-9a-f]{8}\\.png\n");
    options.environment["MEDIA_GENERATION_OUTPUT_ROOT"] = "";
    expect_matches(run("mask_inpaint", arguments, options).out,
                   "tmp/images/masks/inpaint_mask_[0-9a-f]{8}\\.png\n");
}

TEST_F(OptionsTest, PrefixBeginsTheFileName) {
    const ProcessResult result =
        run("mask_inpaint", {"--image", "S1.png", "--prompt", "p", "--region", "rect:0:0:5:5",
                             "--mask-only", "--mask-dir", "md", "--prefix", ""});
    expect_success(result);
    expect_matches(result.out, "md/_mask_[0-9a-f]{8}\\.png\n");
}

TEST_F(OptionsTest, OutReplacesOnlyWhatACommandMade) {
    const Arguments arguments{"--image", "S1.png", "--out", "m.png"};
    expect_success(run("prepare_object_mask", arguments));
    expect_success(run("prepare_object_mask", arguments));

    write_png_reference(file("mine.png"), fixture_m1());
    const std::string before = content_of(file("mine.png"));
    expect_error_line(run("prepare_object_mask", {"--image", "S1.png", "--out", "mine.png"}),
                      "^ERROR: .*mine\\.png.*--overwrite");
    EXPECT_EQ(content_of(file("mine.png")), before);
    expect_success(
        run("prepare_object_mask", {"--image", "S1.png", "--out", "mine.png", "--overwrite"}));
    EXPECT_NE(content_of(file("mine.png")), before);
}

TEST_F(OptionsTest, SourcesAreNotReplaced) {
    // A mask that was made here may be replaced, but not while it is the source.
    expect_success(run("prepare_object_mask", {"--image", "S1.png", "--out", "m.png"}));
    const std::string before = content_of(file("m.png"));
    std::filesystem::create_hard_link(file("m.png"), file("same.png"));
    for (const char* out : {"m.png", "./m.png", "same.png"}) {
        expect_error_line(run("prepare_object_mask", {"--image", "m.png", "--out", out}),
                          "^ERROR: --out would replace the source m\\.png");
    }
    expect_error_line(run("mask_inpaint", {"--image", "S1.png", "--prompt", "p", "--mask", "m.png",
                                           "--mask-only", "--preview", "m.png"}),
                      "^ERROR: --preview would replace the source m\\.png");
    expect_error_line(run("outpaint_image", {"--image", "m.png", "--expand", "1", "--prepare-only",
                                             "--mask-out", "m.png"}),
                      "^ERROR: --mask-out would replace the source m\\.png");
    EXPECT_EQ(content_of(file("m.png")), before);
}

TEST_F(OptionsTest, OneFileIsNotTwoOutputs) {
    expect_error_line(
        run("prepare_object_mask", {"--image", "S1.png", "--out", "m.png", "--preview", "./m.png"}),
        "^ERROR: --out and --preview name the same file m\\.png");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(OptionsTest, RefusalsComeBeforeTheWork) {
    write_png_reference(file("mine.png"), fixture_m1());
    const auto before = new_files();
    expect_error_line(run("outpaint_image", {"--image", "S1.png", "--expand", "4", "--provider",
                                             "local", "--preview", "mine.png"}),
                      "^ERROR: .*mine\\.png");
    expect_error_line(run("object_select_edit", {"--image", "S1.png", "--prompt", "p",
                                                 "--prepare-only", "--preview", "mine.png"}),
                      "^ERROR: .*mine\\.png");
    EXPECT_EQ(new_files(), before);
}

TEST_F(OptionsTest, AFileThatMayNotBeReadIsToldWithWhatToDo) {
    std::filesystem::copy_file(file("S1.png"), file("locked.png"));
    std::filesystem::permissions(file("locked.png"), std::filesystem::perms::none);
    ProcessOptions options;
    options.obey_permissions = true;
    const std::string advice = "Permission denied; check its permissions, or name another file";
    expect_failure(run("prepare_object_mask", {"--image", "locked.png", "--out", "m.png"}, options),
                   "ERROR: cannot read locked.png: " + advice);
    const ProcessResult clip = run("video_preflight", {"locked.png"}, options);
    EXPECT_EQ(clip.exit_code, 1);
    EXPECT_NE(clip.out.find(advice), std::string::npos) << clip.out;
    expect_failure(run("fal_client", {"to-data-uri", "locked.png"}, options),
                   "ERROR: cannot read locked.png: Permission denied; check its name and its "
                   "permissions");
}

TEST_F(OptionsTest, PermissionsAreNotBlamedForAFileThatCannotBeOpenedOtherwise) {
    std::filesystem::create_symlink("loop.png", file("loop.png"));
    const std::string advice = "Too many levels of symbolic links; name another file";
    expect_failure(run("prepare_object_mask", {"--image", "loop.png", "--out", "m.png"}),
                   "ERROR: cannot read loop.png: " + advice);
    const ProcessResult clip = run("video_preflight", {"loop.png"});
    EXPECT_NE(clip.out.find(advice), std::string::npos) << clip.out;
}

TEST_F(OptionsTest, OverwriteDoesNotSilenceTheOtherRefusals) {
    std::filesystem::create_directory(file("folder"));
    std::filesystem::copy_file(file("S1.png"), file("locked.png"));
    std::filesystem::permissions(file("locked.png"), std::filesystem::perms::owner_read);
    ProcessOptions options;
    options.obey_permissions = true;
    const auto before = new_files();
    for (const auto& [name, reason] :
         {std::pair{"p.xyz", "extension"}, std::pair{"folder", "it is a directory"},
          std::pair{"absent/", "it is a directory"}, std::pair{"locked.png", "[Pp]ermission"}}) {
        SCOPED_TRACE(name);
        const std::string pattern = std::string("^ERROR: .*") + name + ".*" + reason;
        for (const char* output : {"--preview", "--mask-out"}) {
            expect_error_line(run("outpaint_image",
                                  {"--image", "S1.png", "--expand", "4", "--provider", "local",
                                   output, name, "--overwrite"},
                                  options),
                              pattern);
        }
        expect_error_line(run("mask_inpaint",
                              {"--image", "S1.png", "--prompt", "", "--region", "rect:0:0:5:5",
                               "--mask-only", "--preview", name, "--overwrite"},
                              options),
                          pattern);
        expect_error_line(run("object_select_edit",
                              {"--image", "S1.png", "--prompt", "", "--prepare-only", "--preview",
                               name, "--overwrite"},
                              options),
                          pattern);
        expect_error_line(
            run("prepare_object_mask",
                {"--image", "S1.png", "--out", "m.png", "--preview", name, "--overwrite"}, options),
            pattern);
    }
    EXPECT_EQ(new_files(), before);
}

}  // namespace
}  // namespace editprep::testing
