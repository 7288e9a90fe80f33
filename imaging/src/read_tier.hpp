#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "editprep/imaging/image_file.hpp"
#include "encoded_source.hpp"

namespace editprep::imaging {

/// Who decodes a picture. Both give the same pixels; tests hold them against each other.
enum class ReadTier {
    /// The direct tier when the header shows a plain picture, else libvips.
    automatic,
    /// The format's own library; unsupported_format when the picture is not plain.
    direct,
    /// libvips, whatever the picture.
    vips,
};

[[nodiscard]] LoadedImage read_image(EncodedSource& source, const Limits& limits, ReadTier tier);
[[nodiscard]] LoadedImage read_image(std::span<const std::byte> content, std::string_view subject,
                                     const ReadOptions& options, ReadTier tier);

}  // namespace editprep::imaging
