#include "png/png_transparency.hpp"

namespace editprep::imaging {
namespace {

bool fits(std::size_t transparency_bytes, PngColor color, std::size_t palette_colors) {
    switch (color) {
        case PngColor::grey:
            return transparency_bytes == 2;
        case PngColor::rgb:
            return transparency_bytes == 6;
        case PngColor::palette:
            return transparency_bytes > 0 && transparency_bytes <= palette_colors;
        default:
            return false;
    }
}

}  // namespace

std::vector<std::byte> png_transparency(const EncodedSource& source, const PngChunk& chunk,
                                        PngColor color, std::size_t palette_colors) {
    if (!fits(chunk.size, color, palette_colors)) {
        return {};
    }
    auto data = png_chunk_data(source, chunk, kMaxPngPalette);
    if (!png_crc_holds(source, chunk, data)) {
        data.clear();
    }
    return data;
}

}  // namespace editprep::imaging
