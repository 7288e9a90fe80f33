#include <nlohmann/json.hpp>
#include <optional>

#include "command_fixture.hpp"

/// Cases C18 to C39: masks from regions and from other masks, and the base masks of
/// object_select_edit. Sums and checksums are those of the older commands.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMaskName = "md/inpaint_mask_[0-9a-f]{8}\\.png";

struct RegionCase {
    const char* name;
    Arguments arguments;
    std::int64_t sum;
    std::optional<std::uint32_t> crc;

    friend void PrintTo(const RegionCase& given, std::ostream* out) { *out << given.name; }
};

const RegionCase kCases[] = {
    {"C18",
     {"--x", "4", "--y", "4", "--width", "20", "--height", "20", "--feather", "0"},
     441 * 255,
     0xfb7b42c3},
    {"C19", {"--x", "4", "--y", "4", "--width", "20", "--height", "20"}, 102732, 0x281426c0},
    {"C20",
     {"--x", "4", "--y", "4", "--x2", "24", "--y2", "24", "--feather", "0"},
     441 * 255,
     0xfb7b42c3},
    {"C21",
     {"--x", "4", "--y", "4", "--width", "20", "--height", "20", "--feather", "0", "--ellipse"},
     349 * 255,
     0x8546f592},
    {"C21WithCorners",
     {"--x", "4", "--y", "4", "--x2", "24", "--y2", "24", "--feather", "0", "--ellipse"},
     349 * 255,
     0x8546f592},
    {"C22", {"--region", "box-pct:10:10:50:50", "--feather", "0"}, 540 * 255, 0x52e15586},
    {"C23", {"--region", "rect:0.5:1.5:10:10", "--feather", "0"}, 121 * 255, 0xec594731},
    {"C24", {"--region", "rect:2.5:2.5:3:3", "--feather", "0"}, 25 * 255, 0x7ebfb151},
    {"C25", {"--region", "rect:-5:-5:20:20", "--feather", "0"}, 256 * 255, 0xe630fb29},
    {"C26", {"--region", "rect:0:0:64:48", "--feather", "0"}, 64 * 48 * 255, std::nullopt},
    {"C27",
     {"--region", "ellipse-pct:50:50:30:30", "--region", "rect:4:4:20:20", "--expand", "2",
      "--feather", "4"},
     253113,
     0x60ff18f4},
    {"C28",
     {"--region", "ellipse:10:10:30:21", "--shrink", "2", "--feather", "3", "--invert"},
     696156,
     0xe5a8bbd9},
    {"C29", {"--mask", "M1.png", "--feather", "0"}, 292230, 0x641373b0},
    {"C30",
     {"--mask", "M1.png", "--feather", "0", "--invert", "--expand", "1"},
     524272,
     0xe62c5411},
    {"C31", {"--mask", "M1.png"}, 290970, 0xdfc55638},
    {"C37", {"--mask", "M1.png", "--region", "nonsense"}, 290970, 0xdfc55638},
    {"WidthAndHeightWinOverCorners",
     {"--x", "4", "--y", "4", "--width", "20", "--height", "20", "--x2", "9", "--y2", "9",
      "--feather", "0"},
     441 * 255,
     0xfb7b42c3},
};

