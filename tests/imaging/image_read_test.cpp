#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "image_maker.hpp"
#include "orientation.hpp"
#include "temp_folder.hpp"
#include "vips_maker.hpp"

namespace editprep::imaging {
namespace {

using ::testing::ElementsAre;
using testing::encode_with_vips;
using ::testing::IsEmpty;
using testing::make_image;
using testing::TempFolder;
using testing::VipsRecipe;

using Bytes = std::vector<std::byte>;

std::filesystem::path save(const std::filesystem::path& path, const Bytes& file) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
    return path;
}

/// Four flat quarters: red, green, blue, and white (or half transparent with alpha).
Image quarters(Size size, Channels channels) {
    return make_image(size, channels, [size](int x, int y) {
        const bool right = x >= size.width / 2;
        const bool low = y >= size.height / 2;
        return low ? (right ? Color{255, 255, 255, 128} : Color{0, 0, 255})
                   : (right ? Color{0, 255, 0} : Color{255, 0, 0});
    });
}

int largest_difference(const Image& a, const Image& b) {
    if (a.size() != b.size() || a.channels() != b.channels()) {
        return 256;
    }
    int largest = 0;
    for (std::size_t i = 0; i < a.bytes().size(); ++i) {
        largest = std::max(largest, std::abs(a.bytes()[i] - b.bytes()[i]));
    }
    return largest;
}

void expect_color(const Image& image, Point at, Color color, int tolerance) {
    const std::uint8_t* pixel =
        image.row(at.y) +
        static_cast<std::size_t>(at.x) * static_cast<std::size_t>(image.channel_count());
    EXPECT_NEAR(pixel[0], color.red, tolerance) << "red";
    EXPECT_NEAR(pixel[1], color.green, tolerance) << "green";
    EXPECT_NEAR(pixel[2], color.blue, tolerance) << "blue";
}

enum class ChunkPlace { after_header, before_end };

/// Puts a chunk into a PNG file.
Bytes with_png_chunk(const Bytes& png, std::string_view type, const Bytes& data,
                     ChunkPlace place = ChunkPlace::after_header) {
    Bytes chunk;
    const auto put = [&chunk](std::uint32_t number) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            chunk.push_back(static_cast<std::byte>(number >> shift));
        }
    };
    put(static_cast<std::uint32_t>(data.size()));
    for (const char c : type) {
        chunk.push_back(static_cast<std::byte>(c));
    }
    chunk.insert(chunk.end(), data.begin(), data.end());
    put(libdeflate_crc32(0, chunk.data() + 4, chunk.size() - 4));
    Bytes result = png;
    const auto seam =
        place == ChunkPlace::after_header ? result.begin() + 8 + 25 : result.end() - 12;
    result.insert(seam, chunk.begin(), chunk.end());
    return result;
}

/// An EXIF block that states an orientation and nothing else.
Bytes exif_block(int orientation) {
    Bytes block;
    for (const int value : {0x4D, 0x4D, 0, 42, 0, 0, 0,           8, 0, 1, 0x01, 0x12, 0,
                            3,    0,    0, 0,  1, 0, orientation, 0, 0, 0, 0,    0,    0}) {
        block.push_back(static_cast<std::byte>(value));
    }
    return block;
}

void expect_same_info(const ImageInfo& a, const ImageInfo& b) {
    EXPECT_EQ(a.format, b.format);
    EXPECT_EQ(a.size, b.size);
    EXPECT_EQ(a.channels, b.channels);
    EXPECT_EQ(a.orientation, b.orientation);
    EXPECT_EQ(a.bits, b.bits);
    EXPECT_EQ(a.frames, b.frames);
    EXPECT_EQ(a.cmyk, b.cmyk);
    EXPECT_EQ(a.foreign_profile, b.foreign_profile);
}

/// Reads, and holds what a probe says against it.
LoadedImage read(const Bytes& file) {
    const ImageInfo probed = probe_image(file, "picture");
    LoadedImage loaded = read_image(file, "picture");
    expect_same_info(probed, loaded.info);
    EXPECT_EQ(loaded.image.size(), loaded.info.size);
    EXPECT_EQ(loaded.image.channels(), loaded.info.channels);
    return loaded;
}

