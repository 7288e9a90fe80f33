#include "png/png_layout.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "png/png_chunks.hpp"
#include "png/png_transparency.hpp"
#include "read_error.hpp"

namespace editprep::imaging {
namespace {

unsigned to_number(std::byte value) { return std::to_integer<unsigned>(value); }

bool is_legal(PngColor color, unsigned bits) {
    switch (color) {
        case PngColor::grey:
            return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
        case PngColor::palette:
            return bits == 1 || bits == 2 || bits == 4 || bits == 8;
        case PngColor::rgb:
        case PngColor::grey_alpha:
        case PngColor::rgba:
            return bits == 8 || bits == 16;
    }
    return false;
}

class LayoutReader {
public:
    explicit LayoutReader(const EncodedSource& source) : source_(source) {}

    PngLayout read() {
        PngChunk chunk = png_chunk_at(source_, kPngSignatureBytes);
        read_header(chunk);
        for (int i = 0; i < kMaxPngChunks; ++i) {
            const std::size_t start = chunk.end();
            chunk = png_chunk_at(source_, start);
            if (chunk.type.empty() || chunk.type == "IEND") {
                throw_damage("it has no pixels");
            }
            if (chunk.type == "IDAT") {
                layout_.pixels_offset = start;
                return finished();
            }
            read_chunk(chunk);
        }
        throw_damage("it has too many chunks");
    }

private:
    [[noreturn]] void throw_damage(std::string_view detail) const {
        throw_damaged("PNG", source_.subject(), detail);
    }

    [[nodiscard]] bool holds(const PngChunk& chunk, std::span<const std::byte> data) const {
        return data.size() == chunk.size && png_crc_holds(source_, chunk, data);
    }

    void read_header(const PngChunk& chunk) {
        const auto data = png_chunk_data(source_, chunk, kPngHeaderBytes);
        if (chunk.type != "IHDR" || data.size() != kPngHeaderBytes || !holds(chunk, data)) {
            throw_damage("its header is damaged");
        }
        layout_.size = size_in_png_header(data, source_.subject());
        layout_.bits = to_number(data[8]);
        layout_.color = static_cast<PngColor>(data[9]);
        const unsigned compression = to_number(data[10]);
        const unsigned filtering = to_number(data[11]);
        const unsigned interlacing = to_number(data[12]);
        if (!is_legal(layout_.color, layout_.bits) || compression != 0 || filtering != 0 ||
            interlacing > 1) {
            throw_damage("its header claims what the format does not have");
        }
        layout_.interlaced = interlacing == 1;
    }

    void read_chunk(const PngChunk& chunk) {
        if (chunk.type == "PLTE") {
            read_palette(chunk);
        } else if (chunk.type == "tRNS") {
            read_transparency(chunk);
        } else if (chunk.critical()) {
            throw_damage("it has a chunk that nobody knows");
        }
    }

    /// In a picture without indices it is a suggestion, for screens of few colours.
    void read_palette(const PngChunk& chunk) {
        if (layout_.color != PngColor::palette) {
            return;
        }
        const auto data = png_chunk_data(source_, chunk, 3 * kMaxPngPalette);
        if (data.empty() || data.size() % 3 != 0 ||
            data.size() / 3 > std::size_t{1} << layout_.bits || !holds(chunk, data)) {
            throw_damage("its palette is damaged");
        }
        colors_ = data.size() / 3;
        for (std::size_t i = 0; i < data.size(); ++i) {
            layout_.palette[i / 3][i % 3] = static_cast<std::uint8_t>(data[i]);
        }
    }

    void read_transparency(const PngChunk& chunk) {
        const auto data = png_transparency(source_, chunk, layout_.color, colors_);
        if (data.empty() || std::exchange(transparency_seen_, true)) {
            return;
        }
        if (layout_.color == PngColor::palette) {
            alphas_ = data;
            return;
        }
        // Two bytes a channel, of which as many bits count as a sample has.
        std::array<unsigned, 3> level{};
        for (std::size_t i = 0; i < data.size() / 2; ++i) {
            const unsigned value = to_number(data[2 * i]) << 8 | to_number(data[2 * i + 1]);
            level[i] = value & ((1U << layout_.bits) - 1);
        }
        layout_.transparent = level;
    }

    PngLayout finished() {
        if (layout_.color == PngColor::palette && colors_ == 0) {
            throw_damage("it has no palette");
        }
        for (std::size_t i = 0; i < layout_.palette.size(); ++i) {
            layout_.palette[i][3] =
                i < alphas_.size() ? static_cast<std::uint8_t>(alphas_[i]) : 255;
        }
        return layout_;
    }

    const EncodedSource& source_;
    PngLayout layout_;
    std::size_t colors_ = 0;
    std::vector<std::byte> alphas_;
    bool transparency_seen_ = false;
};

}  // namespace

std::size_t PngLayout::samples_per_pixel() const noexcept {
    switch (color) {
        case PngColor::grey:
        case PngColor::palette:
            return 1;
        case PngColor::grey_alpha:
            return 2;
        case PngColor::rgb:
            return 3;
        case PngColor::rgba:
            break;
    }
    return 4;
}

PngLayout read_png_layout(const EncodedSource& source) { return LayoutReader(source).read(); }

}  // namespace editprep::imaging
