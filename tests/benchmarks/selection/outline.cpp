#include "outline.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace editprep::benchmarks {
namespace {

constexpr int kCircleSteps = 256;
constexpr int kCurveSteps = 24;
constexpr double kPi = std::numbers::pi;

Vec curve_point(Vec before, Vec from, Vec to, Vec after, double t) {
    const Vec linear = (to - before) * 0.5;
    const Vec square = before - from * 2.5 + to * 2.0 - after * 0.5;
    const Vec cube = (from - to) * 1.5 + (after - before) * 0.5;
    return from + (linear + (square + cube * t) * t) * t;
}

/// Sums, per row, how much the covered area grows from one pixel to the next: after a running sum
/// over the row, every pixel holds the area that the contours enclose in it, signed by their turn.
class AreaSums {
public:
    explicit AreaSums(imaging::Size size) : size_(size), sums_({size.width + 2, size.height}) {}

    void add_edge(Vec from, Vec to) {
        if (from.y == to.y) {
            return;
        }
        const double direction = from.y < to.y ? 1.0 : -1.0;
        if (direction < 0) {
            std::swap(from, to);
        }
        const double slope = (to.x - from.x) / (to.y - from.y);
        const int first = std::max(0, static_cast<int>(std::floor(from.y)));
        const int last = std::min(size_.height, static_cast<int>(std::ceil(to.y)));
        for (int y = first; y < last; ++y) {
            const double top = std::max(from.y, static_cast<double>(y));
            const double bottom = std::min(to.y, y + 1.0);
            const double x_top = clip(from.x + (top - from.y) * slope);
            const double x_bottom = clip(from.x + (bottom - from.y) * slope);
            add_row_edge(y, std::min(x_top, x_bottom), std::max(x_top, x_bottom),
                         direction * (bottom - top));
        }
    }

    [[nodiscard]] Plane covered() const {
        Plane plane(size_);
        for (int y = 0; y < size_.height; ++y) {
            double sum = 0;
            for (int x = 0; x < size_.width; ++x) {
                sum += sums_.at(x, y);
                plane.at(x, y) = static_cast<float>(std::min(1.0, std::abs(sum)));
            }
        }
        return plane;
    }

private:
    [[nodiscard]] double clip(double x) const {
        return std::clamp(x, 0.0, static_cast<double>(size_.width));
    }

    /// An edge within one row from x `left` to `right`, with `rise` of the row's height.
    void add_row_edge(int y, double left, double right, double rise) {
        double* row = sums_.row(y);
        const int first = static_cast<int>(left);
        const int last = static_cast<int>(right);
        if (first == last) {
            const double beyond = (left + right) / 2 - first;
            row[first] += rise * (1 - beyond);
            row[first + 1] += rise * beyond;
            return;
        }
        // Area to the right of the edge within each pixel that it crosses; the running sum makes
        // the rest of the row.
        const double per_pixel = rise / (right - left);
        double before = 0;
        for (int x = first; x <= last; ++x) {
            const double begin = std::max(left, static_cast<double>(x));
            const double end = std::min(right, x + 1.0);
            const double passed = per_pixel * (begin - left);
            const double here = per_pixel * (end - begin);
            const double area = passed + here * (x + 1.0 - (begin + end) / 2);
            row[x] += area - before;
            before = area;
        }
        row[last + 1] += rise - before;
    }

    imaging::Size size_;
    Raster<double> sums_;
};

}  // namespace

double length(Vec v) noexcept { return std::hypot(v.x, v.y); }

Vec Placement::operator()(Vec point) const noexcept {
    const double x = (mirrored ? -point.x : point.x) * scale;
    const double y = point.y * scale;
    const double c = std::cos(turn);
    const double s = std::sin(turn);
    return Vec{c * x - s * y, s * x + c * y} + shift;
}

Vec Placement::undo(Vec point) const noexcept {
    const Vec moved = point - shift;
    const double c = std::cos(turn);
    const double s = std::sin(turn);
    const double x = (c * moved.x + s * moved.y) / scale;
    return {mirrored ? -x : x, (c * moved.y - s * moved.x) / scale};
}

