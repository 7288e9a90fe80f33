#include <nlohmann/json.hpp>
#include <optional>

#include "command_fixture.hpp"

/// Cases C40 to C51: canvases. Sums and checksums are those of the older command; sums not recorded
/// there are left out.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCanvasName = "wd/outpaint_input_[0-9a-f]{8}\\.png";

struct CanvasCase {
    const char* name;
    Arguments arguments;
    Size size;
    std::optional<std::int64_t> sum;
    std::uint32_t crc;

    friend void PrintTo(const CanvasCase& given, std::ostream* out) { *out << given.name; }
};

const CanvasCase kCases[] = {
    {"C40", {"--image", "S2.png", "--left", "10", "--top", "3"}, Size{71, 46}, 1676848, 0x57bb73ef},
    {"C41",
     {"--image", "S2.png", "--expand", "5", "--mode", "solid", "--bg", "#10203040"},
     Size{71, 53},
     {},
     0x90330baa},
    {"C42",
     {"--image", "S2.png", "--expand", "5", "--mode", "solid", "--bg", "#102030"},
     Size{71, 53},
     {},
     0x47272ee1},
    {"C43",
     {"--image", "S2.png", "--left", "20", "--right", "7", "--mode", "blur"},
     Size{88, 43},
     2393282,
     0x818af06f},
    {"C44",
     {"--image", "S2.png", "--left", "20", "--right", "7", "--mode", "blur", "--blur-radius", "0"},
     Size{88, 43},
     {},
     0xda53e665},
    {"C45",
     {"--image", "S3.png", "--expand", "6", "--mode", "blur", "--blur-radius", "3"},
     Size{52, 42},
     959896,
     0x5a3780e4},
    {"C46",
     {"--image", "S3.png", "--left", "4", "--mode", "solid", "--bg", "#80ff00ff"},
     Size{44, 30},
     {},
     0x6967f887},
    {"C47", {"--image", "S2.png", "--left", "-11", "--right", "4"}, Size{54, 43}, {}, 0x091a2339},
    {"C48", {"--image", "S3.png", "--expand", "2"}, Size{44, 34}, 494400, 0xa37e1476},
};

