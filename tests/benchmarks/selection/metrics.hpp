#pragma once

#include "editprep/imaging/mask.hpp"

/// How near a predicted cover p is to the true one g, both in 0 to 1.
namespace editprep::benchmarks {

struct Score {
    /// Overlap of {p >= 0.5} and {g >= 0.5} (Jaccard 1912). 1 when both are empty.
    double iou = 0;
    /// The same from 0.05 on: the silhouette of see-through things.
    double silhouette = 0;
    /// Mean |p - g| (Perazzi et al., CVPR 2012).
    double mae = 0;
    /// Sum |p - g| / 1000 (Rhemann et al., CVPR 2009, as the next).
    double sad = 0;
    /// Sum of squared differences of Gaussian gradient magnitudes (sigma 1.4) / 1000.
    double gradient = 0;
    /// F-score of the boundaries of {p >= 0.5} and {g >= 0.5} at 2 pixels (Martin, Fowlkes, Malik,
    /// PAMI 2004). The frame of the picture is no boundary.
    double boundary = 0;
    /// Mean |p - g| in the band around the true edge: within r pixels of {g > 0.05} and of the
    /// rest of {g > 0.95}, r = 0.006 sqrt(area), between 4 and 20.
    double band_mae = 0;

    /// Needs no hand work: IoU 0.97 (see-through things: silhouette 0.95), band MAE at most 0.10,
    /// boundary 0.90.
    [[nodiscard]] bool ok(bool see_through) const noexcept;
};

/// Both masks must have the same size.
[[nodiscard]] Score score(const imaging::Mask& predicted, const imaging::Mask& truth);

}  // namespace editprep::benchmarks
