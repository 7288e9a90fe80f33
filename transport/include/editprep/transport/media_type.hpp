#pragma once

#include <cstddef>
#include <span>
#include <string_view>

/// Media types from content, never from names.
namespace editprep::transport {

/// What media_type_of gives for everything it does not know.
inline constexpr std::string_view kUnknownMediaType = "application/octet-stream";

/// The media type that the first bytes show: image/png, image/jpeg, image/webp, image/gif,
/// image/avif, image/heic, image/heif, image/tiff, image/bmp, image/jxl, video/mp4,
/// video/quicktime, video/webm, video/x-matroska, video/x-msvideo, audio/mp4, audio/mpeg,
/// audio/aac, audio/wav, audio/ogg, audio/flac or kUnknownMediaType. The first 256 bytes are
/// enough. It looks at signatures only: the rest of the file may be damaged.
[[nodiscard]] std::string_view media_type_of(std::span<const std::byte> content) noexcept;

/// text/html or application/json for a text that begins like such a page, which servers send in the
/// place of media; kUnknownMediaType for everything else.
[[nodiscard]] std::string_view page_type_of(std::span<const std::byte> content) noexcept;

}  // namespace editprep::transport
