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

void require_existing(const std::string& path, const char* kind) {
    std::error_code error;
    // Only "there is nothing": a folder that may not be searched is the reader's to report.
    if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) {
        const std::string shown = path.empty() ? "" : display_path(path);
        throw Failure(std::string(kind) + " not found: " + shown, Failure::Form::verbatim);
    }
}

void tell_notes(const std::vector<std::string>& notes, const std::string& path,
                const Story& story) {
    for (const std::string& note : notes) {
        story.warn(display_path(path) + ": " + note);
    }
}

imaging::Image load_picture(const std::string& path, const Story& story) {
    imaging::LoadedImage loaded = imaging::read_image(path);
    tell_notes(loaded.notes, path, story);
    return std::move(loaded.image);
}

imaging::Size load_picture_size(const std::string& path, const Story& story) {
    const imaging::ImageInfo info = imaging::probe_image(path);
    if (!info.complete) {
        // Whether the file was cut short shows only when it is read.
        static_cast<void>(imaging::read_image(path));
    }
    if (info.orientation != 1) {
        story.warn(display_path(path) + ": the region applies to the upright picture, " +
                   to_string(info.size) + " (EXIF orientation " + std::to_string(info.orientation) +
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
    tell_notes(loaded.notes, path, story);
    imaging::Mask mask = imaging::decode_mask(loaded.image);
    if (mask.size() == size) {
        return mask;
    }
    story.note(display_path(path) + ": resized from " + to_string(mask.size()) + " to " +
               to_string(size) + ", the size of the picture");
    return imaging::resize(mask, size, imaging::ResizeKernel::bicubic);
}

}  // namespace editprep::tools
