#include "metrics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include "raster.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Mask;
using Flags = Raster<std::uint8_t>;

constexpr int kHalf = 128;
/// The smallest code above 0.05 and above 0.95.
constexpr int kSome = 13;
constexpr int kNearlyAll = 243;

double jaccard(const Mask& a, const Mask& b, int level) {
    std::int64_t both = 0;
    std::int64_t either = 0;
    for (std::size_t i = 0; i < a.bytes().size(); ++i) {
        const bool in_a = a.bytes()[i] >= level;
        const bool in_b = b.bytes()[i] >= level;
        both += static_cast<int>(in_a && in_b);
        either += static_cast<int>(in_a || in_b);
    }
    return either == 0 ? 1.0 : static_cast<double>(both) / static_cast<double>(either);
}

/// Squared distance of each place on a line to the lower envelope of parabolas that stand on the
/// heights (Felzenszwalb and Huttenlocher 2012).
void distance_on_line(const std::vector<double>& heights, std::vector<double>& result) {
    constexpr double kFar = std::numeric_limits<double>::infinity();
    const int count = static_cast<int>(heights.size());
    std::vector<int> sites;
    std::vector<double> starts;
    const auto height = [&](int i) { return heights[static_cast<std::size_t>(i)]; };
    for (int i = 0; i < count; ++i) {
        if (height(i) == kFar) {
            continue;
        }
        double start = -kFar;
        while (!sites.empty()) {
            const int last = sites.back();
            start = (height(i) - height(last) + static_cast<double>(i) * i -
                     static_cast<double>(last) * last) /
                    (2.0 * (i - last));
            if (start > starts.back()) {
                break;
            }
            sites.pop_back();
            starts.pop_back();
            start = -kFar;
        }
        sites.push_back(i);
        starts.push_back(start);
    }
    std::ranges::fill(result, kFar);
    std::size_t at = 0;
    for (int i = 0; i < count && !sites.empty(); ++i) {
        while (at + 1 < sites.size() && starts[at + 1] <= i) {
            ++at;
        }
        const double along = i - sites[at];
        result[static_cast<std::size_t>(i)] = along * along + height(sites[at]);
    }
}

/// Squared Euclidean distance to the nearest set pixel; infinite when there is none.
Plane squared_distance(const Flags& flags) {
    constexpr double kFar = std::numeric_limits<double>::infinity();
    Plane plane(flags.size());
    std::vector<double> column(static_cast<std::size_t>(flags.height()));
    std::vector<double> result(column.size());
    for (int x = 0; x < flags.width(); ++x) {
        for (int y = 0; y < flags.height(); ++y) {
            column[static_cast<std::size_t>(y)] = flags.at(x, y) != 0 ? 0.0 : kFar;
        }
        distance_on_line(column, result);
        for (int y = 0; y < flags.height(); ++y) {
            plane.at(x, y) = static_cast<float>(result[static_cast<std::size_t>(y)]);
        }
    }
    std::vector<double> line(static_cast<std::size_t>(flags.width()));
    result.resize(line.size());
    for (int y = 0; y < flags.height(); ++y) {
        std::copy_n(plane.row(y), flags.width(), line.begin());
        distance_on_line(line, result);
        std::ranges::transform(result, plane.row(y),
                               [](double value) { return static_cast<float>(value); });
    }
    return plane;
}

template <typename Condition>
Flags flags_where(const Mask& mask, Condition condition) {
    Flags flags(mask.size());
    std::ranges::transform(mask.bytes(), flags.values().begin(),
                           [&](int value) { return static_cast<std::uint8_t>(condition(value)); });
    return flags;
}

/// Selected pixels with an unselected one beside, above or below.
Flags boundary_of(const Mask& mask) {
    Flags flags(mask.size());
    const auto outside = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.row(y)[x] < kHalf;
    };
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            flags.at(x, y) = static_cast<std::uint8_t>(
                mask.row(y)[x] >= kHalf &&
                (outside(x - 1, y) || outside(x + 1, y) || outside(x, y - 1) || outside(x, y + 1)));
        }
    }
    return flags;
}

/// Share of set pixels that lie within 2 pixels of a set pixel of the other; 1 when there is none.
double share_near(const Flags& flags, const Plane& distance_to_other) {
    std::int64_t all = 0;
    std::int64_t near = 0;
    for (std::size_t i = 0; i < flags.values().size(); ++i) {
        if (flags.values()[i] != 0) {
            ++all;
            near += static_cast<int>(distance_to_other.values()[i] <= 4.0F);
        }
    }
    return all == 0 ? 1.0 : static_cast<double>(near) / static_cast<double>(all);
}

double boundary_score(const Mask& predicted, const Mask& truth) {
    const Flags predicted_edge = boundary_of(predicted);
    const Flags true_edge = boundary_of(truth);
    const double precision = share_near(predicted_edge, squared_distance(true_edge));
    const double recall = share_near(true_edge, squared_distance(predicted_edge));
    return precision + recall == 0 ? 0.0 : 2 * precision * recall / (precision + recall);
}

