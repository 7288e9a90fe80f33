#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "editprep/transport/base64.hpp"

/// The inner loops of base64: a portable one and one for AVX2 of each, which give equal results.
/// The AVX2 ones leave a rest to the portable ones: everything where the processor has no AVX2.
namespace editprep::transport {

/// Encodes groups of 3 bytes from the front, without the rest that needs padding. Returns how many
/// bytes that were; four characters for every three of them are written.
[[nodiscard]] std::size_t encode_groups_portable(std::span<const std::byte> content,
                                                 char* text) noexcept;
[[nodiscard]] std::size_t encode_groups_avx2(std::span<const std::byte> content,
                                             char* text) noexcept;

/// Decodes quartets from the front, up to the first that holds anything but characters of the
/// alphabet. Returns how many characters that were; three bytes for every four of them are written
/// to `content`, which has room for text.size() / 4 * 3.
[[nodiscard]] std::size_t decode_quartets_portable(std::string_view text, Base64Reading reading,
                                                   std::byte* content) noexcept;
[[nodiscard]] std::size_t decode_quartets_avx2(std::string_view text, Base64Reading reading,
                                               std::byte* content) noexcept;

}  // namespace editprep::transport
