#include "png/png_rows.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "editprep/imaging/pixel_buffer.hpp"
#include "png/png_expand.hpp"
#include "png/png_layout.hpp"
#include "png/png_samples.hpp"
#include "png/png_unfilter.hpp"
#include "read_error.hpp"
#include "rows/decoded_rows.hpp"

namespace editprep::imaging {
namespace {

/// Inflated at a time: enough that the stream's own housekeeping for a call disappears, and little
/// enough to stay in the cache until the rows are used.
constexpr std::size_t kBandBytes = std::size_t{128} << 10;
constexpr std::size_t kFewestRows = 4;

std::size_t rows_in_band(std::size_t row_bytes, std::size_t height) {
    return std::min(std::max(kBandBytes / row_bytes, kFewestRows), height);
}

/// Inflates and unfilters the rows of one image.
class LineReader {
public:
    LineReader(PngSamples& samples, const PngLayout& layout, std::size_t width, std::size_t height,
               std::string_view subject)
        : samples_(samples),
          subject_(subject),
          bytes_(layout.row_bytes(width)),
          pixel_bytes_(layout.pixel_bytes()),
          band_(rows_in_band(bytes_ + 1, height)),
          filtered_(band_ * (bytes_ + 1)),
          above_(bytes_) {
        // Above the first row are zeros.
        std::memset(above_.data(), 0, bytes_);
    }

    /// Of a row.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    /// How many rows are best read at a time.
    [[nodiscard]] std::size_t band() const noexcept { return band_; }

    /// So many of the next rows, packed.
    void read(std::uint8_t* out, std::size_t rows) {
        for (; rows > band_; rows -= band_, out += band_ * bytes_) {
            read_band(out, band_);
        }
        read_band(out, rows);
    }

private:
    void read_band(std::uint8_t* out, std::size_t rows) {
        samples_.read({filtered_.data(), rows * (bytes_ + 1)});
        const std::uint8_t* above = above_.data();
        for (std::size_t i = 0; i < rows; ++i, above = out, out += bytes_) {
            const std::uint8_t* filtered = filtered_.data() + i * (bytes_ + 1);
            if (!png_unfilter(filtered[0], {filtered + 1, above, out, bytes_, pixel_bytes_})) {
                throw_damaged("PNG", subject_, "a row has a filter that nobody knows");
            }
        }
        std::memcpy(above_.data(), above, bytes_);
    }

    PngSamples& samples_;
    std::string_view subject_;
    std::size_t bytes_;
    std::size_t pixel_bytes_;
    std::size_t band_;
    PixelBuffer filtered_;
    /// The last row of the band before.
    PixelBuffer above_;
};

class PngRows : public DecodedRows {
public:
    PngRows(const EncodedSource& source, const PngLayout& layout, Channels channels)
        : DecodedRows(layout.size, channels,
                      rows_in_band(static_cast<std::size_t>(layout.size.width) *
                                       static_cast<std::size_t>(channels),
                                   static_cast<std::size_t>(layout.size.height))),
          samples_(source, layout.pixels_offset),
          lines_(samples_, layout, static_cast<std::size_t>(layout.size.width),
                 static_cast<std::size_t>(layout.size.height), source.subject()),
          expander_(layout, channels) {
        if (!expander_.is_identity()) {
            line_ = PixelBuffer(lines_.band() * lines_.bytes());
        }
    }

private:
    void decode(std::uint8_t* out, std::size_t rows) override {
        if (expander_.is_identity()) {
            lines_.read(out, rows);
            return;
        }
        while (rows > 0) {
            const std::size_t count = std::min(rows, lines_.band());
            lines_.read(line_.data(), count);
            for (std::size_t i = 0; i < count; ++i, out += stride()) {
                expander_.expand(line_.data() + i * lines_.bytes(), out,
                                 static_cast<std::size_t>(size().width));
            }
            rows -= count;
        }
    }

    void finish() override { samples_.finish(); }

    PngSamples samples_;
    LineReader lines_;
    PngExpander expander_;
    /// Samples that are no pixels yet.
    PixelBuffer line_;
};

/// Every so many pixels, from an offset on, across or down.
struct Grid {
    std::size_t start;
    std::size_t step;

    /// How many of so many pixels it takes.
    [[nodiscard]] std::size_t count(std::size_t of) const {
        return of > start ? (of - start + step - 1) / step : 0;
    }
};

struct Pass {
    Grid across;
    Grid down;
};

/// The seven passes of Adam7.
constexpr std::array<Pass, 7> kPasses{{{{0, 8}, {0, 8}},
                                       {{4, 8}, {0, 8}},
                                       {{0, 4}, {4, 8}},
                                       {{2, 4}, {0, 4}},
                                       {{0, 2}, {2, 4}},
                                       {{1, 2}, {0, 2}},
                                       {{0, 1}, {1, 2}}}};

/// Puts pixels side by side into every so many places of a row.
void scatter(const std::uint8_t* pixels, std::size_t count, std::size_t pixel_bytes,
             const Grid& across, std::uint8_t* row) {
    for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(row + (across.start + i * across.step) * pixel_bytes, pixels + i * pixel_bytes,
                    pixel_bytes);
    }
}

Image decode_interlaced(const EncodedSource& source, const PngLayout& layout, Channels channels) {
    const auto width = static_cast<std::size_t>(layout.size.width);
    const auto height = static_cast<std::size_t>(layout.size.height);
    const auto pixel_bytes = static_cast<std::size_t>(channels);
    const PngExpander expander(layout, channels);
    PngSamples samples(source, layout.pixels_offset);
    Image image(layout.size, channels);
    PixelBuffer pixels(image.stride());
    for (const Pass& pass : kPasses) {
        const std::size_t columns = pass.across.count(width);
        const std::size_t rows = pass.down.count(height);
        if (columns == 0 || rows == 0) {
            continue;
        }
        LineReader lines(samples, layout, columns, rows, source.subject());
        PixelBuffer line(lines.bytes());
        for (std::size_t y = pass.down.start; y < height; y += pass.down.step) {
            lines.read(line.data(), 1);
            expander.expand(line.data(), pixels.data(), columns);
            scatter(pixels.data(), columns, pixel_bytes, pass.across,
                    image.row(static_cast<int>(y)));
        }
    }
    samples.finish();
    return image;
}

/// Whether the pixels can be what the probe promised.
bool agree(const PngLayout& layout, const HeaderFacts& facts) {
    const bool grey = layout.color == PngColor::grey || layout.color == PngColor::grey_alpha;
    const bool alpha = layout.color == PngColor::grey_alpha || layout.color == PngColor::rgba ||
                       layout.transparent.has_value();
    const Channels channels = facts.info.channels;
    return layout.size == facts.info.size && layout.bits <= 8 &&
           (channels == Channels::rgba || !alpha) && (grey || channels != Channels::grey) &&
           (!grey || channels != Channels::rgb);
}

}  // namespace

std::unique_ptr<RowReader> png_rows(const EncodedSource& source, const HeaderFacts& facts) {
    const PngLayout layout = read_png_layout(source);
    const Channels channels = facts.info.channels;
    if (!agree(layout, facts)) {
        // Another process has written into the file since it was probed.
        throw_damaged("PNG", source.subject(), "its header contradicts itself");
    }
    if (layout.interlaced) {
        return rows_of(decode_interlaced(source, layout, channels));
    }
    return std::make_unique<PngRows>(source, layout, channels);
}

}  // namespace editprep::imaging
