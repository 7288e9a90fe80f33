#include "bits/mask_rows.hpp"

#include <vector>

#include "editprep/imaging/mask_morphology.hpp"
#include "invert_bytes.hpp"
#include "mask_tally.hpp"

namespace editprep::imaging {
namespace {

/// The bits as rows of 0 and 255.
void push_rows(const BitMask& bits, const RowSink& sink) {
    std::vector<std::uint8_t> row(static_cast<std::size_t>(bits.width()));
    for (int y = 0; y < bits.height(); ++y) {
        if (y > 0 && equal_rows(bits.row(y), bits.row(y - 1), bits.words_per_row())) {
            sink(nullptr);
        } else {
            expand_row(bits.row(y), bits.width(), 255, 0, row.data());
            sink(row.data());
        }
    }
}

/// Lets rows through inverted.
class Inverter {
public:
    Inverter(int width, RowSink sink)
        : inverted_(static_cast<std::size_t>(width)), sink_(std::move(sink)) {}

    void push(const std::uint8_t* row) {
        if (row != nullptr) {
            invert_bytes(row, inverted_.data(), inverted_.size());
            row = inverted_.data();
        }
        sink_(row);
    }

private:
    std::vector<std::uint8_t> inverted_;
    RowSink sink_;
};

void push_feathered_rows(const BitMask& bits, double sigma_px, const RowSink& sink) {
    if (feather_reach(sigma_px) == 0) {
        push_rows(bits, sink);
        return;
    }
    GaussianRows feathered(bits.size(), 1, sigma_px, sink);
    push_rows(bits, [&feathered](const std::uint8_t* row) { feathered.push(row); });
}

}  // namespace

MaskFacts write_mask_rows(const BitMask& bits, double sigma_px, bool inverted,
                          const RowSink& sink) {
    MaskTally tally(bits.size());
    const RowSink counted = [&](const std::uint8_t* row) {
        tally.add(row);
        sink(row);
    };
    if (inverted) {
        Inverter inverter(bits.width(), counted);
        push_feathered_rows(bits, sigma_px,
                            [&inverter](const std::uint8_t* row) { inverter.push(row); });
    } else {
        push_feathered_rows(bits, sigma_px, counted);
    }
    return {bits.size(), tally.bounds(), tally.coverage()};
}

}  // namespace editprep::imaging
