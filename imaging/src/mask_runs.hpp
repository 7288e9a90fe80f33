#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::imaging {

/// Both ends are included.
struct ValueRange {
    int low = 0;
    int high = 255;

    [[nodiscard]] bool holds(std::uint8_t value) const noexcept {
        return low <= value && value <= high;
    }
};

inline constexpr ValueRange kSelected{128, 255};
inline constexpr ValueRange kUnselected{0, 127};
inline constexpr ValueRange kSoft{1, 127};

/// Neighbouring pixels of one row, half-open.
struct Extent {
    int left = 0;
    int right = 0;
};

/// Finds the pixels of a row whose values lie in a range.
class RowScanner {
public:
    explicit RowScanner(int width) : marks_(static_cast<std::size_t>(width)) {}

    /// From left to right, with gaps between; valid until the next call.
    [[nodiscard]] std::span<const Extent> scan(const std::uint8_t* row, ValueRange range);

private:
    [[nodiscard]] int find(int mark, int from) const;

    std::vector<std::uint8_t> marks_;
    std::vector<Extent> extents_;
};

struct Run {
    Extent extent;
    int y = 0;
    /// Index of the first run, from the top left, of what this one hangs together with.
    std::uint32_t part = 0;
};

enum class Neighbours { sides, sides_and_corners };

/// The pixels with values in the range as runs in reading order, joined into parts (union-find over
/// runs, after A. Rosenfeld and J. Pfaltz, "Sequential operations in digital picture processing",
/// Journal of the ACM, 1966).
[[nodiscard]] std::vector<Run> joined_runs(const Mask& mask, ValueRange range,
                                           Neighbours neighbours);

/// The run that holds a point.
/// @param runs in reading order; one of them holds it
[[nodiscard]] const Run& run_at(std::span<const Run> runs, Point point);

}  // namespace editprep::imaging