Path superellipse(Vec centre, double radius_x, double radius_y, double power) {
    Path path;
    for (int i = 0; i < kCircleSteps; ++i) {
        const double angle = 2 * kPi * i / kCircleSteps;
        const double c = std::cos(angle);
        const double s = std::sin(angle);
        path.push_back({centre.x + radius_x * std::copysign(std::pow(std::abs(c), 2 / power), c),
                        centre.y + radius_y * std::copysign(std::pow(std::abs(s), 2 / power), s)});
    }
    return path;
}

Path ellipse(Vec centre, double radius_x, double radius_y) {
    return superellipse(centre, radius_x, radius_y, 2);
}

Path rounded_box(Vec centre, double half_width, double half_height, double corner) {
    const double radius = std::min({corner, half_width, half_height});
    Path path;
    for (int quarter = 0; quarter < 4; ++quarter) {
        const double side_x = quarter == 0 || quarter == 3 ? 1.0 : -1.0;
        const double side_y = quarter < 2 ? 1.0 : -1.0;
        const Vec pivot{centre.x + side_x * (half_width - radius),
                        centre.y + side_y * (half_height - radius)};
        for (int i = 0; i <= kCircleSteps / 8; ++i) {
            const double angle = (quarter + 8.0 * i / kCircleSteps) * kPi / 2;
            path.push_back(pivot + Vec{std::cos(angle), std::sin(angle)} * radius);
        }
    }
    return path;
}

Path smooth_loop(std::span<const Vec> points) {
    const std::size_t count = points.size();
    Path path;
    for (std::size_t i = 0; i < count; ++i) {
        for (int step = 0; step < kCurveSteps; ++step) {
            path.push_back(curve_point(points[(i + count - 1) % count], points[i],
                                       points[(i + 1) % count], points[(i + 2) % count],
                                       static_cast<double>(step) / kCurveSteps));
        }
    }
    return path;
}

Path smooth_line(std::span<const Vec> points) {
    Path path;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Vec before = points[i == 0 ? 0 : i - 1];
        const Vec after = points[std::min(i + 2, points.size() - 1)];
        for (int step = 0; step < kCurveSteps; ++step) {
            path.push_back(curve_point(before, points[i], points[i + 1], after,
                                       static_cast<double>(step) / kCurveSteps));
        }
    }
    path.push_back(points.back());
    return path;
}

Path turned(std::span<const Vec> points) {
    Path path = smooth_line(points);
    const std::size_t count = path.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Vec right = path[count - 1 - i];
        path.push_back({-right.x, right.y});
    }
    return path;
}

Path reversed(Path path) {
    std::ranges::reverse(path);
    return path;
}

void add_stroke(Outline& outline, std::span<const Vec> path, double width, double end_width) {
    const auto radius_at = [&](std::size_t i) {
        const double share = static_cast<double>(i) / static_cast<double>(path.size() - 1);
        return 0.5 * (width + (end_width - width) * share);
    };
    Path ribbon;
    Path back;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Vec along = path[std::min(i + 1, path.size() - 1)] - path[i == 0 ? 0 : i - 1];
        const double norm = std::max(length(along), 1e-9);
        const Vec side = Vec{along.y, -along.x} * (radius_at(i) / norm);
        ribbon.push_back(path[i] + side);
        back.push_back(path[i] - side);
    }
    ribbon.insert(ribbon.end(), back.rbegin(), back.rend());
    outline.push_back(std::move(ribbon));
}

void add_stroke(Outline& outline, std::span<const Vec> path, double width) {
    add_stroke(outline, path, width, width);
}

void add_loop(Outline& outline, Path path, double width) {
    Path outer;
    Path inner;
    const std::size_t count = path.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Vec along = path[(i + 1) % count] - path[(i + count - 1) % count];
        const Vec side = Vec{along.y, -along.x} * (0.5 * width / std::max(length(along), 1e-9));
        outer.push_back(path[i] + side);
        inner.push_back(path[i] - side);
    }
    outline.push_back(std::move(outer));
    outline.push_back(reversed(std::move(inner)));
}

Outline placed(const Outline& outline, const Placement& placement) {
    Outline result = outline;
    for (Path& path : result) {
        std::ranges::transform(path, path.begin(), placement);
    }
    return result;
}

Plane coverage(const Outline& outline, imaging::Size size) {
    AreaSums sums(size);
    for (const Path& path : outline) {
        for (std::size_t i = 0; i < path.size(); ++i) {
            sums.add_edge(path[i], path[(i + 1) % path.size()]);
        }
    }
    return sums.covered();
}

}  // namespace editprep::benchmarks
