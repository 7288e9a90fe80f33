#include "canvas_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "editprep/imaging/resize.hpp"
#include "gaussian.hpp"
#include "image_maker.hpp"
#include "imaging_checks.hpp"
#include "over_pixel.hpp"

namespace editprep::imaging {
namespace {

using testing::kAllChannels;
using testing::noise_image;

constexpr CanvasFill kFills[] = {CanvasFill::transparent, CanvasFill::solid, CanvasFill::blur,
                                 CanvasFill::mirror};

/// A picture that comes in bands of uneven height.
class BandReader : public RowReader {
public:
    explicit BandReader(Image image)
        : RowReader(image.size(), image.channels()), image_(std::move(image)) {}

    std::span<const std::uint8_t> next() override {
        const int count = std::min(band_ = band_ % 7 + 3, image_.height() - y_);
        EXPECT_GT(count, 0) << "asked for more rows than there are";
        const std::uint8_t* rows = image_.row(std::exchange(y_, y_ + count));
        return {rows, static_cast<std::size_t>(count) * image_.stride()};
    }

    [[nodiscard]] int rows_read() const { return y_; }

private:
    Image image_;
    int band_ = 0;
    int y_ = 0;
};

int reflected(int coordinate, int length) {
    while (coordinate < 0 || coordinate >= length) {
        coordinate = coordinate < 0 ? -1 - coordinate : 2 * length - 1 - coordinate;
    }
    return coordinate;
}

/// The whole backdrop at once, and its middle.
Image backdrop_of(const Image& picture, Size canvas, double sigma_px) {
    const double scale = std::max(static_cast<double>(canvas.width) / picture.width(),
                                  static_cast<double>(canvas.height) / picture.height());
    const Size cover{
        std::max(canvas.width, static_cast<int>(std::nearbyint(picture.width() * scale))),
        std::max(canvas.height, static_cast<int>(std::nearbyint(picture.height() * scale)))};
    const Image whole = gaussian_blur(resize(to_rgba(picture), cover), sigma_px);
    const int left = (cover.width - canvas.width) / 2;
    const int top = (cover.height - canvas.height) / 2;
    return crop(whole, {left, top, left + canvas.width, top + canvas.height});
}

/// The slow twin: the whole canvas, pixel by pixel.
Image plain_canvas(const Image& picture, const CanvasOptions& options) {
    const Margins& margins = options.margins;
    const Size size{picture.width() + margins.left + margins.right,
                    picture.height() + margins.top + margins.bottom};
    const Image source = to_rgba(picture);
    Image canvas =
        options.fill == CanvasFill::blur
            ? backdrop_of(picture, size, options.blur_sigma_px)
            : solid_image(size, Channels::rgba,
                          options.fill == CanvasFill::solid ? options.color : Color{0, 0, 0, 0});
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            std::uint8_t* to = canvas.row(y) + 4 * x;
            const int from_x = x - margins.left;
            const int from_y = y - margins.top;
            if (options.fill == CanvasFill::mirror) {
                std::memcpy(to,
                            source.row(reflected(from_y, picture.height())) +
                                4 * reflected(from_x, picture.width()),
                            4);
            } else if (from_x >= 0 && from_y >= 0 && from_x < picture.width() &&
                       from_y < picture.height()) {
                over_row(source.row(from_y) + 4 * from_x, to, 1);
            }
        }
    }
    return canvas;
}

/// A canvas painted row by row from a picture that comes in bands.
Image painted(const Image& picture, const CanvasOptions& options) {
    SourceRows source(std::make_unique<BandReader>(picture), rows_kept_for(options.fill));
    const CanvasLayout layout = lay_out_canvas(picture.size(), options.margins);
    const auto rows = paint_canvas(source, layout, options);
    Image canvas(layout.size, Channels::rgba);
    for (int y = 0; y < layout.size.height; ++y) {
        const std::uint8_t* row = rows->next();
        std::memcpy(canvas.row(y), row != nullptr ? row : canvas.row(y - 1), canvas.stride());
    }
    source.finish();
    return canvas;
}

void expect_plain_canvas(const Image& picture, const CanvasOptions& options) {
    const Image expected = plain_canvas(picture, options);
    const auto& [left, right, top, bottom] = options.margins;
    ASSERT_TRUE(painted(picture, options) == expected)
        << "fill " << static_cast<int>(options.fill) << ", " << to_string(picture.size()) << " of "
        << picture.channel_count() << " channels, margins " << left << ' ' << right << ' ' << top
        << ' ' << bottom << ", sigma " << options.blur_sigma_px;
    ASSERT_TRUE(expand_canvas(picture, options).image == expected);
}

