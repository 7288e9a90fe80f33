#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/limits.hpp"
#include "editprep/imaging/mask_edges.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "editprep/imaging/region.hpp"

/// Masks from file to file. Where the work allows, the picture passes through in rows: `alpha` and
/// `corner_bg` without hints, and regions, need one bit a pixel, some rows, and for a feather about
/// ten times as many rows as its sigma has pixels. What is written
/// equals what select_object or mask_from_regions, shape_edges, invert and write_mask give.
namespace editprep::imaging {

/// What is known of a mask that was written.
struct MaskFacts {
    Size size;
    /// As selected_bounds.
    Rect bounds;
    /// As coverage_fraction.
    double coverage = 0;
};

[[nodiscard]] MaskFacts facts_of(const Mask& mask);

/// How a selection becomes a mask.
struct MaskPlan {
    MaskEdges edges{};
    /// Happens last.
    bool invert = false;
};

struct ObjectMaskOptions {
    SelectionOptions selection{};
    MaskPlan plan{};
    Limits limits{};
};

struct ObjectMaskFacts {
    ImageInfo picture;
    /// As LoadedImage::notes.
    std::vector<std::string> notes;
    SelectionFacts selection;
    MaskFacts mask;
};

/// Selects the object of the picture in one file and writes its mask to another, whole or not at
/// all. Errors as read_image, select_object, feather and write_mask.
/// @param judge gets what is known, all but the mask, before anything is written; what it throws
///     ends the work
[[nodiscard]] ObjectMaskFacts write_object_mask(
    const std::filesystem::path& picture, const std::filesystem::path& mask,
    const ObjectMaskOptions& options, Overwrite overwrite,
    const std::function<void(const ObjectMaskFacts&)>& judge = {});

/// Writes the mask of regions on a picture of that size.
MaskFacts write_region_mask(std::span<const Region> regions, Size picture, const MaskPlan& plan,
                            const std::filesystem::path& mask, Overwrite overwrite);

}  // namespace editprep::imaging
