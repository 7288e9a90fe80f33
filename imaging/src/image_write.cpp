#include <algorithm>
#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "encode_jpeg.hpp"
#include "encode_png.hpp"
#include "encode_webp.hpp"
#include "whole_file.hpp"

namespace editprep::imaging {
namespace {

constexpr const char* kWrittenFormats = "PNG (.png), JPEG (.jpg, .jpeg) and WebP (.webp)";

std::string lower_case_extension(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return extension;
}

std::vector<std::byte> encode_mask_as(const Mask& mask, ImageFormat format,
                                      const WriteOptions& options) {
    if (format == ImageFormat::png) {
        return encode_mask_png(mask);
    }
    WriteOptions exact = options;
    exact.lossless = true;
    return encode_image(encode_mask(mask, MaskEncoding::white_edits), format, exact);
}

}  // namespace

ImageFormat format_for(const std::filesystem::path& path) {
    const std::string extension = lower_case_extension(path);
    if (extension.empty() || extension == ".png") {
        return ImageFormat::png;
    }
    if (extension == ".jpg" || extension == ".jpeg") {
        return ImageFormat::jpeg;
    }
    if (extension == ".webp") {
        return ImageFormat::webp;
    }
    throw Error(Errc::unsupported_format,
                "cannot write " + path.string() +
                    ": no picture format that is written here has the "
                    "extension " +
                    path.extension().string(),
                path.string(), std::string("written are ") + kWrittenFormats);
}

std::vector<std::byte> encode_image(const Image& image, ImageFormat format,
                                    const WriteOptions& options) {
    switch (format) {
        case ImageFormat::png:
            return encode_png(image.bytes(), image.size(), image.channels(),
                              {.effort = options.png_effort});
        case ImageFormat::jpeg:
            return encode_jpeg(image, options.quality);
        case ImageFormat::webp:
            return encode_webp(image, {options.lossless, options.quality});
        default:
            throw Error(Errc::unsupported_format,
                        std::string(name_of(format)) + " is read and not written", {},
                        std::string("written are ") + kWrittenFormats);
    }
}

std::vector<std::byte> encode_mask_png(const Mask& mask) {
    return encode_png(mask.bytes(), mask.size(), Channels::grey, {.filter = PngFilter::up});
}

void write_image(const std::filesystem::path& path, const Image& image, Overwrite overwrite,
                 const WriteOptions& options) {
    const ImageFormat format = options.format ? *options.format : format_for(path);
    check_may_write(path, overwrite);
    write_whole_file(path, encode_image(image, format, options), overwrite);
}

void write_mask(const std::filesystem::path& path, const Mask& mask, Overwrite overwrite,
                const WriteOptions& options) {
    const ImageFormat format = options.format ? *options.format : format_for(path);
    check_may_write(path, overwrite);
    write_whole_file(path, encode_mask_as(mask, format, options), overwrite);
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> content,
                Overwrite overwrite) {
    write_whole_file(path, content, overwrite);
}

void check_may_write(const std::filesystem::path& path, Overwrite overwrite) {
    check_target(path, overwrite);
}

}  // namespace editprep::imaging