struct FormatCase {
    std::string name;
    ImageFormat format;
    std::string suffix;
    int tolerance;
};

void PrintTo(const FormatCase& c, std::ostream* out) { *out << c.name; }

class EachFormat : public ::testing::TestWithParam<FormatCase> {
protected:
    void SetUp() override {
        if (!testing::vips_can_write(GetParam().suffix)) {
            GTEST_SKIP() << "libvips has no encoder for " << GetParam().suffix;
        }
    }
};

TEST_P(EachFormat, IsReadFromMemory) {
    const Image picture = quarters({96, 64}, Channels::rgb);
    const auto loaded = read(encode_with_vips(picture, {.suffix = GetParam().suffix}));
    EXPECT_EQ(loaded.info.format, GetParam().format);
    EXPECT_EQ(loaded.info.size, picture.size());
    EXPECT_EQ(loaded.info.orientation, 1);
    EXPECT_EQ(loaded.info.frames, 1);
    EXPECT_THAT(loaded.notes, IsEmpty());
    EXPECT_LE(largest_difference(to_rgb(loaded.image), picture), GetParam().tolerance);
}

TEST_P(EachFormat, IsReadFromAFileWhateverItsName) {
    const TempFolder folder;
    const Image picture = quarters({64, 96}, Channels::rgb);
    const auto file = encode_with_vips(picture, {.suffix = GetParam().suffix});
    for (const char* name : {"picture.txt", "picture.png", "picture.jpg", "no extension",
                             "\xC3\xA4\xE5\x9B\xBE\xF0\x9F\x99\x82.bin"}) {
        const auto path = save(folder / name, file);
        const auto loaded = read_image(path);
        expect_same_info(probe_image(path), loaded.info);
        EXPECT_EQ(loaded.info.format, GetParam().format);
        EXPECT_LE(largest_difference(to_rgb(loaded.image), picture), GetParam().tolerance);
    }
}

const FormatCase kFormats[] = {
    {"jpeg", ImageFormat::jpeg, ".jpg[Q=95,subsample_mode=off]", 20},
    {"png", ImageFormat::png, ".png", 0},
    {"webp", ImageFormat::webp, ".webp[lossless]", 0},
    {"tiff", ImageFormat::tiff, ".tif[compression=deflate]", 0},
    {"tiled_tiff", ImageFormat::tiff, ".tif[compression=lzw,tile,tile_width=32,tile_height=32]", 0},
    {"gif", ImageFormat::gif, ".gif", 8},
    {"heif", ImageFormat::heif, ".heic[Q=95]", 40},
    {"avif", ImageFormat::avif, ".avif[Q=95]", 40},
};

INSTANTIATE_TEST_SUITE_P(Formats, EachFormat, ::testing::ValuesIn(kFormats),
                         [](const auto& test) { return test.param.name; });

class EachOrientation : public ::testing::TestWithParam<int> {};

TEST_P(EachOrientation, IsAppliedToEveryFormatThatStatesIt) {
    const Image stored = testing::noise_image({45, 28}, Channels::rgb);
    const std::string note = "turned upright (EXIF orientation " + std::to_string(GetParam()) + ")";
    for (const char* suffix : {".jpg", ".webp", ".webp[lossless]", ".tif"}) {
        const auto plain = read(encode_with_vips(stored, {.suffix = suffix}));
        const auto turned =
            read(encode_with_vips(stored, {.suffix = suffix, .orientation = GetParam()}));
        EXPECT_EQ(turned.info.orientation, GetParam()) << suffix;
        EXPECT_EQ(turned.info.size, upright_size(stored.size(), GetParam())) << suffix;
        EXPECT_TRUE(turned.image == turn_upright(plain.image, GetParam())) << suffix;
        if (GetParam() == 1) {
            EXPECT_THAT(turned.notes, IsEmpty()) << suffix;
        } else {
            EXPECT_THAT(turned.notes, ElementsAre(note)) << suffix;
        }
    }
}

