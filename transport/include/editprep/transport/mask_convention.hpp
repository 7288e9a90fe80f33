#pragma once

#include <optional>
#include <string_view>

namespace editprep::transport {

/// How an endpoint wants a mask. The pixels themselves are made elsewhere.
enum class MaskConvention {
    /// 8-bit grey PNG without alpha, white = change: fal and most others.
    white_edits,
    /// RGBA PNG, alpha 0 = change: OpenAI's `/images/edits`.
    transparent_edits,
};

/// `white-edits` or `transparent-edits`; nothing for any other word.
[[nodiscard]] std::optional<MaskConvention> parse_mask_convention(std::string_view word) noexcept;
[[nodiscard]] std::string_view name_of(MaskConvention convention) noexcept;

}  // namespace editprep::transport
