#include "encode_png.hpp"

namespace editprep::imaging {

std::vector<std::byte> encode_png(std::span<const std::uint8_t> pixels, Size size,
                                  Channels channels, const PngSettings& settings) {
    std::vector<std::byte> file;
    PngWriter writer(size, channels, settings, [&](std::span<const std::byte> bytes) {
        file.insert(file.end(), bytes.begin(), bytes.end());
    });
    const std::size_t row_bytes =
        static_cast<std::size_t>(size.width) * static_cast<std::size_t>(channels);
    for (std::size_t at = 0; at < pixels.size(); at += row_bytes) {
        writer.write_row(pixels.data() + at);
    }
    writer.finish();
    return file;
}

}  // namespace editprep::imaging
