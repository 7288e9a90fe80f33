#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "editprep/imaging/image.hpp"
#include "encoded_source.hpp"
#include "header_facts.hpp"

namespace editprep::imaging {

/// Reads the header alone, from no more of the file than it takes. Plain: grey, YCbCr and RGB,
/// baseline and progressive. Throws damaged_image.
[[nodiscard]] HeaderFacts probe_jpeg(EncodedSource& source);

/// The pixels of a plain picture as stored, grey or RGB, by the slow integer DCT and with chroma
/// interpolated. Throws damaged_image when the entropy-coded data is cut short or corrupt, or comes
/// in more scans than any encoder makes.
[[nodiscard]] Image decode_jpeg(std::span<const std::byte> content, std::string_view subject);

}  // namespace editprep::imaging
