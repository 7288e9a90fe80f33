#pragma once

#include <string>
#include <string_view>

#include "editprep/imaging/error.hpp"

/// The two refusals that every reader of a format has in common, so that they are worded once.
namespace editprep::imaging {

/// @param detail what the format's library found, in a few words; may be empty
[[noreturn]] inline void throw_damaged(std::string_view format, std::string_view subject,
                                       std::string_view detail) {
    std::string message = "the " + std::string(format) + " picture is damaged or cut short: ";
    message += subject;
    if (!detail.empty()) {
        message += " (" + std::string(detail) + ")";
    }
    throw Error(Errc::damaged_image, std::move(message), std::string(subject),
                "get the file again, or open it in an image editor and export it anew");
}

[[noreturn]] inline void throw_unsupported(std::string_view subject, std::string_view reason) {
    std::string message = "not a picture in a format that is read here: ";
    message += subject;
    message += " (" + std::string(reason) + ")";
    throw Error(Errc::unsupported_format, std::move(message), std::string(subject),
                "convert it to PNG, JPEG, WebP, TIFF, GIF, HEIF or AVIF");
}

}  // namespace editprep::imaging
