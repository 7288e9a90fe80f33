#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "editprep/imaging/image.hpp"
#include "encoded_source.hpp"
#include "header_facts.hpp"

namespace editprep::imaging {

/// Reads the container's chunks. Plain: still pictures. Throws damaged_image.
[[nodiscard]] HeaderFacts probe_webp(EncodedSource& source);

/// The pixels of a plain picture as stored, RGB or RGBA. Throws damaged_image.
[[nodiscard]] Image decode_webp(std::span<const std::byte> content, const HeaderFacts& facts,
                                std::string_view subject);

}  // namespace editprep::imaging
