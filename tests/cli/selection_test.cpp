#include <nlohmann/json.hpp>
#include <random>

#include "command_fixture.hpp"

/// Hints, confidence and doubts of the two commands that select an object.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

class SelectionTest : public CommandTest {
protected:
    SelectionTest() { write_png_reference(file("two.png"), two_squares()); }

    [[nodiscard]] ProcessResult select(Arguments arguments) const {
        arguments.insert(arguments.end(), {"--out", "m.png", "--overwrite"});
        return run("prepare_object_mask", arguments);
    }

    [[nodiscard]] ProcessResult prepare_edit(Arguments arguments) const {
        arguments.insert(arguments.end(), {"--prompt", "", "--prepare-only", "--mask-dir", "md"});
        return run("object_select_edit", arguments);
    }

    /// What corner-bg makes of the two squares with these hints.
    [[nodiscard]] Json described(const Arguments& hints) const {
        Arguments arguments{"--image", "two.png", "--feather", "0", "--print-json"};
        arguments.insert(arguments.end(), hints.begin(), hints.end());
        const ProcessResult result = select(arguments);
        expect_success(result);
        return Json::parse(result.out);
    }

    [[nodiscard]] Json bounds(const Arguments& hints) const {
        return described(hints).at("bounds");
    }
};

/// A square before a backdrop whose grain leaves about half of the certainty.
Image grainy_square() {
    constexpr int kGrain = 32;
    Image image({200, 150}, Channels::rgb);
    std::minstd_rand random(1);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const bool object = x >= 60 && x < 140 && y >= 40 && y < 110;
            const int grain = static_cast<int>(random() % (2 * kGrain + 1)) - kGrain;
            for (int c = 0; c < 3; ++c) {
                const int shade = object ? 40 + 20 * c : 150;
                image.row(y)[3 * x + c] = static_cast<std::uint8_t>(shade + grain);
            }
        }
    }
    return image;
}

Json box_of(int x, int y, int width, int height) {
    return {{"x", x}, {"y", y}, {"width", width}, {"height", height}};
}

