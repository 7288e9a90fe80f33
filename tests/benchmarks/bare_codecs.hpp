#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

/// The part of reading and writing that no program can leave out, by the libraries that do it
/// fastest: the floors of the benchmarks. The files are good ones; nothing is checked.
namespace editprep::benchmarks {

/// A row of RGB, `width` pixels long; valid during the call.
using UseRow = std::function<void(const std::uint8_t* row, int width)>;

/// Decodes a JPEG in bands of 16 rows, which go into one small buffer.
void decode_jpeg_bands(std::span<const std::byte> file, const UseRow& use_row);

/// Inflates the pixels of a PNG of 8 bits a channel, not interlaced, in one piece; the rows'
/// filters are not undone.
[[nodiscard]] std::vector<std::uint8_t> inflate_png(std::span<const std::byte> file);

/// Compresses filtered rows in one piece, as PNG wants them.
[[nodiscard]] std::vector<std::byte> deflate_rows(std::span<const std::uint8_t> rows, int level);

}  // namespace editprep::benchmarks