TEST_P(EachOrientation, IsAppliedToPngWhereverItStands) {
    const Image stored = testing::noise_image({45, 28}, Channels::rgba);
    const std::vector<std::uint16_t> deep(std::size_t{45} * 28, 0x4040);
    for (const ChunkPlace place : {ChunkPlace::after_header, ChunkPlace::before_end}) {
        const auto exif = exif_block(GetParam());
        const auto turned = read(with_png_chunk(encode_with_vips(stored, {}), "eXIf", exif, place));
        EXPECT_EQ(turned.info.orientation, GetParam());
        EXPECT_TRUE(turned.image == turn_upright(stored, GetParam()));
        const auto by_vips =
            read(with_png_chunk(encode_with_vips({45, 28}, 1, deep, {}), "eXIf", exif, place));
        EXPECT_EQ(by_vips.info.size, upright_size({45, 28}, GetParam()));
    }
}

INSTANTIATE_TEST_SUITE_P(Values, EachOrientation, ::testing::Range(1, 9));

TEST(ReadPng, KeepsGreyAndAlpha) {
    const Image grey = testing::noise_image({33, 21}, Channels::grey);
    EXPECT_TRUE(read(encode_with_vips(grey, {})).image == grey);
    const Image rgba = testing::noise_image({33, 21}, Channels::rgba);
    EXPECT_TRUE(read(encode_with_vips(rgba, {})).image == rgba);
    EXPECT_TRUE(read(encode_with_vips(rgba, {.suffix = ".png[interlace]"})).image == rgba);
}

TEST(ReadPng, ExpandsGreyWithAlpha) {
    const Image source = testing::noise_image({33, 21}, Channels::rgba);
    const auto loaded = read(encode_with_vips(source, {.grey_alpha = true}));
    ASSERT_EQ(loaded.image.channels(), Channels::rgba);
    for (std::size_t i = 0; i < source.bytes().size(); i += 4) {
        ASSERT_EQ(loaded.image.bytes()[i], source.bytes()[i]);
        ASSERT_EQ(loaded.image.bytes()[i + 2], source.bytes()[i]);
        ASSERT_EQ(loaded.image.bytes()[i + 3], source.bytes()[i + 3]);
    }
}

TEST(ReadPng, ExpandsOneBitAndPalettes) {
    const Image checks = make_image({19, 13}, Channels::grey, [](int x, int y) {
        return (x + y) % 2 == 0 ? Color{255} : Color{0};
    });
    const auto one_bit = read(encode_with_vips(checks, {.suffix = ".png[bitdepth=1]"}));
    EXPECT_EQ(one_bit.info.bits, 1);
    EXPECT_TRUE(one_bit.image == checks);
    EXPECT_THAT(one_bit.notes, IsEmpty());

    const Image opaque = quarters({32, 24}, Channels::rgb);
    EXPECT_LE(largest_difference(read(encode_with_vips(opaque, {.suffix = ".png[palette]"})).image,
                                 opaque),
              4);
    const Image transparent = quarters({32, 24}, Channels::rgba);
    EXPECT_LE(
        largest_difference(read(encode_with_vips(transparent, {.suffix = ".png[palette]"})).image,
                           transparent),
        4);
}

TEST(ReadPng, MakesTheTransparentGreyTransparent) {
    const Image ramp = make_image({256, 2}, Channels::grey,
                                  [](int x, int) { return Color{static_cast<std::uint8_t>(x)}; });
    const auto file =
        with_png_chunk(encode_with_vips(ramp, {}), "tRNS", {std::byte{0}, std::byte{77}});
    const auto loaded = read(file);
    ASSERT_EQ(loaded.image.channels(), Channels::rgba);
    for (std::size_t x = 0; x < 256; ++x) {
        ASSERT_EQ(loaded.image.row(1)[4 * x], x);
        ASSERT_EQ(loaded.image.row(1)[4 * x + 3], x == 77 ? 0 : 255);
    }
}

