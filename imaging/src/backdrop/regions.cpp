#include "backdrop/regions.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "backdrop/cell_filters.hpp"
#include "backdrop/edge_profile.hpp"
#include "backdrop/islands.hpp"
#include "backdrop/pockets.hpp"
#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

constexpr int kNone = -1;

/// What differs from the light by fewer standard deviations is the same.
constexpr float kSameUnits = 3;

/// What shares more than this of its outline with the open backdrop is not enclosed.
constexpr double kMostlyOpen = 0.3;

/// Differences of cells, summed up.
struct Sum {
    double luma = 0;
    double red_blue = 0;
    double green = 0;

    void add(const Opponent& o) {
        luma += o.luma;
        red_blue += o.red_blue;
        green += o.green;
    }
    [[nodiscard]] Opponent over(double n) const {
        return {static_cast<float>(luma / n), static_cast<float>(red_blue / n),
                static_cast<float>(green / n)};
    }
};

/// A stretch of cells without an edge in it.
struct Region {
    int cells = 0;
    int border_cells = 0;
    Sum residual;
    /// Of the residuals' lengths.
    double squares = 0;
    std::array<double, 3> light{};
    double doubt = 0;
    /// Cells that are surely brighter than the light, and darker.
    int brighter = 0;
    int darker = 0;
    /// Its outline has shown that it is an object's.
    bool is_outlined = false;

    [[nodiscard]] Opponent mean() const { return residual.over(cells); }
    /// Standard deviation of the residuals.
    [[nodiscard]] double spread() const {
        return std::sqrt(std::max(0.0, squares / cells - double{squared(mean().length())}));
    }
    [[nodiscard]] Rgb mean_light() const {
        return {static_cast<float>(light[0] / cells), static_cast<float>(light[1] / cells),
                static_cast<float>(light[2] / cells)};
    }
    [[nodiscard]] float mean_doubt() const { return static_cast<float>(doubt / cells); }
};

/// The outline that a region shares with others.
struct Outline {
    int length = 0;
    /// The step in its middle and the difference across it, summed up along it.
    double step = 0;
    double across = 0;
    /// How steep the picture is, by place, as far as that is seen through the noise.
    std::vector<float> steepness;

    void add(const Outline& other) {
        length += other.length;
        step += other.step;
        across += other.across;
        steepness.insert(steepness.end(), other.steepness.begin(), other.steepness.end());
    }
    /// Near 0 for a shadow's soft edge, a third for an object's, more than 1 for something thin
    /// with the same on both sides.
    [[nodiscard]] double sharpness() const { return step / std::max(1e-3, across); }
};

/// 1 at the border of the picture where it was taken for backdrop.
Grid<std::uint8_t> border_cells(const LightFit& fit, Size size) {
    Grid<std::uint8_t> border(size);
    for (int y = 0; y < size.height; ++y) {
        const int step = y == 0 || y == size.height - 1 ? 1 : std::max(1, size.width - 1);
        for (int x = 0; x < size.width; x += step) {
            border.at(x, y) = fit.is_border(x, y) ? 1 : 0;
        }
    }
    return border;
}

/// Regions are told apart in four steps: cells without an edge nearby make the regions; what hangs
/// together with the open backdrop through gaps alone is parted from it; the outlines between go to
/// the nearest region; then each is judged by what it is and by what lies across its outline.
class Judge {
public:
    Judge(const OpponentPlanes& smooth, const WalkerField& ties, const LightFit& fit,
          const CellNoise& noise, const KnownCells& known, const EdgeProfile& profile)
        : smooth_(smooth),
          ties_(ties),
          fit_(fit),
          noise_(noise),
          known_(known),
          profile_(profile),
          border_(border_cells(fit, smooth.size())),
          region_of_(smooth.size(), kNone) {}

