#include <optional>

#include "command_fixture.hpp"

/// Cases C1 to C17: masks from images. Sums and checksums are those of the older command.
namespace editprep::testing {
namespace {

constexpr const char* kCommand = "prepare_object_mask";

struct MaskCase {
    const char* name;
    Arguments arguments;
    Size size;
    std::int64_t sum;
    std::optional<std::uint32_t> crc;

    friend void PrintTo(const MaskCase& given, std::ostream* out) { *out << given.name; }
};

const MaskCase kCases[] = {
    {"C1", {"--image", "S1.png"}, {64, 48}, 112415, 0x46ce3b63},
    {"C2", {"--image", "S1.png", "--feather", "0"}, {64, 48}, 441 * 255, 0x5810c75f},
    {"C3", {"--image", "S1.png", "--feather", "8"}, {64, 48}, 110874, 0xd6cf0153},
    {"C4", {"--image", "S1.png", "--feather", "3.7"}, {64, 48}, 112455, 0xd486e10d},
    {"C5",
     {"--image", "S1.png", "--feather", "0", "--expand", "3"},
     {64, 48},
     729 * 255,
     0x047c1321},
    {"C6",
     {"--image", "S1.png", "--feather", "0", "--expand", "3", "--shrink", "1"},
     {64, 48},
     625 * 255,
     0x7965c911},
    {"C7",
     {"--image", "S1.png", "--feather", "4", "--expand", "2", "--invert"},
     {64, 48},
     624062,
     0x06006b4b},
    {"C8",
     {"--image", "S2.png", "--feather", "0", "--threshold", "150"},
     {61, 43},
     159120,
     0x96173b1a},
    {"C9",
     {"--image", "S2.png", "--feather", "0", "--threshold", "150", "--sample-size", "100"},
     {61, 43},
     137700,
     0x8e4eb173},
    {"C10",
     {"--image", "S2.png", "--feather", "0", "--threshold", "0"},
     {61, 43},
     668865,
     std::nullopt},
    {"C11",
     {"--image", "S2.png", "--feather", "0", "--threshold", "442"},
     {61, 43},
     0,
     std::nullopt},
    {"C12",
     {"--image", "S3.png", "--mode", "alpha", "--feather", "0", "--threshold", "40"},
     {40, 30},
     214200,
     0x7f790748},
    {"C13",
     {"--image", "S3.png", "--mode", "alpha", "--threshold", "128"},
     {40, 30},
     145350,
     0xeca3ec58},
    {"C14", {"--image", "S3.png", "--feather", "0"}, {40, 30}, 300135, 0xfa3fb8d5},
};

class ContractMasks : public CommandTest, public ::testing::WithParamInterface<MaskCase> {};

TEST_P(ContractMasks, WritesTheSamePixels) {
    const MaskCase& expected = GetParam();
    Arguments arguments = expected.arguments;
    arguments.insert(arguments.end(), {"--out", "mask.png"});
    const ProcessResult result = run(kCommand, arguments);
    expect_success(result);
    EXPECT_EQ(result.out, "mask.png\n");
    EXPECT_EQ(result.err, "");

    const Image mask = read_png_reference(file("mask.png"));
    EXPECT_EQ(mask.channels(), Channels::grey);
    EXPECT_EQ(mask.size(), expected.size);
    EXPECT_EQ(sum_of(mask), expected.sum);
    if (expected.crc) {
        EXPECT_EQ(crc32_of(mask), *expected.crc);
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, ContractMasks, ::testing::ValuesIn(kCases), CaseName{});

using ContractMaskFiles = CommandTest;

TEST_F(ContractMaskFiles, FixturesAreThoseOfTheContract) {
    EXPECT_EQ(crc32_of(read_png_reference(file("S1.png"))), 0xc5c5ecd6);
    EXPECT_EQ(crc32_of(read_png_reference(file("S2.png"))), 0x6487454d);
    EXPECT_EQ(crc32_of(read_png_reference(file("S3.png"))), 0xf3fef1e2);
    EXPECT_EQ(crc32_of(read_png_reference(file("M1.png"))), 0xfbe09417);
}

TEST_F(ContractMaskFiles, C1LiesBesideThePicture) {
    const ProcessResult result = run(kCommand, {"--image", "S1.png"});
    expect_success(result);
    EXPECT_EQ(result.out, "S1_object_mask.png\n");
    EXPECT_EQ(new_files(), (std::vector<std::string>{"S1_object_mask.png"}));
}

TEST_F(ContractMaskFiles, NameOfItsOwnIsReplacedByEveryRunButNeverTheSource) {
    write_png_reference(file("S1_object_mask.png"), fixture_m1());
    expect_success(run(kCommand, {"--image", "S1.png"}));
    EXPECT_EQ(read_png_reference(file("S1_object_mask.png")).size(), (Size{64, 48}));

    std::filesystem::create_symlink("S2.png", file("S2_object_mask.png"));
    const std::string before = content_of(file("S2.png"));
    expect_error_line(run(kCommand, {"--image", "S2.png", "--overwrite"}),
                      "^ERROR: the mask would replace the source S2\\.png");
    EXPECT_EQ(content_of(file("S2.png")), before);
}

TEST_F(ContractMaskFiles, EmptyOutMeansTheDefault) {
    const ProcessResult result = run(kCommand, {"--image", "S1.png", "--out", "", "--preview="});
    expect_success(result);
    EXPECT_EQ(result.out, "S1_object_mask.png\n");
    EXPECT_EQ(new_files(), (std::vector<std::string>{"S1_object_mask.png"}));
}

TEST_F(ContractMaskFiles, OutThatNamesAFolderIsRefused) {
    for (const char* out : {"newdir/", "newdir/.", "."}) {
        expect_error_line(run(kCommand, {"--image", "S1.png", "--out", out}),
                          "^ERROR: .*it is a directory");
    }
    EXPECT_TRUE(new_files().empty());
    EXPECT_FALSE(std::filesystem::exists(file("newdir")));
}

TEST_F(ContractMaskFiles, C2MakesMissingFolders) {
    const ProcessResult result =
        run(kCommand, {"--image", "S1.png", "--feather", "0", "--out", "a/b.png"});
    expect_success(result);
    EXPECT_EQ(result.out, "a/b.png\n");
    EXPECT_EQ(new_files(), (std::vector<std::string>{"a/b.png"}));
}

TEST_F(ContractMaskFiles, C15AlphaOfAPictureWithoutAlphaSelectsAllAndWarns) {
    const ProcessResult result =
        run(kCommand, {"--image", "S1.png", "--mode", "alpha", "--feather", "0"});
    expect_success(result);
    EXPECT_TRUE(
        result.err.starts_with("WARN: alpha mode was requested but the source image has no "
                               "alpha channel"))
        << result.err;
    EXPECT_EQ(sum_of(read_png_reference(file("S1_object_mask.png"))), 64 * 48 * 255);
}

TEST_F(ContractMaskFiles, C16MissingPicture) {
    expect_failure(run(kCommand, {"--image", "missing.png"}), "image not found: missing.png");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractMaskFiles, C17UnknownModeIsWrongUsage) {
    const ProcessResult result = run(kCommand, {"--image", "S1.png", "--mode", "edge"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(result.err.starts_with("usage: prepare_object_mask ")) << result.err;
    EXPECT_NE(result.err.find("\nprepare_object_mask: error: "), std::string::npos) << result.err;
}

TEST_F(ContractMaskFiles, AutoPrefersAMeaningfulAlpha) {
    const Arguments rest{"--feather", "0", "--mode", "auto", "--hard", "--out", "m.png"};
    Arguments cut_out{"--image", "S3.png"};
    cut_out.insert(cut_out.end(), rest.begin(), rest.end());
    expect_success(run(kCommand, cut_out));
    expect_success(run(kCommand, {"--image", "S3.png", "--feather", "0", "--mode", "alpha",
                                  "--threshold", "128", "--out", "half.png"}));
    EXPECT_EQ(content_of(file("m.png")), content_of(file("half.png")));

    Arguments opaque{"--image", "S1.png"};
    opaque.insert(opaque.end(), rest.begin(), rest.end());
    expect_success(run(kCommand, opaque));
    EXPECT_EQ(crc32_of(read_png_reference(file("m.png"))), 0x5810c75fU);
}

TEST_F(ContractMaskFiles, JpegMaskComesWithAWarning) {
    const ProcessResult result = run(kCommand, {"--image", "S1.png", "--out", "m.jpg"});
    expect_success(result);
    EXPECT_EQ(result.out, "m.jpg\n");
    EXPECT_TRUE(result.err.starts_with("WARN: m.jpg: ")) << result.err;
    EXPECT_EQ(content_of(file("m.jpg")).substr(0, 2), "\xff\xd8");
}

TEST_F(ContractMaskFiles, UnknownExtensionIsRefused) {
    expect_error_line(run(kCommand, {"--image", "S1.png", "--out", "m.xyz"}), "^ERROR: .*m\\.xyz");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractMaskFiles, NoExtensionMeansPng) {
    expect_success(run(kCommand, {"--image", "S1.png", "--feather", "0", "--out", "mask"}));
    EXPECT_EQ(crc32_of(read_png_reference(file("mask"))), 0x5810c75fU);
}

}  // namespace
}  // namespace editprep::testing
