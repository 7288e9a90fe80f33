#include "backdrop/horizon.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

constexpr std::size_t kMostHorizons = 3;
/// Fewer cells tell nothing of lines.
constexpr int kSmallestSide = 32;

/// Of the cells of a column from one row up to another, both within the picture.
Rgb mean_of(const Planes& cells, int x, int from, int to) {
    Rgb mean{};
    for (std::size_t c = 0; c < 3; ++c) {
        for (int y = from; y < to; ++y) {
            mean[c] += cells[c].at(x, y) / static_cast<float>(to - from);
        }
    }
    return mean;
}

}  // namespace

/// Looks for one in the cells of a picture.
class HorizonSearch {
public:
    explicit HorizonSearch(const Planes& cells)
        : cells_(cells), width_(cells[0].width()), height_(cells[0].height()) {}

    [[nodiscard]] std::optional<Horizon> strongest() const {
        std::optional<Horizon> best;
        float most = 0;
        const std::vector<End> left = ends_at(0);
        const std::vector<End> right = ends_at(width_ - side());
        for (const End& from : left) {
            for (const End& to : right) {
                if (!may_be_one(from, to)) {
                    continue;
                }
                const float strength = std::min(length(from.step), length(to.step));
                if (strength > most) {
                    if (const auto found = follow(from, to)) {
                        best = found;
                        most = strength;
                    }
                }
            }
        }
        return best;
    }

private:
    /// What is compared across a line lies so many cells from it, and is so many cells high.
    static constexpr int kApart = Horizon::kReach;
    static constexpr int kHigh = 3;
    /// How far from where it is expected a line is looked for.
    static constexpr int kSearch = 2;
    /// Rows that tell what lies at the top and the bottom of the picture.
    static constexpr int kAtBorder = 2;
    /// Share of a step that is taken back where what lies across it comes back.
    static constexpr float kLeastBack = 0.3F;

    /// Where a line begins at a side of the picture.
    struct End {
        float y = 0;
        Rgb step{};
    };

    /// What a column shows where the line is expected.
    struct Crossing {
        float y = 0;
        /// The rows between are mixtures of both sides.
        int top = 0;
        int bottom = 0;
        Rgb above{};
        Rgb below{};
    };

    /// All columns that show the line, and what they show.
    struct Sightings {
        std::vector<float> columns;
        std::vector<float> places;
        std::array<std::vector<float>, 3> above;
        std::array<std::vector<float>, 3> below;
        std::array<std::vector<float>, 3> steps;

        void add(int x, const Crossing& crossing) {
            columns.push_back(static_cast<float>(x));
            places.push_back(crossing.y);
            for (std::size_t c = 0; c < 3; ++c) {
                above[c].push_back(crossing.above[c]);
                below[c].push_back(crossing.below[c]);
                steps[c].push_back(crossing.below[c] - crossing.above[c]);
            }
        }
    };

    /// Columns at either side that have to show the line.
    [[nodiscard]] int side() const { return std::max(3, width_ / 40); }

    [[nodiscard]] Rgb row_mean(int x, int y) const {
        Rgb mean{};
        for (int k = 0; k < side(); ++k) {
            for (std::size_t c = 0; c < 3; ++c) {
                mean[c] += cells_[c].at(x + k, y) / static_cast<float>(side());
            }
        }
        return mean;
    }

    /// The most marked steps of the columns from x on.
    [[nodiscard]] std::vector<End> ends_at(int x) const {
        constexpr std::size_t kMost = 8;
        constexpr float kLeast = 6;
        constexpr float kTimesUsual = 4;
        std::vector<Rgb> rows;
        for (int y = 0; y < height_; ++y) {
            rows.push_back(row_mean(x, y));
        }
        const int margin = kApart + kHigh;
        std::vector<float> sizes(rows.size(), 0);
        std::vector<Rgb> steps(rows.size());
        for (int y = margin; y < height_ - margin; ++y) {
            const auto mean = [&](int from) {
                Rgb sum{};
                for (int k = 0; k < kHigh; ++k) {
                    for (std::size_t c = 0; c < 3; ++c) {
                        sum[c] += rows[static_cast<std::size_t>(from + k)][c] / kHigh;
                    }
                }
                return sum;
            };
            const auto i = static_cast<std::size_t>(y);
            // Between row y - 1 and row y, one row apart on either side.
            steps[i] = minus(mean(y + 1), mean(y - 1 - kHigh));
            sizes[i] = length(steps[i]);
        }
        const float least = std::max(kLeast, kTimesUsual * median(sizes));
        std::vector<End> ends;
        for (int y = margin; y < height_ - margin; ++y) {
            const auto i = static_cast<std::size_t>(y);
            const auto near = sizes.begin() + y;
            if (sizes[i] >= least &&
                sizes[i] == *std::max_element(near - kApart, near + kApart + 1)) {
                ends.push_back({static_cast<float>(y), steps[i]});
            }
        }
        std::ranges::sort(ends, std::ranges::greater{},
                          [](const End& end) { return length(end.step); });
        ends.resize(std::min(ends.size(), kMost));
        return ends;
    }

