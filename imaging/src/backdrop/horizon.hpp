#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "backdrop/opponent.hpp"
#include "backdrop/parabola.hpp"
#include "backdrop/plane.hpp"

namespace editprep::imaging {

/// A sharp edge of the backdrop that crosses the whole picture from the left to the right, level or
/// nearly so: between wall and table, or table and floor. A smooth surface cannot follow it, so the
/// light is fitted to cells from which its step has been taken out.
class Horizon {
public:
    /// The strongest one in these cells, if there is one. It is seen at both sides of the picture,
    /// and between them wherever no object hides it: where the backdrop goes on across the line
    /// without a step, what looks like a horizon is the edge of things that the border cuts. Nor is
    /// it one where the colour of its other side comes back further on, perhaps in shade: that is a
    /// thing which crosses the picture.
    [[nodiscard]] static std::optional<Horizon> find(const Planes& cells);

    /// What the cell differs by from one above the line: all of the step below, nothing above.
    [[nodiscard]] Rgb step_at(int x, int y) const;
    [[nodiscard]] bool is_below(int x, int y) const { return depth_of(x, y) > 0; }
    /// How far the step may be off, in sRGB values: only near the line.
    [[nodiscard]] float doubt_at(int x, int y) const;

private:
    /// In cells to either side of the line: all of its blur.
    static constexpr int kReach = 3;
    static constexpr int kPerCell = 4;

    Horizon(std::vector<float> line, float scatter, const std::array<Parabola, 3>& step)
        : line_(std::move(line)), scatter_(scatter), step_(step) {}

    /// Of a cell's centre below the line, in cells.
    [[nodiscard]] float depth_of(int x, int y) const;
    [[nodiscard]] Rgb whole_step(int x) const;
    [[nodiscard]] float share_at(float depth) const;
    void measure_profile(const Planes& cells, const std::vector<char>& is_seen);

    friend class HorizonSearch;

    /// Where it lies in each column, in cells from the top, and how far it may be off.
    std::vector<float> line_;
    float scatter_;
    std::array<Parabola, 3> step_;
    /// Share of the step by depth, from -kReach to kReach.
    std::array<float, 2 * kReach * kPerCell + 1> profile_{};
};

/// All of them, at most three, the strongest first.
[[nodiscard]] std::vector<Horizon> find_horizons(const Planes& cells);

/// The cells as they would be without these steps.
[[nodiscard]] Planes without_steps(const std::vector<Horizon>& horizons, Planes cells);

}  // namespace editprep::imaging
