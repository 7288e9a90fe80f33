#include "editprep/imaging/image_compare.hpp"
#include "provider_fixture.hpp"

/// Edits by the built-in provider, from the command line to the saved picture.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

const std::vector<std::string> kSummaryKeys{
    "status",   "ok",         "model", "provider",        "endpoint",    "mask",
    "response", "downloaded", "hints", "provider_output", "prompt_used", "preview"};

Mask to_mask(const Image& image) {
    return make_mask(image.size(), [&](int x, int y) { return image.row(y)[x]; });
}

class LocalProvider : public CommandTest {
protected:
    [[nodiscard]] ProcessResult inpaint(const Arguments& added) const {
        Arguments arguments{"--image",  "S1.png",          "--prompt",   "",
                            "--region", "rect:10:5:20:15", "--provider", "local"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return run("mask_inpaint", arguments);
    }

    [[nodiscard]] Image read(const std::string& name) const {
        return read_png_reference(file(name));
    }

    /// Nothing differs where the mask is 0, and something does elsewhere.
    void expect_edited_only_under_mask(const Image& before, const Json& summary) const {
        const Image after = read(summary.at("downloaded"));
        const Mask mask = to_mask(read(summary.at("mask")));
        EXPECT_EQ(imaging::compare_kept(before, after, mask).changed_pixels, 0);
        EXPECT_GT(imaging::compare_kept(before, after, mask).compared_pixels, 0);
        EXPECT_GT(imaging::compare(before, after).changed_pixels, 0);
    }
};

TEST_F(LocalProvider, PrintsTheShapeThatCallersKnow) {
    const ProcessResult result = inpaint({});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 4U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 200");
    EXPECT_EQ(
        lines[1],
        R"({"provider": "local", "fill": "inpaint", "prompt_used": false, "size": [64, 48]})");
    expect_matches(lines[2], "DOWNLOADED: tmp/images/inpaint_[0-9a-f]{8}\\.png");
    expect_matches(lines[3], "MASK_USED: tmp/images/masks/inpaint_mask_[0-9a-f]{8}\\.png");
}

TEST_F(LocalProvider, SummaryHasItsKeysInOrder) {
    const ProcessResult result = inpaint({"--print-json", "--model", "m"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(keys_of(json), kSummaryKeys);
    EXPECT_EQ(json.at("status"), 200);
    EXPECT_EQ(json.at("ok"), true);
    EXPECT_EQ(json.at("model"), "m");
    EXPECT_EQ(json.at("provider"), "local");
    EXPECT_TRUE(json.at("endpoint").is_null());
    EXPECT_EQ(json.at("hints"), Json::array());
    EXPECT_TRUE(json.at("provider_output").is_null());
    EXPECT_EQ(json.at("prompt_used"), false);
    EXPECT_TRUE(json.at("preview").is_null());
    EXPECT_EQ(result.out, json.dump(2) + '\n');
}

TEST_F(LocalProvider, EveryFillKeepsWhatLiesOutsideTheMask) {
    for (const char* fill : {"inpaint", "transparent", "blur", "white", "black", "#80FF0040"}) {
        SCOPED_TRACE(fill);
        const ProcessResult result = inpaint({"--print-json", "--fill", fill});
        expect_success(result);
        const Json json = Json::parse(result.out);
        EXPECT_EQ(json.at("response").at("fill"), fill);
        expect_edited_only_under_mask(fixture_s1(), json);
    }
}

TEST_F(LocalProvider, ColourFillsTheRegion) {
    const ProcessResult result =
        inpaint({"--print-json", "--feather", "0", "--fill", "#102030", "--quiet"});
    expect_success(result);
    const Image after = read(Json::parse(result.out).at("downloaded"));
    EXPECT_EQ(after.channels(), Channels::rgb);
    const std::vector<std::uint8_t> pixel(after.row(20) + 30 * 3, after.row(20) + 30 * 3 + 3);
    EXPECT_EQ(pixel, (std::vector<std::uint8_t>{0x10, 0x20, 0x30}));
}

TEST_F(LocalProvider, SaysOnceThatItFollowsNoPrompt) {
    const ProcessResult told = inpaint({"--prompt", "a cat"});
    expect_success(told);
    EXPECT_EQ(told.err,
              "WARN: the local provider cannot follow a prompt; what it does is chosen with "
              "--fill\n");
    EXPECT_EQ(inpaint({"--prompt", "a cat", "--quiet"}).err, "");
    EXPECT_EQ(inpaint({"--prompt", ""}).err, "");
}

TEST_F(LocalProvider, WarnsWhenTheMaskSelectsNothingOrEverything) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"442", "WARN: the mask selects nothing: nothing was changed\n"},
        {"0", "WARN: the mask selects the whole picture: nothing of it was kept\n"},
        {"40", ""},
    };
    for (const auto& [threshold, warning] : cases) {
        const ProcessResult result =
            run("object_select_edit", {"--image", "S1.png", "--prompt", "", "--selection-mode",
                                       "corner-bg", "--threshold", threshold, "--feather", "0",
                                       "--provider", "local", "--fill", "white"});
        expect_success(result);
        EXPECT_EQ(result.err, warning) << threshold;
    }
}

