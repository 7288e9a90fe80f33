#include "backdrop/matte_band.hpp"

#include <algorithm>
#include <cstddef>

namespace editprep::imaging {
namespace {

/// A gap that costs less to work through than to start a run anew.
constexpr int kShortGap = 16;

}  // namespace

UndecidedBand::UndecidedBand(const WorkCopy& copy, const CellLabels& labels)
    : scale_(copy.scale),
      runs_(static_cast<std::size_t>(labels.height())),
      undecided_(Size{copy.full.width, labels.height()}) {
    for (int row = 0; row < labels.height(); ++row) {
        const Label* cells = labels.row(row);
        std::vector<BandRun>& runs = runs_[static_cast<std::size_t>(row)];
        for (int x = 0; x < labels.width();) {
            if (cells[x] != Label::undecided) {
                ++x;
                continue;
            }
            const int first = x;
            while (x < labels.width() && cells[x] == Label::undecided) {
                ++x;
            }
            const BandRun run{first * scale_, std::min(x * scale_, copy.full.width)};
            std::fill(undecided_.row(row) + run.left, undecided_.row(row) + run.right,
                      std::uint8_t{1});
            if (!runs.empty() && run.left - runs.back().right <= kShortGap) {
                runs.back().right = run.right;
            } else {
                runs.push_back(run);
            }
        }
    }
    count_pixels(copy.full.height);
}

void UndecidedBand::count_pixels(int height) {
    for (int row = 0; row < undecided_.height(); ++row) {
        std::size_t in_row = 0;
        for (const BandRun& run : runs_[static_cast<std::size_t>(row)]) {
            in_row += static_cast<std::size_t>(run.right - run.left);
        }
        before_.push_back(pixels_);
        in_row_.push_back(in_row);
        pixels_ += in_row * static_cast<std::size_t>(std::min(scale_, height - row * scale_));
    }
}

Grid<std::uint8_t> groups_near_undecided(const CellLabels& labels, int side, int reach) {
    const Size size{(labels.width() + side - 1) / side, (labels.height() + side - 1) / side};
    Grid<std::uint8_t> groups(size);
    for (int y = 0; y < labels.height(); ++y) {
        const Label* cells = labels.row(y);
        for (int x = 0; x < labels.width(); ++x) {
            if (cells[x] == Label::undecided) {
                groups.at(x / side, y / side) = 1;
            }
        }
    }
    Grid<std::uint8_t> near(size);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            if (groups.at(x, y) == 0) {
                continue;
            }
            const int left = std::max(0, x - reach);
            const int right = std::min(size.width, x + reach + 1);
            for (int j = std::max(0, y - reach); j < std::min(size.height, y + reach + 1); ++j) {
                std::fill(near.row(j) + left, near.row(j) + right, std::uint8_t{1});
            }
        }
    }
    return near;
}

}  // namespace editprep::imaging
