#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "deflate_token.hpp"
#include "editprep/imaging/image_file.hpp"
#include "mask_matcher.hpp"
#include "pixel_matcher.hpp"

namespace editprep::imaging {

/// Compresses filtered rows to deflate's blocks (RFC 1951), chunk by chunk: every chunk is made by
/// itself and ends with a whole byte, so that the chunks of one stream may be made side by side.
class DeflateEncoder {
public:
    DeflateEncoder(const RowShape& shape, PngEffort effort);

    /// Appends the blocks of `bytes` without the first `history` of them, which the decoder knows
    /// from the chunks before (at most kDeflateWindow). The rest is whole rows.
    /// @param last whether the stream ends with this chunk
    void compress(std::span<const std::uint8_t> bytes, std::size_t history, bool last,
                  std::vector<std::byte>& out);

private:
    template <class Matcher>
    void compress_with(Matcher& matcher, std::span<const std::uint8_t> bytes, bool last,
                       std::vector<std::byte>& out);

    std::variant<PixelMatcher, MaskMatcher> matcher_;
    TokenCosts costs_;
    std::vector<DeflateToken> tokens_;
};

}  // namespace editprep::imaging
