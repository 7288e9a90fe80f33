#pragma once

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// One picture that shows a person what was selected and what came out.
namespace editprep::imaging {

struct PreviewOptions {
    /// Each panel fits into this box.
    Size panel{720, 720};
};

/// Labelled panels side by side: source, mask as a red tint over the dimmed source and, when
/// `result` is not null, the result; transparency shows as a checkerboard. RGB. The mask must have
/// the source's size; the result may have another.
[[nodiscard]] Image render_preview(const Image& source, const Mask& mask, const Image* result,
                                   const PreviewOptions& options = {});

}  // namespace editprep::imaging
