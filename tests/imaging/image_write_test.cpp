#include <gtest/gtest.h>
#include <jpeglib.h>
#include <webp/decode.h>

#include <algorithm>
#include <cstdio>  // jpeglib.h needs it and does not say so
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/image_file.hpp"
#include "encode_jpeg.hpp"
#include "encode_png.hpp"
#include "encode_webp.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"
#include "png_reference.hpp"
#include "temp_folder.hpp"

namespace editprep::imaging {
namespace {

using testing::error_of;
using testing::kAllChannels;
using testing::make_image;
using testing::make_mask;
using testing::noise_image;
using testing::noise_mask;
using testing::read_png_reference;
using testing::TempFolder;

constexpr int kSides[] = {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65};

Color gradient(int x, int y) {
    return {static_cast<std::uint8_t>(2 * x), static_cast<std::uint8_t>(3 * y),
            static_cast<std::uint8_t>(x + y), static_cast<std::uint8_t>(255 - x)};
}

void save(const std::filesystem::path& path, std::span<const std::byte> content) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()),
               static_cast<std::streamsize>(content.size()));
}

std::vector<std::byte> load(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
    return {bytes, bytes + text.size()};
}

/// What libpng reads from an encoded file.
Image through_libpng(std::span<const std::byte> content) {
    const TempFolder folder;
    save(folder / "x.png", content);
    return read_png_reference(folder / "x.png");
}

/// Sparse, sloping, noisy and crossed patterns, so that every filter is chosen for some rows.
Image picture_for_filter(int kind) {
    return make_image({64, 8}, Channels::grey, [kind](int x, int y) {
        const int noise = (x * 7919 + y * 104729 + x * y * 31) % 251;
        const int values[] = {(x + y) % 2 == 0 ? 1 : 254, 4 * x, noise, 2 * x + 3 * y,
                              3 * x + 5 * y};
        const auto value = static_cast<std::uint8_t>(values[kind]);
        return Color{value, value, value};
    });
}

TEST(EncodePng, RoundTripsEverySizeAroundVectorWidths) {
    for (const Channels channels : kAllChannels) {
        for (const int width : kSides) {
            for (const int height : {1, 2, 3, 17}) {
                const Image image = noise_image({width, height}, channels,
                                                static_cast<std::uint32_t>(width * 100 + height));
                EXPECT_EQ(through_libpng(encode_image(image, ImageFormat::png)), image)
                    << width << "x" << height << " with " << image.channel_count() << " channels";
            }
        }
    }
}

TEST(EncodePng, RoundTripsPicturesThatFavourDifferentFilters) {
    for (const Channels channels : kAllChannels) {
        const Image smooth = make_image({65, 33}, channels, gradient);
        const Image flat = solid_image({65, 33}, channels, {7, 200, 99, 13});
        for (const PngEffort effort : {PngEffort::fast, PngEffort::balanced, PngEffort::small}) {
            WriteOptions options;
            options.png_effort = effort;
            EXPECT_EQ(through_libpng(encode_image(smooth, ImageFormat::png, options)), smooth);
            EXPECT_EQ(through_libpng(encode_image(flat, ImageFormat::png, options)), flat);
        }
    }
    for (int kind = 0; kind < 5; ++kind) {
        const Image image = picture_for_filter(kind);
        EXPECT_EQ(through_libpng(encode_image(image, ImageFormat::png)), image) << kind;
    }
}

TEST(EncodePng, RoundTripsColumns) {
    for (const Channels channels : kAllChannels) {
        const Image image = noise_image({1, 300}, channels, 5);
        EXPECT_EQ(through_libpng(encode_image(image, ImageFormat::png)), image);
    }
}

TEST(EncodePng, AdaptiveFilterIsSmallerThanUpOnGrainySlopes) {
    const Image grain = noise_image({256, 256}, Channels::rgb, 3);
    const Image image = make_image({256, 256}, Channels::rgb, [&](int x, int y) {
        const std::uint8_t* noise = grain.row(y) + 3 * x;
        const int level = (x + y) / 3;
        return Color{static_cast<std::uint8_t>(level + noise[0] / 16),
                     static_cast<std::uint8_t>(level + noise[1] / 16),
                     static_cast<std::uint8_t>(level + noise[2] / 16)};
    });
    const auto size_with = [&](PngFilter filter) {
        return encode_png(image.bytes(), image.size(), image.channels(), {.filter = filter}).size();
    };
    EXPECT_LT(size_with(PngFilter::adaptive), size_with(PngFilter::up));
}

