#include "backdrop/see_through.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include "backdrop/cell_filters.hpp"
#include "backdrop/framed_panes.hpp"
#include "backdrop/veil_inspection.hpp"
#include "backdrop/veil_pieces.hpp"

namespace editprep::imaging {
namespace {

/// What is smaller is not looked at piece by piece.
constexpr std::size_t kFewCells = 1000;

Planes smoothed_difference(const WorkCopy& copy, const LightFit& fit) {
    Planes result = copy.mean;
    for (std::size_t c = 0; c < result.size(); ++c) {
        for (std::size_t i = 0; i < result[c].count(); ++i) {
            result[c][i] -= fit.light[c][i];
        }
        result[c] = smooth(result[c]);
    }
    return result;
}

Body without(const Grid<std::uint8_t>& marks, Body cells) {
    std::erase_if(cells, [&](std::size_t i) { return marks[i] != 0; });
    return cells;
}

/// The veils found so far, and by cell their numbers, counted from 1.
class FoundVeils {
public:
    explicit FoundVeils(Size size) : number_(size) {}

    void add(const Veil& veil, const Body& cells) {
        constexpr std::size_t kMost = 255;
        if (veils_.size() == kMost) {
            return;
        }
        veils_.push_back(veil);
        for (const std::size_t i : cells) {
            number_[i] = static_cast<float>(veils_.size());
        }
    }

    /// With the cells beside the veils, in which they may begin, but not far into what they touch.
    [[nodiscard]] Veils widened(const Grid<std::uint8_t>& outside) const {
        constexpr int kBeyondOutline = 3;
        constexpr int kIntoOthers = 1;
        if (veils_.empty()) {
            return {};
        }
        const Plane beyond = largest_within(number_, kBeyondOutline);
        const Plane into_others = largest_within(number_, kIntoOthers);
        Veils result{Grid<std::uint8_t>(number_.size()), veils_};
        for (std::size_t i = 0; i < number_.count(); ++i) {
            const float near = outside[i] != 0 ? beyond[i] : into_others[i];
            result.number[i] = static_cast<std::uint8_t>(number_[i] > 0 ? number_[i] : near);
        }
        return result;
    }

private:
    Plane number_;
    std::vector<Veil> veils_;
};

/// What covers less cannot be so far from the backdrop, whatever its own colour: that of a
/// highlight is white at most. Source: A. R. Smith, J. F. Blinn, "Blue screen matting", SIGGRAPH
/// 1996.
float least_cover(const Rgb& difference, const Rgb& light) {
    constexpr float kWhite = 255;
    constexpr float kNoise = 5;
    constexpr float kLeastReach = 16;
    float cover = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        const float reach = difference[c] > 0 ? kWhite - light[c] : light[c];
        cover = std::max(
            cover, (std::abs(difference[c]) - kNoise) / std::max(kLeastReach, reach - kNoise));
    }
    return cover;
}

/// Its own colour may be any that is far enough from the backdrop's: the cover is somewhere between
/// the least and that of a lens which is tinted as much as one sees through.
Veil veil_of(const FramedPane& pane) {
    constexpr float kTinted = 0.36F;
    constexpr float kLeast = 0.02F;
    constexpr float kOfFrame = 0.75F;
    const float least = std::max(kLeast, least_cover(pane.difference, pane.light));
    return {pane.difference, std::max(least, std::sqrt(least * kTinted)), kOfFrame * pane.frame};
}

/// The veils of one body.
/// @param is_veil the whole of it was found before; panes are looked for all the same
void find_in_pieces(const VeilClues& clues, const std::vector<Piece>& pieces, bool is_veil,
                    FoundVeils& found) {
    const Grid<std::uint8_t> seams = seams_between(pieces, clues.depth.size());
    std::vector<FramedPane> panes;
    for (const Piece& piece : pieces) {
        if (piece.cells.size() < kFewCells) {
            continue;
        }
        const Piece inner{without(seams, piece.cells), without(seams, piece.plateau)};
        if (std::optional<FramedPane> pane = inspect_pane(clues, inner)) {
            pane->cells = piece.cells;
            panes.push_back(std::move(*pane));
        }
        if (is_veil) {
            continue;
        }
        if (const std::optional<Veil> veil = inspect_piece(clues, inner)) {
            found.add(*veil, piece.cells);
        }
    }
    for (const FramedPane& pane : pairs_of(panes)) {
        found.add(veil_of(pane), pane.cells);
    }
}

/// More than the veil's where a colour differs from the veil's by more than noise.
float cover_of(const Rgb& difference, const Veil& veil) {
    constexpr float kNoise = 0.06F;
    const float beyond = distance(difference, veil.difference) / veil.contrast - kNoise;
    return veil.cover + (1 - veil.cover) * std::max(0.0F, beyond);
}

}  // namespace

Veils find_veils(const WorkCopy& copy, const LightFit& fit, const Plane& object_share,
                 const Grid<Verdict>& verdict, const std::vector<Point>& opaque) {
    const Grid<std::uint8_t> outside = outside_of(object_share);
    const std::vector<Body> bodies = bodies_in(outside);
    if (bodies.empty()) {
        return {};
    }
    const Plane depth = distance_to_marked(outside);
    const Planes difference = smoothed_difference(copy, fit);
    const VeilClues clues{copy, fit, object_share, verdict, depth};
    FoundVeils found(object_share.size());
    for (const Body& body : bodies) {
        if (object_share.has_any(opaque, body)) {
            continue;
        }
        const std::optional<Veil> veil = inspect_whole(clues, body);
        if (veil) {
            found.add(*veil, body);
        }
        if (body.size() >= kFewCells) {
            find_in_pieces(clues, pieces_of(body, difference, depth), veil.has_value(), found);
        }
    }
    return found.widened(outside);
}

void thin_veils(const Image& picture, const WorkCopy& copy, const Planes& light, const Veils& veils,
                Mask& mask) {
    constexpr float kLeastCover = 0.08F;
    if (veils.veils.empty()) {
        return;
    }
    for (int y = 0; y < mask.height(); ++y) {
        const std::uint8_t* pixel = picture.row(y);
        const std::uint8_t* numbers = veils.number.row(y / copy.scale);
        std::uint8_t* row = mask.row(y);
        for (int x = 0; x < mask.width(); ++x, pixel += 3) {
            const int cell = x / copy.scale;
            if (numbers[cell] == 0 || row[x] == 0) {
                continue;
            }
            Rgb behind{};
            Rgb difference{};
            for (std::size_t c = 0; c < 3; ++c) {
                behind[c] = light[c].at(cell, y / copy.scale);
                difference[c] = static_cast<float>(pixel[c]) - behind[c];
            }
            const Veil& veil = veils.veils[numbers[cell] - std::size_t{1}];
            const float cover =
                std::clamp(std::max(cover_of(difference, veil), least_cover(difference, behind)),
                           kLeastCover * static_cast<float>(row[x]) / 255, 1.0F);
            row[x] = std::min(row[x], static_cast<std::uint8_t>(cover * 255 + 0.5F));
        }
    }
}

}  // namespace editprep::imaging
