#include "tools/workflow/edit_files.hpp"

#include <utility>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using imaging::ImageFormat;
using imaging::MaskEncoding;

constexpr const char* kPng = "image/png";

std::string without_extension(const std::string& file_name) {
    const auto dot = file_name.rfind('.');
    return dot == std::string::npos || dot == 0 ? file_name : file_name.substr(0, dot);
}

std::string part_name(const std::string& file_name) {
    return without_extension(file_name) + "_focus.png";
}

/// Providers show a file upright or not, take its profile into account or not, and look at this
/// frame or that: only a plain file means the same to all.
bool is_plain(const imaging::ImageInfo& info) {
    const bool common = info.format == ImageFormat::png || info.format == ImageFormat::jpeg ||
                        info.format == ImageFormat::webp;
    return common && info.orientation == 1 && info.bits == 8 && info.frames <= 1 && !info.cmyk &&
           !info.foreign_profile;
}

bool is_encoded_as(const imaging::Image& image, MaskEncoding encoding) {
    return encoding == MaskEncoding::transparent_edits
               ? imaging::has_alpha_mask(image)
               : image.channels() == imaging::Channels::grey;
}

JobFile png_file(std::vector<std::byte> content, std::string file_name, imaging::Size size) {
    return {transport::bytes_body(std::move(content)), std::move(file_name), kPng, size};
}

}  // namespace

JobFile picture_file(const std::string& path, const imaging::Image& picture) {
    if (is_plain(imaging::probe_image(path))) {
        JobFile file = unchanged_file(path);
        file.size = picture.size();
        return file;
    }
    return png_file(imaging::encode_image(picture, ImageFormat::png),
                    without_extension(base_name(path)) + ".png", picture.size());
}

JobFile probed_file(const std::string& path) {
    JobFile file = unchanged_file(path);
    try {
        file.size = imaging::probe_image(path).size;
    } catch (const imaging::Error& error) {
        if (error.errc() == imaging::Errc::module_unavailable &&
            file.media_type.starts_with("image/")) {
            return file;
        }
        throw Failure(std::string(error.what()) + "; --skip-validation sends it all the same");
    }
    return file;
}

JobFile mask_file(const imaging::Mask& mask, MaskEncoding encoding, const std::string& file_name) {
    std::vector<std::byte> content =
        encoding == MaskEncoding::white_edits
            ? imaging::encode_mask_png(mask)
            : imaging::encode_image(imaging::encode_mask(mask, encoding), ImageFormat::png);
    return png_file(std::move(content), file_name, mask.size());
}

JobFile picture_part_file(const imaging::Image& part, const std::string& file_name) {
    return png_file(imaging::encode_image(part, ImageFormat::png), part_name(file_name),
                    part.size());
}

JobFile mask_part_file(const imaging::Mask& part, MaskEncoding encoding,
                       const std::string& file_name) {
    return mask_file(part, encoding, part_name(file_name));
}

JobFile given_mask_file(const std::string& path, const imaging::Mask& mask, MaskEncoding encoding) {
    const imaging::LoadedImage loaded = imaging::read_image(path);
    if (loaded.info.format == ImageFormat::png && is_plain(loaded.info) &&
        loaded.image.size() == mask.size() && is_encoded_as(loaded.image, encoding)) {
        JobFile file = unchanged_file(path);
        file.size = mask.size();
        return file;
    }
    return mask_file(mask, encoding, without_extension(base_name(path)) + ".png");
}

}  // namespace editprep::tools