TEST(EncodePng, MasksAreGreyAndKeepEveryValue) {
    for (const int width : kSides) {
        const Mask mask = noise_mask({width, 9}, static_cast<std::uint32_t>(width));
        const Image read = through_libpng(encode_mask_png(mask));
        EXPECT_EQ(read.channels(), Channels::grey);
        EXPECT_EQ(read.size(), mask.size());
        EXPECT_TRUE(std::ranges::equal(read.bytes(), mask.bytes()));
    }
}

TEST(EncodePng, OwnFilesAreRecognisedByTheirFirstBytes) {
    const auto own = encode_image(noise_image({5, 4}, Channels::rgb), ImageFormat::png);
    const std::span<const std::byte> head = std::span(own).first(kOwnPngHeadBytes);
    EXPECT_TRUE(is_own_png(own));
    EXPECT_TRUE(is_own_png(head));
    EXPECT_FALSE(is_own_png(head.first(kOwnPngHeadBytes - 1)));
    EXPECT_FALSE(is_own_png({}));
    for (std::size_t i = 0; i < head.size(); ++i) {
        std::vector<std::byte> changed(head.begin(), head.end());
        changed[i] ^= std::byte{1};
        const bool in_header_chunk = i >= 8 && i < 33;
        EXPECT_EQ(is_own_png(changed), in_header_chunk) << "byte " << i;
    }
}

TEST(EncodePng, FilesOfLibpngAreNotOwn) {
    const TempFolder folder;
    testing::write_png_reference(folder / "x.png", noise_image({40, 40}, Channels::rgb));
    EXPECT_FALSE(is_own_png(load(folder / "x.png")));
}

struct DecodedJpeg {
    Image image;
    /// Columns and rows of luma for one of chroma.
    std::pair<int, int> subsampling;
};

DecodedJpeg through_libjpeg(std::span<const std::byte> content) {
    jpeg_decompress_struct state{};
    jpeg_error_mgr errors{};
    state.err = jpeg_std_error(&errors);  // ends the program on an error, which fails the test
    jpeg_create_decompress(&state);
    jpeg_mem_src(&state, reinterpret_cast<const unsigned char*>(content.data()), content.size());
    jpeg_read_header(&state, TRUE);
    jpeg_start_decompress(&state);
    const Channels channels = state.output_components == 1 ? Channels::grey : Channels::rgb;
    DecodedJpeg result{
        Image({static_cast<int>(state.output_width), static_cast<int>(state.output_height)},
              channels),
        {state.comp_info[0].h_samp_factor, state.comp_info[0].v_samp_factor}};
    while (state.output_scanline < state.output_height) {
        JSAMPROW row = result.image.row(static_cast<int>(state.output_scanline));
        jpeg_read_scanlines(&state, &row, 1);
    }
    jpeg_finish_decompress(&state);
    jpeg_destroy_decompress(&state);
    return result;
}

TEST(EncodeJpeg, ComesBackWithinTolerance) {
    for (const Channels channels : {Channels::grey, Channels::rgb}) {
        for (const Size size : {Size{1, 1}, Size{65, 1}, Size{1, 33}, Size{61, 43}}) {
            const Image image = make_image(size, channels, gradient);
            const DecodedJpeg read = through_libjpeg(encode_image(image, ImageFormat::jpeg));
            ASSERT_EQ(read.image.channels(), channels);
            ASSERT_EQ(read.image.size(), size);
            EXPECT_LE(compare(image, read.image).largest, 6);
        }
    }
}

TEST(EncodeJpeg, OpaqueAlphaIsDropped) {
    const Image rgb = make_image({33, 21}, Channels::rgb, gradient);
    EXPECT_EQ(encode_jpeg(to_rgba(rgb), 90), encode_jpeg(rgb, 90));
}

