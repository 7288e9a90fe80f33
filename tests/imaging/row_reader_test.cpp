#include "rows/row_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <functional>
#include <string_view>
#include <thread>
#include <vector>

#include "direct_tier.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "image_maker.hpp"
#include "png_maker.hpp"
#include "temp_folder.hpp"
#include "vips_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::encode_with_vips;
using testing::TempFolder;
using Bytes = std::vector<std::byte>;

constexpr Size kLarge{1300, 900};

EncodedSource source_of(const Bytes& file) { return {file, "picture", std::int64_t{1} << 40}; }

std::unique_ptr<RowReader> open(EncodedSource& source) {
    return open_rows(source, probe_direct(source, require_format(source)));
}

/// Reads band by band, as a consumer of rows does.
Image walk(RowReader& reader) {
    Image image(reader.size(), reader.channels());
    std::size_t at = 0;
    for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) {
        EXPECT_EQ(rows.size() % image.stride(), 0U);
        EXPECT_LE(at + rows.size(), image.bytes().size());
        std::memcpy(image.bytes().data() + at, rows.data(), rows.size());
        at += rows.size();
    }
    EXPECT_EQ(at, image.bytes().size());
    EXPECT_TRUE(reader.next().empty());
    return image;
}

bool is_damaged(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.errc() == Errc::damaged_image;
    }
    return false;
}

class EachRowFormat : public ::testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] static Bytes file(Size size) {
        return encode_with_vips(testing::noise_image(size, Channels::rgb), {.suffix = GetParam()});
    }
};

TEST_P(EachRowFormat, GivesTheRowsOfTheWholePicture) {
    for (const Size size : {Size{1, 1}, Size{1, 70}, Size{65, 1}, Size{63, 33}, Size{64, 64},
                            Size{65, 17}, Size{500, 300}}) {
        const Bytes content = file(size);
        EncodedSource source = source_of(content);
        EXPECT_TRUE(walk(*open(source)) == read_image(content, "picture", {}).image)
            << size.width << "x" << size.height;
    }
}

TEST_P(EachRowFormat, IsReadFromAFileInBlocks) {
    const TempFolder folder;
    const auto path = folder / "picture";
    const Bytes content = file({700, 500});
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()),
               static_cast<std::streamsize>(content.size()));
    EncodedSource source(path, std::int64_t{1} << 40);
    EXPECT_TRUE(walk(*open(source)) == read_image(content, "picture", {}).image);
}

TEST_P(EachRowFormat, IsTheSameReadAhead) {
    const Bytes content = file(kLarge);
    const Image expected = read_image(content, "picture", {}).image;
    for (int round = 0; round < 3; ++round) {
        EncodedSource source = source_of(content);
        EXPECT_TRUE(walk(*read_ahead(open(source))) == expected);
    }
}

TEST_P(EachRowFormat, CanBeLeftAtAnyBand) {
    const Bytes content = file(kLarge);
    for (int bands = 0; bands < 6; ++bands) {
        EncodedSource source = source_of(content);
        const auto reader = read_ahead(open(source));
        for (int i = 0; i < bands; ++i) {
            (void)reader->next();
        }
    }
}

TEST_P(EachRowFormat, IsDamagedWhenCutShortReadAheadOrNot) {
    const Bytes content = file(kLarge);
    const std::span cut = std::span(content).first(content.size() / 2);
    for (const bool ahead : {false, true}) {
        EXPECT_TRUE(is_damaged([&] {
            EncodedSource source(cut, "picture", std::int64_t{1} << 40);
            auto reader = open(source);
            if (ahead) {
                reader = read_ahead(std::move(reader));
            }
            while (!reader->next().empty()) {
            }
        }));
    }
}

/// The consumer slower than the decoder, so that the ring fills.
TEST_P(EachRowFormat, WaitsForASlowReader) {
    const Bytes content = file(kLarge);
    EncodedSource source = source_of(content);
    const auto reader = read_ahead(open(source));
    Image image(reader->size(), reader->channels());
    std::size_t at = 0;
    for (auto rows = reader->next(); !rows.empty(); rows = reader->next()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        std::memcpy(image.bytes().data() + at, rows.data(), rows.size());
        at += rows.size();
    }
    EXPECT_TRUE(image == read_image(content, "picture", {}).image);
}

/// A dark disc on light grey, both a little uneven.
Image disc(Size size) {
    return testing::make_image(size, Channels::rgb, [&](int x, int y) {
        const int dx = 2 * x - size.width;
        const int dy = 2 * y - size.height;
        const int value = dx * dx + dy * dy < size.height * size.height / 2 ? 70 : 230;
        const auto byte = static_cast<std::uint8_t>(value + (x * 7 + y * 5) % 5);
        return Color{byte, byte, static_cast<std::uint8_t>(byte - 9), 255};
    });
}

int squared_distance(const std::uint8_t* pixel, Color from) {
    const int red = pixel[0] - from.red;
    const int green = pixel[1] - from.green;
    const int blue = pixel[2] - from.blue;
    return red * red + green * green + blue * blue;
}

