#pragma once

#include <cstdint>

namespace editprep::imaging {

/// What the module editprep_opencv offers. Plain C types: an exception must not cross a dlopen.
///
/// Fills the pixels of `rgb` (packed, 3 channels, changed in place) where `unknown` (packed, same
/// size) is not 0, by Telea's method. Returns null, or a static or thread-local text that says what
/// went wrong.
using InpaintFunction = const char* (*)(std::uint8_t* rgb, const std::uint8_t* unknown, int width,
                                        int height, double radius_px);
inline constexpr const char* kInpaintModule = "editprep_opencv";
inline constexpr const char* kInpaintSymbol = "editprep_inpaint";

}  // namespace editprep::imaging
