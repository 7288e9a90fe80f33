#include <nlohmann/json.hpp>

#include "command_fixture.hpp"

/// prepare_object_mask on several pictures at once.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCommand = "prepare_object_mask";

class ManyMasksTest : public CommandTest {
protected:
    /// Copies of the fixture under these names.
    void make_pictures(const std::vector<std::string>& names) const {
        for (const std::string& name : names) {
            std::filesystem::create_directories(file(name).parent_path());
            std::filesystem::copy_file(file("S1.png"), file(name));
        }
    }
};

TEST_F(ManyMasksTest, WritesEachMaskAndPrintsThePathsInOrder) {
    make_pictures({"shop/a.png", "shop/bücher.png", "c d.png"});
    const ProcessResult result =
        run(kCommand, {"shop/bücher.png", "c d.png", "shop/a.png", "--image", "S1.png"});
    expect_success(result);
    EXPECT_EQ(result.out,
              "S1_object_mask.png\nshop/bücher_object_mask.png\nc d_object_mask.png\n"
              "shop/a_object_mask.png\n");
    expect_success(run(kCommand, {"--image", "S1.png", "--out", "alone.png"}));
    for (const char* mask : {"S1_object_mask.png", "shop/bücher_object_mask.png",
                             "c d_object_mask.png", "shop/a_object_mask.png"}) {
        EXPECT_EQ(read_png_reference(file(mask)), read_png_reference(file("alone.png"))) << mask;
    }
}

TEST_F(ManyMasksTest, PutsThemIntoOneFolder) {
    make_pictures({"shop/a.png", "b.png"});
    const ProcessResult result = run(kCommand, {"shop/a.png", "b.png", "--out-dir", "new/masks"});
    expect_success(result);
    EXPECT_EQ(result.out, "new/masks/a_object_mask.png\nnew/masks/b_object_mask.png\n");
    expect_success(run(kCommand, {"--image", "b.png", "--out-dir", "one"}));
    EXPECT_TRUE(exists(file("one/b_object_mask.png")));
}

TEST_F(ManyMasksTest, GoesOnAfterAFailureAndSaysWhoseItIs) {
    make_pictures({"a.png", "z.png"});
    write_text(file("bad.png"), "no picture");
    const ProcessResult result = run(kCommand, {"a.png", "bad.png", "none.png", "z.png"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "a_object_mask.png\nz_object_mask.png\n");
    EXPECT_NE(result.err.find("bad.png"), std::string::npos);
    EXPECT_NE(result.err.find("image not found: none.png\n"), std::string::npos);
    EXPECT_FALSE(exists(file("bad_object_mask.png")));
}

TEST_F(ManyMasksTest, NamesThePictureOfAWarning) {
    make_pictures({"a.png"});
    const ProcessResult result =
        run(kCommand, {"a.png", "S3.png", "--mode", "alpha", "--min-confidence", "0.5"});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.out, "S3_object_mask.png\n");
    EXPECT_TRUE(result.err.starts_with("ERROR: a.png: the selection's confidence is 0.0"))
        << result.err;
}

TEST_F(ManyMasksTest, PrintsAnArray) {
    make_pictures({"a.png"});
    const ProcessResult result = run(kCommand, {"a.png", "none.png", "S1.png", "--print-json"});
    EXPECT_EQ(result.exit_code, 1);
    const Json json = Json::parse(result.out);
    ASSERT_EQ(json.size(), 3U);
    EXPECT_EQ(json[0]["mask"], "a_object_mask.png");
    EXPECT_EQ(
        json[1],
        (Json{{"mask", nullptr}, {"image", "none.png"}, {"error", "image not found: none.png"}}));
    EXPECT_EQ(json[2]["coverage"], json[0]["coverage"]);
}

TEST_F(ManyMasksTest, RefusesMasksThatWouldBeOneFile) {
    make_pictures({"shop/S1.png"});
    expect_error_line(
        run(kCommand, {"S1.png", "shop/S1.png", "--out-dir", "m"}),
        "ERROR: the masks of S1.png and shop/S1.png would both be m/S1_object_mask.png.*");
    EXPECT_FALSE(exists(file("m")));
}

TEST_F(ManyMasksTest, RefusesAMaskInThePlaceOfAPicture) {
    make_pictures({"a.png", "a_object_mask.png"});
    const std::string before = content_of(file("a_object_mask.png"));
    for (const Arguments& pictures :
         {Arguments{"a.png", "a_object_mask.png"}, Arguments{"./a_object_mask.png", "a.png"}}) {
        expect_error_line(run(kCommand, pictures),
                          "would replace the picture (./)?a_object_mask.png");
    }
    EXPECT_EQ(content_of(file("a_object_mask.png")), before);
}

/// `*.png` in a folder where the first run left its masks.
TEST_F(ManyMasksTest, MakesNoMasksOfTheMasksOfAnEarlierRun) {
    make_pictures({"a.png", "b.png"});
    expect_success(run(kCommand, {"a.png", "b.png"}));
    const ProcessResult again =
        run(kCommand, {"a.png", "a_object_mask.png", "b.png", "b_object_mask.png"});
    expect_error_line(again,
                      "^ERROR: the mask of a.png would replace the picture a_object_mask.png; .* "
                      "--out-dir");
    EXPECT_FALSE(exists(file("a_object_mask_object_mask.png")));
}

TEST_F(ManyMasksTest, SeesOneFolderUnderTwoNames) {
    make_pictures({"shop/a.png"});
    std::filesystem::copy_file(file("S1.png"), file("shop/a.jpg"));
    std::filesystem::create_directory_symlink("shop", file("link"));
    expect_error_line(run(kCommand, {"shop/a.png", "link/a.jpg"}), "would both be link/a_object");
}

TEST_F(ManyMasksTest, RefusesOptionsThatNameOneFile) {
    make_pictures({"a.png"});
    for (const char* option : {"--out", "--preview"}) {
        const ProcessResult result = run(kCommand, {"a.png", "S1.png", option, "x.png"});
        EXPECT_EQ(result.exit_code, 2);
        EXPECT_NE(result.err.find(std::string("argument ") + option), std::string::npos)
            << result.err;
    }
    EXPECT_EQ(run(kCommand, {"a.png", "--out", "x.png", "--out-dir", "d"}).exit_code, 2);
}

TEST_F(ManyMasksTest, GivesTheSameMasksOnAnyNumberOfThreads) {
    std::vector<std::string> names;
    for (int i = 0; i < 12; ++i) {
        names.push_back("p" + std::to_string(i) + ".png");
    }
    make_pictures(names);
    for (const char* threads : {"1", "2", "8"}) {
        Arguments arguments = names;
        arguments.insert(arguments.end(), {"--threads", threads, "--out-dir", threads});
        const ProcessResult result = run(kCommand, arguments);
        expect_success(result);
        EXPECT_EQ(std::ranges::count(result.out, '\n'), 12);
        EXPECT_EQ(content_of(file(std::string(threads) + "/p7_object_mask.png")),
                  content_of(file("1/p0_object_mask.png")));
    }
}

}  // namespace
}  // namespace editprep::testing
