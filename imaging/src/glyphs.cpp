#include "glyphs.hpp"

#include <algorithm>
#include <array>

namespace editprep::imaging {
namespace {

struct Glyph {
    char letter;
    std::array<std::string_view, kGlyphHeight> rows;
};

constexpr std::array<Glyph, 11> kGlyphs{{
    {'A', {" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"}},
    {'C', {" ### ", "#   #", "#    ", "#    ", "#    ", "#   #", " ### "}},
    {'E', {"#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"}},
    {'K', {"#   #", "#  # ", "# #  ", "##   ", "# #  ", "#  # ", "#   #"}},
    {'L', {"#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"}},
    {'M', {"#   #", "## ##", "# # #", "# # #", "#   #", "#   #", "#   #"}},
    {'O', {" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "}},
    {'R', {"#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"}},
    {'S', {" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "}},
    {'T', {"#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "}},
    {'U', {"#   #", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "}},
}};

void draw_square(Image& image, int left, int top, int side, Color color) {
    const Rect square = intersect({left, top, left + side, top + side}, bounds_of(image.size()));
    for (int y = square.top; y < square.bottom; ++y) {
        std::uint8_t* out = image.row(y) + 3 * static_cast<std::size_t>(square.left);
        for (int x = square.left; x < square.right; ++x, out += 3) {
            out[0] = color.red;
            out[1] = color.green;
            out[2] = color.blue;
        }
    }
}

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
                    draw_square(image, left + x * scale, top + y * scale, scale, color);
                }
            }
        }
        left += (kGlyphWidth + 1) * scale;
    }
}

}  // namespace editprep::imaging