TEST(ReadPng, TellsThatAnAnimationHasMoreFrames) {
    Bytes control(8, std::byte{0});
    control[3] = std::byte{12};
    const Image picture = testing::noise_image({20, 20}, Channels::rgb);
    const auto loaded = read(with_png_chunk(encode_with_vips(picture, {}), "acTL", control));
    EXPECT_EQ(loaded.info.frames, 12);
    EXPECT_TRUE(loaded.image == picture);
    EXPECT_THAT(loaded.notes, ElementsAre("read the first of 12 frames"));
}

TEST(Read16Bits, RoundsToNearest) {
    std::vector<std::uint16_t> samples(std::size_t{256} * 256);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] = static_cast<std::uint16_t>(i);
    }
    for (const char* suffix : {".png", ".tif", ".png[interlace]"}) {
        const auto loaded = read(encode_with_vips({256, 256}, 1, samples, {.suffix = suffix}));
        EXPECT_EQ(loaded.info.bits, 16);
        EXPECT_THAT(loaded.notes, ElementsAre("scaled from 16 to 8 bits a channel"));
        ASSERT_EQ(loaded.image.channels(), Channels::grey);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const double exact = static_cast<double>(i) / 257.0;
            ASSERT_LE(std::abs(loaded.image.bytes()[i] - exact), 0.5) << suffix << " " << i;
        }
    }
}

TEST(Read16Bits, KeepsChannels) {
    for (const int bands : {1, 2, 3, 4}) {
        const std::vector<std::uint16_t> samples(static_cast<std::size_t>(30 * 20 * bands), 0x8080);
        const auto loaded = read(encode_with_vips({30, 20}, bands, samples, {}));
        EXPECT_EQ(loaded.image.channels(), bands == 1   ? Channels::grey
                                           : bands == 3 ? Channels::rgb
                                                        : Channels::rgba);
        EXPECT_TRUE(std::ranges::all_of(loaded.image.bytes(), [](int v) { return v == 0x80; }));
    }
}

TEST(ReadTiff, ScalesFloatingPointSamples) {
    const std::vector<float> half(std::size_t{20} * 10, 0.5F);
    const auto grey = read(encode_with_vips({20, 10}, 1, half, {.suffix = ".tif"}));
    EXPECT_EQ(grey.info.bits, 32);
    EXPECT_NEAR(grey.image.bytes()[0], 128, 1);
    // Three channels are linear light, in which one half is 188 in sRGB.
    const std::vector<float> color(std::size_t{20} * 10 * 3, 0.5F);
    const auto rgb = read(encode_with_vips({20, 10}, 3, color, {.suffix = ".tif"}));
    EXPECT_NEAR(rgb.image.bytes()[0], 188, 1);
    const std::vector<float> faint(std::size_t{20} * 10 * 4, 0.5F);
    const auto rgba = read(encode_with_vips({20, 10}, 4, faint, {.suffix = ".tif"}));
    EXPECT_NEAR(rgba.image.bytes()[0], 188, 1);
    EXPECT_NEAR(rgba.image.bytes()[3], 128, 1);
}

TEST(ReadTiff, TakesTheFirstOfSeveralPages) {
    const Image pages = make_image({32, 60}, Channels::rgb, [](int, int y) {
        return y < 20 ? Color{200, 10, 20} : Color{1, 2, 3};
    });
    const auto loaded = read(encode_with_vips(pages, {.suffix = ".tif", .frames = 3}));
    EXPECT_EQ(loaded.info.frames, 3);
    ASSERT_EQ(loaded.info.size, (Size{32, 20}));
    expect_color(loaded.image, {31, 19}, {200, 10, 20}, 0);
    EXPECT_THAT(loaded.notes, ElementsAre("read the first of 3 pages"));
}

