#include "read_notes.hpp"

#include <string_view>

namespace editprep::imaging {
namespace {

std::string_view frame_word(ImageFormat format) {
    switch (format) {
        case ImageFormat::tiff:
            return "pages";
        case ImageFormat::heif:
        case ImageFormat::avif:
            return "pictures";
        default:
            return "frames";
    }
}

std::string color_note(const ImageInfo& info, bool profile_ignored) {
    if (info.cmyk) {
        return "converted from CMYK to sRGB";
    }
    return profile_ignored ? "ignored a colour profile that does not fit the picture"
                           : "converted from its colour profile to sRGB";
}

}  // namespace

std::vector<std::string> notes_on(const ImageInfo& info, bool profile_ignored) {
    std::vector<std::string> notes;
    if (info.frames > 1) {
        notes.push_back("read the first of " + std::to_string(info.frames) + " " +
                        std::string(frame_word(info.format)));
    }
    if (info.cmyk || info.foreign_profile) {
        notes.push_back(color_note(info, profile_ignored));
    }
    if (info.bits > 8) {
        notes.push_back("scaled from " + std::to_string(info.bits) + " to 8 bits a channel");
    }
    if (info.orientation != 1) {
        notes.push_back("turned upright (EXIF orientation " + std::to_string(info.orientation) +
                        ")");
    }
    return notes;
}

}  // namespace editprep::imaging
