#include "backdrop/border_line.hpp"

#include <algorithm>

#include "backdrop/statistics.hpp"

namespace editprep::imaging {
namespace {

std::vector<Point> cells_along(Size size) {
    std::vector<Point> line;
    const int right = size.width - 1;
    const int bottom = size.height - 1;
    for (int x = 0; x < right; ++x) {
        line.push_back({x, 0});
    }
    for (int y = 0; y < bottom; ++y) {
        line.push_back({right, y});
    }
    for (int x = right; x > 0; --x) {
        line.push_back({x, bottom});
    }
    for (int y = bottom; y > 0; --y) {
        line.push_back({0, y});
    }
    return line;
}

float median_of_three(float a, float b, float c) {
    return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

/// How far a colour lies on the way from one to another: 0 to 1 between them.
float along(const Rgb& color, const Rgb& from, const Rgb& to) {
    float passed = 0;
    float whole = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        passed += (color[c] - from[c]) * (to[c] - from[c]);
        whole += squared(to[c] - from[c]);
    }
    return whole > 0 ? passed / whole : 0;
}

/// A change of brightness, as light and paper have it, and of no colour: an object of the
/// backdrop's brightness ends with a jump that is as small. JPEG leaves some colour beside others.
bool is_change_of_light(const Rgb& from, const Rgb& to) {
    constexpr float kOff = 4;
    const Opponent change = to_opponent(to) - to_opponent(from);
    return shadow_part(from, change).off < kOff;
}

}  // namespace

std::vector<Rgb> bridged(const std::vector<Rgb>& line, const std::vector<char>& kept) {
    const int count = static_cast<int>(line.size());
    const auto at = [count](int i) { return around(i, count); };
    std::vector<Rgb> result = line;
    const auto start = static_cast<int>(std::find(kept.begin(), kept.end(), 1) - kept.begin());
    int last = start;
    for (int i = last + 1; i <= start + count; ++i) {
        if (kept[at(i)] == 0) {
            continue;
        }
        for (int k = last + 1; k < i; ++k) {
            const float t = static_cast<float>(k - last) / static_cast<float>(i - last);
            result[at(k)] = mix(line[at(last)], line[at(i)], t);
        }
        last = i;
    }
    return result;
}

BorderLine::BorderLine(const Planes& cells)
    : size_(cells[0].size()), cells_(cells_along(size_)), accepted_(cells_.size(), 0) {
    for (const Point p : cells_) {
        colors_.push_back({cells[0].at(p.x, p.y), cells[1].at(p.x, p.y), cells[2].at(p.x, p.y)});
    }
    remove_specks();
    std::vector<Run> found = runs();
    join(found);
    accept(found);
}

std::size_t BorderLine::opposite(std::size_t i) const {
    const auto right = static_cast<std::size_t>(size_.width - 1);
    const auto bottom = static_cast<std::size_t>(size_.height - 1);
    const auto x = static_cast<std::size_t>(cells_[i].x);
    const auto y = static_cast<std::size_t>(cells_[i].y);
    const std::size_t left_to_right = right + y;
    const std::size_t right_to_left = (2 * right + bottom + (bottom - y)) % cells_.size();
    const std::size_t top_to_bottom = right + bottom + (right - x);
    if (y == 0 && x > 0 && x < right) {
        return top_to_bottom;
    }
    if (y == bottom && x > 0 && x < right) {
        return x;
    }
    return x == 0 ? left_to_right : right_to_left;
}

bool BorderLine::is_corner(Point p) const {
    return (p.x == 0 || p.x == size_.width - 1) && (p.y == 0 || p.y == size_.height - 1);
}

/// The mean of the few colours from an end of a run inwards.
Rgb BorderLine::end_color(int from, int length, int direction) const {
    const int few = std::min(length, 4);
    Rgb mean{};
    for (int k = 0; k < few; ++k) {
        for (std::size_t c = 0; c < 3; ++c) {
            mean[c] += colors_[at(from + direction * k)][c] / static_cast<float>(few);
        }
    }
    return mean;
}

void BorderLine::remove_specks() {
    std::vector<Rgb> calm(colors_.size());
    for (int i = 0; i < count(); ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            calm[at(i)][c] =
                median_of_three(colors_[at(i - 1)][c], colors_[at(i)][c], colors_[at(i + 1)][c]);
        }
    }
    colors_ = std::move(calm);
}

/// Where runs begin: steps far beyond the usual one of this picture's backdrop.
std::vector<int> BorderLine::jumps() const {
    constexpr float kSmallestJump = 6;
    constexpr float kTimesUsual = 7;
    std::vector<float> steps;
    for (int i = 0; i < count(); ++i) {
        steps.push_back(distance(colors_[at(i - 1)], colors_[at(i)]));
    }
    const float jump = std::max(kSmallestJump, kTimesUsual * median(steps));
    std::vector<int> starts;
    for (int i = 0; i < count(); ++i) {
        if (steps[at(i)] > jump) {
            starts.push_back(i);
        }
    }
    return starts.empty() ? std::vector{0} : starts;
}

std::vector<BorderLine::Run> BorderLine::runs() const {
    const std::vector<int> starts = jumps();
    std::vector<Run> result;
    for (std::size_t k = 0; k < starts.size(); ++k) {
        const int first = starts[k];
        const int next = k + 1 < starts.size() ? starts[k + 1] : starts[0] + count();
        const int length = next - first;
        result.push_back({.first = first,
                          .length = length,
                          .group = static_cast<int>(k),
                          .head = end_color(first, length, 1),
                          .tail = end_color(next - 1, length, -1)});
    }
    return result;
}

