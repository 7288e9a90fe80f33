#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "editprep/imaging/image.hpp"
#include "encoded_source.hpp"
#include "header_facts.hpp"

namespace editprep::imaging {

/// Reads the chunks around the pixels, stepping over these. Plain: everything of up to 8 bits that
/// needs no colour conversion, animations too (their default picture). Throws damaged_image.
[[nodiscard]] HeaderFacts probe_png(EncodedSource& source);

/// The pixels of a plain picture as stored. Palettes become RGB; any kind of transparency gives
/// RGBA. Throws damaged_image.
[[nodiscard]] Image decode_png(std::span<const std::byte> content, const HeaderFacts& facts,
                               std::string_view subject);

}  // namespace editprep::imaging
