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

float dot(const Rgb& a, const Rgb& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Rgb minus(const Rgb& a, const Rgb& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

float length(const Rgb& a) { return std::sqrt(dot(a, a)); }

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

Parabola::Parabola(int width, const std::vector<float>& columns, const std::vector<float>& values,
                   const std::vector<float>& weights)
    : width_(width) {
    // Normal equations, by elimination; a little stiffness keeps few points from bending it.
    std::array<std::array<double, 4>, 3> m{};
    for (std::size_t k = 0; k < columns.size(); ++k) {
        const double u = place_of(columns[k]);
        const std::array<double, 3> powers{1, u, u * u};
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 3; ++j) {
                m[i][j] += weights[k] * powers[i] * powers[j];
            }
            m[i][3] += weights[k] * powers[i] * values[k];
        }
    }
    constexpr double kStiffness = 1e-4;
    m[1][1] += kStiffness * m[0][0];
    m[2][2] += kStiffness * m[0][0];
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            if (j != i && m[i][i] > 0) {
                const double factor = m[j][i] / m[i][i];
                for (std::size_t k = i; k < 4; ++k) {
                    m[j][k] -= factor * m[i][k];
                }
            }
        }
    }
    for (std::size_t i = 0; i < 3; ++i) {
        factors_[i] = m[i][i] > 0 ? static_cast<float>(m[i][3] / m[i][i]) : 0;
    }
}

float Parabola::place_of(float column) const {
    return 2 * (column + 0.5F) / static_cast<float>(width_) - 1;
}

float Parabola::at(int column) const {
    const float u = place_of(static_cast<float>(column));
    return factors_[0] + u * (factors_[1] + u * factors_[2]);
}

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

    /// Where a line begins at a side of the picture.
    struct End {
        float y = 0;
        Rgb step{};
    };

    /// What a column shows where the line is expected.
    struct Crossing {
        bool is_seen = false;
        float y = 0;
        /// On either side of the line, beyond its blur.
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

    [[nodiscard]] std::optional<Crossing> crossing_at(int x, float expected_y,
                                                      const Rgb& expected) const {
        constexpr float kOff = 0.4F;
        constexpr float kLeastOff = 4;
        constexpr float kSharp = 0.6F;
        constexpr int kSearch = 2;
        const int line = static_cast<int>(std::lround(expected_y));
        const int top = line - kApart - kHigh - kSearch;
        const int bottom = line + kApart + kHigh + kSearch;
        if (top < 0 || bottom > height_) {
            return std::nullopt;
        }
        Crossing crossing{.above = mean_of(cells_, x, top, top + kHigh),
                          .below = mean_of(cells_, x, bottom - kHigh, bottom)};
        const Rgb step = minus(crossing.below, crossing.above);
        if (distance(step, expected) > std::max(kLeastOff, kOff * length(expected))) {
            return crossing;
        }
        // All the cells between are mixtures: together they tell where the line is.
        float above = 0;
        float sharpest = 0;
        for (int y = top + kHigh; y < bottom - kHigh; ++y) {
            const Rgb cell = mean_of(cells_, x, y, y + 1);
            above += 1 - std::clamp(dot(minus(cell, crossing.above), step) / dot(step, step), 0.0F,
                                    1.0F);
            const Rgb before = mean_of(cells_, x, y - 2, y - 1);
            sharpest = std::max(sharpest, dot(minus(cell, before), step) / dot(step, step));
        }
        crossing.y = static_cast<float>(top + kHigh) + above;
        crossing.is_seen = sharpest > kSharp && std::abs(crossing.y - expected_y) <= kSearch + 1;
        return crossing;
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
                is_seen[static_cast<std::size_t>(x)] = crossing && crossing->is_seen ? 1 : 0;
                if (crossing && crossing->is_seen) {
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
        if (is_interrupted(line, step, sightings, is_seen)) {
            return std::nullopt;
        }
        Horizon horizon(width_, line, step);
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
            const auto crossing = crossing_at(x, line.at(x), {});
            const auto at = [x](const std::array<Parabola, 3>& p) {
                return Rgb{p[0].at(x), p[1].at(x), p[2].at(x)};
            };
            const float alike = std::max(kLeastAlike, kAlike * length(at(step)));
            const auto is_both = [&](const Rgb& colour) {
                return distance(crossing->above, colour) < alike &&
                       distance(crossing->below, colour) < alike;
            };
            const bool is_missed =
                crossing && ((is_both(at(above)) && goes_on(x, line.at(x), -1, most)) ||
                             (is_both(at(below)) && goes_on(x, line.at(x), 1, most)));
            missed += is_missed ? 1 : 0;
        }
        return missed > kMost * width_;
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

float Horizon::depth_of(int x, int y) const { return static_cast<float>(y) + 0.5F - line_.at(x); }

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

/// The line crosses the rows of cells at every height, so together the columns show its blur finer
/// than a cell.
void Horizon::measure_profile(const Planes& cells, const std::vector<char>& is_seen) {
    std::array<std::vector<float>, 2 * kReach * kPerCell + 1> shares;
    const int height = cells[0].height();
    for (int x = 0; x < width_; ++x) {
        const int line = static_cast<int>(line_.at(x));
        const int top = line - 2 * kReach;
        const int bottom = line + 2 * kReach + 1;
        if (is_seen[static_cast<std::size_t>(x)] == 0 || top < 0 || bottom > height) {
            continue;
        }
        const Rgb above = mean_of(cells, x, top, top + kReach);
        const Rgb step = minus(mean_of(cells, x, bottom - kReach, bottom), above);
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

/// By a tenth of a cell, where the step is steep.
float Horizon::doubt_at(int x, int y) const {
    constexpr float kOff = 0.1F;
    const float depth = depth_of(x, y);
    if (std::abs(depth) > kReach) {
        return 0;
    }
    const float steepness = (share_at(depth + 0.5F) - share_at(depth - 0.5F));
    return kOff * steepness * length(whole_step(x));
}

bool Horizon::is_undone_by(const Horizon& other) const {
    constexpr float kLeft = 0.25F;
    const int middle = width_ / 2;
    const Rgb own = whole_step(middle);
    const Rgb theirs = other.whole_step(middle);
    const Rgb sum{own[0] + theirs[0], own[1] + theirs[1], own[2] + theirs[2]};
    return length(sum) < kLeft * std::max(length(own), length(theirs));
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
    // A bar that crosses the picture is a thing.
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (std::size_t j = i + 1; j < found.size(); ++j) {
            if (found[i].is_undone_by(found[j])) {
                found.erase(found.begin() + static_cast<std::ptrdiff_t>(j));
                found.erase(found.begin() + static_cast<std::ptrdiff_t>(i));
                --i;
                break;
            }
        }
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
