#pragma once

#include <cstdint>
#include <memory>

#include "editprep/imaging/canvas.hpp"
#include "source_rows.hpp"

namespace editprep::imaging {

struct CanvasLayout {
    Size size;
    /// Where the picture lies on the canvas, cut to it; empty (all zero) when it falls outside.
    Rect picture;
};

/// Errors as expand_canvas.
[[nodiscard]] CanvasLayout lay_out_canvas(Size picture, const Margins& margins);

/// Paints a canvas from top to bottom.
class CanvasRows {
public:
    CanvasRows() = default;
    CanvasRows(const CanvasRows&) = delete;
    CanvasRows& operator=(const CanvasRows&) = delete;
    virtual ~CanvasRows() = default;

    /// The next row, packed RGBA, valid until the next call; a null pointer stands for the row
    /// before once more. To be called as often as the canvas has rows.
    [[nodiscard]] virtual const std::uint8_t* next() = 0;
};

/// What a fill needs of the picture: those that only lay it over a colour, a row at a time.
[[nodiscard]] SourceRows::Keep rows_kept_for(CanvasFill fill) noexcept;

/// Memory grows with the width of the canvas, and with the blur's reach, beyond what `picture`
/// keeps; it must outlive the result.
[[nodiscard]] std::unique_ptr<CanvasRows> paint_canvas(SourceRows& picture,
                                                       const CanvasLayout& layout,
                                                       const CanvasOptions& options);

}  // namespace editprep::imaging
