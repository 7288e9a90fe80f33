#pragma once

#include "encoded_source.hpp"
#include "header_facts.hpp"

/// The formats whose own libraries are linked: JPEG, PNG and WebP. Everything else is libvips'.
namespace editprep::imaging {

/// Told from the content. Throws unsupported_format for what is no picture that is read here.
[[nodiscard]] ImageFormat require_format(EncodedSource& source);

[[nodiscard]] bool has_direct_tier(ImageFormat format) noexcept;

/// Requires has_direct_tier(format).
[[nodiscard]] HeaderFacts probe_direct(EncodedSource& source, ImageFormat format);

}  // namespace editprep::imaging
