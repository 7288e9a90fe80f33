#include "png_reference.hpp"

#include <png.h>

#include <span>
#include <stdexcept>
#include <string>

namespace editprep::testing {
namespace {

/// libpng's simplified interface with its state freed at the end.
class PngImage {
public:
    PngImage() { image_.version = PNG_IMAGE_VERSION; }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;
    ~PngImage() { png_image_free(&image_); }

    [[nodiscard]] png_image* operator->() noexcept { return &image_; }
    [[nodiscard]] png_image* get() noexcept { return &image_; }

    void check(int succeeded, const std::filesystem::path& path) const {
        if (succeeded == 0 || PNG_IMAGE_FAILED(image_)) {
            throw std::runtime_error(path.string() + ": " + image_.message);
        }
    }

private:
    png_image image_{};
};

png_uint_32 format_of(imaging::Channels channels) {
    switch (channels) {
        case imaging::Channels::grey:
            return PNG_FORMAT_GRAY;
        case imaging::Channels::rgb:
            return PNG_FORMAT_RGB;
        case imaging::Channels::rgba:
            break;
    }
    return PNG_FORMAT_RGBA;
}

imaging::Channels channels_of(png_uint_32 format, const std::filesystem::path& path) {
    for (const auto channels :
         {imaging::Channels::grey, imaging::Channels::rgb, imaging::Channels::rgba}) {
        if (format == format_of(channels)) {
            return channels;
        }
    }
    throw std::runtime_error(path.string() + ": not 8-bit grey, RGB or RGBA");
}

void write(const std::filesystem::path& path, imaging::Size size, imaging::Channels channels,
           std::span<const std::uint8_t> pixels) {
    PngImage png;
    png->width = static_cast<png_uint_32>(size.width);
    png->height = static_cast<png_uint_32>(size.height);
    png->format = format_of(channels);
    png.check(png_image_write_to_file(png.get(), path.c_str(), 0, pixels.data(), 0, nullptr), path);
}

}  // namespace

imaging::Image read_png_reference(const std::filesystem::path& path) {
    PngImage png;
    png.check(png_image_begin_read_from_file(png.get(), path.c_str()), path);
    const imaging::Channels channels = channels_of(png->format, path);
    imaging::Image image({static_cast<int>(png->width), static_cast<int>(png->height)}, channels);
    png.check(png_image_finish_read(png.get(), nullptr, image.bytes().data(), 0, nullptr), path);
    return image;
}

void write_png_reference(const std::filesystem::path& path, const imaging::Image& image) {
    write(path, image.size(), image.channels(), image.bytes());
}

void write_png_reference(const std::filesystem::path& path, const imaging::Mask& mask) {
    write(path, mask.size(), imaging::Channels::grey, mask.bytes());
}

}  // namespace editprep::testing