int difference(const Mask& a, const Mask& b, std::size_t i) {
    return std::abs(static_cast<int>(a.bytes()[i]) - static_cast<int>(b.bytes()[i]));
}

double band_error(const Mask& predicted, const Mask& truth) {
    const double side = std::sqrt(static_cast<double>(truth.size().area()));
    const double radius = std::clamp(std::round(0.006 * side), 4.0, 20.0);
    const auto reach = static_cast<float>(radius * radius);
    const Plane to_object =
        squared_distance(flags_where(truth, [](int value) { return value >= kSome; }));
    const Plane to_rest =
        squared_distance(flags_where(truth, [](int value) { return value < kNearlyAll; }));
    double sum = 0;
    std::int64_t count = 0;
    for (std::size_t i = 0; i < truth.bytes().size(); ++i) {
        if (to_object.values()[i] <= reach && to_rest.values()[i] <= reach) {
            sum += difference(predicted, truth, i);
            ++count;
        }
    }
    return count == 0 ? 0.0 : sum / 255 / static_cast<double>(count);
}

/// Magnitudes of the derivatives of a Gaussian, edge pixels repeated.
Plane gradient_magnitude(const Mask& mask) {
    constexpr double kSigma = 1.4;
    constexpr int kRadius = 5;
    constexpr std::size_t kTaps = 2 * kRadius + 1;
    std::vector<float> smooth(kTaps);
    std::vector<float> slope(kTaps);
    double sum = 0;
    for (int i = -kRadius; i <= kRadius; ++i) {
        sum += std::exp(-0.5 * i * i / (kSigma * kSigma));
    }
    for (int i = -kRadius; i <= kRadius; ++i) {
        const double weight = std::exp(-0.5 * i * i / (kSigma * kSigma)) / sum;
        smooth[static_cast<std::size_t>(i + kRadius)] = static_cast<float>(weight);
        slope[static_cast<std::size_t>(i + kRadius)] =
            static_cast<float>(i * weight / (kSigma * kSigma));
    }
    const auto filtered = [&](const std::vector<float>& across, const std::vector<float>& down) {
        Plane rows(mask.size());
        for (int y = 0; y < mask.height(); ++y) {
            for (int k = -kRadius; k <= kRadius; ++k) {
                const float weight = across[static_cast<std::size_t>(k + kRadius)] / 255.0F;
                for (int x = 0; x < mask.width(); ++x) {
                    rows.at(x, y) +=
                        weight *
                        static_cast<float>(mask.row(y)[std::clamp(x + k, 0, mask.width() - 1)]);
                }
            }
        }
        Plane result(mask.size());
        for (int y = 0; y < mask.height(); ++y) {
            for (int k = -kRadius; k <= kRadius; ++k) {
                const float weight = down[static_cast<std::size_t>(k + kRadius)];
                const float* in = rows.row(std::clamp(y + k, 0, mask.height() - 1));
                for (int x = 0; x < mask.width(); ++x) {
                    result.at(x, y) += weight * in[x];
                }
            }
        }
        return result;
    };
    Plane horizontal = filtered(slope, smooth);
    const Plane vertical = filtered(smooth, slope);
    for (std::size_t i = 0; i < horizontal.values().size(); ++i) {
        horizontal.values()[i] = std::hypot(horizontal.values()[i], vertical.values()[i]);
    }
    return horizontal;
}

double gradient_error(const Mask& predicted, const Mask& truth) {
    const Plane a = gradient_magnitude(predicted);
    const Plane b = gradient_magnitude(truth);
    double sum = 0;
    for (std::size_t i = 0; i < a.values().size(); ++i) {
        const double error =
            static_cast<double>(a.values()[i]) - static_cast<double>(b.values()[i]);
        sum += error * error;
    }
    return sum / 1000;
}

}  // namespace

bool Score::ok(bool see_through) const noexcept {
    const bool overlaps = see_through ? silhouette >= 0.95 : iou >= 0.97;
    return overlaps && band_mae <= 0.10 && boundary >= 0.90;
}

Score score(const Mask& predicted, const Mask& truth) {
    Score result;
    result.iou = jaccard(predicted, truth, kHalf);
    result.silhouette = jaccard(predicted, truth, kSome);
    double sum = 0;
    for (std::size_t i = 0; i < truth.bytes().size(); ++i) {
        sum += difference(predicted, truth, i);
    }
    result.mae = sum / 255 / static_cast<double>(truth.size().area());
    result.sad = sum / 255 / 1000;
    result.gradient = gradient_error(predicted, truth);
    result.boundary = boundary_score(predicted, truth);
    result.band_mae = band_error(predicted, truth);
    return result;
}

}  // namespace editprep::benchmarks
