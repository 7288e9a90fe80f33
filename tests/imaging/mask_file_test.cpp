#include "editprep/imaging/mask_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"
#include "temp_folder.hpp"
#include "vips_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::error_of;
using testing::make_image;
using testing::noise_image;
using testing::TempFolder;

/// What write_object_mask promises to equal.
Mask mask_of(const LoadedImage& picture, const ObjectMaskOptions& options) {
    Mask mask =
        shape_edges(select_object(picture.image, options.selection).mask, options.plan.edges);
    return options.plan.invert ? invert(mask) : mask;
}

Mask read_mask(const std::filesystem::path& path) { return decode_mask(read_image(path).image); }

/// A disc on a backdrop with a little noise, lighter or darker towards the bottom.
Image disc(Size size, Channels channels, int drift) {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> noise(-2, 2);
    return make_image(size, channels, [&](int x, int y) {
        const int dx = 2 * x - size.width;
        const int dy = 2 * y - size.height;
        const bool inside = dx * dx + dy * dy < size.width * size.height / 3;
        const int value = (inside ? 90 : 200 + drift * y / size.height) + noise(random);
        const auto byte = static_cast<std::uint8_t>(value);
        return Color{byte, static_cast<std::uint8_t>(value - 20), byte,
                     static_cast<std::uint8_t>(inside ? 255 - 2 * (x % 100) : 0)};
    });
}

class WriteObjectMask : public ::testing::Test {
protected:
    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return folder_.path() / name;
    }

    void write_bytes(const std::string& name, const std::vector<std::byte>& bytes) const {
        std::ofstream(file(name), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }

    /// The mask in the file, after a look at what was said of it.
    void expect_equal(const std::string& name, const ObjectMaskOptions& options) {
        const LoadedImage picture = read_image(file(name));
        const Selection selection = select_object(picture.image, options.selection);
        const Mask expected = mask_of(picture, options);
        const ObjectMaskFacts facts =
            write_object_mask(file(name), file("m.png"), options, Overwrite::own_files);
        EXPECT_EQ(read_mask(file("m.png")), expected);
        EXPECT_EQ(facts.mask.size, expected.size());
        EXPECT_EQ(facts.mask.bounds, selected_bounds(expected));
        EXPECT_DOUBLE_EQ(facts.mask.coverage, coverage_fraction(expected));
        EXPECT_EQ(facts.selection.mode_used, selection.mode_used);
        EXPECT_EQ(facts.selection.backdrop, selection.backdrop);
        EXPECT_EQ(facts.selection.confidence, selection.confidence);
        EXPECT_EQ(facts.selection.doubts, selection.doubts);
        EXPECT_EQ(facts.notes, picture.notes);
        EXPECT_EQ(facts.picture.size, picture.info.size);
    }

    TempFolder folder_;
};

ObjectMaskOptions by(SelectionMode mode, int threshold, int sample_size = 8) {
    ObjectMaskOptions options;
    options.selection.mode = mode;
    options.selection.threshold = threshold;
    options.selection.sample_size = sample_size;
    return options;
}