    [[nodiscard]] Grid<Verdict> run() {
        find_regions();
        part_pockets();
        grow_to_meet();
        flood_to_crests();
        judge();
        return spread();
    }

private:
    /// What a region looks like.
    struct Look {
        ShadowPart shadow;
        /// From the light, and from the light in any shadow, in standard deviations.
        float units = 0;
        float off_units = 0;
        /// Standard deviation by the mean difference from the light: small where all of the region
        /// is as different, and large in a shade, which is deeper here than there.
        double varied = 0;
        /// Lit like the backdrop, or a little less.
        bool slight = false;
        /// Brighter than the light here and darker there, as a shape is and no shaded backdrop.
        bool rounded = false;
    };

    [[nodiscard]] Size size() const { return region_of_.size(); }
    [[nodiscard]] std::size_t count() const { return region_of_.count(); }
    [[nodiscard]] Verdict verdict_of(int region) const {
        return region == kNone ? Verdict::unknown : verdicts_[static_cast<std::size_t>(region)];
    }

    /// Cells at an edge, and those beside them: a brush of three cells does not slip through the
    /// gaps of an outline that is faint in places.
    [[nodiscard]] Grid<std::uint8_t> near_edges() const {
        constexpr float kEdge = 0.5F;
        Grid<std::uint8_t> near(size());
        const auto mark = [&](int x, int y) {
            near.for_each_around({x, y}, [&](int i, int j) { near.at(i, j) = 1; });
        };
        for (int y = 0; y < size().height; ++y) {
            for (int x = 0; x < size().width; ++x) {
                if (x + 1 < size().width && ties_.to_right.at(x, y) < kEdge) {
                    mark(x, y);
                    mark(x + 1, y);
                }
                if (y + 1 < size().height && ties_.to_below.at(x, y) < kEdge) {
                    mark(x, y);
                    mark(x, y + 1);
                }
            }
        }
        return near;
    }

    void find_regions() {
        const Grid<std::uint8_t> near_edge = near_edges();
        CellVector<std::size_t> cells;
        for (std::size_t start = 0; start < count(); ++start) {
            if (near_edge[start] || region_of_[start] != kNone) {
                continue;
            }
            const int id = static_cast<int>(regions_.size());
            region_of_[start] = id;
            cells.assign(1, start);
            region_of_.flood(cells, [&](std::size_t, std::size_t j) {
                const bool joins = !near_edge[j] && region_of_[j] == kNone;
                region_of_[j] = joins ? id : region_of_[j];
                return joins;
            });
            regions_.push_back(region_of(cells));
        }
    }

    void take(std::size_t i, Region& region) const {
        constexpr float kSurelyUnits = 5;
        ++region.cells;
        region.border_cells += border_[i];
        region.residual.add(smooth_[i]);
        region.squares += squared(smooth_[i].length());
        region.doubt += fit_.doubt[i];
        if (squared(smooth_.luma[i]) >
            squared(kSurelyUnits) * (squared(noise_.smooth.luma) + squared(fit_.doubt[i]))) {
            ++(smooth_.luma[i] > 0 ? region.brighter : region.darker);
        }
        for (std::size_t c = 0; c < 3; ++c) {
            region.light[c] += fit_.light[c][i];
        }
    }

    [[nodiscard]] static bool is_open(const Region& region) {
        constexpr double kBorderPerSide = 0.05;
        return region.border_cells > 0 &&
               region.border_cells > kBorderPerSide * std::sqrt(region.cells);
    }

    /// Where an object has the backdrop's colour its outline has gaps, through which all of it
    /// would count as open. Narrow gaps first: they leave most of an object behind.
    void part_pockets() {
        constexpr int kNarrowest = 2;
        for (const int reach : {kNarrowest, 4, 8, 16}) {
            std::vector<Pocket> doubtful;
            for (Pocket& pocket : find_pockets(open_cells(), border_, reach)) {
                // Behind the narrowest gaps are strips of shadow, too, as dark as an object.
                if (reach > kNarrowest && is_object_behind_gaps(pocket)) {
                    part(pocket);
                } else if (is_shaded(pocket)) {
                    doubtful.push_back(std::move(pocket));
                }
            }
            part_outlined(doubtful);
        }
    }

