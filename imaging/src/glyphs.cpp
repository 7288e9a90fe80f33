#include "glyphs.hpp"

#include <algorithm>
#include <array>

namespace editprep::imaging {
namespace {

struct Glyph {
    char letter;
    std::array<std::string_view, kGlyphHeight> rows;
};

constexpr std::array<Glyph, 13> kGlyphs{{
    {'A', {" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"}},
    {'C', {" ### ", "#   #", "#    ", "#    ", "#    ", "#   #", " ### "}},
    {'D', {"#### ", "#   #", "#   #", "#   #", "#   #", "#   #", "#### "}},
    {'E', {"#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"}},
    {'K', {"#   #", "#  # ", "# #  ", "##   ", "# #  ", "#  # ", "#   #"}},
    {'L', {"#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"}},
    {'M', {"#   #", "## ##", "# # #", "# # #", "#   #", "#   #", "#   #"}},
    {'N', {"#   #", "##  #", "# # #", "#  ##", "#   #", "#   #", "#   #"}},
    {'O', {" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "}},
    {'R', {"#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"}},
    {'S', {" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "}},
    {'T', {"#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "}},
    {'U', {"#   #", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "}},
}};

}  // namespace

int text_width(std::string_view text, int scale) noexcept {
    return text.empty() ? 0 : (static_cast<int>(text.size()) * (kGlyphWidth + 1) - 1) * scale;
}

void draw_text(Image& image, std::string_view text, int left, int top, int scale, Color color) {
    for (const char letter : text) {
        const auto* glyph = std::ranges::find(kGlyphs, letter, &Glyph::letter);
        for (int y = 0; glyph != kGlyphs.end() && y < kGlyphHeight; ++y) {
            for (int x = 0; x < kGlyphWidth; ++x) {
                if (glyph->rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] == '#') {
                    const Point at{left + x * scale, top + y * scale};
                    paint_rect(image, {at.x, at.y, at.x + scale, at.y + scale}, color);
                }
            }
        }
        left += (kGlyphWidth + 1) * scale;
    }
}

void paint_rect(Image& image, const Rect& rect, Color color) {
    const Rect inside = intersect(rect, bounds_of(image.size()));
    for (int y = inside.top; y < inside.bottom; ++y) {
        std::uint8_t* out = image.row(y) + 3 * static_cast<std::size_t>(inside.left);
        for (int x = inside.left; x < inside.right; ++x, out += 3) {
            out[0] = color.red;
            out[1] = color.green;
            out[2] = color.blue;
        }
    }
}

}  // namespace editprep::imaging
