#pragma once

#include <string_view>

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// A drawn 5x7 alphabet, just the capitals that labels need (a blank for any other character).
inline constexpr int kGlyphWidth = 5;
inline constexpr int kGlyphHeight = 7;

/// Width of a text in pixels; letters are one column apart.
[[nodiscard]] int text_width(std::string_view text, int scale) noexcept;

/// Draws the text with its top left corner at (left, top); parts outside the image are left out.
/// The image must be RGB.
void draw_text(Image& image, std::string_view text, int left, int top, int scale, Color color);

/// Paints the part of the rectangle that lies inside the image, which must be RGB.
void paint_rect(Image& image, const Rect& rect, Color color);

}  // namespace editprep::imaging
