#include "picture_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "temp_folder.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Overwrite;
using imaging::Size;
using ::testing::ElementsAre;

void write_picture(const std::filesystem::path& path, Size size) {
    imaging::write_image(path, imaging::solid_image(size, imaging::Channels::rgb, {}),
                         Overwrite::own_files);
}

TEST(JudgedPictures, AreThoseWithATruth) {
    const testing::TempFolder folder;
    const imaging::Mask truth({4, 3}, 200);
    write_picture(folder / "near_colour_07.png", {4, 3});
    imaging::write_mask(folder / "near_colour_07_truth.png", truth, Overwrite::own_files);
    write_picture(folder / "holes_01.png", {4, 3});

    EXPECT_THAT(judged_pictures(folder.path()), ElementsAre(folder / "near_colour_07.png"));
    const Composite composite = load_judged(folder / "near_colour_07.png");
    EXPECT_EQ(composite.name, "near_colour_07");
    EXPECT_EQ(composite.class_name, "near_colour");
    EXPECT_EQ(composite.format, imaging::ImageFormat::png);
    EXPECT_EQ(composite.truth, truth);
    EXPECT_EQ(imaging::read_image(composite.file, composite.name).image.size(), (Size{4, 3}));
}

TEST(JudgedPictures, MustBeAsLargeAsTheirTruth) {
    const testing::TempFolder folder;
    write_picture(folder / "thin_01.png", {4, 3});
    imaging::write_mask(folder / "thin_01_truth.png", imaging::Mask({3, 4}, 0),
                        Overwrite::own_files);
    EXPECT_THROW(static_cast<void>(load_judged(folder / "thin_01.png")), imaging::Error);
}

}  // namespace
}  // namespace editprep::benchmarks
