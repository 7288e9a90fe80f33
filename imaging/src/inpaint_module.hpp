#pragma once

#include <cstdint>

namespace editprep::imaging {

enum class InpaintStatus : int { ok, failed, out_of_memory };

/// What the module editprep_opencv offers. Plain C types: an exception must not cross a dlopen.
///
/// Fills the pixels of `rgb` (packed, 3 channels, changed in place) where `unknown` (packed, same
/// size) is not 0, by Telea's method. Where it failed, `message` becomes a text of the calling
/// thread, which says what went wrong.
using InpaintFunction = InpaintStatus (*)(std::uint8_t* rgb, const std::uint8_t* unknown, int width,
                                          int height, double radius_px,
                                          const char** message) noexcept;
inline constexpr const char* kInpaintModule = "editprep_opencv";
inline constexpr const char* kInpaintSymbol = "editprep_inpaint";

}  // namespace editprep::imaging
