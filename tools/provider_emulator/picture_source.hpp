#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "editprep/imaging/image_file.hpp"
#include "tools/provider_emulator/file_store.hpp"

/// The pictures that requests refer to.
namespace editprep::tools::provider_emulator {

/// A reference that leads to no picture.
class PictureError : public std::runtime_error {
public:
    enum class Kind {
        /// Nothing can be fetched from there.
        download,
        /// What is there is no picture.
        load,
    };

    PictureError(Kind kind, const std::string& message)
        : std::runtime_error(message), kind_(kind) {}
    [[nodiscard]] Kind kind() const noexcept { return kind_; }

private:
    Kind kind_;
};

/// @param content a file's bytes; @param subject how messages call it
[[nodiscard]] imaging::LoadedImage decode_picture(std::string_view content,
                                                  std::string_view subject);

/// The bytes behind a data URI, a URL of this emulator's own files or another URL on the loopback.
/// It never calls any other machine.
/// @param base_url this emulator's
[[nodiscard]] std::string fetch_reference(const FileStore& files, std::string_view reference,
                                          std::string_view base_url);

}  // namespace editprep::tools::provider_emulator