/// Looks at every row of a reader that judges, from the second band on, and counts the verdicts.
std::array<int, 3> expect_true_verdicts(RowReader& reader, const Image& expected,
                                        const DistanceBounds& bounds, int end) {
    constexpr int kWord = 64;
    const int words = (expected.width() + kWord - 1) / kWord;
    std::array<int, 3> seen{};
    int y = 0;
    for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) {
        const auto verdicts = reader.verdicts();
        const int count = static_cast<int>(rows.size() / expected.stride());
        EXPECT_EQ(verdicts.size(), y == 0 ? 0U : static_cast<std::size_t>(count * words));
        for (int i = 0; i < count; ++i, ++y) {
            for (int x = 0; x < expected.width(); ++x) {
                const auto word = static_cast<std::size_t>(i * words + x / kWord);
                const WordVerdict verdict = verdicts.empty() ? WordVerdict::open : verdicts[word];
                const std::uint8_t* pixel = expected.row(y) + 3 * x;
                const std::size_t at = static_cast<std::size_t>(i) * expected.stride() +
                                       3 * static_cast<std::size_t>(x);
                const bool is_true = verdict == WordVerdict::near
                                         ? squared_distance(pixel, bounds.from) < bounds.near_below
                                     : verdict == WordVerdict::far
                                         ? squared_distance(pixel, bounds.from) >= bounds.far_from
                                         : std::equal(pixel, pixel + 3, rows.data() + at);
                EXPECT_TRUE(is_true) << "at " << x << ", " << y;
                EXPECT_TRUE(y < end || verdict == WordVerdict::open);
                ++seen[static_cast<std::size_t>(verdict)];
            }
        }
        reader.judge_by(bounds, end);
    }
    EXPECT_EQ(y, expected.height());
    return seen;
}

TEST(JudgingRows, LeaveOutWhatTheirVerdictsSay) {
    const DistanceBounds bounds{{232, 232, 223, 255}, 33 * 33, 47 * 47};
    for (const char* suffix : {".jpg", ".jpg[Q=95,subsample_mode=off]", ".jpg[Q=50,interlace]"}) {
        for (const Size size : {Size{1, 70}, Size{65, 33}, Size{63, 64}, Size{700, 501}}) {
            SCOPED_TRACE(suffix + to_string(size));
            const Bytes content = encode_with_vips(disc(size), {.suffix = suffix});
            EncodedSource source = source_of(content);
            const auto reader = open(source);
            ASSERT_TRUE(reader->judges());
            const Image expected = read_image(content, "picture", {}).image;
            const auto seen =
                expect_true_verdicts(*reader, expected, bounds, size.height - size.height / 5);
            if (size.width > 500) {
                EXPECT_GT(*std::ranges::min_element(seen), 10'000);
            }
        }
    }
}

TEST(JudgingRows, AreThoseOfColourJpegsAlone) {
    for (const Channels channels : {Channels::grey, Channels::rgb}) {
        for (const char* suffix : {".jpg", ".png"}) {
            const Bytes content =
                encode_with_vips(testing::noise_image({30, 20}, channels), {.suffix = suffix});
            EncodedSource source = source_of(content);
            const bool is_colour_jpeg =
                channels == Channels::rgb && std::string_view(suffix) == ".jpg";
            EXPECT_EQ(open(source)->judges(), is_colour_jpeg);
        }
    }
    const Bytes content = encode_with_vips(disc(kLarge), {.suffix = ".jpg"});
    EncodedSource source = source_of(content);
    if (std::thread::hardware_concurrency() > 1) {
        EXPECT_FALSE(read_ahead(open(source))->judges());
    }
}

INSTANTIATE_TEST_SUITE_P(Formats, EachRowFormat,
                         ::testing::Values(".jpg", ".jpg[interlace]", ".png[compression=1]",
                                           ".png[interlace,compression=1]", ".webp[effort=0]"),
                         [](const auto& test) {
                             std::string name = test.param + 1;
                             std::erase_if(name, [](char c) { return !std::isalnum(c); });
                             return name;
                         });

TEST(RowReader, APictureInMemoryIsHandedOver) {
    Image image = testing::noise_image({40, 30}, Channels::rgba);
    const Image copy = image;
    const std::uint8_t* pixels = image.bytes().data();
    const auto reader = rows_of(std::move(image));
    EXPECT_TRUE(reader->held());
    const Image back = read_all(*reader);
    EXPECT_EQ(back.bytes().data(), pixels);
    EXPECT_TRUE(back == copy);
    EXPECT_TRUE(walk(*rows_of(copy)) == copy);
}

TEST(RowReader, AFileThatChangedSinceItWasProbedIsRefused) {
    for (const char* suffix : {".jpg", ".png"}) {
        const Bytes content =
            encode_with_vips(testing::noise_image({40, 30}, Channels::rgb), {.suffix = suffix});
        EncodedSource source = source_of(content);
        HeaderFacts facts = probe_direct(source, require_format(source));
        facts.info.size = {30, 40};
        EXPECT_TRUE(is_damaged([&] { (void)open_rows(source, facts); }));
        facts.info.size = {40, 30};
        facts.info.channels = Channels::grey;
        EXPECT_TRUE(is_damaged([&] { (void)open_rows(source, facts); }));
    }
}

}  // namespace
}  // namespace editprep::imaging
