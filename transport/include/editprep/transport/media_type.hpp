#pragma once

#include <cstddef>
#include <span>
#include <string_view>

/// Media types from content, never from names.
namespace editprep::transport {

/// What media_type_of gives for everything it does not know.
inline constexpr std::string_view kUnknownMediaType = "application/octet-stream";

/// The media type that the first bytes show: image/png, image/jpeg, image/webp, image/gif,
/// image/avif, image/heic, image/heif, image/tiff, video/mp4, audio/mp4, video/quicktime,
/// video/webm, video/x-matroska or kUnknownMediaType. The first 256 bytes are enough. It looks at
/// signatures only: the rest of the file may be damaged.
[[nodiscard]] std::string_view media_type_of(std::span<const std::byte> content) noexcept;

}  // namespace editprep::transport