    /// More than a speck, and with no more than that share of gaps around it.
    [[nodiscard]] static bool is_mostly_outlined(const Pocket& pocket, double most_gap) {
        constexpr std::size_t kFewCells = 30;
        return pocket.cells.size() >= kFewCells &&
               pocket.gap <= most_gap * (pocket.gap + pocket.outline);
    }

    /// Well outlined, and neither flat nor as dark all over, which a hard shadow is.
    [[nodiscard]] bool is_shaded(const Pocket& pocket) const {
        constexpr double kMostGap = 0.2;
        constexpr float kMoreThanNoise = 4;
        constexpr double kOneTone = 0.15;
        if (!is_mostly_outlined(pocket, kMostGap)) {
            return false;
        }
        const Region region = region_of(pocket.cells);
        return region.squares > squared(kMoreThanNoise * noise_.smooth.luma) * region.cells &&
               look_at(region).varied > kOneTone;
    }

    /// Parts those that a crisp edge sets off from the backdrop, as nothing but an object has it.
    void part_outlined(const std::vector<Pocket>& pockets) {
        if (pockets.empty()) {
            return;
        }
        const std::vector<bool> outlined = are_outlined(pockets);
        for (std::size_t k = 0; k < pockets.size(); ++k) {
            if (outlined[k]) {
                part(pockets[k]);
                regions_.back().is_outlined = true;
            }
        }
    }

    /// Parts all of them to see what lies across their outlines, and takes that back; what is
    /// nearest has to be found anew afterwards.
    [[nodiscard]] std::vector<bool> are_outlined(const std::vector<Pocket>& pockets) {
        constexpr double kLeastOpen = 0.25;
        constexpr double kMostGap = 0.5;
        const Grid<int> former = region_of_;
        const std::size_t first = regions_.size();
        for (const Pocket& pocket : pockets) {
            part(pocket);
        }
        grow_to_meet();
        const std::map<std::pair<int, int>, Outline> all = outlines();
        steepest_ = usual_steepness(all);
        std::vector<bool> outlined;
        for (std::size_t k = 0; k < pockets.size(); ++k) {
            const int gap = pockets[k].gap;
            const auto [length, to_open] = outline_of(static_cast<int>(first + k), all);
            const int outlined_length = to_open.length - gap;
            outlined.push_back(outlined_length > kLeastOpen * (length - gap) &&
                               gap < kMostGap * outlined_length &&
                               is_step(to_open, look_at(regions_[first + k])));
        }
        region_of_ = former;
        regions_.resize(first);
        return outlined;
    }

    /// The length of a region's outline, and what of it lies at the open backdrop.
    [[nodiscard]] std::pair<int, Outline> outline_of(
        int region, const std::map<std::pair<int, int>, Outline>& all) const {
        int length = 0;
        Outline to_open;
        for (const auto& [pair, outline] : all) {
            if (pair.first == region || pair.second == region) {
                const int other = pair.first == region ? pair.second : pair.first;
                length += outline.length;
                if (is_open(regions_[static_cast<std::size_t>(other)])) {
                    to_open.add(outline);
                }
            }
        }
        return {length, to_open};
    }

    /// Whether one colour ends at an outline and another one begins, at once: a shadow's does so
    /// slowly, and across something thin, or a rim, it goes on as it was.
    [[nodiscard]] bool is_step(const Outline& outline, const Look& look) const {
        constexpr double kSeen = 0.25;
        constexpr double kThin = 0.65;
        constexpr float kCrisp = 0.45F;
        constexpr float kRim = 1.25F;
        return static_cast<double>(outline.steepness.size()) > kSeen * outline.length &&
               outline.sharpness() < kThin && crispness_of(outline).value_or(0) > kCrisp &&
               (look.units > kSameUnits || median(outline.steepness) < kRim);
    }

