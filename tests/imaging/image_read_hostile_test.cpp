#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <jpeglib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "image_maker.hpp"
#include "temp_folder.hpp"
#include "vips_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::encode_with_vips;
using ::testing::HasSubstr;
using testing::TempFolder;

using Bytes = std::vector<std::byte>;

void save(const std::filesystem::path& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

Bytes bytes_of(std::string_view text) {
    Bytes bytes;
    for (const char c : text) {
        bytes.push_back(static_cast<std::byte>(c));
    }
    return bytes;
}

/// The error that a call throws; fails the test when it throws none.
Error error_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {Errc::invalid_argument, "nothing was thrown"};
}

Error read_error(const std::filesystem::path& path) {
    const Error probing = error_of([&] { (void)probe_image(path); });
    const Error reading = error_of([&] { (void)read_image(path); });
    EXPECT_EQ(probing.errc(), reading.errc());
    EXPECT_STREQ(probing.what(), reading.what());
    EXPECT_EQ(reading.subject(), path.string());
    return reading;
}

TEST(ReadHostile, MissingFile) {
    const TempFolder folder;
    const auto path = folder / "gone.png";
    const Error error = read_error(path);
    EXPECT_EQ(error.errc(), Errc::file_not_found);
    EXPECT_EQ(error.what(), "image not found: " + path.string());
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
}

TEST(ReadHostile, FileBelowAFile) {
    const TempFolder folder;
    save(folder / "file", "x");
    EXPECT_EQ(read_error(folder / "file" / "picture.png").errc(), Errc::file_not_found);
}

TEST(ReadHostile, Directory) {
    const TempFolder folder;
    const Error error = read_error(folder.path());
    EXPECT_EQ(error.errc(), Errc::file_unreadable);
    EXPECT_THAT(error.what(), HasSubstr("it is a directory"));
    EXPECT_EQ(error.next_step(), "name a file inside it");
}

TEST(ReadHostile, EmptyFile) {
    const TempFolder folder;
    save(folder / "empty.png", "");
    const Error error = read_error(folder / "empty.png");
    EXPECT_EQ(error.errc(), Errc::damaged_image);
    EXPECT_THAT(error.what(), HasSubstr("the file is empty"));
    EXPECT_EQ(error_of([] { (void)read_image(Bytes{}, "nothing"); }).errc(), Errc::damaged_image);
}

TEST(ReadHostile, FileWithoutPermission) {
    const TempFolder folder;
    const auto path = folder / "secret.png";
    save(path, "x");
    ASSERT_EQ(::chmod(path.c_str(), 0), 0);
    if (::access(path.c_str(), R_OK) == 0) {
        GTEST_SKIP() << "this user may read every file";
    }
    EXPECT_EQ(read_error(path).errc(), Errc::file_unreadable);
}

TEST(ReadHostile, ForeignContentIsNamed) {
    const TempFolder folder;
    const auto path = folder / "picture.jpg";
    const std::pair<std::string, const char*> cases[] = {
        {"Dear diary, today I went", "it starts like text"},
        {"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is an SVG drawing"},
        {"<?xml version='1.0'?><svg width='10'/>", "it is an SVG drawing"},
        {"%PDF-1.7\n", "it is a PDF document"},
        {std::string("\0\0\0\x18"
                     "ftypisom\0\0\0\0isommp42",
                     24),
         "it is a video"},
        {"P6 1 1 255\n\x01\x02\x03", "it starts like nothing known"},
        {"x", "it starts like text"},
    };
    for (const auto& [content, reason] : cases) {
        save(path, content);
        const Error error = read_error(path);
        EXPECT_EQ(error.errc(), Errc::unsupported_format);
        EXPECT_THAT(error.what(), HasSubstr(path.string() + " (" + reason + ")"));
        EXPECT_THAT(error.next_step(), HasSubstr("convert it to PNG"));
    }
}

TEST(ReadHostile, FileLargerThanTheLimit) {
    const TempFolder folder;
    const auto path = folder / "large.png";
    save(path, "x");
    ASSERT_EQ(::truncate(path.c_str(), 5000), 0);
    const ReadOptions options{.limits = {.max_file_bytes = 4999}};
    EXPECT_EQ(error_of([&] { (void)read_image(path, options); }).errc(), Errc::limit_exceeded);
    EXPECT_EQ(error_of([&] { (void)probe_image(path, options); }).errc(), Errc::limit_exceeded);
    EXPECT_EQ(error_of([&] { (void)read_image(Bytes(5000), "large", options); }).errc(),
              Errc::limit_exceeded);
}

