#include "object_selection_rows.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "drawn_scene.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "image_maker.hpp"
#include "rows/picture_rows.hpp"

namespace editprep::imaging {
namespace {

using testing::draw;
using testing::noise_image;
using testing::Scene;
using testing::two_squares;

/// The selection of the file's rows, decoded by the same thread or by another.
Selection select_rows_of(std::span<const std::byte> file, const SelectionOptions& options,
                         bool ahead) {
    EncodedSource source(file, "picture", std::int64_t{1} << 40);
    std::unique_ptr<RowReader> rows = std::move(open_upright_rows(source, {})->rows);
    if (ahead) {
        rows = read_ahead(std::move(rows));
    }
    return select_object(*rows, options);
}

void expect_as_of_the_picture(const Image& picture, ImageFormat format,
                              const SelectionOptions& options) {
    const std::vector<std::byte> file = encode_image(picture, format);
    const Selection expected = select_object(read_image(file, "picture", {}).image, options);
    for (const bool ahead : {false, true}) {
        const Selection selection = select_rows_of(file, options, ahead);
        EXPECT_EQ(selection.mask, expected.mask);
        EXPECT_EQ(selection.plate, expected.plate);
        EXPECT_EQ(selection.mode_used, expected.mode_used);
        EXPECT_EQ(selection.backdrop, expected.backdrop);
        EXPECT_EQ(selection.confidence, expected.confidence);
        EXPECT_EQ(selection.doubts, expected.doubts);
    }
}

Image large_scene() {
    Scene scene;
    scene.size = {1300, 901};
    scene.object =
        testing::both(testing::ring(600, 400, 200, 60), testing::rod(90, 40, 1100, 800, 3));
    scene.noise = 2;
    return draw(scene).picture;
}

TEST(RowSelection, IsThatOfThePicture) {
    for (const SelectionMode mode : {SelectionMode::automatic, SelectionMode::backdrop,
                                     SelectionMode::alpha, SelectionMode::corner_bg}) {
        for (const Channels channels : {Channels::grey, Channels::rgb, Channels::rgba}) {
            expect_as_of_the_picture(noise_image({97, 61}, channels, 5), ImageFormat::png,
                                     {.mode = mode});
        }
        expect_as_of_the_picture(two_squares(), ImageFormat::png, {.mode = mode});
    }
}

TEST(RowSelection, IsThatOfThePictureForEveryFormat) {
    const Image picture = large_scene();
    for (const ImageFormat format : {ImageFormat::jpeg, ImageFormat::png, ImageFormat::webp}) {
        for (const int threads : {1, 3}) {
            expect_as_of_the_picture(picture, format,
                                     {.mode = SelectionMode::backdrop, .threads = threads});
        }
    }
}

TEST(RowSelection, FollowsTheHints) {
    SelectionOptions options{.mode = SelectionMode::backdrop};
    options.object_points = {{45, 25}};
    options.box = Rect{30, -10, 50, 4000};
    options.hard = true;
    expect_as_of_the_picture(two_squares(), ImageFormat::png, options);
}

TEST(RowSelection, TinyAndNarrowPictures) {
    for (const Size size : {Size{1, 1}, {7, 7}, {8, 8}, {3, 200}, {5000, 9}}) {
        expect_as_of_the_picture(noise_image(size, Channels::rgb, 5), ImageFormat::png,
                                 {.mode = SelectionMode::backdrop});
    }
}

TEST(RowSelection, ADamagedFileIsRefused) {
    const std::vector<std::byte> file = encode_image(large_scene(), ImageFormat::jpeg);
    for (const bool ahead : {false, true}) {
        try {
            (void)select_rows_of(std::span(file).first(file.size() / 2),
                                 {.mode = SelectionMode::backdrop}, ahead);
            ADD_FAILURE() << "accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::damaged_image);
        }
    }
}

TEST(RowSelection, HintsOutsideOfThePictureAreRefused) {
    const std::vector<std::byte> file = encode_image(two_squares(), ImageFormat::png);
    SelectionOptions options{.mode = SelectionMode::backdrop};
    options.object_points = {{60, 3}};
    EXPECT_THROW((void)select_rows_of(file, options, false), Error);
}

}  // namespace
}  // namespace editprep::imaging