TEST_F(WriteObjectMask, EqualsTheMaskOfTheWholePicture) {
    for (const Channels channels : testing::kAllChannels) {
        for (const Size size : {Size{1, 1}, Size{3, 200}, Size{64, 5}, Size{257, 131}}) {
            write_image(file("p.png"), disc(size, channels, 0), Overwrite::always);
            for (const int threshold : {-1, 0, 1, 40, 441, 442, 2'000'000'000}) {
                SCOPED_TRACE(to_string(size) + " at " + std::to_string(threshold));
                expect_equal("p.png", by(SelectionMode::corner_bg, threshold));
            }
        }
    }
}

TEST_F(WriteObjectMask, SettlesPixelsThatTheUpperCornersDoNotSettle) {
    for (const int drift : {-30, -9, -6, -3, 2, 7, 30}) {
        for (const Channels channels : testing::kAllChannels) {
            write_image(file("p.png"), disc({301, 211}, channels, drift), Overwrite::always);
            for (const int threshold : {4, 20, 60, 190}) {
                SCOPED_TRACE(std::to_string(drift) + " at " + std::to_string(threshold));
                expect_equal("p.png", by(SelectionMode::corner_bg, threshold, 5));
            }
        }
    }
}

TEST_F(WriteObjectMask, JudgesTheLumaAndChromaOfAJpeg) {
    for (const char* suffix : {".jpg", ".jpg[Q=95,subsample_mode=off]", ".jpg[Q=40,interlace]"}) {
        for (const Size size : {Size{1, 1}, Size{65, 33}, Size{640, 417}}) {
            write_bytes("p.jpg", testing::encode_with_vips(disc(size, Channels::rgb, 3),
                                                           {.suffix = suffix}));
            for (const int threshold : {0, 1, 8, 40, 150, 441, 442}) {
                SCOPED_TRACE(suffix + to_string(size) + " at " + std::to_string(threshold));
                expect_equal("p.jpg", by(SelectionMode::corner_bg, threshold));
            }
        }
    }
    write_image(file("p.jpg"), disc({300, 200}, Channels::grey, 3), Overwrite::always);
    expect_equal("p.jpg", by(SelectionMode::corner_bg, 40));
}

TEST_F(WriteObjectMask, StartsAgainWhereTooMuchOfAJpegIsLeftOpen) {
    write_image(file("p.jpg"), noise_image({640, 480}, Channels::rgb, 3), Overwrite::always);
    for (const int threshold : {10, 60, 150}) {
        expect_equal("p.jpg", by(SelectionMode::corner_bg, threshold, 100));
    }
    write_image(file("p.jpg"), disc({301, 211}, Channels::rgb, 30), Overwrite::always);
    expect_equal("p.jpg", by(SelectionMode::corner_bg, 20, 5));
}

TEST_F(WriteObjectMask, StartsAgainWhereTooMuchIsLeftOpen) {
    write_image(file("p.png"), noise_image({640, 480}, Channels::rgb, 3), Overwrite::always);
    for (const int threshold : {5, 100, 200, 300}) {
        expect_equal("p.png", by(SelectionMode::corner_bg, threshold, 100));
    }
}

TEST_F(WriteObjectMask, TakesAnySampleSize) {
    write_image(file("p.png"), disc({90, 70}, Channels::rgb, 5), Overwrite::always);
    for (const int sample_size : {-3, 0, 1, 35, 36, 69, 70, 71, 1'000'000}) {
        expect_equal("p.png", by(SelectionMode::corner_bg, 40, sample_size));
    }
}

TEST_F(WriteObjectMask, TakesSquaresThatAreTooLargeToKeep) {
    write_image(file("p.png"), disc({1200, 900}, Channels::rgb, 5), Overwrite::always);
    expect_equal("p.png", by(SelectionMode::corner_bg, 40, 600));
}

TEST_F(WriteObjectMask, ReadsAlpha) {
    write_image(file("p.png"), disc({301, 211}, Channels::rgba, 0), Overwrite::always);
    for (const int threshold : {-5, 0, 1, 40, 128, 255, 256}) {
        SCOPED_TRACE(threshold);
        expect_equal("p.png", by(SelectionMode::alpha, threshold));
    }
    write_image(file("rgb.png"), disc({31, 21}, Channels::rgb, 0), Overwrite::always);
    expect_equal("rgb.png", by(SelectionMode::alpha, 40));
}

TEST_F(WriteObjectMask, ShapesTheEdges) {
    write_image(file("p.png"), disc({301, 211}, Channels::rgb, 3), Overwrite::always);
    ObjectMaskOptions options = by(SelectionMode::corner_bg, 40);
    for (const MaskEdges edges : {MaskEdges{6, 0, 4}, MaskEdges{0, 3, 0}, MaskEdges{2, 5, 12.5},
                                  MaskEdges{-4, -4, -1}, MaskEdges{400, 0, 3}}) {
        for (const bool invert : {false, true}) {
            options.plan = {edges, invert};
            expect_equal("p.png", options);
        }
    }
}

TEST_F(WriteObjectMask, TakesEveryFormatAndMode) {
    const Image picture = disc({200, 150}, Channels::rgb, 2);
    for (const char* name : {"p.jpg", "p.webp", "p.png"}) {
        SCOPED_TRACE(name);
        write_image(file(name), picture, Overwrite::always);
        expect_equal(name, by(SelectionMode::corner_bg, 40));
        expect_equal(name, by(SelectionMode::backdrop, 40));
    }
    write_image(file("cut.png"), disc({200, 150}, Channels::rgba, 2), Overwrite::always);
    expect_equal("cut.png", by(SelectionMode::automatic, 40));
}

TEST_F(WriteObjectMask, FollowsHints) {
    write_image(file("p.png"), testing::two_squares(), Overwrite::always);
    ObjectMaskOptions options = by(SelectionMode::corner_bg, 40);
    options.selection.keep_largest = true;
    expect_equal("p.png", options);
    options.selection.hard = true;
    expect_equal("p.png", options);
}

TEST_F(WriteObjectMask, DoesNotDependOnThreads) {
    write_image(file("p.jpg"), disc({1600, 1200}, Channels::rgb, 3), Overwrite::always);
    ObjectMaskOptions options = by(SelectionMode::corner_bg, 40);
    options.plan.edges.feather_sigma_px = 4;
    for (const int threads : {0, 1, 2, 8}) {
        options.selection.threads = threads;
        expect_equal("p.jpg", options);
    }
}

TEST_F(WriteObjectMask, LeavesNothingWhenTheJudgeRefuses) {
    write_image(file("p.png"), disc({90, 70}, Channels::rgb, 0), Overwrite::always);
    struct Refusal {};
    for (const SelectionMode mode : {SelectionMode::corner_bg, SelectionMode::backdrop}) {
        const auto refuse = [&](const ObjectMaskFacts& facts) {
            EXPECT_EQ(facts.selection.mode_used, mode);
            throw Refusal{};
        };
        EXPECT_THROW(static_cast<void>(write_object_mask(file("p.png"), file("m.png"), by(mode, 40),
                                                         Overwrite::always, refuse)),
                     Refusal);
        EXPECT_FALSE(exists(file("m.png")));
    }
}

TEST_F(WriteObjectMask, RefusesWhatCannotBeReadOrWritten) {
    const auto write = [this](const char* picture, const char* mask) {
        return [=, this] {
            return write_object_mask(file(picture), file(mask), by(SelectionMode::corner_bg, 40),
                                     Overwrite::own_files);
        };
    };
    EXPECT_EQ(error_of(write("none.png", "m.png")), Errc::file_not_found);
    write_image(file("p.png"), disc({90, 70}, Channels::rgb, 0), Overwrite::always);
    write_image(file("photo.jpg"), disc({90, 70}, Channels::rgb, 0), Overwrite::always);
    EXPECT_EQ(error_of(write("p.png", "photo.jpg")), Errc::file_exists);
    EXPECT_EQ(error_of(write("p.png", "m.bmp")), Errc::unsupported_format);
    std::filesystem::resize_file(file("p.png"), std::filesystem::file_size(file("p.png")) / 2);
    EXPECT_EQ(error_of(write("p.png", "m.png")), Errc::damaged_image);
    EXPECT_FALSE(exists(file("m.png")));
}

TEST_F(WriteObjectMask, WritesOtherFormatsByName) {
    write_image(file("p.png"), disc({90, 70}, Channels::rgb, 0), Overwrite::always);
    const ObjectMaskOptions options = by(SelectionMode::corner_bg, 40);
    static_cast<void>(
        write_object_mask(file("p.png"), file("m.webp"), options, Overwrite::own_files));
    EXPECT_EQ(read_mask(file("m.webp")), mask_of(read_image(file("p.png")), options));
}

TEST(WriteRegionMask, EqualsTheMaskOfTheRegions) {
    const TempFolder folder;
    const std::filesystem::path path = folder.path() / "m.png";
    const std::vector<Region> regions{parse_region("rect:4:4:20:20"),
                                      parse_region("ellipse-pct:30:20:60:70")};
    for (const Size size : {Size{64, 48}, Size{201, 333}}) {
        for (const MaskPlan& plan :
             {MaskPlan{}, MaskPlan{{6, 0, 8}, false}, MaskPlan{{0, 2, 3}, true}}) {
            Mask expected = shape_edges(mask_from_regions(regions, size), plan.edges);
            if (plan.invert) {
                expected = invert(expected);
            }
            const MaskFacts facts =
                write_region_mask(regions, size, plan, path, Overwrite::own_files);
            EXPECT_EQ(read_mask(path), expected);
            EXPECT_EQ(facts.bounds, selected_bounds(expected));
            EXPECT_DOUBLE_EQ(facts.coverage, coverage_fraction(expected));
        }
    }
}

}  // namespace
}  // namespace editprep::imaging