/// Noise; its alpha is noise, opaque, or now and then transparent.
Image random_picture(Size size, Channels channels, std::mt19937& random) {
    Image image = noise_image(size, channels, static_cast<std::uint32_t>(random()));
    const auto kind = random() % 3;
    if (!image.has_alpha() || kind == 0) {
        return image;
    }
    for (std::size_t i = 3; i < image.bytes().size(); i += 4) {
        image.bytes()[i] = kind == 1 || random() % 5 != 0 ? 255 : 0;
    }
    return image;
}

int random_margin(int side, std::mt19937& random) {
    switch (random() % 4) {
        case 0:
            return 0;
        case 1:
            return static_cast<int>(random() % 9);
        case 2:
            return static_cast<int>(random() % 90);
        default:
            return -static_cast<int>(random() % static_cast<unsigned>((side + 1) / 2));
    }
}

TEST(CanvasRows, EqualThePlainCanvas) {
    std::mt19937 random(11);
    const auto side = [&random] {
        return 1 + static_cast<int>(random() % (random() % 3 == 0 ? 4 : 70));
    };
    for (int round = 0; round < 60; ++round) {
        for (const Channels channels : kAllChannels) {
            for (const CanvasFill fill : kFills) {
                const Image picture = random_picture({side(), side()}, channels, random);
                CanvasOptions options;
                options.fill = fill;
                options.color = {9, 100, 250, static_cast<std::uint8_t>(random())};
                constexpr double kSigmas[] = {0, 0.3, 1, 4.5, 24};
                options.blur_sigma_px = kSigmas[random() % std::size(kSigmas)];
                options.margins = {random_margin(picture.width(), random),
                                   random_margin(picture.width(), random),
                                   random_margin(picture.height(), random),
                                   random_margin(picture.height(), random)};
                ASSERT_NO_FATAL_FAILURE(expect_plain_canvas(picture, options));
            }
        }
    }
}

TEST(CanvasRows, EqualThePlainCanvasAroundTheWidthOfATile) {
    for (const CanvasFill fill : kFills) {
        for (const int side : {1, 63, 64, 65}) {
            CanvasOptions options;
            options.fill = fill;
            options.blur_sigma_px = 2;
            for (const Margins& margins :
                 {Margins{64, 0, 0, 0}, Margins{0, 65, 0, 0}, Margins{0, 0, 63, 0},
                  Margins{0, 0, 0, 64}, Margins{1, 1, 1, 1}, Margins{200, 200, 200, 200}}) {
                options.margins = margins;
                ASSERT_NO_FATAL_FAILURE(
                    expect_plain_canvas(noise_image({side, side}, Channels::rgb), options));
            }
        }
    }
}

TEST(CanvasRows, EqualThePlainCanvasWhereOnlyABorderIsBlurred) {
    // Large enough for every side to be made alone.
    CanvasOptions options;
    options.fill = CanvasFill::blur;
    options.blur_sigma_px = 3;
    for (const Channels channels : kAllChannels) {
        Image picture = noise_image({300, 260}, channels);
        options.margins = {31, 40, 25, 37};
        ASSERT_NO_FATAL_FAILURE(expect_plain_canvas(picture, options));
        options.margins = {-20, 40, 25, -30};
        ASSERT_NO_FATAL_FAILURE(expect_plain_canvas(picture, options));
        options.margins = {0, 0, 50, 0};
        ASSERT_NO_FATAL_FAILURE(expect_plain_canvas(picture, options));
    }
}

TEST(CanvasRows, MarginsOfOneColourAreOneRow) {
    for (const CanvasFill fill : {CanvasFill::transparent, CanvasFill::solid}) {
        const Image picture = noise_image({5, 4}, Channels::rgb);
        SourceRows source(picture);
        CanvasOptions options;
        options.fill = fill;
        options.margins = {2, 0, 3, 5};
        const auto rows =
            paint_canvas(source, lay_out_canvas(picture.size(), options.margins), options);
        std::vector<bool> is_new;
        for (int y = 0; y < 12; ++y) {
            is_new.push_back(rows->next() != nullptr);
        }
        EXPECT_EQ(is_new, (std::vector<bool>{true, false, false, true, true, true, true, true,
                                             false, false, false, false}));
    }
}

TEST(CanvasRows, ReadNoFurtherThanTheyArePainted) {
    // What is made of the first rows does not wait for the last.
    for (const CanvasFill fill : kFills) {
        auto reader = std::make_unique<BandReader>(noise_image({400, 300}, Channels::rgb));
        const BandReader& bands = *reader;
        SourceRows source(std::move(reader), rows_kept_for(fill));
        CanvasOptions options;
        options.fill = fill;
        options.margins = {10, 10, 10, 10};
        options.blur_sigma_px = 2;
        const auto rows =
            paint_canvas(source, lay_out_canvas({400, 300}, options.margins), options);
        for (int y = 0; y < 20; ++y) {
            static_cast<void>(rows->next());
        }
        EXPECT_LE(bands.rows_read(), 200);
        source.finish();
        EXPECT_EQ(bands.rows_read(), 300);
    }
}

}  // namespace
}  // namespace editprep::imaging