TEST_F(LocalProvider, NoDownloadSavesNoResult) {
    const ProcessResult result = inpaint({"--no-download"});
    expect_success(result);
    EXPECT_EQ(result.out.find("DOWNLOADED"), std::string::npos);
    ASSERT_EQ(new_files().size(), 1U);
    expect_matches(new_files()[0], "tmp/images/masks/.*");

    const ProcessResult json = inpaint({"--no-download", "--print-json"});
    EXPECT_TRUE(Json::parse(json.out).at("downloaded").is_null());
}

TEST_F(LocalProvider, EnvironmentNamesItToo) {
    ProcessOptions options;
    options.environment["OPENCLAW_MEDIA_PROVIDER"] = "local";
    options.environment["MEDIA_GENERATION_OUTPUT_ROOT"] = "./root/";
    const ProcessResult result = run(
        "mask_inpaint", {"--image", "S1.png", "--prompt", "", "--region", "rect:4:4:9:9"}, options);
    expect_success(result);
    expect_matches(lines_of(result.out).at(2), "DOWNLOADED: root/images/inpaint_[0-9a-f]{8}\\.png");
    expect_matches(lines_of(result.out).at(3),
                   "MASK_USED: root/images/masks/inpaint_mask_[0-9a-f]{8}\\.png");
}

TEST_F(LocalProvider, IsNeverPutInThePlaceOfAnother) {
    const Arguments base{"--image", "S1.png", "--prompt", "p"};
    const std::pair<std::string, Arguments> commands[] = {
        {"mask_inpaint", {"--region", "rect:4:4:9:9"}},
        {"object_select_edit", {}},
        {"outpaint_image", {"--expand", "4"}},
    };
    ProcessOptions options;
    options.environment["HOME"] = file("home").string();
    for (const auto& [command, added] : commands) {
        SCOPED_TRACE(command);
        Arguments arguments = base;
        arguments.insert(arguments.end(), added.begin(), added.end());
        const ProcessResult unnamed = run(command, arguments, options);
        EXPECT_EQ(unnamed.exit_code, 1);
        EXPECT_EQ(unnamed.out, "");
        EXPECT_TRUE(unnamed.err.starts_with("config not found: ")) << unnamed.err;
        EXPECT_NE(unnamed.err.find("--provider local"), std::string::npos) << unnamed.err;
        arguments.insert(arguments.end(), {"--provider", "zeta"});
        const ProcessResult named = run(command, arguments, options);
        EXPECT_EQ(named.exit_code, 1);
        EXPECT_EQ(named.out, "");
        EXPECT_TRUE(named.err.starts_with("config not found: ")) << named.err;
    }
    // What had been prepared by then is kept, and nothing else was written.
    for (const std::string& name : new_files()) {
        expect_matches(name, "tmp/images/(masks|outpaint_inputs)/.*");
    }
    // Two runs each: a mask; a base mask (one name) and its copy; a canvas.
    EXPECT_EQ(new_files().size(), 2U + 1U + 2U + 2U);
}