TEST(EncodeJpeg, ColourIsHalvedBelowQuality90Only) {
    const Image image = noise_image({32, 32}, Channels::rgb);
    EXPECT_EQ(through_libjpeg(encode_jpeg(image, 89)).subsampling, std::pair(2, 2));
    EXPECT_EQ(through_libjpeg(encode_jpeg(image, 90)).subsampling, std::pair(1, 1));
    EXPECT_LT(encode_jpeg(image, 30).size(), encode_jpeg(image, 80).size());
}

TEST(EncodeJpeg, RefusesTransparency) {
    Image image = solid_image({9, 9}, Channels::rgba, {1, 2, 3, 255});
    image.row(8)[4 * 8 + 3] = 254;
    EXPECT_EQ(error_of([&] { (void)encode_image(image, ImageFormat::jpeg); }),
              Errc::invalid_argument);
}

TEST(EncodeJpeg, RefusesWhatTheFormatCannotHold) {
    const Image image = noise_image({4, 4}, Channels::rgb);
    for (const int quality : {-1, 0, 101}) {
        EXPECT_THROW((void)encode_jpeg(image, quality), Error) << quality;
    }
    const Image wide = solid_image({65'501, 1}, Channels::grey, {});
    EXPECT_EQ(error_of([&] { (void)encode_jpeg(wide, 90); }), Errc::limit_exceeded);
}

Image through_libwebp(std::span<const std::byte> content) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(content.data());
    WebPBitstreamFeatures features{};
    EXPECT_EQ(WebPGetFeatures(data, content.size(), &features), VP8_STATUS_OK);
    Image image({features.width, features.height},
                features.has_alpha != 0 ? Channels::rgba : Channels::rgb);
    const auto decode = features.has_alpha != 0 ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
    EXPECT_NE(decode(data, content.size(), image.bytes().data(), image.bytes().size(),
                     static_cast<int>(image.stride())),
              nullptr);
    return image;
}

TEST(EncodeWebp, LosslessKeepsEveryBitAlsoUnderAlphaZero) {
    for (const Size size : {Size{1, 1}, Size{65, 1}, Size{1, 33}, Size{61, 43}}) {
        Image rgba = noise_image(size, Channels::rgba, 3);
        rgba.row(0)[3] = 0;
        EXPECT_EQ(through_libwebp(encode_webp(rgba, {.lossless = true})), rgba);
        const Image rgb = noise_image(size, Channels::rgb, 4);
        EXPECT_EQ(through_libwebp(encode_webp(rgb, {.lossless = true})), rgb);
        const Image grey = noise_image(size, Channels::grey, 5);
        EXPECT_EQ(through_libwebp(encode_webp(grey, {.lossless = true})), to_rgb(grey));
    }
}

TEST(EncodeWebp, LossyComesBackWithinTolerance) {
    const auto slope = [](int x, int y) {
        const auto level = static_cast<std::uint8_t>(x + 2 * y);
        return Color{level, level, level, static_cast<std::uint8_t>(255 - y)};
    };
    for (const Channels channels : kAllChannels) {
        const Image image = make_image({61, 43}, channels, slope);
        const Image read = through_libwebp(encode_webp(image, {.quality = 95}));
        EXPECT_EQ(read.has_alpha(), image.has_alpha());
        EXPECT_LE(compare(image, read).largest, 8);
    }
    const Image noise = noise_image({64, 64}, Channels::rgb);
    EXPECT_LT(encode_webp(noise, {.quality = 20}).size(),
              encode_webp(noise, {.quality = 90}).size());
}

TEST(EncodeWebp, RefusesWhatTheFormatCannotHold) {
    const Image image = noise_image({4, 4}, Channels::rgb);
    for (const int quality : {0, 101}) {
        EXPECT_THROW((void)encode_webp(image, {.quality = quality}), Error) << quality;
    }
    const Image wide = solid_image({16'384, 1}, Channels::rgb, {});
    EXPECT_EQ(error_of([&] { (void)encode_webp(wide, {}); }), Errc::limit_exceeded);
}

std::string signature_of(const std::filesystem::path& path) {
    const auto content = load(path);
    const std::string head(reinterpret_cast<const char*>(content.data()),
                           std::min<std::size_t>(content.size(), 12));
    if (head.starts_with("\x89PNG")) {
        return "png";
    }
    if (head.starts_with("\xFF\xD8\xFF")) {
        return "jpeg";
    }
    return head.starts_with("RIFF") && head.substr(8) == "WEBP" ? "webp" : head;
}

TEST(WriteImage, TheExtensionChoosesTheFormat) {
    const TempFolder folder;
    const Image image = noise_image({7, 5}, Channels::rgb);
    const std::pair<const char*, const char*> cases[] = {
        {"a.png", "png"},   {"b", "png"},       {"c.JPG", "jpeg"}, {"d.jpeg", "jpeg"},
        {"e.WebP", "webp"}, {"f.g.png", "png"}, {".hidden", "png"}};
    for (const auto& [name, format] : cases) {
        write_image(folder / name, image, Overwrite::own_files);
        EXPECT_EQ(signature_of(folder / name), format) << name;
    }
}

TEST(WriteImage, AFormatThatIsAskedForWinsOverTheExtension) {
    const TempFolder folder;
    WriteOptions options;
    options.format = ImageFormat::webp;
    write_image(folder / "x.png", noise_image({7, 5}, Channels::rgb), Overwrite::own_files,
                options);
    EXPECT_EQ(signature_of(folder / "x.png"), "webp");
}

TEST(FormatFor, ExtensionsAreReadInEitherCase) {
    const std::pair<const char*, ImageFormat> names[] = {
        {"x.png", ImageFormat::png},        {"x.PNG", ImageFormat::png},
        {"a.b/x", ImageFormat::png},        {".jpg", ImageFormat::png},
        {"x.jpg", ImageFormat::jpeg},       {"x.y.JPEG", ImageFormat::jpeg},
        {"a.png/x.WebP", ImageFormat::webp}};
    for (const auto& [name, format] : names) {
        EXPECT_EQ(format_for(name), format) << name;
    }
    for (const char* name : {"x.tiff", "x.gif", "x.png.bak", "x.jpe", "x."}) {
        EXPECT_EQ(error_of([&] { (void)format_for(name); }), Errc::unsupported_format) << name;
    }
}

TEST(WriteImage, OtherFormatsAreRefusedWithTheOnesThatAreWritten) {
    const TempFolder folder;
    const Image image = noise_image({7, 5}, Channels::rgb);
    for (const char* name : {"x.tiff", "x.gif", "x.png.bak"}) {
        try {
            write_image(folder / name, image, Overwrite::always);
            ADD_FAILURE() << name;
        } catch (const Error& error) {
            EXPECT_EQ(error.errc(), Errc::unsupported_format);
            EXPECT_NE(error.next_step().find(".webp"), std::string::npos) << error.next_step();
        }
        EXPECT_FALSE(std::filesystem::exists(folder / name));
    }
    EXPECT_EQ(error_of([&] { (void)encode_image(image, ImageFormat::heif); }),
              Errc::unsupported_format);
}

TEST(WriteImage, NothingIsWrittenWhenThePictureCannotBeEncoded) {
    const TempFolder folder;
    const Image image = solid_image({4, 4}, Channels::rgba, {0, 0, 0, 0});
    EXPECT_EQ(error_of([&] { write_image(folder / "x.jpg", image, Overwrite::always); }),
              Errc::invalid_argument);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(WriteMask, MasksAreGreyPngLosslessWebpOrLossyJpeg) {
    const TempFolder folder;
    const Mask mask = make_mask({33, 9}, [](int x, int y) { return 7 * x + y; });
    Image expected(mask.size(), Channels::grey);
    std::ranges::copy(mask.bytes(), expected.bytes().begin());

    write_mask(folder / "m.png", mask, Overwrite::own_files);
    EXPECT_EQ(read_png_reference(folder / "m.png"), expected);
    write_mask(folder / "m.webp", mask, Overwrite::own_files);
    EXPECT_EQ(through_libwebp(load(folder / "m.webp")), to_rgb(expected));
    write_mask(folder / "m.jpg", mask, Overwrite::own_files);
    const Image lossy = through_libjpeg(load(folder / "m.jpg")).image;
    EXPECT_EQ(lossy.channels(), Channels::grey);
    EXPECT_LE(compare(lossy, expected).largest, 8);
}

}  // namespace
}  // namespace editprep::imaging
