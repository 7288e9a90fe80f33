#pragma once

#include <optional>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// One picture that shows a person what was selected and what came out.
namespace editprep::imaging {

/// The part of a picture that alone was edited.
struct PreviewFocus {
    /// Framed in the source's panel; within the picture.
    Rect crop{};
    /// As it was sent and as it came back, a panel each; null leaves the panel out. Must outlive
    /// the call.
    const Image* sent = nullptr;
    const Image* returned = nullptr;
};

struct PreviewOptions {
    /// Each panel fits into this box.
    Size panel{720, 720};
    std::optional<PreviewFocus> focus{};
};

/// Labelled panels side by side: source, mask as a red tint over the dimmed source, what became of
/// the focus and, when `result` is not null, the result; transparency shows as a checkerboard. RGB.
/// The mask must have the source's size; the result may have another.
[[nodiscard]] Image render_preview(const Image& source, const Mask& mask, const Image* result,
                                   const PreviewOptions& options = {});

}  // namespace editprep::imaging
