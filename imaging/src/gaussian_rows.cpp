#include "gaussian_rows.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "column_pass.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "extended_box.hpp"
#include "line_pass.hpp"

namespace editprep::imaging {
namespace {

static_assert(kTileLanes % kBoxLanes == 0);

/// What the passes along the columns work on are whole steps of the box.
std::size_t padded(std::size_t row_bytes) {
    return (row_bytes + kBoxLanes - 1) / kBoxLanes * kBoxLanes;
}

/// One pass along the lines of a tile.
void box_pass(LineTile& tile, const ExtendedBox& box) {
    const int last = tile.length() - 1;
    const auto step = [&](int i) { return tile.front(std::clamp(i, 0, last)); };

    // From a window that lies before the line, over copies of its first value, to the one around
    // step 0.
    alignas(64) std::array<std::uint32_t, kTileLanes> sums;
    std::transform(step(0), step(0) + kTileLanes, sums.begin(), [&box](std::uint8_t value) {
        return value * static_cast<std::uint32_t>(2 * box.radius + 1);
    });
    const auto slide = [&](int entering, int times) {
        slide_box(sums.data(), step(0), step(entering), static_cast<std::uint32_t>(times),
                  kTileLanes);
    };
    const int following = std::min(box.radius, last);
    for (int i = 1; i <= following; ++i) {
        slide(i, 1);
    }
    slide(last, box.radius - following);

    for (int i = 0; i <= last; ++i) {
        box_step(sums.data(), step(i - box.radius - 1), step(i - box.radius),
                 step(i + box.radius + 1), tile.back(i), box, kTileLanes);
    }
    tile.flip();
}

TileFilter passes_of(const ExtendedBox& box) {
    return [box](LineTile& tile) {
        for (int pass = 0; pass < kBoxPasses; ++pass) {
            box_pass(tile, box);
        }
    };
}

RowSink into(ColumnPass& pass) {
    return [&pass](const std::uint8_t* row) { pass.push(row); };
}

}  // namespace

/// Collects rows that differ until they fill a tile, filters them along the rows and lets them
/// through the passes along the columns.
class GaussianRows::Work {
public:
    Work(Size size, std::size_t channels, int reach_px, const ExtendedBox& box, RowSink sink)
        : row_bytes_(static_cast<std::size_t>(size.width) * channels),
          stride_(padded(row_bytes_)),
          missing_(size.height),
          band_(stride_ * std::min(kTileLanes, static_cast<std::size_t>(size.height))),
          across_(size.width, static_cast<int>(channels), reach_px, passes_of(box)),
          third_(size.height, stride_, box, std::move(sink)),
          second_(size.height, stride_, box, into(third_)),
          first_(size.height, stride_, box, into(second_)) {}

    void push(const std::uint8_t* row) {
        if (row == nullptr || is_repeated(row)) {
            ++times_.back();
        } else {
            if (times_.size() == kTileLanes) {
                flush();
            }
            std::uint8_t* const copy = band_.data() + times_.size() * stride_;
            std::memcpy(copy, row, row_bytes_);
            std::memset(copy + row_bytes_, 0, stride_ - row_bytes_);
            times_.push_back(1);
        }
        if (--missing_ == 0) {
            flush();
        }
    }

private:
    [[nodiscard]] bool is_repeated(const std::uint8_t* row) const {
        return !times_.empty() &&
               std::memcmp(row, band_.data() + (times_.size() - 1) * stride_, row_bytes_) == 0;
    }

    void flush() {
        across_.run(band_.data(), stride_, times_.size());
        const std::uint8_t* row = band_.data();
        for (const int times : times_) {
            first_.push(row);
            for (int i = 1; i < times; ++i) {
                first_.push(nullptr);
            }
            row += stride_;
        }
        times_.clear();
    }

    std::size_t row_bytes_;
    std::size_t stride_;
    int missing_;
    /// Rows that differ from the one above; zeros pad them.
    PixelBuffer band_;
    /// How often each row of the band comes.
    std::vector<int> times_;
    BandFilter across_;
    ColumnPass third_;
    ColumnPass second_;
    ColumnPass first_;
};

GaussianRows::GaussianRows(Size size, std::size_t channels, double sigma_px, RowSink sink) {
    // Refuses what is no sigma.
    const int reach = feather_reach(sigma_px);
    work_ = std::make_unique<Work>(size, channels, reach, extended_box(sigma_px), std::move(sink));
}

GaussianRows::~GaussianRows() = default;

void GaussianRows::push(const std::uint8_t* row) { work_->push(row); }

}  // namespace editprep::imaging