class RegionTest : public CommandTest {
protected:
    [[nodiscard]] ProcessResult mask_only(const Arguments& added) const {
        Arguments arguments{"--image",     "S1.png",     "--prompt", "x",
                            "--mask-only", "--mask-dir", "md"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return run("mask_inpaint", arguments);
    }
};

class ContractRegions : public RegionTest, public ::testing::WithParamInterface<RegionCase> {};

TEST_P(ContractRegions, WritesTheSamePixels) {
    const RegionCase& expected = GetParam();
    expect_only_picture(mask_only(expected.arguments), kMaskName,
                        {Channels::grey, {64, 48}, expected.sum, expected.crc});
}

INSTANTIATE_TEST_SUITE_P(Cases, ContractRegions, ::testing::ValuesIn(kCases), CaseName{});

const RefusedCase kRefused[] = {
    {"C32",
     {"--region", "rect:70:0:5:5"},
     "invalid region after clamping: rect:[70.0, 0.0, 5.0, 5.0]"},
    {"C33", {"--region", "tri:0:0:1:1"}, "unsupported region kind: tri"},
    {"C34", {"--region", "rect:0:0:1"}, "invalid region spec: 0:0:1"},
    {"C36", {}, "provide either --mask, a legacy single region, or one or more --region specs"},
    {"NoColon", {"--region", "rect"}, "invalid --region format: rect"},
    {"NotNumeric", {"--region", "rect:a:0:1:1"}, "invalid numeric region spec: a:0:1:1"},
    {"NotANumber", {"--region", "rect:nan:0:1:1"}, "invalid numeric region spec: nan:0:1:1"},
    {"Infinite", {"--region", "rect:0:0:inf:1"}, "invalid numeric region spec: 0:0:inf:1"},
    {"SingleOutside",
     {"--x", "70", "--y", "0", "--width", "5", "--height", "5"},
     "invalid region after clamping: rect:[70, 0, 5, 5]"},
    {"SingleBoxReversed",
     {"--x", "20", "--y", "0", "--x2", "5", "--y2", "5"},
     "invalid region after clamping: box:[20, 0, 5, 5]"},
    {"SingleEllipseWiderThanAnInteger",
     {"--ellipse", "--x=-2147483648", "--y", "0", "--x2", "2147483647", "--y2", "0"},
     "invalid region after clamping: ellipse:[-2147483648, 0, 4294967295, 0]"},
    {"NoMaskFile", {"--mask", "none.png"}, "mask not found: none.png"},
    {"SingleWithoutY",
     {"--x", "4", "--width", "5", "--height", "5"},
     "ERROR: incomplete single region: missing --y"},
    {"SingleWithoutSize",
     {"--x", "4", "--y", "4"},
     "ERROR: incomplete single region: missing --width, --height"},
    {"SingleWithoutX2",
     {"--x", "4", "--y", "4", "--y2", "9"},
     "ERROR: incomplete single region: missing --x2"},
};

class RefusedRegions : public RegionTest, public ::testing::WithParamInterface<RefusedCase> {};

TEST_P(RefusedRegions, SayWhyAndWriteNothing) {
    expect_failure(mask_only(GetParam().arguments), GetParam().line);
    EXPECT_TRUE(new_files().empty());
}

INSTANTIATE_TEST_SUITE_P(Cases, RefusedRegions, ::testing::ValuesIn(kRefused), CaseName{});

TEST_F(RegionTest, C35FractionalFeatherIsWrongUsage) {
    const ProcessResult result = mask_only({"--region", "rect:0:0:5:5", "--feather", "4.5"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err.find("mask_inpaint: error: argument --feather"), std::string::npos);
    EXPECT_TRUE(new_files().empty());
}

TEST_F(RegionTest, FeatherBeyondReasonIsAClearError) {
    expect_error_line(mask_only({"--region", "rect:0:0:5:5", "--feather", "1000000"}),
                      "^ERROR: --feather is too large; the largest is 10000$");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(RegionTest, MaskOfAnotherSizeIsResizedWithANote) {
    const ProcessResult result = mask_only({"--mask", "M1.png"});
    expect_success(result);
    EXPECT_EQ(result.err, "NOTE: M1.png: resized from 32x24 to 64x48, the size of the picture\n");
    EXPECT_EQ(mask_only({"--mask", "M1.png", "--quiet"}).err, "");
}

TEST_F(RegionTest, EllipseWithoutItsRegionIsPointedOut) {
    const ProcessResult result = mask_only({"--ellipse", "--region", "rect:0:0:5:5"});
    expect_success(result);
    EXPECT_TRUE(result.err.starts_with("WARN: --ellipse has no effect")) << result.err;
}

using ObjectSelectMasks = CommandTest;

TEST_F(ObjectSelectMasks, C38PreparesTheObjectsMask) {
    const ProcessResult result =
        run("object_select_edit", {"--image", "S1.png", "--prompt", "p", "--prepare-only",
                                   "--mask-dir", "md", "--selection-mode", "corner-bg"});
    expect_success(result);
    EXPECT_EQ(result.out, "md/object-edit_base_object_mask.png\n");
    const Image mask = read_png_reference(file("md/object-edit_base_object_mask.png"));
    EXPECT_EQ(sum_of(mask), 110874);
    EXPECT_EQ(crc32_of(mask), 0xd6cf0153);
}

TEST_F(ObjectSelectMasks, C39DescribesTheBackgroundsMask) {
    const ProcessResult result =
        run("object_select_edit",
            {"--image", "S1.png", "--prompt", "p", "--edit-target", "background", "--prepare-only",
             "--print-json", "--mask-dir", "md", "--selection-mode", "corner-bg"});
    expect_success(result);
    EXPECT_EQ(result.out, R"({
  "image": "S1.png",
  "selection_mode": "corner-bg",
  "edit_target": "background",
  "mask": "md/object-edit_base_object_mask.png",
  "edited": null
}
)");
    const Image mask = read_png_reference(file("md/object-edit_base_object_mask.png"));
    EXPECT_EQ(sum_of(mask), 64 * 48 * 255 - 110874);

    expect_success(
        run("prepare_object_mask", {"--image", "S1.png", "--feather", "8", "--out", "object.png"}));
    const Image object = read_png_reference(file("object.png"));
    EXPECT_TRUE(std::ranges::equal(mask.bytes(), object.bytes(),
                                   [](int a, int b) { return a == 255 - b; }));
}

TEST_F(ObjectSelectMasks, AutomaticModeReportsWhatItUsed) {
    const Arguments rest{"--prompt", "p", "--prepare-only", "--print-json", "--mask-dir", "md"};
    for (const auto& [image, mode] :
         {std::pair{"S1.png", "backdrop"}, std::pair{"S3.png", "alpha"}}) {
        Arguments arguments{"--image", image};
        arguments.insert(arguments.end(), rest.begin(), rest.end());
        const ProcessResult result = run("object_select_edit", arguments);
        expect_success(result);
        EXPECT_EQ(Json::parse(result.out).at("selection_mode"), mode);
    }
}

TEST_F(ObjectSelectMasks, BaseMaskIsReplacedByEveryRun) {
    const std::filesystem::path base = file("md/object-edit_base_object_mask.png");
    std::filesystem::create_directory(file("md"));
    write_png_reference(base, fixture_m1());
    expect_success(run("object_select_edit", {"--image", "S1.png", "--prompt", "p",
                                              "--prepare-only", "--mask-dir", "md"}));
    EXPECT_EQ(read_png_reference(base).size(), (Size{64, 48}));
}

TEST_F(ObjectSelectMasks, BaseMaskNeverReplacesTheSource) {
    const std::string base = "md/object-edit_base_object_mask.png";
    std::filesystem::create_directory(file("md"));
    std::filesystem::copy_file(file("S1.png"), file(base));
    const std::string before = content_of(file(base));
    const auto prepare = [&](const std::string& image, const Arguments& added) {
        Arguments arguments{"--image",        image,        "--prompt", "p",
                            "--prepare-only", "--mask-dir", "md"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return run("object_select_edit", arguments);
    };
    const std::string refusal = "^ERROR: the base mask would replace the source ";
    expect_error_line(prepare(base, {}), refusal + base);
    expect_error_line(prepare(base, {"--overwrite"}), refusal + base);
    EXPECT_EQ(content_of(file(base)), before);

    std::filesystem::remove(file(base));
    std::filesystem::create_symlink("../S1.png", file(base));
    expect_error_line(prepare("S1.png", {"--overwrite"}), refusal + "S1\\.png");
    EXPECT_EQ(content_of(file("S1.png")), before);
}

TEST_F(ObjectSelectMasks, BaseMaskAndPreviewAreTwoFiles) {
    const std::string base = "md/object-edit_base_object_mask.png";
    for (const std::string& preview : {"./" + base, file(base).string()}) {
        for (const char* more : {"--quiet", "--overwrite"}) {
            expect_error_line(
                run("object_select_edit", {"--image", "S1.png", "--prompt", "p", "--prepare-only",
                                           "--mask-dir", "md", "--preview", preview, more}),
                "^ERROR: the base mask and --preview name the same file ");
        }
    }
    EXPECT_TRUE(new_files().empty());
}

}  // namespace
}  // namespace editprep::testing