    [[nodiscard]] Grid<std::uint8_t> open_cells() const {
        Grid<std::uint8_t> open(size());
        for (std::size_t i = 0; i < count(); ++i) {
            const int id = region_of_[i];
            open[i] = id != kNone && is_open(regions_[static_cast<std::size_t>(id)]) ? 1 : 0;
        }
        return open;
    }

    /// Mostly outlined, and of a colour that is neither the backdrop's nor a shadow's on it.
    [[nodiscard]] bool is_object_behind_gaps(const Pocket& pocket) const {
        constexpr double kMostGap = 0.25;
        constexpr float kOtherColorUnits = 2.6F;
        constexpr float kBrighter = -0.02F;
        constexpr float kSurelyBrighterUnits = 4;
        constexpr float kDeep = 0.3F;
        if (!is_mostly_outlined(pocket, kMostGap)) {
            return false;
        }
        const Look look = look_at(region_of(pocket.cells));
        return look.units > kSameUnits &&
               (look.off_units > kOtherColorUnits || look.shadow.depth > kDeep ||
                (look.shadow.depth < kBrighter && look.units > kSurelyBrighterUnits));
    }

    [[nodiscard]] Region region_of(const CellVector<std::size_t>& cells) const {
        Region region;
        for (const std::size_t i : cells) {
            take(i, region);
        }
        return region;
    }

    /// The open region keeps its own sums: what is open is judged by its place alone.
    void part(const Pocket& pocket) {
        const int id = static_cast<int>(regions_.size());
        regions_.push_back(region_of(pocket.cells));
        for (const std::size_t i : pocket.cells) {
            region_of_[i] = id;
        }
    }

    /// Gives every cell of an outline to the region that is nearest, and remembers the region's
    /// cell that it was reached from.
    void grow_to_meet() {
        nearest_ = region_of_;
        source_ = Grid<std::uint32_t>(size());
        CellVector<std::size_t> front;
        for (std::size_t i = 0; i < count(); ++i) {
            source_[i] = static_cast<std::uint32_t>(i);
            if (nearest_[i] != kNone) {
                front.push_back(i);
            }
        }
        nearest_.flood(front, [&](std::size_t i, std::size_t j) {
            if (nearest_[j] != kNone) {
                return false;
            }
            nearest_[j] = nearest_[i];
            source_[j] = source_[i];
            return true;
        });
    }

    [[nodiscard]] float slope_at(std::size_t i) const {
        float most = 0;
        smooth_.luma.for_each_neighbour(
            i, [&](std::size_t j) { most = std::max(most, difference(smooth_[i], smooth_[j])); });
        return most;
    }

    /// Gives every cell of an outline to a region beside it, so that regions meet on the strongest
    /// edge between them: a watershed.
    /// Source: F. Meyer, "Topographic distance and watershed lines", 1994.
    void flood_to_crests() {
        constexpr std::size_t kLevels = 128;
        constexpr float kLevelsPerStep = 2;
        basin_ = region_of_;
        std::vector<std::vector<std::size_t>> waiting(kLevels);
        std::size_t level = 0;
        const auto reach_from = [&](std::size_t i) {
            basin_.for_each_neighbour(i, [&](std::size_t j) {
                if (basin_[j] == kNone) {
                    basin_[j] = basin_[i];
                    const auto own = static_cast<std::size_t>(kLevelsPerStep * slope_at(j));
                    waiting[std::max(level, std::min(kLevels - 1, own))].push_back(j);
                }
            });
        };
        for (std::size_t i = 0; i < count(); ++i) {
            if (region_of_[i] != kNone) {
                reach_from(i);
            }
        }
        for (; level < kLevels; ++level) {
            // Grows while it is read.
            for (std::size_t k = 0; k < waiting[level].size(); ++k) {
                reach_from(waiting[level][k]);
            }
        }
    }