TEST_F(SelectionTest, DescribesTheMask) {
    const ProcessResult result = select({"--image", "S1.png", "--feather", "0", "--print-json"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(result.out, R"({
  "mask": "m.png",
  "image": "S1.png",
  "selection_mode": "corner-bg",
  "confidence": null,
  "doubts": [],
  "bounds": {
    "x": 20,
    "y": 10,
    "width": 21,
    "height": 21
  },
  "coverage": 0.1436,
  "backdrop": "#FAFAFA"
}
)");
    const Json cut_out = Json::parse(
        select({"--image", "S3.png", "--mode", "auto", "--print-json", "--preview", "p.png"}).out);
    EXPECT_EQ(cut_out.at("selection_mode"), "alpha");
    EXPECT_EQ(cut_out.at("confidence"), 1.0);
    EXPECT_TRUE(cut_out.at("backdrop").is_null());
    EXPECT_EQ(cut_out.at("preview"), "p.png");
}

TEST_F(SelectionTest, PointsChooseParts) {
    EXPECT_EQ(bounds({}), box_of(4, 8, 48, 24));
    EXPECT_EQ(bounds({"--point", "45:25"}), box_of(40, 20, 12, 12));
    EXPECT_EQ(bounds({"--point", "80%:60%"}), box_of(40, 20, 12, 12));
    EXPECT_EQ(bounds({"--point", "80%:60%", "--point", "5:9"}), box_of(4, 8, 48, 24));
    EXPECT_EQ(bounds({"--background-point", "45:25"}), box_of(4, 8, 20, 22));
}

TEST_F(SelectionTest, BoxPartsHolesAndHardEdges) {
    EXPECT_EQ(bounds({"--box", "30:0:15:40"}), box_of(40, 20, 6, 12));
    EXPECT_EQ(bounds({"--box", "50%:0%:50%:100%"}), box_of(40, 20, 12, 12));
    EXPECT_EQ(bounds({"--keep-largest"}), box_of(4, 8, 20, 22));
    const double frame = described({"--keep-largest"}).at("coverage");
    const double filled = described({"--keep-largest", "--fill-holes"}).at("coverage");
    EXPECT_NEAR(filled - frame, 64.0 / 2400, 1e-3);
    expect_success(select({"--image", "two.png", "--hard"}));
    const Image mask = read_png_reference(file("m.png"));
    EXPECT_TRUE(std::ranges::all_of(mask.bytes(), [](int v) { return v == 0 || v == 255; }));
}

TEST_F(SelectionTest, HintsOutsideOfThePictureAreRefused) {
    expect_error_line(select({"--image", "two.png", "--point", "60:5"}),
                      "^ERROR: the object point 60:5 lies outside of the picture, which is 60x40$");
    expect_error_line(
        select({"--image", "two.png", "--background-point", "5:-1"}),
        "^ERROR: the background point 5:-1 lies outside of the picture, which is 60x40$");
    expect_failure(select({"--image", "two.png", "--box", "70:0:5:5"}),
                   "invalid region after clamping: rect:[70.0, 0.0, 5.0, 5.0]");
    EXPECT_EQ(new_files(), std::vector<std::string>{"two.png"});
}

TEST_F(SelectionTest, DoubtsAreWarningsUnlessALimitIsSet) {
    const Arguments nothing{"--image", "S3.png", "--threshold", "256"};
    Arguments mask_arguments = nothing;
    mask_arguments.insert(mask_arguments.end(), {"--mode", "alpha"});
    const ProcessResult warned = select(mask_arguments);
    expect_success(warned);
    EXPECT_EQ(
        warned.err,
        "WARN: S3.png: the selection may be wrong (confidence 0.0): nothing stands out from the "
        "backdrop\n");
    std::filesystem::remove(file("m.png"));

    Arguments edit_arguments = nothing;
    edit_arguments.insert(edit_arguments.end(), {"--selection-mode", "alpha"});
    for (Arguments* arguments : {&mask_arguments, &edit_arguments}) {
        arguments->insert(arguments->end(), {"--min-confidence", "0.5"});
    }
    for (const ProcessResult& refused : {select(mask_arguments), prepare_edit(edit_arguments)}) {
        EXPECT_EQ(refused.exit_code, 3);
        EXPECT_EQ(refused.out, "");
        EXPECT_EQ(
            refused.err,
            "ERROR: S3.png: the selection's confidence is 0.0, less than --min-confidence 0.5: "
            "nothing stands out from the backdrop; prepare_object_mask without --min-confidence "
            "writes the mask, to be looked at\n");
    }
    EXPECT_EQ(new_files(), std::vector<std::string>{"two.png"});
}

TEST_F(SelectionTest, PointsThatHitNothingAreToldInEveryMode) {
    const std::string doubt = "what an object point lies on was not selected";
    for (const char* mode : {"corner-bg", "backdrop"}) {
        const ProcessResult result =
            select({"--image", "two.png", "--mode", mode, "--point", "1:1", "--print-json"});
        expect_success(result);
        EXPECT_NE(result.err.find(doubt), std::string::npos) << mode << result.err;
        EXPECT_EQ(Json::parse(result.out).at("doubts").at(0).at("reason"), "point_not_selected");
    }
    const ProcessResult edit = prepare_edit(
        {"--image", "two.png", "--selection-mode", "corner-bg", "--point", "1:1", "--print-json"});
    EXPECT_EQ(edit.err, "WARN: two.png: the selection may be wrong: " + doubt + '\n');
    EXPECT_TRUE(Json::parse(edit.out).at("confidence").is_null());
    EXPECT_EQ(Json::parse(edit.out).at("doubts").at(0).at("text"), doubt);
}

TEST_F(SelectionTest, SmallDoubtsAreToldWhereNoneIsBadByItself) {
    write_png_reference(file("grainy.png"), grainy_square());
    const ProcessResult result =
        select({"--image", "grainy.png", "--mode", "backdrop", "--print-json"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_LT(json.at("confidence"), 0.6);
    EXPECT_EQ(json.at("doubts").at(0).at("reason"), "small_doubts") << result.out;
    EXPECT_NE(result.err.find("nothing is bad by itself"), std::string::npos) << result.err;
}

TEST_F(SelectionTest, AConfidenceThatIsEnoughGoesOn) {
    const ProcessResult result =
        select({"--image", "S3.png", "--mode", "auto", "--min-confidence", "1"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
}

TEST_F(SelectionTest, CornerColourHasNoConfidenceToAskFor) {
    const ProcessResult result = prepare_edit(
        {"--image", "S1.png", "--selection-mode", "corner-bg", "--min-confidence", "0"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(result.err.starts_with("usage: object_select_edit ")) << result.err;
    EXPECT_NE(result.err.find("\nobject_select_edit: error: argument --min-confidence: not allowed "
                              "with --selection-mode corner-bg"),
              std::string::npos)
        << result.err;
}

TEST_F(SelectionTest, TheJudgementStandsBehindWhatCallersKnow) {
    const ProcessResult result = prepare_edit({"--image", "S3.png", "--print-json"});
    expect_success(result);
    EXPECT_EQ(result.out, R"({
  "image": "S3.png",
  "selection_mode": "alpha",
  "edit_target": "object",
  "mask": "md/object-edit_base_object_mask.png",
  "edited": null,
  "confidence": 1.0,
  "doubts": []
}
)");
}

TEST_F(SelectionTest, BackdropFindsTheObjectAndItsHole) {
    const ProcessResult result =
        select({"--image", "two.png", "--mode", "backdrop", "--print-json", "--keep-largest"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("selection_mode"), "backdrop");
    EXPECT_EQ(json.at("bounds"), box_of(4, 8, 20, 22)) << result.out << result.err;
    EXPECT_TRUE(json.at("confidence").is_number());
    EXPECT_EQ(read_png_reference(file("m.png")).row(18)[14], 0);
}

TEST_F(SelectionTest, ThreadsDoNotChangeTheMask) {
    std::vector<std::string> masks;
    for (const char* threads : {"1", "2", "8", "0"}) {
        expect_success(
            select({"--image", "S2.png", "--mode", "backdrop", "--threads", threads, "--quiet"}));
        masks.push_back(content_of(file("m.png")));
        EXPECT_EQ(masks.back(), masks.front()) << threads;
    }
}

}  // namespace
}  // namespace editprep::testing
