#include "backdrop/thin_objects.hpp"

#include <algorithm>
#include <cstddef>

namespace editprep::imaging {

Grid<std::uint8_t> cells_of_thin_objects(const CellLabels& labels, const Grid<Verdict>& verdict) {
    constexpr double kHardly = 0.07;
    Grid<std::uint8_t> thin(labels.size());
    Grid<std::uint8_t> met(labels.size());
    CellVector<std::size_t> whole;
    for (std::size_t start = 0; start < labels.count(); ++start) {
        if (labels[start] != Label::object || met[start] != 0) {
            continue;
        }
        met[start] = 1;
        whole.assign(1, start);
        labels.flood(whole, [&](std::size_t, std::size_t j) {
            const bool joins = labels[j] == Label::object && met[j] == 0;
            met[j] = joins ? 1 : met[j];
            return joins;
        });
        const auto held = std::count_if(whole.begin(), whole.end(), [&](std::size_t cell) {
            return is_of_object(verdict[cell]);
        });
        if (static_cast<double>(held) <= kHardly * static_cast<double>(whole.size())) {
            for (const std::size_t cell : whole) {
                thin[cell] = 1;
            }
        }
    }
    return thin;
}

}  // namespace editprep::imaging