/// Whether the line goes over from one run into another in small steps, as light does between a
/// wall and a floor, where the same is seen across the picture: a shadow goes over in small steps
/// as well.
bool BorderLine::is_soft_passage(const Run& from, const Run& to) const {
    constexpr float kLargestStep = 0.55F;
    constexpr float kOff = 6;
    constexpr float kUnlike = 0.4F;
    constexpr float kFarthest = 80;
    constexpr float kHidden = 120;
    constexpr int kLongFloor = 20;
    const int begin = from.first + from.length - 1;
    const int end = begin + 1 + static_cast<int>(at(to.first - begin - 1));
    const Rgb& first = colors_[at(begin)];
    const Rgb& last = colors_[at(end)];
    const float whole = distance(first, last);
    if (end - begin < 2 || whole > kFarthest) {
        return false;
    }
    float passed = 0;
    for (int i = begin + 1; i <= end; ++i) {
        const float share = along(colors_[at(i)], first, last);
        if (share < passed || share - passed > kLargestStep ||
            distance(colors_[at(i)], mix(first, last, share)) > kOff) {
            return false;
        }
        passed = share;
    }
    const Rgb& first_opposite = colors_[opposite(at(begin))];
    const Rgb& last_opposite = colors_[opposite(at(end))];
    // An object hides the other side: what is brighter further down is no shadow of it.
    if (std::max(distance(first_opposite, first), distance(last_opposite, last)) > kHidden) {
        const bool is_downwards = cells_[at(end)].y > cells_[at(begin)].y;
        const Run& lower = is_downwards ? to : from;
        return lower.length > kLongFloor && (last[1] > first[1]) == is_downwards;
    }
    const Rgb change{last[0] - first[0], last[1] - first[1], last[2] - first[2]};
    return distance(last_opposite, {first_opposite[0] + change[0], first_opposite[1] + change[1],
                                    first_opposite[2] + change[2]}) < kUnlike * whole;
}

/// Puts runs into one group that go on in the same colour behind what lies between them, or that
/// only a small jump parts, as uneven paper has it.
void BorderLine::join(std::vector<Run>& runs) const {
    constexpr int kFarthest = 10;
    constexpr int kNear = 6;
    /// Of shorter runs the colour says little, the less the more there is between them.
    constexpr int kLength = 2;
    constexpr int kFarLength = 5;
    constexpr float kMildJump = 14;
    constexpr float kSameColor = 8;
    constexpr float kChangeAroundTheBorder = 40;
    const int n = static_cast<int>(runs.size());
    for (int i = 0; i < n; ++i) {
        const Run& left = runs[static_cast<std::size_t>(i)];
        int gap = 0;
        for (int k = 1; k < n && k <= kFarthest; ++k) {
            const Run& right = runs[static_cast<std::size_t>((i + k) % n)];
            const int other_way = count() - left.length - gap - right.length;
            const float share =
                static_cast<float>(std::min(gap, other_way)) / static_cast<float>(count());
            const float limit = k == 1 ? kMildJump : kSameColor + kChangeAroundTheBorder * share;
            const int least = k > kNear ? kFarLength : kLength;
            if (left.length >= least && right.length >= least &&
                (distance(left.tail, right.head) < limit || is_soft_passage(left, right)) &&
                is_change_of_light(left.tail, right.head)) {
                const int from = right.group;
                const int to = left.group;
                for (Run& run : runs) {
                    run.group = run.group == from ? to : run.group;
                }
            }
            gap += right.length;
        }
    }
}

std::vector<BorderLine::Group> BorderLine::groups_of(const std::vector<Run>& runs) const {
    std::vector<Group> groups(runs.size());
    for (const Run& run : runs) {
        Group& group = groups[static_cast<std::size_t>(run.group)];
        group.length += run.length;
        group.color = run.head;
        for (int i = run.first; i < run.first + run.length; ++i) {
            const Point p = cells_[at(i)];
            group.corners += is_corner(p) ? 1 : 0;
            group.left |= p.x == 0;
            group.right |= p.x == size_.width - 1;
        }
    }
    return groups;
}

/// The longest group is backdrop, and corners speak for it; so is a floor, which holds two corners,
/// and a band from side to side, which is part of a sweep.
void BorderLine::accept(const std::vector<Run>& runs) {
    constexpr double kWorthOfACorner = 0.05;
    constexpr double kFloor = 0.2;
    constexpr float kBandContrast = 60;
    constexpr double kLongestBand = 0.25;
    const std::vector<Group> groups = groups_of(runs);
    const auto score = [&](const Group& group) {
        return group.length + kWorthOfACorner * count() * group.corners;
    };
    const Group& best =
        *std::max_element(groups.begin(), groups.end(),
                          [&](const Group& a, const Group& b) { return score(a) < score(b); });
    for (const Run& run : runs) {
        const Group& group = groups[static_cast<std::size_t>(run.group)];
        const bool floor = group.corners >= 2 && group.length >= kFloor * count();
        const bool band = group.left && group.right && group.length < kLongestBand * count() &&
                          distance(group.color, best.color) < kBandContrast;
        if (&group == &best || floor || band) {
            for (int i = run.first; i < run.first + run.length; ++i) {
                accepted_[at(i)] = 1;
            }
        }
    }
}

}  // namespace editprep::imaging
