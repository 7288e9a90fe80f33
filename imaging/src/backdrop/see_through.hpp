#pragma once

#include <cstdint>
#include <vector>

#include "backdrop/light_fit.hpp"
#include "backdrop/opponent.hpp"
#include "backdrop/work_copy.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {

/// Glass, gauze and the like before the backdrop: what shows is a mixture of its own colour and of
/// the backdrop's, and its cover is the share of its own.
struct Veil {
    /// From the backdrop's colour towards its own; of length 1.
    Rgb direction{};
    /// How far its own colour is from the backdrop's, in sRGB values.
    float contrast = 1;
};

struct Veils {
    /// By cell: 0, or the number of a veil counted from 1.
    Grid<std::uint8_t> number;
    std::vector<Veil> veils;
};

/// Objects whose rim stands out from the backdrop all round and that come evenly closer to it from
/// there inwards: so looks glass, whichever way it is lit, as the way through its wall is longest
/// at the rim. What is opaque has a bright and a dark side, or a border that ends abruptly.
/// Source: F. Hunter, S. Biver, P. Fuqua, "Light: science and magic", 1990 (bright and dark field).
/// @param object_share in each cell the probability of object
/// @param opaque cells of objects that are no veils, whatever they look like
[[nodiscard]] Veils find_veils(const WorkCopy& copy, const LightFit& fit, const Plane& object_share,
                               const std::vector<Point>& opaque = {});

/// Lowers the mask of veils to the share of their own colour. Colours that no mixture of backdrop
/// and veil explains (highlights, labels, contents) keep what they have.
/// @param picture RGB; @param light by cell
void thin_veils(const Image& picture, const WorkCopy& copy, const Planes& light, const Veils& veils,
                Mask& mask);

}  // namespace editprep::imaging
