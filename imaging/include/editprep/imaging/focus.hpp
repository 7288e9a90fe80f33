#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Editing the surroundings of a mask alone, in a size that a model likes: planned from sizes, cut
/// out, and pasted back under the mask at full resolution.
namespace editprep::imaging {

/// A share of the selection alone would leave a model that is asked for a few pixels without
/// anything to see.
inline constexpr int kLeastFocusPaddingPx = 64;

/// How much of the surroundings is taken along on every side.
struct FocusPadding {
    /// Of the longer side of what is selected, at least kLeastFocusPaddingPx.
    double percent = 25.0;
    /// Exactly so many pixels instead; not negative.
    std::optional<int> pixels{};
};

/// What a model likes to get. The defaults are for models that nothing is known of: about one
/// megapixel is what most of them were trained on, and work in blocks of up to 16 pixels.
struct FocusWishes {
    /// The only sizes, where there are only some; everything below is then without meaning.
    std::vector<Size> sizes{};
    /// The only shapes, as 3x2 for 3:2, where there are only some.
    std::vector<Size> shapes{};
    /// Smaller crops are enlarged to about so many pixels.
    std::int64_t pixels = std::int64_t{1024} * 1024;
    std::int64_t min_pixels = 1;
    /// Larger ones are scaled down to it.
    std::int64_t max_pixels = std::int64_t{1536} * 1024;
    /// Of each side; at least 1.
    int multiple_of = 16;
    int min_side = 1;
    int max_side = 1 << 16;
    /// Width through height.
    double min_aspect = 0.25;
    double max_aspect = 4.0;
};

struct FocusPlan {
    /// Within the picture; holds everything that is selected.
    Rect crop{};
    /// What the crop is scaled to before it is sent; the crop's own size where that is liked.
    Size sent_size{};
};

/// The padded selection, extended to the wished shape that takes the least of the picture. Where
/// the picture is too small for every shape, the crop ends at the picture and is stretched into the
/// nearest one, see stretch_of. A crop that would be enlarged a little is extended instead, so that
/// nothing is resampled.
///
/// Nothing when nothing is selected, or when the selection reaches across the whole picture: there
/// is no part to look at then.
/// @param selected selected_bounds of a mask of the picture's size
[[nodiscard]] std::optional<FocusPlan> plan_focus(Size picture, const Rect& selected,
                                                  const FocusPadding& padding,
                                                  const FocusWishes& wishes);

/// The share of the picture that the crop covers, in (0, 1].
[[nodiscard]] double crop_share(const FocusPlan& plan, Size picture) noexcept;
/// How much more one side is scaled than the other, at least 1; a rounded size makes it 1.02 at
/// times.
[[nodiscard]] double stretch_of(const FocusPlan& plan) noexcept;

/// The crop as it is sent, in Lanczos; the same pixels where the plan does not scale.
[[nodiscard]] Image cut_focus(const Image& image, const FocusPlan& plan);
/// The mask of the crop. Scaled up it is interpolated; scaled down every pixel has the largest
/// value that it stands for, so that thin parts are still asked for.
[[nodiscard]] Mask cut_focus(const Mask& mask, const FocusPlan& plan);

/// The original with the edited crop under the mask, as composite() does it: bit-identical where
/// the mask is 0 and outside the crop, the edited picture where it is 255. `edited` may have any
/// size and is resampled once, to the crop. The result is RGBA when either picture has an alpha
/// channel. Throws size_mismatch for a mask of another size and invalid_argument for a crop that
/// does not lie within the picture.
[[nodiscard]] Image paste_focus(const Image& original, const Image& edited, const Mask& mask,
                                const Rect& crop);

}  // namespace editprep::imaging