TEST(ReadTiff, ExpandsOneBit) {
    const Image checks = make_image({19, 13}, Channels::grey, [](int x, int y) {
        return (x + y) % 2 == 0 ? Color{255} : Color{0};
    });
    EXPECT_TRUE(read(encode_with_vips(checks, {.suffix = ".tif[bitdepth=1]"})).image == checks);
}

TEST(ReadAnimation, TakesTheFirstFrame) {
    const Image frames = make_image({32, 60}, Channels::rgb, [](int, int y) {
        return y < 20 ? Color{255, 0, 0} : y < 40 ? Color{0, 255, 0} : Color{0, 0, 255};
    });
    for (const char* suffix : {".gif", ".webp[lossless]"}) {
        const auto loaded = read(encode_with_vips(frames, {.suffix = suffix, .frames = 3}));
        EXPECT_EQ(loaded.info.frames, 3) << suffix;
        ASSERT_EQ(loaded.info.size, (Size{32, 20})) << suffix;
        expect_color(loaded.image, {16, 10}, {255, 0, 0}, 8);
        EXPECT_THAT(loaded.notes, ElementsAre("read the first of 3 frames")) << suffix;
    }
}

TEST(ReadCmyk, ConvertsThroughAProfile) {
    // Ink on the left half of each row, paper on the right.
    const Image ink = make_image({64, 16}, Channels::rgba, [](int x, int) {
        return x < 32 ? Color{0, 255, 255, 0} : Color{0, 0, 0, 0};
    });
    for (const char* suffix : {".jpg[Q=95]", ".tif"}) {
        for (const char* profile : {"", "cmyk"}) {
            const auto loaded =
                read(encode_with_vips(ink, {.suffix = suffix, .profile = profile, .cmyk = true}));
            EXPECT_TRUE(loaded.info.cmyk);
            ASSERT_EQ(loaded.image.channels(), Channels::rgb);
            EXPECT_THAT(loaded.notes, ElementsAre("converted from CMYK to sRGB"));
            // Magenta and yellow inks make red; no ink leaves the white of the paper.
            expect_color(loaded.image, {8, 8}, {235, 28, 36}, 30);
            expect_color(loaded.image, {56, 8}, {255, 255, 255}, 4);
        }
    }
}

TEST(ReadProfile, ConvertsDisplayP3) {
    const Image green = make_image({40, 30}, Channels::rgba, [](int x, int) {
        return Color{100, 200, 50, static_cast<std::uint8_t>(6 * x)};
    });
    for (const char* suffix :
         {".png", ".webp[lossless]", ".tif", ".jpg[Q=100,subsample_mode=off]"}) {
        const bool jpeg = std::string_view(suffix).starts_with(".jpg");
        const auto loaded = read(
            encode_with_vips(jpeg ? to_rgb(green) : green, {.suffix = suffix, .profile = "p3"}));
        EXPECT_TRUE(loaded.info.foreign_profile) << suffix;
        EXPECT_THAT(loaded.notes, ElementsAre("converted from its colour profile to sRGB"));
        // (100, 200, 50) of Display P3 has less red in sRGB than it can show: 46, 203, 7.
        expect_color(loaded.image, {20, 15}, {47, 203, 12}, 12);
        if (!jpeg) {
            ASSERT_EQ(loaded.image.channels(), Channels::rgba);
            EXPECT_EQ(loaded.image.row(15)[4 * 20 + 3], 120) << suffix;
        }
    }
}

TEST(ReadProfile, ConvertsSixteenBitsWithAlpha) {
    std::vector<std::uint16_t> samples;
    for (int i = 0; i < 40 * 30; ++i) {
        samples.insert(samples.end(), {100 * 257, 200 * 257, 50 * 257, 120 * 257});
    }
    const auto loaded = read(encode_with_vips({40, 30}, 4, samples, {.profile = "p3"}));
    EXPECT_THAT(loaded.notes, ElementsAre("converted from its colour profile to sRGB",
                                          "scaled from 16 to 8 bits a channel"));
    expect_color(loaded.image, {20, 15}, {47, 203, 12}, 12);
    EXPECT_NEAR(loaded.image.row(15)[4 * 20 + 3], 120, 1);
}

