/// Writes the inputs that the commands are timed on, seeded, into a folder; what is there already
/// is kept.
///
///     command_inputs FOLDER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <functional>
#include <random>
#include <span>
#include <vector>

#include "benchmark_inputs.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/resize.hpp"
#include "spng_encoder.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Image;
using imaging::Size;
using Bytes = std::vector<std::byte>;
using std::filesystem::path;

/// Colour at half resolution, as cameras store it.
constexpr int kCameraQuality = 89;
constexpr std::size_t kLargestDataUriBytes = std::size_t{200} << 20;

Bytes jpeg_of(const Image& image) {
    imaging::WriteOptions options;
    options.quality = kCameraQuality;
    return imaging::encode_image(image, imaging::ImageFormat::jpeg, options);
}

/// With zlib's default effort and adaptive filters, as most programs write PNG.
Bytes png_of(const Image& image) {
    const auto color =
        image.has_alpha() ? SPNG_COLOR_TYPE_TRUECOLOR_ALPHA : SPNG_COLOR_TYPE_TRUECOLOR;
    return spng_encode(image.bytes(), image.size(), color, 6, SPNG_FILTER_CHOICE_ALL);
}

/// The middle of the product, small.
Image thumbnail() {
    const imaging::Rect middle{(kSize.width - kSize.height) / 2, 0, kSize.height, kSize.height};
    return imaging::resize(imaging::crop(product(), middle), Size{256, 256});
}

/// The object with a soft edge and nothing behind it.
Image cutout() {
    const imaging::Mask cover = imaging::feather(object_mask(), 1.5);
    Image image = imaging::solid_image(kSize, imaging::Channels::rgba, {0, 0, 0, 0});
    for (std::size_t i = 0; i < cover.bytes().size(); ++i) {
        const std::uint8_t alpha = cover.bytes()[i];
        if (alpha > 0) {
            std::copy_n(product().bytes().data() + 3 * i, 3, image.bytes().data() + 4 * i);
            image.bytes()[4 * i + 3] = alpha;
        }
    }
    return image;
}

/// Incompressible, as the content of a clip is.
Bytes noise() {
    std::mt19937_64 random(1);
    Bytes bytes(kLargestDataUriBytes);
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
        const std::uint64_t word = random();
        std::memcpy(bytes.data() + at, &word, sizeof word);
    }
    return bytes;
}

void write_once(const path& file, const std::function<Bytes()>& make) {
    if (!std::filesystem::exists(file)) {
        std::fprintf(stderr, "making %s\n", file.filename().c_str());
        imaging::write_file(file, make(), imaging::Overwrite::own_files);
    }
}

void write_inputs(const path& folder) {
    std::filesystem::create_directories(folder);
    write_once(folder / "photo.jpg", [] { return jpeg_of(photo()); });
    write_once(folder / "product.jpg", [] { return jpeg_of(product()); });
    write_once(folder / "product.png", [] { return png_of(product()); });
    write_once(folder / "cutout.png", [] { return png_of(cutout()); });
    write_once(folder / "product_256.png", [] { return png_of(thumbnail()); });
    write_once(folder / "product_100mp.jpg", [] { return jpeg_of(product_of({11600, 8700})); });
    write_once(folder / "noise_200mib.mp4", noise);
}

}  // namespace
}  // namespace editprep::benchmarks

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: command_inputs FOLDER\n", stderr);
        return 2;
    }
    try {
        editprep::benchmarks::write_inputs(argv[1]);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "command_inputs: %s\n", error.what());
        return 1;
    }
}