struct Kind {
    std::string name;
    std::string suffix;
    Channels channels = Channels::rgb;
    int bits = 8;
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class EachKind : public ::testing::TestWithParam<Kind> {
protected:
    [[nodiscard]] static Bytes file(Size size) {
        if (GetParam().bits == 16) {
            return file_of_16_bits(size);
        }
        return encode_with_vips(testing::noise_image(size, GetParam().channels),
                                {.suffix = GetParam().suffix});
    }

private:
    [[nodiscard]] static Bytes file_of_16_bits(Size size) {
        std::mt19937 random(5);
        std::vector<std::uint16_t> samples(static_cast<std::size_t>(3 * size.area()));
        std::ranges::generate(samples, [&random] { return static_cast<std::uint16_t>(random()); });
        return encode_with_vips(size, 3, samples, {.suffix = GetParam().suffix});
    }
};

TEST_P(EachKind, LimitsBelowItsSizeRefuseIt) {
    const Bytes content = file({80, 50});
    const auto read_with = [&](const Limits& limits) {
        (void)read_image(content, "picture", {.limits = limits});
    };
    EXPECT_NO_THROW(read_with({.max_side = 80, .max_pixels = 4000}));
    const Error side = error_of([&] { read_with({.max_side = 79}); });
    EXPECT_EQ(side.errc(), Errc::limit_exceeded);
    EXPECT_THAT(side.what(), HasSubstr("80x50"));
    EXPECT_EQ(error_of([&] { read_with({.max_pixels = 3999}); }).errc(), Errc::limit_exceeded);
}

TEST_P(EachKind, IsRefusedWhenCutShort) {
    const Bytes whole = file({80, 50});
    for (std::size_t percent = 0; percent <= 90; percent += 3) {
        const std::size_t size = std::max<std::size_t>(whole.size() * percent / 100, 1);
        const Error error =
            error_of([&] { (void)read_image(std::span(whole).first(size), "picture"); });
        EXPECT_TRUE(error.errc() == Errc::damaged_image || error.errc() == Errc::unsupported_format)
            << percent << " %: " << error.what();
    }
}

/// Whatever was changed, there is a picture or an Error; under a sanitizer, nothing else either.
TEST_P(EachKind, SurvivesChangedBytes) {
    const Bytes whole = file({40, 30});
    std::mt19937 random(2024);
    // A changed size is worth a look too, and not the memory it claims.
    const ReadOptions options{.limits = {.max_side = 4000, .max_pixels = 4'000'000}};
    for (int round = 0; round < 300; ++round) {
        Bytes content = whole;
        const std::size_t reach =
            round % 2 == 0 ? std::min<std::size_t>(content.size(), 200) : content.size();
        for (unsigned change = random() % 4 + 1; change > 0; --change) {
            content[random() % reach] ^= static_cast<std::byte>(1U << random() % 8);
        }
        try {
            const LoadedImage loaded = read_image(content, "picture", options);
            EXPECT_EQ(loaded.image.size(), loaded.info.size);
        } catch (const Error& error) {
            EXPECT_NE(*error.what(), '\0');
        }
    }
}

const Kind kKinds[] = {
    {"jpeg", ".jpg"},
    {"jpeg_progressive", ".jpg[interlace]"},
    {"jpeg_grey", ".jpg", Channels::grey},
    {"png", ".png"},
    {"png_interlaced", ".png[interlace]"},
    {"png_palette", ".png[palette]"},
    {"png_16_bits", ".png", Channels::rgb, 16},
    {"webp", ".webp"},
    {"webp_lossless", ".webp[lossless]", Channels::rgba},
    {"tiff", ".tif"},
    {"tiff_deflate", ".tif[compression=deflate]"},
    {"gif", ".gif"},
};

INSTANTIATE_TEST_SUITE_P(Kinds, EachKind, ::testing::ValuesIn(kKinds),
                         [](const auto& test) { return test.param.name; });

/// A PNG header and nothing after it.
Bytes png_header(unsigned width, unsigned height) {
    Bytes file = bytes_of({"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", 16});
    for (const unsigned side : {width, height}) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            file.push_back(static_cast<std::byte>(side >> shift));
        }
    }
    const Bytes rest = bytes_of({"\x08\x02\0\0\0\0\0\0\0", 9});
    file.insert(file.end(), rest.begin(), rest.end());
    return file;
}

