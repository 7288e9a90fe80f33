#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/error.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"
#include "temp_folder.hpp"
#include "vips_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::encode_with_vips;
using testing::error_of;
using testing::noise_image;
using testing::TempFolder;

constexpr CanvasFill kFills[] = {CanvasFill::transparent, CanvasFill::solid, CanvasFill::blur,
                                 CanvasFill::mirror};

CanvasOptions options_of(CanvasFill fill, const Margins& margins) {
    CanvasOptions options;
    options.margins = margins;
    options.fill = fill;
    options.color = {10, 200, 30, 77};
    options.blur_sigma_px = 4;
    return options;
}

class WriteCanvas : public ::testing::Test {
protected:
    /// The canvas around a picture in the folder, and what was said of it.
    void expect_equal(const std::string& name) {
        const LoadedImage picture = read_image(folder_ / name);
        for (const CanvasFill fill : kFills) {
            for (const Margins& margins : {Margins{7, 30, 12, 1}, Margins{-5, 9, -4, -6}}) {
                SCOPED_TRACE(name + ", fill " + std::to_string(static_cast<int>(fill)));
                const Canvas expected = expand_canvas(picture.image, options_of(fill, margins));
                std::vector<std::string> notes{"none"};
                const WrittenCanvas written = write_canvas(
                    folder_ / name, folder_ / "c.png", options_of(fill, margins),
                    Overwrite::own_files, [&notes](const auto& told) { notes = told; });
                const LoadedImage canvas = read_image(folder_ / "c.png");
                EXPECT_EQ(canvas.info.format, ImageFormat::png);
                EXPECT_EQ(canvas.image, expected.image);
                EXPECT_EQ(written.size, expected.image.size());
                EXPECT_EQ(written.picture, expected.picture);
                EXPECT_EQ(new_area(written.size, written.picture), expected.new_area);
                EXPECT_EQ(notes, picture.notes);
            }
        }
    }

    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
            names.push_back(entry.path().filename().string());
        }
        std::ranges::sort(names);
        return names;
    }

    TempFolder folder_;
};

TEST_F(WriteCanvas, EqualsTheCanvasInMemory) {
    for (const Channels channels : testing::kAllChannels) {
        write_image(folder_ / "p.png", noise_image({90, 131}, channels), Overwrite::always);
        expect_equal("p.png");
        write_image(folder_ / "p.webp", noise_image({64, 33}, channels), Overwrite::always);
        expect_equal("p.webp");
    }
    write_image(folder_ / "p.jpg", noise_image({65, 63}, Channels::rgb), Overwrite::always);
    expect_equal("p.jpg");
}

TEST_F(WriteCanvas, TakesPicturesThatNeedMoreThanTheirRows) {
    const Image picture = noise_image({40, 31}, Channels::rgb);
    for (const char* suffix : {".jpg", ".tif"}) {
        write_file(folder_ / "p", encode_with_vips(picture, {.suffix = suffix, .orientation = 6}),
                   Overwrite::always);
        expect_equal("p");
    }
}

TEST_F(WriteCanvas, DamagedPictureLeavesNothingBehind) {
    for (const char* name : {"p.png", "p.jpg"}) {
        auto content = encode_image(noise_image({300, 400}, Channels::rgb), format_for(name));
        content.resize(content.size() / 2);
        write_file(folder_ / name, content, Overwrite::always);
        for (const CanvasFill fill : kFills) {
            // Also where the damaged rows are cut off.
            for (const Margins& margins : {Margins{5, 5, 5, 5}, Margins{0, 5, 0, -380}}) {
                EXPECT_EQ(error_of([&] {
                              return write_canvas(folder_ / name, folder_ / "c.png",
                                                  options_of(fill, margins), Overwrite::own_files);
                          }),
                          Errc::damaged_image);
            }
        }
    }
    EXPECT_EQ(files(), (std::vector<std::string>{"p.jpg", "p.png"}));
}

TEST_F(WriteCanvas, ImpossibleMarginsLeaveNothingBehind) {
    write_image(folder_ / "p.png", noise_image({6, 6}, Channels::rgb), Overwrite::always);
    EXPECT_EQ(error_of([&] {
                  return write_canvas(folder_ / "p.png", folder_ / "new" / "c.png",
                                      options_of(CanvasFill::mirror, {-6, 0, 0, 0}),
                                      Overwrite::own_files);
              }),
              Errc::invalid_margins);
    EXPECT_EQ(files(), std::vector<std::string>{"p.png"});
}

TEST_F(WriteCanvas, ForeignFileIsKept) {
    write_image(folder_ / "p.png", noise_image({6, 6}, Channels::rgb), Overwrite::always);
    const std::string text = "not ours";
    write_file(folder_ / "c.png", std::as_bytes(std::span(text)), Overwrite::always);
    const auto write = [&](Overwrite overwrite) {
        return write_canvas(folder_ / "p.png", folder_ / "c.png",
                            options_of(CanvasFill::solid, {1, 1, 1, 1}), overwrite);
    };
    EXPECT_EQ(error_of([&] { return write(Overwrite::own_files); }), Errc::file_exists);
    EXPECT_EQ(std::filesystem::file_size(folder_ / "c.png"), text.size());
    write(Overwrite::always);
    EXPECT_EQ(read_image(folder_ / "c.png").image.size(), (Size{8, 8}));
}

TEST_F(WriteCanvas, MissingPictureIsNotFound) {
    EXPECT_EQ(error_of([&] {
                  return write_canvas(folder_ / "none.png", folder_ / "c.png",
                                      options_of(CanvasFill::blur, {1, 1, 1, 1}),
                                      Overwrite::own_files);
              }),
              Errc::file_not_found);
}

}  // namespace
}  // namespace editprep::imaging
