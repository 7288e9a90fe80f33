#include "spng_encoder.hpp"

#include <cstdlib>
#include <memory>

namespace editprep::benchmarks {

std::vector<std::byte> spng_encode(std::span<const std::uint8_t> pixels, imaging::Size size,
                                   spng_color_type color, int level, int filters) {
    const std::unique_ptr<spng_ctx, decltype(&spng_ctx_free)> encoder(
        spng_ctx_new(SPNG_CTX_ENCODER), spng_ctx_free);
    spng_set_option(encoder.get(), SPNG_ENCODE_TO_BUFFER, 1);
    spng_set_option(encoder.get(), SPNG_IMG_COMPRESSION_LEVEL, level);
    spng_set_option(encoder.get(), SPNG_FILTER_CHOICE, filters);
    spng_ihdr header{};
    header.width = static_cast<std::uint32_t>(size.width);
    header.height = static_cast<std::uint32_t>(size.height);
    header.bit_depth = 8;
    header.color_type = static_cast<std::uint8_t>(color);
    spng_set_ihdr(encoder.get(), &header);
    spng_encode_image(encoder.get(), pixels.data(), pixels.size(), SPNG_FMT_PNG,
                      SPNG_ENCODE_FINALIZE);
    std::size_t length = 0;
    int error = 0;
    const std::unique_ptr<void, decltype(&std::free)> file(
        spng_get_png_buffer(encoder.get(), &length, &error), std::free);
    const auto* bytes = static_cast<const std::byte*>(file.get());
    return {bytes, bytes + length};
}

}  // namespace editprep::benchmarks
