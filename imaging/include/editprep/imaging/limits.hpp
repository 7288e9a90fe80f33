#pragma once

#include <cstdint>

#include "editprep/imaging/geometry.hpp"

/// How large a picture may be. Everything that reads untrusted content takes a Limits and checks it
/// against the header, before memory for pixels is taken.
namespace editprep::imaging {

/// Largest side that JPEG can hold (65 500 in libjpeg); larger canvases are of no use to a model.
inline constexpr int kMaxSide = 65'500;
/// 200 megapixels: the largest phone sensors. As RGBA it takes 800 MB.
inline constexpr std::int64_t kMaxPixels = 200'000'000;
/// Largest file that is read into memory.
inline constexpr std::int64_t kMaxFileBytes = std::int64_t{1} << 30;

struct Limits {
    int max_side = kMaxSide;
    std::int64_t max_pixels = kMaxPixels;
    std::int64_t max_file_bytes = kMaxFileBytes;
};

/// Throws limit_exceeded, naming `subject`, the measured size and the limit, when a picture of that
/// size is too large; damaged_image when a side is not positive.
/// @param next_step what the error advises
void check_size(Size size, const Limits& limits, const char* subject,
                const char* next_step = "scale it down first");

}  // namespace editprep::imaging
