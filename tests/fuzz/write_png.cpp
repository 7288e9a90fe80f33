#include <spng.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "png/png_writer.hpp"

namespace {

using namespace editprep::imaging;

/// Enough for several chunks of compressed rows and more than a window of repetitions.
constexpr std::size_t kMostBytes = 600'000;

struct Picture {
    Size size;
    Channels channels;
    PngSettings settings;
    std::vector<std::uint8_t> bytes;

    [[nodiscard]] std::size_t row_bytes() const {
        return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(channels);
    }
};

/// The first bytes tell the shape and the settings; the others are the pixels, over and over.
Picture picture_of(std::span<const std::uint8_t> head, std::span<const std::uint8_t> pixels) {
    constexpr std::array kChannels = {Channels::grey, Channels::rgb, Channels::rgba};
    constexpr std::array kFilters = {PngFilter::up, PngFilter::adaptive};
    constexpr std::array kEfforts = {PngEffort::fast, PngEffort::balanced, PngEffort::small};
    Picture picture{{1 + head[0] + 256 * (head[1] % 16), 1},
                    kChannels[head[2] % kChannels.size()],
                    {.filter = kFilters[head[3] % kFilters.size()],
                     .effort = kEfforts[head[4] % kEfforts.size()],
                     .threads = 1 + head[5] % 3},
                    {}};
    const std::size_t most_rows = kMostBytes / picture.row_bytes();
    picture.size.height = 1 + static_cast<int>((head[6] + 256U * head[7]) % most_rows);
    picture.bytes.resize(picture.row_bytes() * static_cast<std::size_t>(picture.size.height));
    for (std::size_t i = 0; i < picture.bytes.size(); ++i) {
        picture.bytes[i] = pixels[i % pixels.size()];
    }
    return picture;
}

std::vector<std::byte> file_of(const Picture& picture) {
    std::vector<std::byte> file;
    PngWriter writer(picture.size, picture.channels, picture.settings,
                     [&file](std::span<const std::byte> part) {
                         file.insert(file.end(), part.begin(), part.end());
                     });
    for (std::size_t at = 0; at < picture.bytes.size(); at += picture.row_bytes()) {
        writer.write_row(picture.bytes.data() + at);
    }
    writer.finish();
    return file;
}

/// What libspng makes of the file; it checks every checksum.
std::vector<std::uint8_t> decoded(std::span<const std::byte> file) {
    const std::unique_ptr<spng_ctx, decltype(&spng_ctx_free)> context(spng_ctx_new(0),
                                                                      &spng_ctx_free);
    std::size_t size = 0;
    if (spng_set_png_buffer(context.get(), file.data(), file.size()) != 0 ||
        spng_decoded_image_size(context.get(), SPNG_FMT_PNG, &size) != 0) {
        return {};
    }
    std::vector<std::uint8_t> pixels(size);
    if (spng_decode_image(context.get(), pixels.data(), size, SPNG_FMT_PNG, 0) != 0) {
        return {};
    }
    return pixels;
}

}  // namespace

/// Any rows come out of another decoder as they went in, and the file does not depend on threads.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kHeadBytes = 8;
    if (size <= kHeadBytes) {
        return 0;
    }
    const std::span input(data, size);
    Picture picture = picture_of(input.first(kHeadBytes), input.subspan(kHeadBytes));
    const std::vector<std::byte> file = file_of(picture);
    picture.settings.threads = 1;
    if (decoded(file) != picture.bytes || file_of(picture) != file) {
        std::abort();
    }
    return 0;
}
