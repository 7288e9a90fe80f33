#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Object masks from a picture's own alpha or from a clean backdrop.
namespace editprep::imaging {

enum class SelectionMode {
    /// Alpha at or above the threshold.
    alpha,
    /// Colour distance to the mean of the four corners at or above the threshold.
    corner_bg,
    /// Everything that stands before a backdrop whose light may change over the picture. Values
    /// between 0 and 255 are the share of the pixel that the object covers. Where the picture is
    /// transparent, it is backdrop.
    backdrop,
    /// The picture's own alpha as it is, soft edges and all, when it is meaningful (at the
    /// threshold it selects some pixels, and leaves out at least a hundredth of them); else
    /// `backdrop`.
    automatic,
};

struct SelectionOptions {
    SelectionMode mode = SelectionMode::automatic;
    /// Alpha level for `alpha`; Euclidean RGB distance (0 to 441.67) for `corner_bg`.
    /// Zero or less selects everything.
    int threshold = 40;
    /// Side of the corner squares for `corner_bg`, clamped to [1, min(width, height)].
    int sample_size = 8;
    /// Pixels of the object. Only what hangs together with one of them is selected, whatever the
    /// mode; `backdrop` also takes them for object where they look like backdrop, with what has
    /// their colour around them, and a see-through body with one of them for opaque.
    std::vector<Point> object_points{};
    /// Pixels of the backdrop. What hangs together with one of them is not selected. `backdrop`
    /// also takes them for backdrop where they look like an object; where they look like backdrop,
    /// and lie in the smaller part of what hangs together, only that opens: a gap in the object.
    std::vector<Point> background_points{};
    /// The object lies within: nothing outside is selected. What the backdrop looks like is told by
    /// the border of the whole picture all the same.
    std::optional<Rect> box{};
    /// Of several separate parts, only the largest.
    bool keep_largest = false;
    /// Enclosed backdrop counts as object.
    bool fill_holes = false;
    /// Only 0 and 255: from half a pixel's cover on, a pixel is selected; implies `silhouette`.
    bool hard = false;
    /// Glass and other see-through things cover all within their outline, as who edits them wants
    /// it; else `backdrop` gives them the share that they cover, as who puts them before something
    /// else wants it.
    bool silhouette = false;
    /// How many threads may work; zero or less: as many as there are processors. The result does
    /// not depend on it.
    int threads = 0;
};

/// Why a selection may be wrong.
enum class SelectionDoubt {
    /// What surrounds the object does not look like one backdrop.
    backdrop_not_clean,
    /// No side of the picture shows backdrop alone.
    touches_all_sides,
    /// Nothing stands out from the backdrop.
    nothing_found,
    /// Parts of the object differ from the backdrop by less than its noise.
    low_contrast,
    /// Something was found, but points, box and the rest leave nothing of it.
    nothing_left,
    /// Background points took away nearly all of what was found.
    little_left,
    /// An object point lies on what was not selected.
    point_not_selected,
    /// Nothing is bad by itself, but several small doubts leave little certainty.
    small_doubts,
};

/// One lower-case clause for people: `the backdrop is not clean`.
[[nodiscard]] std::string_view describe(SelectionDoubt doubt) noexcept;
/// The name that programs read: `backdrop_not_clean`.
[[nodiscard]] std::string_view to_string(SelectionDoubt doubt) noexcept;

/// What is known of a selection beside its mask.
struct SelectionFacts {
    /// `alpha`, `corner_bg` or `backdrop`: the mode that made the mask.
    SelectionMode mode_used = SelectionMode::corner_bg;
    /// The backdrop's colour. For `corner_bg` per channel the mean of the four corner squares,
    /// truncated; squares that overlap in a small picture count twice where they do. For
    /// `backdrop` the mean of the modelled backdrop.
    Color backdrop;
    /// How far the mask can be trusted, in [0, 1]; `corner_bg` does not know.
    std::optional<double> confidence{};
    /// Reasons for a low confidence, the gravest first: at least one below 0.6. Of `corner_bg` what
    /// the hints missed.
    std::vector<SelectionDoubt> doubts{};
};

struct Selection : SelectionFacts {
    /// Size of the picture; 255 = object, 0 = background. `alpha` and `corner_bg`, when asked
    /// for by name, give nothing between.
    Mask mask;
    /// What stands out from the backdrop and was left out for the sake of an object point, the box
    /// or the largest part, with the values it had; empty if nothing was.
    Mask others{};
    /// For `backdrop`: the backdrop as it would look without object and shadows, in RGB, small
    /// (no side above 1024 px) and smooth, to be stretched over the picture; else empty.
    Image plate;
};

/// What select_object asks of points and box: points must lie in the picture, a box must touch it;
/// invalid_argument otherwise.
void check_places(const SelectionOptions& options, Size picture);

/// Selects the object. A picture without alpha is fully opaque to `alpha`, which is sure of itself
/// (confidence 1) unless it selects everything or nothing (0). After the mode's own work the hints
/// are followed in this order: box, background points, object points, largest part, holes, hard
/// edge (mask_components.hpp). Errors as check_places.
[[nodiscard]] Selection select_object(const Image& image, const SelectionOptions& options = {});

}  // namespace editprep::imaging
