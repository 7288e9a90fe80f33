#pragma once

#include <cstddef>
#include <vector>

#include "editprep/imaging/canvas.hpp"
#include "tools/outpaint_image/outpaint_image.hpp"
#include "tools/workflow/local_provider.hpp"

/// From options to canvases.
namespace editprep::tools::outpaint_image {

/// --expand and the sides added up, with the paint of --mode. Throws Failure when all four sums are
/// zero or one is beyond any picture, and when the colour that is needed is none.
[[nodiscard]] imaging::CanvasOptions plan_canvas(const Options& options);

/// A canvas as --mode paints it, and the same as a PNG file.
struct PaintedCanvas {
    imaging::Canvas canvas;
    std::vector<std::byte> file;
};

/// The built-in provider's result: the canvas as it was painted by `plan` or, with --fill, the
/// picture on a canvas whose new area is filled as asked.
[[nodiscard]] LocalAnswer paint_locally(const imaging::Image& picture, const PaintedCanvas& painted,
                                        const imaging::CanvasOptions& plan, const Options& options);

/// `transparent`, `blur`, `solid` or `mirror`.
[[nodiscard]] std::string name_of(imaging::CanvasFill mode);
void add_mode_option(CommandLine& line, imaging::CanvasFill& mode);

}  // namespace editprep::tools::outpaint_image
