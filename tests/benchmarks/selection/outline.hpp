#pragma once

#include <span>
#include <vector>

#include "raster.hpp"

/// Outlines of drawn things: closed contours in units of their own, x to the right, y down.
namespace editprep::benchmarks {

struct Vec {
    double x = 0;
    double y = 0;

    friend constexpr Vec operator+(Vec a, Vec b) noexcept { return {a.x + b.x, a.y + b.y}; }
    friend constexpr Vec operator-(Vec a, Vec b) noexcept { return {a.x - b.x, a.y - b.y}; }
    friend constexpr Vec operator*(Vec a, double factor) noexcept {
        return {a.x * factor, a.y * factor};
    }
};
[[nodiscard]] double length(Vec v) noexcept;

using Path = std::vector<Vec>;
/// Contours that turn the same way add up; one that turns the other way cuts a hole.
using Outline = std::vector<Path>;

/// Turns, scales and shifts.
struct Placement {
    Vec shift;
    double scale = 1;
    /// Radians, clockwise.
    double turn = 0;
    bool mirrored = false;

    [[nodiscard]] Vec operator()(Vec point) const noexcept;
    /// Back from the picture to the outline's own units.
    [[nodiscard]] Vec undo(Vec point) const noexcept;
};

[[nodiscard]] Path ellipse(Vec centre, double radius_x, double radius_y);
/// |x|^power + |y|^power = 1, stretched.
[[nodiscard]] Path superellipse(Vec centre, double radius_x, double radius_y, double power);
[[nodiscard]] Path rounded_box(Vec centre, double half_width, double half_height, double corner);
/// A closed or an open curve through all points (Catmull and Rom).
[[nodiscard]] Path smooth_loop(std::span<const Vec> points);
[[nodiscard]] Path smooth_line(std::span<const Vec> points);
/// A shape of revolution seen from the side: `points` run down its right side.
[[nodiscard]] Path turned(std::span<const Vec> points);
[[nodiscard]] Path reversed(Path path);

/// Adds a line along the path; the width changes evenly from start to end.
void add_stroke(Outline& outline, std::span<const Vec> path, double width, double end_width);
void add_stroke(Outline& outline, std::span<const Vec> path, double width);
/// The line that closes on itself.
void add_loop(Outline& outline, Path path, double width);

[[nodiscard]] Outline placed(const Outline& outline, const Placement& placement);

/// The share of each pixel that the outline covers: exact areas, overlaps counted once at most.
[[nodiscard]] Plane coverage(const Outline& outline, imaging::Size size);

}  // namespace editprep::benchmarks
