#include "tools/workflow/source_picture.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "editprep/imaging/resize.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

std::string to_text(imaging::Size size) {
    return std::to_string(size.width) + 'x' + std::to_string(size.height);
}

void tell_notes(const imaging::LoadedImage& loaded, const std::string& path, const Story& story) {
    for (const std::string& note : loaded.notes) {
        story.warn(display_path(path) + ": " + note);
    }
}

}  // namespace

void require_existing(const std::string& path, const char* kind) {
    std::error_code error;
    // Only "there is nothing": a folder that may not be searched is the reader's to report.
    if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) {
        throw Failure(std::string(kind) + " not found: " + display_path(path),
                      Failure::Form::verbatim);
    }
}

imaging::Image load_picture(const std::string& path, const Story& story) {
    imaging::LoadedImage loaded = imaging::read_image(path);
    tell_notes(loaded, path, story);
    return std::move(loaded.image);
}

imaging::Size load_picture_size(const std::string& path, const Story& story) {
    const imaging::ImageInfo info = imaging::probe_image(path);
    if (info.orientation != 1) {
        story.warn(display_path(path) + ": the region applies to the upright picture, " +
                   to_text(info.size) + " (EXIF orientation " + std::to_string(info.orientation) +
                   ')');
    }
    if (info.frames > 1) {
        story.warn(display_path(path) + ": only the first of " + std::to_string(info.frames) +
                   " frames is used");
    }
    return info.size;
}

imaging::Mask load_mask(const std::string& path, imaging::Size size, const Story& story) {
    const imaging::LoadedImage loaded = imaging::read_image(path);
    tell_notes(loaded, path, story);
    imaging::Mask mask = imaging::decode_mask(loaded.image);
    if (mask.size() == size) {
        return mask;
    }
    story.note(display_path(path) + ": resized from " + to_text(mask.size()) + " to " +
               to_text(size) + ", the size of the picture");
    return imaging::resize(mask, size, imaging::ResizeKernel::bicubic);
}

}  // namespace editprep::tools