    /// Nearly level, and alike at both ends.
    [[nodiscard]] bool may_be_one(const End& from, const End& to) const {
        constexpr float kSteepest = 0.12F;
        constexpr float kUnlike = 0.4F;
        constexpr float kLeastUnlike = 4;
        const float larger = std::max(length(from.step), length(to.step));
        return std::abs(to.y - from.y) <= kSteepest * static_cast<float>(width_) &&
               distance(from.step, to.step) < std::max(kLeastUnlike, kUnlike * larger);
    }

    /// The colours above and below a line in a column, beyond its blur; nothing too near to the
    /// border of the picture.
    [[nodiscard]] std::optional<Crossing> sides_at(int x, float expected_y) const {
        const int line = static_cast<int>(std::lround(expected_y));
        const int top = line - kApart - kHigh - kSearch;
        const int bottom = line + kApart + kHigh + kSearch;
        if (top < 0 || bottom > height_) {
            return std::nullopt;
        }
        return Crossing{.top = top + kHigh,
                        .bottom = bottom - kHigh,
                        .above = mean_of(cells_, x, top, top + kHigh),
                        .below = mean_of(cells_, x, bottom - kHigh, bottom)};
    }

    /// The same where the column shows the step that is expected, and where it lies.
    [[nodiscard]] std::optional<Crossing> crossing_at(int x, float expected_y,
                                                      const Rgb& expected) const {
        constexpr float kOff = 0.4F;
        constexpr float kLeastOff = 4;
        constexpr float kSharp = 0.35F;
        std::optional<Crossing> crossing = sides_at(x, expected_y);
        if (!crossing) {
            return std::nullopt;
        }
        const Rgb step = minus(crossing->below, crossing->above);
        const float size = dot(step, step);
        if (size == 0 || distance(step, expected) > std::max(kLeastOff, kOff * length(expected))) {
            return std::nullopt;
        }
        // All the cells between are mixtures: together they tell where the line is.
        float above = 0;
        float sharpest = 0;
        for (int y = crossing->top; y < crossing->bottom; ++y) {
            const Rgb cell = mean_of(cells_, x, y, y + 1);
            above += 1 - std::clamp(dot(minus(cell, crossing->above), step) / size, 0.0F, 1.0F);
            const Rgb before = mean_of(cells_, x, y - 2, y - 1);
            sharpest = std::max(sharpest, dot(minus(cell, before), step) / size);
        }
        crossing->y = static_cast<float>(crossing->top) + above;
        const bool is_seen = sharpest > kSharp && std::abs(crossing->y - expected_y) <= kSearch + 1;
        return is_seen ? crossing : std::nullopt;
    }

    /// The usual difference of neighbours in the columns at the sides.
    [[nodiscard]] float usual_difference() const {
        std::vector<float> all;
        for (int k = 0; k < side(); ++k) {
            for (const int x : {k, width_ - 1 - k}) {
                for (int y = 1; y < height_; ++y) {
                    all.push_back(
                        distance(mean_of(cells_, x, y - 1, y), mean_of(cells_, x, y, y + 1)));
                }
            }
        }
        return median(all);
    }

