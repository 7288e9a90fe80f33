#include "backdrop/light_difference.hpp"

#include "backdrop/cell_filters.hpp"

namespace editprep::imaging {

OpponentPlanes differences(const WorkCopy& copy, const Planes& light) {
    OpponentPlanes result{Plane(copy.size()), Plane(copy.size()), Plane(copy.size())};
    for (std::size_t i = 0; i < result.count(); ++i) {
        const Opponent d = difference_at(copy, light, i);
        result.luma[i] = d.luma;
        result.red_blue[i] = d.red_blue;
        result.green[i] = d.green;
    }
    return result;
}

OpponentPlanes smooth(const OpponentPlanes& differences) {
    return {smooth(differences.luma), smooth(differences.red_blue), smooth(differences.green)};
}

}  // namespace editprep::imaging
