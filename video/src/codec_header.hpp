#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "editprep/video/media_info.hpp"

/// What codecs' own headers tell of their frames, as containers carry them.
namespace editprep::video {

using CodecHeader = std::span<const std::uint8_t>;

/// Added to an H.264 profile that all its own constraints make another one.
inline constexpr int kConstrainedBaseline = 1 << 9;
inline constexpr int kIntraOnly = 1 << 11;

/// Of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1): profile_idc, with the flags
/// above.
[[nodiscard]] std::optional<int> h264_profile(CodecHeader header);
/// Of luma.
[[nodiscard]] std::optional<int> h264_bit_depth(CodecHeader header);

/// Of an AV1CodecConfigurationRecord (AV1 in ISOBMFF, 2.3.3).
[[nodiscard]] std::optional<int> av1_profile(CodecHeader header);
[[nodiscard]] std::optional<int> av1_bit_depth(CodecHeader header);

/// By the four letters of the sample entry, the first in the highest byte: 0 (Proxy) to 5 (4444
/// XQ).
[[nodiscard]] std::optional<int> prores_profile(std::uint32_t letters);
[[nodiscard]] int prores_bit_depth(int profile);

/// @param transfer TransferCharacteristics (ITU-T H.273, table 3)
[[nodiscard]] std::optional<DynamicRange> dynamic_range_of(int transfer,
                                                           const std::optional<int>& bit_depth);

}  // namespace editprep::video