    /// Of the edge between two neighbouring cells, unless noise is as strong.
    void add_steepness(std::size_t i, std::size_t j, Outline& outline) const {
        constexpr float kLeastContrast = 4;
        constexpr float kNoiseShare = 0.3F;
        const float contrast = smooth_.luma[source_[i]] - smooth_.luma[source_[j]];
        const float energy = squared(contrast);
        if (std::abs(contrast) < kLeastContrast || noise_.profile > kNoiseShare * energy) {
            return;
        }
        outline.steepness.push_back((profile_.energy(i, j == i + 1) - noise_.profile) / energy);
    }

    /// The outline between each two regions that meet, the smaller number first.
    [[nodiscard]] std::map<std::pair<int, int>, Outline> outlines() const {
        std::map<std::pair<int, int>, Outline> result;
        const auto meet = [&](std::size_t i, std::size_t j) {
            const int a = nearest_[i];
            const int b = nearest_[j];
            if (a == b || a == kNone || b == kNone) {
                return;
            }
            Outline& outline = result[{std::min(a, b), std::max(a, b)}];
            ++outline.length;
            outline.step += difference(smooth_[i], smooth_[j]);
            outline.across += difference(smooth_[source_[i]], smooth_[source_[j]]);
            add_steepness(i, j, outline);
        };
        for (int y = 0; y < size().height; ++y) {
            for (int x = 0; x < size().width; ++x) {
                const std::size_t i = nearest_.index(x, y);
                if (x + 1 < size().width) {
                    meet(i, nearest_.index(x + 1, y));
                }
                if (y + 1 < size().height) {
                    meet(i, nearest_.index(x, y + 1));
                }
            }
        }
        return result;
    }

    /// Of the sharp edges in this picture: how sharp its lens was.
    [[nodiscard]] static float usual_steepness(
        const std::map<std::pair<int, int>, Outline>& outlines) {
        constexpr double kSharpShare = 0.75;
        constexpr double kStrong = 30;
        constexpr float kLeast = 0.25F;
        constexpr float kMost = 0.45F;
        std::vector<float> strong;
        for (const auto& [pair, outline] : outlines) {
            if (outline.across > kStrong * outline.length) {
                strong.insert(strong.end(), outline.steepness.begin(), outline.steepness.end());
            }
        }
        return std::clamp(quantile(std::move(strong), kSharpShare), kLeast, kMost);
    }

    void judge() {
        constexpr int kFewCells = 12;
        verdicts_.assign(regions_.size(), Verdict::unknown);
        for (std::size_t k = 0; k < regions_.size(); ++k) {
            if (is_open(regions_[k])) {
                verdicts_[k] = Verdict::open;
            }
        }
        std::vector<bool> is_enclosed_hole(regions_.size());
        std::vector<int> length(regions_.size());
        std::vector<Outline> to_open(regions_.size());
        const std::map<std::pair<int, int>, Outline> all = outlines();
        steepest_ = usual_steepness(all);
        for (const auto& [pair, outline] : all) {
            const auto a = static_cast<std::size_t>(pair.first);
            const auto b = static_cast<std::size_t>(pair.second);
            length[a] += outline.length;
            length[b] += outline.length;
            if (verdicts_[a] == Verdict::open && verdicts_[b] != Verdict::open) {
                to_open[b].add(outline);
            } else if (verdicts_[b] == Verdict::open && verdicts_[a] != Verdict::open) {
                to_open[a].add(outline);
            }
        }
        for (std::size_t k = 0; k < regions_.size(); ++k) {
            if (verdicts_[k] != Verdict::open && regions_[k].cells >= kFewCells) {
                const double open_share =
                    length[k] == 0 ? 0 : static_cast<double>(to_open[k].length) / length[k];
                const bool is_hole =
                    !regions_[k].is_outlined && is_backdrop(regions_[k], to_open[k], open_share);
                verdicts_[k] = is_hole ? Verdict::hole : Verdict::object;
                is_enclosed_hole[k] = verdicts_[k] == Verdict::hole && open_share <= kMostlyOpen;
            }
        }
        judge_prints(is_enclosed_hole);
        overrule();
    }