TEST_F(LocalProvider, ObjectEditReportsTextAndObject) {
    const ProcessResult result = run("object_select_edit", {"--image", "S1.png", "--prompt", "",
                                                            "--provider", "local", "--print-json"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(keys_of(json),
              (std::vector<std::string>{"image", "selection_mode", "edit_target", "mask", "edited",
                                        "result", "confidence", "doubts"}));
    EXPECT_EQ(json.at("mask"), "tmp/images/masks/object-edit_base_object_mask.png");
    ASSERT_TRUE(json.at("edited").is_string());
    const Json edited = Json::parse(json.at("edited").get<std::string>());
    EXPECT_EQ(edited, json.at("result"));
    EXPECT_EQ(keys_of(edited), kSummaryKeys);
    expect_matches(edited.at("mask"), "tmp/images/masks/object-edit_mask_[0-9a-f]{8}\\.png");
    EXPECT_EQ(edited.at("response").at("fill"), "inpaint");
    EXPECT_EQ(read(edited.at("mask")), read(json.at("mask")));
    expect_edited_only_under_mask(fixture_s1(), edited);
}

TEST_F(LocalProvider, BackgroundTurnsWhiteByDefault) {
    const ProcessResult result =
        run("object_select_edit", {"--image", "S1.png", "--prompt", "", "--provider", "local",
                                   "--edit-target", "background", "--feather", "0"});
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 4U) << result.out;
    EXPECT_EQ(lines[1],
              R"({"provider": "local", "fill": "white", "prompt_used": false, "size": [64, 48]})");
    const Image after = read(lines[2].substr(std::string("DOWNLOADED: ").size()));
    EXPECT_EQ(after, make_image({64, 48}, Channels::rgb, [](int x, int y) {
                  const bool object = x >= 20 && x <= 40 && y >= 10 && y <= 30;
                  return object ? Color{20, 120, 240} : Color{255, 255, 255};
              }));
}

TEST_F(LocalProvider, OutpaintResultIsTheCanvasAsItIsPainted) {
    const ProcessResult result =
        run("outpaint_image", {"--image", "S1.png", "--left", "10", "--expand", "2", "--mode",
                               "mirror", "--provider", "local"});
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 6U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 200");
    EXPECT_EQ(lines[1], R"({"provider": "local", "fill": "canvas", "canvas": "mirror", )"
                        R"("prompt_used": false, "size": [78, 52]})");
    expect_matches(lines[2], "DOWNLOADED: tmp/images/outpaint_[0-9a-f]{8}\\.png");
    expect_matches(lines[3],
                   "PREPARED_INPUT: tmp/images/outpaint_inputs/outpaint_input_[0-9a-f]{8}\\.png");
    EXPECT_EQ(lines[4], "EXPAND: left=12 right=2 top=2 bottom=2");
    EXPECT_EQ(lines[5], "MODE: mirror");
    EXPECT_EQ(read(lines[2].substr(12)), read(lines[3].substr(16)));
}

TEST_F(LocalProvider, OutpaintFillsTheNewAreaAndKeepsThePicture) {
    for (const char* fill : {"inpaint", "transparent", "blur", "white", "#10203040"}) {
        SCOPED_TRACE(fill);
        const ProcessResult result =
            run("outpaint_image", {"--image", "S2.png", "--expand", "6", "--provider", "local",
                                   "--fill", fill, "--print-json", "--mask-out", "new.png"});
        expect_success(result);
        const Json json = Json::parse(result.out);
        EXPECT_EQ(keys_of(json), kSummaryKeys);
        EXPECT_EQ(json.at("mask"), "new.png");
        EXPECT_EQ(json.at("response").at("fill"), fill);
        const Image after = read(json.at("downloaded"));
        const Image before = make_image({73, 55}, Channels::rgb, [](int x, int y) {
            const Image source = fixture_s2();
            const bool inside = x >= 6 && x < 67 && y >= 6 && y < 49;
            const std::uint8_t* pixel = source.row(inside ? y - 6 : 0) + (inside ? x - 6 : 0) * 3;
            return Color{pixel[0], pixel[1], pixel[2]};
        });
        const Mask new_area = to_mask(read("new.png"));
        EXPECT_EQ(imaging::compare_kept(before, after, new_area).changed_pixels, 0);
        EXPECT_EQ(imaging::compare_kept(before, after, new_area).compared_pixels, 61 * 43);
    }
}

TEST_F(LocalProvider, OutpaintByInpaintingIsOpaque) {
    const ProcessResult result =
        run("outpaint_image", {"--image", "S1.png", "--expand", "6", "--provider", "local",
                               "--fill", "inpaint", "--print-json"});
    expect_success(result);
    const Image after = read(Json::parse(result.out).at("downloaded"));
    EXPECT_FALSE(imaging::has_transparency(after));
}

TEST_F(LocalProvider, PreviewShowsSourceMaskAndResult) {
    expect_success(inpaint({"--preview", "three.png"}));
    expect_success(inpaint({"--preview", "two.png", "--mask-only"}));
    EXPECT_GT(read("three.png").width(), read("two.png").width());
    EXPECT_EQ(Json::parse(inpaint({"--preview", "./three.png", "--print-json"}).out).at("preview"),
              "three.png");
}

TEST_F(LocalProvider, PreviewOfACanvasShowsTheCanvas) {
    const auto width_of_preview = [this](const char* mode) {
        const std::string name = std::string(mode) + ".png";
        expect_success(run("outpaint_image", {"--image", "S1.png", "--expand", "9", "--mode", mode,
                                              "--prepare-only", "--preview", name}));
        return read(name).width();
    };
    // Where nothing is painted, the source has its place on the canvas already.
    EXPECT_GT(width_of_preview("mirror"), width_of_preview("transparent"));
}

TEST_F(LocalProvider, ADryRunSaysWhatItWouldDoAndSavesNoResult) {
    const ProcessResult result = inpaint({"--dry-run", "--preview", "preview.png"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("dry_run"), true);
    EXPECT_EQ(json.at("provider"), "local");
    EXPECT_EQ(json.at("response").at("fill"), "inpaint");
    EXPECT_EQ(json.at("cost_usd"), 0);
    EXPECT_EQ(new_files(), std::vector<std::string>{json.at("mask")});
}

TEST_F(LocalProvider, PreviewOfEveryCommand) {
    expect_success(run("prepare_object_mask", {"--image", "S1.png", "--preview", "a.png"}));
    expect_success(run("object_select_edit", {"--image", "S1.png", "--prompt", "", "--prepare-only",
                                              "--print-json", "--preview", "b.png"}));
    expect_success(run("outpaint_image", {"--image", "S1.png", "--expand", "9", "--mode", "blur",
                                          "--prepare-only", "--preview", "c.png"}));
    for (const char* name : {"a.png", "b.png", "c.png"}) {
        EXPECT_GT(read(name).width(), 64) << name;
    }
}

}  // namespace
}  // namespace editprep::testing
