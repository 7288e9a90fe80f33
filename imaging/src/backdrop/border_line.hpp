#pragma once

#include <cstddef>
#include <vector>

#include "backdrop/opponent.hpp"

namespace editprep::imaging {

/// The place of the i-th cell of a closed line of so many, with i any number.
[[nodiscard]] constexpr std::size_t around(int i, int count) {
    return static_cast<std::size_t>((i % count + count) % count);
}

/// A closed line with straight lines across what is not kept, which must not be all of it.
[[nodiscard]] std::vector<Rgb> bridged(const std::vector<Rgb>& line, const std::vector<char>& kept);

/// The cells along the border of a small picture as one closed line, and which of them show the
/// backdrop. An object that reaches the border interrupts the backdrop: the line jumps to another
/// colour and comes back.
class BorderLine {
public:
    /// No side of `cells` may be shorter than 2.
    explicit BorderLine(const Planes& cells);

    /// Clockwise from the top left corner.
    [[nodiscard]] const std::vector<Point>& cells() const { return cells_; }
    /// For each of them, whether it was taken for backdrop.
    [[nodiscard]] const std::vector<char>& accepted() const { return accepted_; }

    /// The number of the cell across the picture: in the same row for those of the left and right
    /// side, in the same column for the others.
    [[nodiscard]] std::size_t opposite(std::size_t i) const;

    /// The colours, with straight lines across what was not taken for backdrop.
    [[nodiscard]] std::vector<Rgb> bridged() const {
        return editprep::imaging::bridged(colors_, accepted_);
    }

private:
    /// A stretch without a jump.
    struct Run {
        int first = 0;
        int length = 0;
        /// Runs that belong together.
        int group = 0;
        Rgb head{};
        Rgb tail{};
    };
    /// Runs that belong together, as a whole.
    struct Group {
        int length = 0;
        int corners = 0;
        bool left = false;
        bool right = false;
        Rgb color{};
    };

    [[nodiscard]] int count() const { return static_cast<int>(cells_.size()); }
    [[nodiscard]] std::size_t at(int i) const { return around(i, count()); }
    [[nodiscard]] bool is_corner(Point p) const;
    [[nodiscard]] Rgb end_color(int from, int length, int direction) const;
    void remove_specks();
    [[nodiscard]] std::vector<int> jumps() const;
    [[nodiscard]] std::vector<Run> runs() const;
    [[nodiscard]] bool is_soft_passage(const Run& from, const Run& to) const;
    void join(std::vector<Run>& runs) const;
    [[nodiscard]] std::vector<Group> groups_of(const std::vector<Run>& runs) const;
    void accept(const std::vector<Run>& runs);

    Size size_;
    std::vector<Point> cells_;
    std::vector<Rgb> colors_;
    std::vector<char> accepted_;
};

}  // namespace editprep::imaging