    /// What looks seen through and has something in it that nothing holds is a label with its
    /// lettering, or a dial with its hands.
    void judge_prints(const std::vector<bool>& is_enclosed_hole) {
        const std::vector<CellBox> boxes = boxes_of_regions();
        for (std::size_t k = 0; k < regions_.size(); ++k) {
            if (!is_enclosed_hole[k]) {
                continue;
            }
            for (const Island& island : find_islands(region_of_, static_cast<int>(k), boxes[k])) {
                if (is_print(island, regions_[k].mean())) {
                    verdicts_[k] = Verdict::object;
                    judge_object(island);
                }
            }
        }
    }

    [[nodiscard]] std::vector<CellBox> boxes_of_regions() const {
        std::vector<CellBox> boxes(regions_.size(), {size().width, size().height, -1, -1});
        for (int y = 0; y < size().height; ++y) {
            for (int x = 0; x < size().width; ++x) {
                const int id = region_of_.at(x, y);
                if (id != kNone) {
                    CellBox& box = boxes[static_cast<std::size_t>(id)];
                    box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x),
                           std::max(box.bottom, y)};
                }
            }
        }
        return boxes;
    }

    /// More than a speck, and more different than a shadow's core.
    [[nodiscard]] bool is_print(const Island& island, const Opponent& ground) const {
        constexpr std::size_t kFewCells = 40;
        constexpr float kContrast = 45;
        return island.size() >= kFewCells &&
               std::any_of(island.begin(), island.end(), [&](std::size_t i) {
                   return (smooth_[i] - ground).length() > kContrast;
               });
    }

    /// The insides of letters are no holes either.
    void judge_object(const Island& island) {
        for (const std::size_t i : island) {
            const int id = region_of_[i];
            if (id != kNone && verdict_of(id) == Verdict::hole) {
                verdicts_[static_cast<std::size_t>(id)] = Verdict::object;
            }
        }
    }

    [[nodiscard]] Look look_at(const Region& region) const {
        constexpr float kDoubtOfColor = 0.1F;
        constexpr float kShade = 0.18F;
        constexpr float kBrighter = -0.02F;
        constexpr float kLeastOffset = 0.5F;
        constexpr double kRoundedShare = 0.06;
        Look look;
        look.shadow = shadow_part(region.mean_light(), region.mean());
        look.units = noise_.smooth.units(region.mean(), region.mean_doubt());
        look.off_units =
            look.shadow.off / std::hypot(noise_.smooth.chroma, kDoubtOfColor * region.mean_doubt());
        look.varied = region.spread() /
                      std::max(kLeastOffset, std::abs(look.shadow.depth * look.shadow.light));
        look.rounded = std::min(region.brighter, region.darker) > kRoundedShare * region.cells;
        look.slight = (look.shadow.depth > kBrighter || look.units < kSameUnits) &&
                      look.shadow.depth < kShade;
        return look;
    }

    /// Whether a region with an edge around it is backdrop all the same.
    [[nodiscard]] bool is_backdrop(const Region& region, const Outline& to_open,
                                   double open_share) const {
        const Look look = look_at(region);
        if (is_soft_shadow(look, to_open, open_share) || is_alike(look, to_open, open_share)) {
            return true;
        }
        return open_share > kMostlyOpen ? is_behind_something_thin(look, to_open)
                                        : is_seen_through(look, region.cells);
    }

    /// Darker, of the light's colour, and with a soft edge to the open backdrop. The less it
    /// borders on the open, the softer and the less deep it must be. Where the picture itself can
    /// be measured it has the last word.
    [[nodiscard]] bool is_soft_shadow(const Look& look, const Outline& to_open,
                                      double open_share) const {
        constexpr float kOff = 0.037F;
        constexpr float kDeep = 0.5F;
        constexpr float kDeepest = 0.75F;
        constexpr double kLeastOpen = 0.08;
        constexpr double kOpenEnoughForDeep = 0.4;
        constexpr double kVerySoft = 0.13;
        constexpr double kSoft = 0.2;
        constexpr float kCrisp = 0.45F;
        const ShadowPart& shadow = look.shadow;
        if (shadow.depth <= 0 || open_share <= kLeastOpen) {
            return false;
        }
        const std::optional<float> crispness = crispness_of(to_open);
        if (shadow.depth < (open_share > kOpenEnoughForDeep ? kDeepest : kDeep) &&
            shadow.off < kOff * shadow.light &&
            to_open.sharpness() < (open_share > kMostlyOpen ? kSoft : kVerySoft)) {
            return crispness.value_or(0) < kCrisp;
        }
        return crispness && is_blurred_shadow(look, to_open, open_share, *crispness);
    }

    /// Of a shadow whose edge is narrow in the copy and blurred in the picture all the same.
    [[nodiscard]] static bool is_blurred_shadow(const Look& look, const Outline& to_open,
                                                double open_share, float crispness) {
        constexpr float kOff = 0.042F;
        constexpr float kDeep = 0.6F;
        constexpr float kBlurred = 0.3F;
        constexpr double kSharp = 0.33;
        return look.shadow.depth < kDeep && look.shadow.off < kOff * look.shadow.light &&
               open_share > kMostlyOpen && to_open.sharpness() < kSharp && crispness < kBlurred;
    }

    /// How steep an outline is against the sharp edges of this picture; nothing if noise hides it.
    [[nodiscard]] std::optional<float> crispness_of(const Outline& outline) const {
        constexpr std::size_t kFew = 12;
        if (outline.steepness.size() < kFew) {
            return std::nullopt;
        }
        return median(outline.steepness) / steepest_;
    }

    /// Something stands between the region and the open backdrop that differs much more from both
    /// than they do from each other.
    [[nodiscard]] static bool is_alike(const Look& look, const Outline& to_open,
                                       double open_share) {
        constexpr double kLeastOpen = 0.05;
        constexpr double kSharp = 3;
        constexpr float kOffUnits = 6;
        return open_share > kLeastOpen && to_open.sharpness() > kSharp && look.slight &&
               look.off_units < kOffUnits;
    }

    /// Of a region that borders mostly on the open backdrop: it looks like it, or is the same in
    /// shade, with something thin between.
    [[nodiscard]] static bool is_behind_something_thin(const Look& look, const Outline& to_open) {
        constexpr float kSameColorUnits = 1.6F;
        constexpr double kThin = 1;
        constexpr double kThinOverShade = 0.5;
        constexpr double kShadeVaries = 0.4;
        const double sharpness = to_open.sharpness();
        return look.off_units < kSameColorUnits && !look.rounded &&
               (look.units < kSameUnits || sharpness > kThin ||
                (sharpness > kThinOverShade && look.varied > kShadeVaries));
    }

    /// Of an enclosed region: it has the backdrop's colour, perhaps a little in shade.
    [[nodiscard]] static bool is_seen_through(const Look& look, int cells) {
        constexpr float kSameColorUnits = 2.1F;
        return look.off_units < kSameColorUnits && look.slight && !look.rounded &&
               !is_of_one_tone(look, cells);
    }

    /// Shade ends, or deepens, somewhere in a region: all the more in a wide one. What is as dark
    /// all over is painted so.
    [[nodiscard]] static bool is_of_one_tone(const Look& look, int cells) {
        constexpr int kWide = 2500;
        constexpr double kWideShadeVaries = 0.3;
        constexpr int kNotTiny = 100;
        constexpr double kShadeVaries = 0.06;
        constexpr float kPlainUnits = 8;
        return (cells > kWide && look.units > kSameUnits && look.varied < kWideShadeVaries) ||
               (cells > kNotTiny && look.units > kPlainUnits && look.varied < kShadeVaries);
    }

    /// Somebody knows better.
    void overrule() {
        for (const Point p : known_.object) {
            set_region(p, Verdict::object);
        }
        for (const Point p : known_.backdrop) {
            set_region(p, Verdict::told_backdrop);
        }
    }

    /// The open backdrop stays what it is: an object may leak into it.
    void set_region(Point p, Verdict verdict) {
        const int id = region_of_.at(p.x, p.y);
        if (id != kNone && verdict_of(id) != Verdict::open) {
            verdicts_[static_cast<std::size_t>(id)] = verdict;
        }
    }

    [[nodiscard]] Grid<Verdict> spread() const {
        const Grid<std::uint8_t> around = around_outlines();
        Grid<Verdict> result(size(), Verdict::unknown);
        for (std::size_t i = 0; i < count(); ++i) {
            const int id = region_of_[i];
            result[i] = id != kNone ? verdict_of(id) : of_outline(around[i], basin_[i]);
        }
        return result;
    }

    /// What lies around a cell.
    static constexpr std::uint8_t kObject = 1;
    static constexpr std::uint8_t kBackdrop = 2;
    static constexpr std::uint8_t kTold = 4;

    [[nodiscard]] static std::uint8_t mark_of(Verdict verdict) {
        switch (verdict) {
            case Verdict::object:
                return kObject;
            case Verdict::unknown:
                return kObject | kBackdrop;
            case Verdict::told_backdrop:
                return kBackdrop | kTold;
            default:
                return kBackdrop;
        }
    }

    /// For each cell the marks of the nearest regions of all cells around.
    [[nodiscard]] Grid<std::uint8_t> around_outlines() const {
        constexpr int kReach = 3;
        Grid<std::uint8_t> marks(size());
        for (std::size_t i = 0; i < count(); ++i) {
            marks[i] = mark_of(verdict_of(nearest_[i]));
        }
        return united_within(marks, kReach);
    }

    /// By what lies around a cell of an outline, and on its side of the strongest edge.
    [[nodiscard]] Verdict of_outline(std::uint8_t around, int basin) const {
        const bool object = (around & kObject) != 0;
        const bool backdrop = (around & kBackdrop) != 0;
        if ((around & kTold) != 0 && !object) {
            return Verdict::told_backdrop;
        }
        if (object != backdrop) {
            return object ? Verdict::inner_edge : Verdict::outer_edge;
        }
        switch (verdict_of(basin)) {
            case Verdict::object:
                return Verdict::object_side;
            case Verdict::open:
            case Verdict::hole:
            case Verdict::told_backdrop:
                return Verdict::backdrop_side;
            default:
                return Verdict::unknown;
        }
    }

    const OpponentPlanes& smooth_;
    const WalkerField& ties_;
    const LightFit& fit_;
    const CellNoise& noise_;
    const KnownCells& known_;
    const EdgeProfile& profile_;
    Grid<std::uint8_t> border_;
    /// How steep the sharp edges of this picture are.
    float steepest_ = 0;
    std::vector<Region> regions_;
    std::vector<Verdict> verdicts_;
    /// By cell: the region it is part of; the nearest; the one on its side of the strongest edge.
    Grid<int> region_of_;
    Grid<int> nearest_;
    Grid<int> basin_;
    Grid<std::uint32_t> source_;
};

}  // namespace

Grid<Verdict> judge_regions(const OpponentPlanes& smooth, const WalkerField& ties,
                            const LightFit& fit, const CellNoise& noise, const KnownCells& known,
                            const EdgeProfile& profile) {
    return Judge(smooth, ties, fit, noise, known, profile).run();
}

}  // namespace editprep::imaging