TEST(ReadProfile, IgnoresOneThatDoesNotFit) {
    const Image picture = testing::noise_image({40, 30}, Channels::rgb);
    // TIFF alone: libvips' other encoders leave such a profile out.
    for (const Bytes& profile : {Bytes(200, std::byte{7}), testing::vips_profile("cmyk")}) {
        const auto loaded =
            read(encode_with_vips(picture, {.suffix = ".tif", .profile_bytes = profile}));
        EXPECT_TRUE(loaded.image == picture);
        EXPECT_THAT(loaded.notes,
                    ElementsAre("ignored a colour profile that does not fit the picture"));
    }
}

TEST(ReadHeif, LoadsItsPluginWhenNeeded) {
    if (testing::vips_has_started()) {
        GTEST_SKIP() << "another test has used libvips in this process; run this one alone";
    }
    const TempFolder folder;
    const auto path = folder / "picture.heic";
    // The encoder works in another process, so that in this one nobody but the reader has loaded
    // the plug-in.
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        try {
            save(path, encode_with_vips(quarters({96, 64}, Channels::rgb), {.suffix = ".heic"}));
            ::_exit(0);
        } catch (const std::exception&) {
            ::_exit(1);
        }
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (status != 0) {
        GTEST_SKIP() << "libvips has no encoder for HEIF";
    }
    const auto loaded = read_image(path);
    EXPECT_EQ(loaded.info.format, ImageFormat::heif);
    EXPECT_EQ(loaded.image.size(), (Size{96, 64}));
    EXPECT_EQ(std::getenv("VIPSHOME"), nullptr);
}

TEST(ReadPng, OnlyTheFirstProfileCounts) {
    const Bytes png = encode_with_vips(testing::noise_image({30, 20}, Channels::rgb), {});
    // A keyword, a zero, the method, and what is no zlib stream: no profile.
    const Bytes damaged{std::byte{'p'}, std::byte{0}, std::byte{0}, std::byte{1}, std::byte{2}};
    const Bytes twice = with_png_chunk(with_png_chunk(png, "iCCP", damaged), "iCCP", damaged);
    EXPECT_FALSE(probe_image(twice, "twice").foreign_profile);
    EXPECT_EQ(read(twice).image, read(png).image);
}

TEST(ProbeImage, TellsAWholeFileFromOneThatMayBeCutShort) {
    const Image picture = testing::noise_image({60, 40}, Channels::rgb);
    EXPECT_TRUE(probe_image(encode_image(picture, ImageFormat::webp), "whole").complete);
    for (const ImageFormat format : {ImageFormat::jpeg, ImageFormat::png}) {
        Bytes file = encode_image(picture, format);
        EXPECT_TRUE(probe_image(file, "whole").complete) << name_of(format);
        file.pop_back();
        EXPECT_FALSE(probe_image(file, "cut").complete) << name_of(format);
    }
}

TEST(ReadFile, WorksThroughAPipe) {
    const TempFolder folder;
    const auto path = folder / "pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const Image picture = testing::noise_image({300, 300}, Channels::rgb);
    const auto file = encode_with_vips(picture, {});
    ASSERT_GT(file.size(), std::size_t{65536});
    std::thread writer([&] { save(path, file); });
    const auto loaded = read_image(path);
    writer.join();
    EXPECT_TRUE(loaded.image == picture);
}

TEST(ReadFile, WorksInSeveralThreadsAtOnce) {
    const Image picture = testing::noise_image({64, 48}, Channels::rgb);
    const auto direct = encode_with_vips(picture, {});
    const auto vips = encode_with_vips(picture, {.suffix = ".tif"});
    std::vector<std::thread> threads;
    std::vector<int> good(6);
    for (std::size_t i = 0; i < good.size(); ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 10; ++round) {
                good[i] += read_image(i % 2 == 0 ? direct : vips, "picture").image == picture;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_THAT(good, ::testing::Each(10));
}

}  // namespace
}  // namespace editprep::imaging