TEST(ReadHostile, ClaimedSizesAreRefusedBeforeMemoryIsTaken) {
    EXPECT_EQ(error_of([] { (void)read_image(png_header(60'000, 60'000), "bomb"); }).errc(),
              Errc::limit_exceeded);
    EXPECT_EQ(error_of([] { (void)probe_image(png_header(60'000, 60'000), "bomb"); }).errc(),
              Errc::limit_exceeded);
    EXPECT_EQ(error_of([] { (void)read_image(png_header(0x7FFFFFFF, 1), "bomb"); }).errc(),
              Errc::limit_exceeded);
    EXPECT_EQ(error_of([] { (void)read_image(png_header(0xFFFFFFFF, 1), "bomb"); }).errc(),
              Errc::damaged_image);
    EXPECT_EQ(error_of([] { (void)read_image(png_header(0, 5), "bomb"); }).errc(),
              Errc::damaged_image);

    // The sides of a JPEG stand right after its frame marker, length and precision.
    const Image noise = testing::noise_image({16, 16}, Channels::rgb);
    Bytes jpeg = encode_with_vips(noise, {.suffix = ".jpg"});
    const Bytes marker = bytes_of("\xFF\xC0");
    const auto frame = std::search(jpeg.begin(), jpeg.end(), marker.begin(), marker.end());
    ASSERT_LT(frame - jpeg.begin(), static_cast<std::ptrdiff_t>(jpeg.size()) - 9);
    for (int i = 5; i < 9; i += 2) {
        frame[i] = std::byte{0xEA};
        frame[i + 1] = std::byte{0x60};
    }
    EXPECT_EQ(error_of([&] { (void)read_image(jpeg, "bomb"); }).errc(), Errc::limit_exceeded);

    // The sides of a GIF's first frame stand after its marker and its place, low byte first.
    Bytes gif = encode_with_vips(noise, {.suffix = ".gif"});
    const Bytes descriptor = bytes_of({",\0\0\0\0\x10\0\x10\0", 9});
    const auto place = std::search(gif.begin(), gif.end(), descriptor.begin(), descriptor.end());
    ASSERT_NE(place, gif.end());
    std::fill(place + 5, place + 9, std::byte{0xEA});
    EXPECT_EQ(error_of([&] { (void)read_image(gif, "bomb"); }).errc(), Errc::limit_exceeded);
}

/// A grey progressive JPEG of two scans, neither of which a further scan would contradict.
Bytes two_scan_jpeg(Size size) {
    jpeg_compress_struct state{};
    jpeg_error_mgr errors{};
    state.err = jpeg_std_error(&errors);
    jpeg_create_compress(&state);
    unsigned char* buffer = nullptr;
    unsigned long length = 0;
    jpeg_mem_dest(&state, &buffer, &length);
    state.image_width = static_cast<JDIMENSION>(size.width);
    state.image_height = static_cast<JDIMENSION>(size.height);
    state.input_components = 1;
    state.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&state);
    const std::array<jpeg_scan_info, 2> scans{
        {{1, {0, 0, 0, 0}, 0, 0, 0, 0}, {1, {0, 0, 0, 0}, 1, 63, 0, 0}}};
    state.scan_info = scans.data();
    state.num_scans = static_cast<int>(scans.size());
    jpeg_start_compress(&state, TRUE);
    std::vector<JSAMPLE> row(static_cast<std::size_t>(size.width), 90);
    JSAMPROW rows[] = {row.data()};
    while (state.next_scanline < state.image_height) {
        jpeg_write_scanlines(&state, rows, 1);
    }
    jpeg_finish_compress(&state);
    jpeg_destroy_compress(&state);
    const auto* bytes = reinterpret_cast<const std::byte*>(buffer);
    Bytes file(bytes, bytes + length);
    std::free(buffer);
    return file;
}

/// The file with its last scan `count` more times.
Bytes with_repeated_scan(const Bytes& jpeg, int count) {
    const Bytes marker = bytes_of("\xFF\xDA");
    const auto scan = std::find_end(jpeg.begin(), jpeg.end(), marker.begin(), marker.end());
    const auto end = jpeg.end() - 2;
    Bytes file(jpeg.begin(), end);
    for (int i = 0; i < count; ++i) {
        file.insert(file.end(), scan, end);
    }
    file.insert(file.end(), end, jpeg.end());
    return file;
}

TEST(ReadHostile, MoreScansThanAnyEncoderMakesAreRefused) {
    const Bytes jpeg = two_scan_jpeg({64, 64});
    const Image expected = read_image(jpeg, "two scans").image;
    EXPECT_TRUE(read_image(with_repeated_scan(jpeg, 400), "many scans").image == expected);
    const Bytes bomb = with_repeated_scan(jpeg, 600);
    const Error error = error_of([&] { (void)read_image(bomb, "bomb"); });
    EXPECT_EQ(error.errc(), Errc::damaged_image);
    EXPECT_THAT(error.what(), HasSubstr("scans"));
}

}  // namespace
}  // namespace editprep::imaging
