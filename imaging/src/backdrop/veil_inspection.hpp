#pragma once

#include <array>
#include <optional>
#include <vector>

#include "backdrop/light_fit.hpp"
#include "backdrop/opponent.hpp"
#include "backdrop/veil_pieces.hpp"
#include "backdrop/verdict.hpp"
#include "backdrop/work_copy.hpp"

namespace editprep::imaging {

/// Glass, gauze and the like before the backdrop: what shows is a mixture of its own colour and of
/// the backdrop's, and its cover is the share of its own.
struct Veil {
    /// From the backdrop's colour towards its own; of length 1.
    Rgb direction{};
    /// How far its own colour is from the backdrop's, in sRGB values.
    float contrast = 1;
};

/// Tells veils: their rim stands out from the backdrop all round, and they come evenly closer to it
/// from there inwards. So looks glass, whichever way it is lit, as the way through its wall is
/// longest at the rim. What is opaque has a bright and a dark side, or a border that ends abruptly.
/// Source: F. Hunter, S. Biver, P. Fuqua, "Light: science and magic", 1990 (bright and dark field).
class VeilInspection {
public:
    /// All are kept, and have to outlive this.
    /// @param object_share in each cell the probability of object
    /// @param verdict what the outlines tell of the cells
    /// @param depth distance from what lies outside, in cells
    VeilInspection(const WorkCopy& copy, const LightFit& fit, const Plane& object_share,
                   const Grid<Verdict>& verdict, const Plane& depth)
        : copy_(copy), fit_(fit), object_share_(object_share), verdict_(verdict), depth_(depth) {}

    /// The veil that an object is, with what it encloses, if it is one.
    [[nodiscard]] std::optional<Veil> inspect_whole(const Body& cells);
    /// The same of what may be joined to something else. It shows less of itself, and so has to
    /// show it more clearly: all round, or by the light that falls through it.
    /// @param piece without the cells beside other pieces, which are mixed with them
    [[nodiscard]] std::optional<Veil> inspect_piece(const Piece& piece);

private:
    /// By the direction from the rim's middle.
    using Sides = std::array<Body, 8>;

    [[nodiscard]] Rgb difference_at(std::size_t i) const;
    /// The difference from the backdrop in the veil's direction, and across it.
    [[nodiscard]] float along(std::size_t i) const;
    [[nodiscard]] float beside(std::size_t i) const;
    [[nodiscard]] float share_along(const Body& cells, double share) const;

    [[nodiscard]] bool divide(const Body& cells, const Body& plateau);
    [[nodiscard]] Rgb rim_direction() const;
    [[nodiscard]] bool measure(const Body& cells, const Body& plateau);
    [[nodiscard]] bool is_see_through(const Body& cells);
    [[nodiscard]] float farthest(float sign) const;
    [[nodiscard]] bool is_mostly_pane(const Body& cells);
    [[nodiscard]] bool fades_inwards(const Body& cells);
    [[nodiscard]] std::vector<float> profile(const Body& cells) const;
    [[nodiscard]] bool is_even() const;
    [[nodiscard]] bool stands_out_all_round(float least_of_most) const;
    [[nodiscard]] bool lets_light_through() const;
    [[nodiscard]] bool shows_most_sides() const;
    [[nodiscard]] bool is_mostly_open(const Body& cells) const;
    [[nodiscard]] Sides divide_by_side(const Body& cells) const;
    [[nodiscard]] Veil veil() const;

    const WorkCopy& copy_;
    const LightFit& fit_;
    const Plane& object_share_;
    const Grid<Verdict>& verdict_;
    const Plane& depth_;
    float deepest_ = 0;
    Body rim_;
    Sides rim_sides_;
    Body core_;
    Rgb direction_{};
    float core_along_ = 0;
    /// Difference from the backdrop where the rim stands out most, and what is lost from there to
    /// the core.
    float peak_ = 0;
    float fade_ = 0;
};

}  // namespace editprep::imaging
