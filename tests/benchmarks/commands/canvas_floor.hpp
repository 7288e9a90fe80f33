#pragma once

#include <cstddef>
#include <span>

namespace editprep::benchmarks {

/// Decodes a JPEG, puts `margin_px` white pixels around it, filters every row by Paeth's predictor
/// (PNG specification, section 9.4) and compresses them with libdeflate's level 1, all in memory.
/// @return the compressed size
std::size_t compress_canvas(std::span<const std::byte> jpeg, std::size_t margin_px);

}  // namespace editprep::benchmarks