    /// Whether a column is backdrop from the border of the picture, above (-1) or below (1), up to
    /// the line and beyond it.
    [[nodiscard]] bool goes_on(int x, float line, int direction, float most) const {
        const int begin = direction < 0 ? 0 : height_ - 1;
        const int end = static_cast<int>(line) - direction * (kApart + kHigh);
        for (int y = begin; y != end; y -= direction) {
            const int next = y - direction;
            if (next < 0 || next >= height_ ||
                distance(mean_of(cells_, x, y, y + 1), mean_of(cells_, x, next, next + 1)) > most) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] std::optional<Horizon> follow(const End& from, const End& to) const {
        constexpr double kLeastSeen = 0.15;
        constexpr double kLeastAtSides = 0.8;
        constexpr int kRounds = 2;
        const auto last = static_cast<float>(width_ - 1);
        Parabola line(width_, {0, last / 2, last}, {from.y, (from.y + to.y) / 2, to.y}, {1, 1, 1});
        std::array<Parabola, 3> step{line, line, line};
        for (std::size_t c = 0; c < 3; ++c) {
            step[c] = Parabola(width_, {0, last}, {from.step[c], to.step[c]}, {1, 1});
        }
        std::vector<char> is_seen(static_cast<std::size_t>(width_));
        Sightings sightings;
        for (int round = 0; round < kRounds; ++round) {
            sightings = {};
            for (int x = 0; x < width_; ++x) {
                const auto crossing =
                    crossing_at(x, line.at(x), {step[0].at(x), step[1].at(x), step[2].at(x)});
                is_seen[static_cast<std::size_t>(x)] = crossing ? 1 : 0;
                if (crossing) {
                    sightings.add(x, *crossing);
                }
            }
            const auto seen = [&](auto begin, auto end) {
                return static_cast<double>(std::count(begin, end, 1)) /
                       static_cast<double>(end - begin);
            };
            if (seen(is_seen.begin(), is_seen.end()) < kLeastSeen ||
                seen(is_seen.begin(), is_seen.begin() + side()) < kLeastAtSides ||
                seen(is_seen.end() - side(), is_seen.end()) < kLeastAtSides) {
                return std::nullopt;
            }
            line = smooth_through(sightings.columns, sightings.places);
            for (std::size_t c = 0; c < 3; ++c) {
                step[c] = smooth_through(sightings.columns, sightings.steps[c]);
            }
        }
        if (is_interrupted(line, step, sightings, is_seen) ||
            (comes_back(0, from) && comes_back(width_ - side(), to))) {
            return std::nullopt;
        }
        auto [places, scatter] = drawn_line(line, sightings);
        Horizon horizon(std::move(places), scatter, step);
        horizon.measure_profile(cells_, is_seen);
        return horizon;
    }

    /// Whether there are columns in which the backdrop goes on across the line as it is on one side
    /// of it.
    [[nodiscard]] bool is_interrupted(const Parabola& line, const std::array<Parabola, 3>& step,
                                      const Sightings& sightings,
                                      const std::vector<char>& is_seen) const {
        constexpr double kMost = 0.04;
        constexpr float kAlike = 0.2F;
        constexpr float kLeastAlike = 4;
        constexpr float kTimesUsual = 4;
        constexpr float kLeastEdge = 3;
        const float most = std::max(kLeastEdge, kTimesUsual * usual_difference());
        const auto smooth = [&](const std::array<std::vector<float>, 3>& values) {
            return std::array{smooth_through(sightings.columns, values[0]),
                              smooth_through(sightings.columns, values[1]),
                              smooth_through(sightings.columns, values[2])};
        };
        const std::array<Parabola, 3> above = smooth(sightings.above);
        const std::array<Parabola, 3> below = smooth(sightings.below);
        int missed = 0;
        for (int x = 0; x < width_; ++x) {
            if (is_seen[static_cast<std::size_t>(x)] != 0) {
                continue;
            }
            const auto sides = sides_at(x, line.at(x));
            const auto at = [x](const std::array<Parabola, 3>& p) {
                return Rgb{p[0].at(x), p[1].at(x), p[2].at(x)};
            };
            const float alike = std::max(kLeastAlike, kAlike * length(at(step)));
            const auto is_both = [&](const Rgb& colour) {
                return distance(sides->above, colour) < alike &&
                       distance(sides->below, colour) < alike;
            };
            const bool is_missed =
                sides && ((is_both(at(above)) && goes_on(x, line.at(x), -1, most)) ||
                          (is_both(at(below)) && goes_on(x, line.at(x), 1, most)));
            missed += is_missed ? 1 : 0;
        }
        return missed > kMost * width_;
    }

    /// Whether what lies across the line comes back behind a second edge, at the columns from x on,
    /// and goes on to the border of the picture, in the light or in shade.
    [[nodiscard]] bool comes_back(int x, const End& end) const {
        constexpr float kTimesUsual = 5;
        const int line = static_cast<int>(end.y);
        const Rgb above = rows_mean(x, line - kApart - kHigh, line - kApart);
        const Rgb below = rows_mean(x, line + kApart, line + kApart + kHigh);
        const bool is_above_at_bottom =
            is_back(above, below, rows_mean(x, height_ - kAtBorder, height_));
        const bool is_below_at_top = is_back(below, above, rows_mean(x, 0, kAtBorder));
        if (!is_above_at_bottom && !is_below_at_top) {
            return false;
        }
        std::vector<float> changes;
        std::vector<float> sizes;
        for (int y = 1; y + 1 < height_; ++y) {
            changes.push_back(-dot(change_at(x, y), end.step) / length(end.step));
            sizes.push_back(std::abs(changes.back()));
        }
        const float least = std::max(kLeastBack * length(end.step), kTimesUsual * median(sizes));
        for (int y = 1; y + 1 < height_; ++y) {
            const bool is_sought = y < line ? is_below_at_top : is_above_at_bottom;
            if (is_sought && std::abs(y - line) > kApart &&
                changes[static_cast<std::size_t>(y - 1)] >= least) {
                return true;
            }
        }
        return false;
    }

    /// Whether a colour at the border of the picture may be that of the line's other side, and is
    /// not that of its own.
    [[nodiscard]] static bool is_back(const Rgb& other, const Rgb& own, const Rgb& at_border) {
        const Rgb step = minus(other, own);
        return dot(minus(at_border, own), step) > kLeastBack * dot(step, step) &&
               (may_be_shaded(other, at_border) || may_be_shaded(at_border, other));
    }

    /// From the few rows above one to the few below it.
    [[nodiscard]] Rgb change_at(int x, int y) const {
        return minus(rows_mean(x, y + 1, y + 1 + kHigh), rows_mean(x, y - kHigh, y));
    }

    /// Whether a colour is another one in the light or shade that is usual in one picture.
    [[nodiscard]] static bool may_be_shaded(const Rgb& colour, const Rgb& shaded) {
        constexpr float kDarkest = 0.65F;
        constexpr float kBrightest = -0.15F;
        constexpr float kOff = 0.06F;
        const ShadowPart part = shadow_part(colour, to_opponent(minus(shaded, colour)));
        return part.depth > kBrightest && part.depth < kDarkest && part.off < kOff * part.light;
    }

    [[nodiscard]] Rgb rows_mean(int x, int from, int to) const {
        const int top = std::max(0, from);
        const int bottom = std::min(height_, to);
        Rgb mean{};
        for (int y = top; y < bottom; ++y) {
            const Rgb row = row_mean(x, y);
            for (std::size_t c = 0; c < 3; ++c) {
                mean[c] += row[c] / static_cast<float>(bottom - top);
            }
        }
        return mean;
    }

    /// The line as it was seen, which a lens may bend: the parabola, and what the columns nearby
    /// differ from it by; and how far single sightings lie from that.
    [[nodiscard]] std::pair<std::vector<float>, float> drawn_line(
        const Parabola& line, const Sightings& sightings) const {
        constexpr int kNear = 6;
        constexpr std::size_t kFew = 5;
        std::vector<std::optional<float>> off(static_cast<std::size_t>(width_));
        for (std::size_t k = 0; k < sightings.columns.size(); ++k) {
            const auto x = static_cast<int>(sightings.columns[k]);
            off[static_cast<std::size_t>(x)] = sightings.places[k] - line.at(x);
        }
        std::vector<float> places;
        std::vector<float> scatter;
        for (int x = 0; x < width_; ++x) {
            std::vector<float> near;
            for (int k = std::max(0, x - kNear); k <= std::min(width_ - 1, x + kNear); ++k) {
                if (off[static_cast<std::size_t>(k)]) {
                    near.push_back(*off[static_cast<std::size_t>(k)]);
                }
            }
            const float usual = near.size() >= kFew ? median(near) : 0;
            places.push_back(line.at(x) + usual);
            if (off[static_cast<std::size_t>(x)]) {
                scatter.push_back(std::abs(*off[static_cast<std::size_t>(x)] - usual));
            }
        }
        return {places, median(scatter)};
    }

    /// What lies far from the others has no say.
    [[nodiscard]] Parabola smooth_through(const std::vector<float>& columns,
                                          const std::vector<float>& values) const {
        constexpr int kRounds = 3;
        constexpr float kLeastScale = 0.05F;
        std::vector<float> weights(columns.size(), 1);
        Parabola result(width_, columns, values, weights);
        for (int round = 0; round < kRounds; ++round) {
            std::vector<float> off;
            for (std::size_t k = 0; k < columns.size(); ++k) {
                off.push_back(std::abs(values[k] - result.at(static_cast<int>(columns[k]))));
            }
            const float scale = std::max(kLeastScale, 2 * median(off));
            for (std::size_t k = 0; k < columns.size(); ++k) {
                weights[k] = 1 / squared(1 + squared(off[k] / scale));
            }
            result = Parabola(width_, columns, values, weights);
        }
        return result;
    }

    const Planes& cells_;
    int width_;
    int height_;
};

std::optional<Horizon> Horizon::find(const Planes& cells) {
    if (std::min(cells[0].width(), cells[0].height()) < kSmallestSide) {
        return std::nullopt;
    }
    return HorizonSearch(cells).strongest();
}

float Horizon::depth_of(int x, int y) const {
    return static_cast<float>(y) + 0.5F - line_[static_cast<std::size_t>(x)];
}

Rgb Horizon::whole_step(int x) const { return {step_[0].at(x), step_[1].at(x), step_[2].at(x)}; }

float Horizon::share_at(float depth) const {
    const float at = (depth + kReach) * kPerCell;
    if (at <= 0) {
        return 0;
    }
    const auto first = static_cast<std::size_t>(at);
    if (first + 1 >= profile_.size()) {
        return 1;
    }
    return profile_[first] +
           (at - static_cast<float>(first)) * (profile_[first + 1] - profile_[first]);
}

/// Where the line is tilted it crosses the rows of cells at every height, so that together the
/// columns show its blur finer than a cell.
void Horizon::measure_profile(const Planes& cells, const std::vector<char>& is_seen) {
    std::array<std::vector<float>, 2 * kReach * kPerCell + 1> shares;
    const int height = cells[0].height();
    for (int x = 0; x < cells[0].width(); ++x) {
        const int line = static_cast<int>(line_[static_cast<std::size_t>(x)]);
        const int top = line - 2 * kReach;
        const int bottom = line + 2 * kReach + 1;
        if (is_seen[static_cast<std::size_t>(x)] == 0 || top < 0 || bottom > height) {
            continue;
        }
        const Rgb above = mean_of(cells, x, top, top + kReach);
        const Rgb step = minus(mean_of(cells, x, bottom - kReach, bottom), above);
        if (dot(step, step) == 0) {
            continue;
        }
        for (int y = top; y < bottom; ++y) {
            const float at = std::round((depth_of(x, y) + kReach) * kPerCell);
            if (at >= 0 && at < static_cast<float>(shares.size())) {
                shares[static_cast<std::size_t>(at)].push_back(
                    dot(minus(mean_of(cells, x, y, y + 1), above), step) / dot(step, step));
            }
        }
    }
    // A level line shows few heights: what lies between follows from the neighbours.
    constexpr std::size_t kFew = 3;
    std::size_t known = 0;
    for (std::size_t k = 1; k < profile_.size(); ++k) {
        const bool is_last = k + 1 == profile_.size();
        if (!is_last && shares[k].size() < kFew) {
            continue;
        }
        profile_[k] = is_last ? 1 : std::clamp(median(shares[k]), profile_[known], 1.0F);
        for (std::size_t i = known + 1; i < k; ++i) {
            const float t = static_cast<float>(i - known) / static_cast<float>(k - known);
            profile_[i] = profile_[known] + t * (profile_[k] - profile_[known]);
        }
        known = k;
    }
}

Rgb Horizon::step_at(int x, int y) const {
    const float share = share_at(depth_of(x, y));
    if (share == 0) {
        return {};
    }
    const Rgb step = whole_step(x);
    return {share * step[0], share * step[1], share * step[2]};
}

/// By a tenth of a cell, or as much as the sightings of the line, where the step is steep.
float Horizon::doubt_at(int x, int y) const {
    constexpr float kOff = 0.1F;
    const float depth = depth_of(x, y);
    if (std::abs(depth) > kReach) {
        return 0;
    }
    const float steepness = (share_at(depth + 0.5F) - share_at(depth - 0.5F));
    return std::max(kOff, scatter_) * steepness * length(whole_step(x));
}

std::vector<Horizon> find_horizons(const Planes& cells) {
    std::vector<Horizon> found;
    Planes rest = cells;
    while (found.size() < kMostHorizons) {
        const std::optional<Horizon> next = Horizon::find(rest);
        if (!next) {
            break;
        }
        found.push_back(*next);
        rest = without_steps({*next}, std::move(rest));
    }
    return found;
}

Planes without_steps(const std::vector<Horizon>& horizons, Planes cells) {
    for (const Horizon& horizon : horizons) {
        for (int y = 0; y < cells[0].height(); ++y) {
            for (int x = 0; x < cells[0].width(); ++x) {
                const Rgb step = horizon.step_at(x, y);
                for (std::size_t c = 0; c < 3; ++c) {
                    cells[c].at(x, y) -= step[c];
                }
            }
        }
    }
    return cells;
}

}  // namespace editprep::imaging
