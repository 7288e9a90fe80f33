#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "baselines.hpp"
#include "editprep/imaging/object_selection.hpp"

namespace editprep::benchmarks {
namespace {

using Histogram = std::array<std::int64_t, 442>;

/// The first bin of the upper part.
std::size_t best_split(const Histogram& histogram) {
    double all = 0;
    double all_sum = 0;
    for (std::size_t i = 0; i < histogram.size(); ++i) {
        all += static_cast<double>(histogram[i]);
        all_sum += static_cast<double>(i) * static_cast<double>(histogram[i]);
    }
    double below = 0;
    double below_sum = 0;
    double best = -1;
    std::size_t split = 1;
    for (std::size_t i = 0; i + 1 < histogram.size(); ++i) {
        below += static_cast<double>(histogram[i]);
        below_sum += static_cast<double>(i) * static_cast<double>(histogram[i]);
        if (below == 0 || below == all) {
            continue;
        }
        const double apart = below_sum / below - (all_sum - below_sum) / (all - below);
        const double between = below * (all - below) * apart * apart;
        if (between > best) {
            best = between;
            split = i + 1;
        }
    }
    return split;
}

}  // namespace

imaging::Mask select_by_otsu(const imaging::Image& image) {
    const imaging::Color corners =
        imaging::select_object(image, {imaging::SelectionMode::corner_bg, 40, 8}).backdrop;
    const imaging::Image rgb = imaging::to_rgb(image);
    std::vector<std::uint16_t> distances(static_cast<std::size_t>(rgb.size().area()));
    Histogram histogram{};
    for (std::size_t i = 0; i < distances.size(); ++i) {
        const double red = rgb.bytes()[3 * i] - corners.red;
        const double green = rgb.bytes()[3 * i + 1] - corners.green;
        const double blue = rgb.bytes()[3 * i + 2] - corners.blue;
        distances[i] =
            static_cast<std::uint16_t>(std::sqrt(red * red + green * green + blue * blue));
        ++histogram[distances[i]];
    }
    const std::size_t split = best_split(histogram);
    imaging::Mask mask(image.size());
    std::ranges::transform(distances, mask.bytes().begin(), [&](std::size_t distance) {
        return static_cast<std::uint8_t>(distance >= split ? 255 : 0);
    });
    return mask;
}

}  // namespace editprep::benchmarks
