#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// MP4 files written box by box (ISO/IEC 14496-12), to hold whatever a test wants them to say.
namespace editprep::testing {

/// Big-endian.
[[nodiscard]] std::string number(std::uint64_t value, int bytes);
[[nodiscard]] std::string u32(std::uint64_t value);
[[nodiscard]] std::string repeat(const std::string& text, std::size_t times);
[[nodiscard]] std::string box(const char* type, const std::string& content);

/// The box that every MP4 begins with.
extern const std::string kMp4Type;
/// Of a clip of one second.
[[nodiscard]] std::string movie_header();

/// A video track of 64x48 JPEG pictures in a thousandth of a second's units.
/// @param sample_table its `stbl` without the sample description
/// @param before_media boxes between the track's header and its media
[[nodiscard]] std::string track(const std::string& sample_table,
                                const std::string& before_media = "");

[[nodiscard]] std::string stts(std::uint64_t count, std::uint64_t duration);
[[nodiscard]] std::string stsc(std::uint64_t samples_per_chunk);
[[nodiscard]] std::string stsz(std::uint64_t sample_size, std::uint64_t count);
[[nodiscard]] std::string stco(std::uint64_t offset);

/// `count` frames of `size` bytes, a tenth of a second each, in one chunk behind the first box.
[[nodiscard]] std::string sample_table(std::uint64_t count, std::uint64_t size);

/// A clip with `media_bytes` of zeros and the index behind them.
[[nodiscard]] std::string mp4_clip(const std::string& tracks, std::size_t media_bytes = 1000);

}  // namespace editprep::testing