class CanvasTest : public CommandTest {
protected:
    [[nodiscard]] ProcessResult prepare(const Arguments& added) const {
        Arguments arguments{"--prompt", "x", "--work-dir", "wd", "--prepare-only"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return run("outpaint_image", arguments);
    }
};

class ContractCanvas : public CanvasTest, public ::testing::WithParamInterface<CanvasCase> {};

TEST_P(ContractCanvas, WritesTheSamePixels) {
    const CanvasCase& expected = GetParam();
    expect_only_picture(prepare(expected.arguments), kCanvasName,
                        {Channels::rgba, expected.size, expected.sum, expected.crc});
}

INSTANTIATE_TEST_SUITE_P(Cases, ContractCanvas, ::testing::ValuesIn(kCases), CaseName{});

const RefusedCase kRefused[] = {
    {"C49",
     {"--image", "S1.png"},
     "specify at least one of --expand/--left/--right/--top/--bottom"},
    {"SumsOfZero",
     {"--image", "S1.png", "--expand", "5", "--left", "-5", "--right", "-5", "--top", "-5",
      "--bottom", "-5"},
     "specify at least one of --expand/--left/--right/--top/--bottom"},
    {"C50", {"--image", "S1.png", "--left", "-64"}, "expanded size must be positive"},
    {"C51",
     {"--image", "S1.png", "--expand", "5", "--mode", "solid", "--bg", "red"},
     "invalid --bg color: red"},
    {"EightLettersThatAreNoDigits",
     {"--image", "S1.png", "--expand", "5", "--mode", "solid", "--bg", "#zzzzzzzz"},
     "invalid --bg color: #zzzzzzzz"},
    {"MissingPicture", {"--image", "none.png", "--expand", "5"}, "image not found: none.png"},
};

class RefusedCanvas : public CanvasTest, public ::testing::WithParamInterface<RefusedCase> {};

TEST_P(RefusedCanvas, SaysWhyAndWritesNothing) {
    expect_failure(prepare(GetParam().arguments), GetParam().line);
    EXPECT_TRUE(new_files().empty());
}

INSTANTIATE_TEST_SUITE_P(Cases, RefusedCanvas, ::testing::ValuesIn(kRefused), CaseName{});

TEST_F(CanvasTest, BackgroundColourIsReadOnlyForASolidCanvas) {
    expect_success(prepare({"--image", "S1.png", "--expand", "5", "--bg", "red"}));
}

TEST_F(CanvasTest, AbsurdCanvasIsRefusedBeforeItIsMade) {
    for (const char* pixels : {"2000000000", "30000"}) {
        expect_error_line(prepare({"--image", "S1.png", "--expand", pixels}),
                          "^ERROR: the expanded canvas (is|would be) [0-9]+x[0-9]+.* the limit is "
                          "[0-9]+.*; expand by fewer pixels");
    }
    expect_failure(prepare({"--image", "S1.png", "--expand", "-2147483648"}),
                   "expanded size must be positive");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(CanvasTest, MarginsAreTakenAtTheirWord) {
    // Far beyond the picture, and back: 64 + 2147483600 - 2147483553 columns, all of them new.
    expect_only_picture(
        prepare({"--image", "S1.png", "--left", "2147483600", "--right=-2147483553"}), kCanvasName,
        {Channels::rgba, {111, 48}, 0});
}

TEST_F(CanvasTest, SumsBeyondAnyPictureAreRefused) {
    expect_failure(prepare({"--image", "S1.png", "--expand", "2000000000", "--top", "2000000000"}),
                   "ERROR: --top and --expand add up to 4000000000 pixels, which no picture has");
    expect_failure(prepare({"--image", "S1.png", "--expand=-2000000000", "--left=-2000000000"}),
                   "ERROR: --left and --expand add up to -4000000000 pixels, which no picture has");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(CanvasTest, MirrorRepeatsTheEdgePixelAndStartsOver) {
    const ProcessResult result =
        prepare({"--image", "S2.png", "--left", "130", "--mode", "mirror"});
    expect_success(result);
    const Image source = fixture_s2();
    const Image canvas = read_png_reference(file(lines_of(result.out).at(0)));
    ASSERT_EQ(canvas.size(), (Size{191, 43}));
    for (int x = 0; x < 191; ++x) {
        // Two pictures long: once forwards, once backwards.
        const int place = ((x - 130) % 122 + 122) % 122;
        const int column = place < 61 ? place : 121 - place;
        for (int y = 0; y < 43; ++y) {
            ASSERT_TRUE(std::equal(source.row(y) + 3 * column, source.row(y) + 3 * column + 3,
                                   canvas.row(y) + 4 * x))
                << x << ' ' << y;
            ASSERT_EQ(canvas.row(y)[4 * x + 3], 255);
        }
    }
}

TEST_F(CanvasTest, PrepareOnlyDescribesTheCanvas) {
    const ProcessResult result = prepare({"--image", "./S2.png", "--left", "10", "--expand", "2",
                                          "--mask-out", "new.png", "--print-json"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("image"), "S2.png");
    expect_matches(json.at("prepared_input"), kCanvasName);
    EXPECT_EQ(json.at("mask"), "new.png");
    EXPECT_EQ(json.at("expand").dump(), R"({"left":12,"right":2,"top":2,"bottom":2})");
    EXPECT_EQ(json.at("mode"), "transparent");
    EXPECT_EQ(json.at("size").dump(), "[75,47]");
    EXPECT_EQ(json.size(), 6U);
}

TEST_F(CanvasTest, JpegMaskComesWithAWarning) {
    const ProcessResult result =
        prepare({"--image", "S2.png", "--left", "10", "--mask-out", "./new.JPG"});
    expect_success(result);
    EXPECT_TRUE(result.err.starts_with("WARN: new.JPG: JPEG ")) << result.err;
    EXPECT_EQ(content_of(file("new.JPG")).substr(0, 2), "\xff\xd8");
}

TEST_F(CanvasTest, MaskOutMarksTheNewArea) {
    expect_success(
        prepare({"--image", "S2.png", "--left", "10", "--top", "3", "--mask-out", "new.png"}));
    const Image mask = read_png_reference(file("new.png"));
    ASSERT_EQ(mask.size(), (Size{71, 46}));
    for (int y = 0; y < 46; ++y) {
        for (int x = 0; x < 71; ++x) {
            ASSERT_EQ(mask.row(y)[x], x < 10 || y < 3 ? 255 : 0) << x << ' ' << y;
        }
    }
}

}  // namespace
}  // namespace editprep::testing
