#include "backdrop/framed_panes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace editprep::imaging {
namespace {

/// How far the frame's colour is from the face's; nothing if there is no frame, or a wide one, or
/// one that goes over into the face, as the shade of a bowl does.
std::optional<float> frame_around(const RimAndCore& look) {
    constexpr float kLeast = 25;
    constexpr float kFace = 0.2F;
    constexpr float kFrame = 0.5F;
    constexpr float kMostCells = 9;
    constexpr float kMostOfDepth = 0.35F;
    constexpr std::ptrdiff_t kMostSteps = 3;
    constexpr float kFlat = 6;
    constexpr float kFlatOfFrame = 0.1F;
    const std::vector<float> distance = look.distances_from_core();
    const auto peak = std::max_element(distance.begin() + 1, distance.begin() + 5);
    const auto end =
        distance.begin() + static_cast<std::ptrdiff_t>(
                               std::min(static_cast<float>(RimAndCore::kDepths), look.deepest()));
    const auto face = std::find_if(peak, end, [&](float d) { return d < kFace * *peak; });
    if (*peak < kLeast || face == end ||
        static_cast<float>(face - distance.begin()) >
            std::min(kMostCells, kMostOfDepth * look.deepest())) {
        return std::nullopt;
    }
    const auto after_frame = std::find_if(peak, face, [&](float d) { return d < kFrame * *peak; });
    const bool is_flat = std::all_of(
        face + 1, end, [&](float d) { return d <= std::max(kFlat, kFlatOfFrame * *peak); });
    return face - after_frame < kMostSteps && is_flat ? std::optional(*peak) : std::nullopt;
}

/// Whether most sides of the frame have one colour: a bevelled edge has a bright and a dark side.
bool is_of_one_color(const RimAndCore& look, float frame) {
    constexpr float kSame = 0.28F;
    const Rgb color = look.difference_of(look.rim());
    std::vector<float> distances;
    for (const Body& side : look.divide_by_side(look.rim())) {
        if (!side.empty()) {
            distances.push_back(distance(look.difference_of(side), color));
        }
    }
    return median(distances) < kSame * frame;
}

float unevenness(const RimAndCore& look) {
    const Rgb face = look.difference_of(look.core());
    double sum = 0;
    for (const std::size_t i : look.core()) {
        sum += static_cast<double>(distance(look.difference_at(i), face));
    }
    return static_cast<float>(sum / static_cast<double>(look.core().size()));
}

Point middle_of(const Body& cells, const Plane& plane) {
    double x = 0;
    double y = 0;
    for (const std::size_t i : cells) {
        x += plane.place(i).x;
        y += plane.place(i).y;
    }
    const auto count = static_cast<double>(cells.size());
    return {static_cast<int>(std::lround(x / count)), static_cast<int>(std::lround(y / count))};
}

std::optional<FramedPane> hole_in(const VeilClues& clues, const Piece& piece) {
    constexpr double kMostly = 0.4;
    const auto open = std::count_if(piece.cells.begin(), piece.cells.end(),
                                    [&](std::size_t i) { return clues.object_share[i] < 0.5F; });
    if (static_cast<double>(open) <= kMostly * static_cast<double>(piece.cells.size())) {
        return std::nullopt;
    }
    FramedPane hole;
    hole.cells = piece.cells;
    hole.is_hole = true;
    hole.is_evenly_framed = true;
    for (const std::size_t i : piece.cells) {
        hole.depth = std::max(hole.depth, clues.depth[i]);
    }
    hole.middle = middle_of(piece.cells, clues.depth);
    return hole;
}

bool are_alike(const FramedPane& a, const FramedPane& b) {
    constexpr double kLeastArea = 0.6;
    constexpr float kLeastDepth = 0.75F;
    constexpr double kFarthest = 5;
    if ((a.is_hole && !b.is_evenly_framed) || (b.is_hole && !a.is_evenly_framed)) {
        return false;
    }
    const auto area_a = static_cast<double>(a.cells.size());
    const auto area_b = static_cast<double>(b.cells.size());
    const float deeper = std::max(a.depth, b.depth);
    return std::min(area_a, area_b) > kLeastArea * std::max(area_a, area_b) &&
           std::min(a.depth, b.depth) > kLeastDepth * deeper &&
           std::hypot(a.middle.x - b.middle.x, a.middle.y - b.middle.y) <
               kFarthest * static_cast<double>(deeper);
}

}  // namespace

std::optional<FramedPane> inspect_pane(const VeilClues& clues, const Piece& piece) {
    constexpr std::size_t kFewCells = 150;
    constexpr float kEven = 2.5F;
    constexpr float kEvenOfFrame = 0.03F;
    constexpr float kWhite = 250;
    const std::optional<RimAndCore> look = RimAndCore::find(clues, piece.cells, piece.plateau);
    if (!look) {
        return hole_in(clues, piece);
    }
    if (look->core().size() < kFewCells || !is_mostly_open(piece.cells, clues.depth)) {
        return std::nullopt;
    }
    const std::optional<float> frame = frame_around(*look);
    if (!frame || unevenness(*look) > std::max(kEven, kEvenOfFrame * *frame)) {
        return std::nullopt;
    }
    FramedPane pane{.cells = piece.cells,
                    .is_hole = false,
                    .difference = look->difference_of(look->core()),
                    .light = look->core_light(),
                    .frame = *frame,
                    .is_evenly_framed = is_of_one_color(*look, *frame),
                    .depth = look->deepest(),
                    .middle = middle_of(look->core(), clues.depth)};
    for (std::size_t c = 0; c < pane.light.size(); ++c) {
        if (pane.light[c] + pane.difference[c] > kWhite) {
            return std::nullopt;
        }
    }
    return pane;
}

std::vector<FramedPane> pairs_of(const std::vector<FramedPane>& panes) {
    std::vector<FramedPane> pairs;
    std::copy_if(panes.begin(), panes.end(), std::back_inserter(pairs), [&](const FramedPane& one) {
        const auto alike = std::count_if(panes.begin(), panes.end(), [&](const FramedPane& other) {
            return are_alike(one, other);
        });
        return !one.is_hole && alike == 2;  // itself and one more
    });
    return pairs;
}

}  // namespace editprep::imaging
