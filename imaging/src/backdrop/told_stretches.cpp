#include "backdrop/told_stretches.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "backdrop/opponent.hpp"
#include "mask_runs.hpp"
#include "to_byte.hpp"

namespace editprep::imaging {
namespace {

/// What is smaller was hardly pointed at.
constexpr std::size_t kFewestPixels = 30;
/// How far from a stretch its edge reaches, in pixels: the lens's blur, and what the mean of three
/// pixels adds.
constexpr int kEdge = 6;

using Pixels = std::vector<Point>;

class Stretches {
public:
    Stretches(const Image& picture, const BackdropModel& model, int scale, const Mask& mask)
        : picture_(picture),
          light_(model.light),
          scale_(scale),
          mask_(mask),
          noise_(*std::ranges::max_element(model.pixel_noise)),
          seen_(mask.size(), 0) {}

    /// The stretch of selected pixels around a point that look like the backdrop in the same shade;
    /// empty if it does not, or where there are more than so many.
    [[nodiscard]] Pixels of_backdrop(Point start, std::int64_t at_most) {
        const Shade shade = shade_at(start);
        if (!shade.is_backdrop) {
            return {};
        }
        Pixels stretch = grow(start, at_most, [&](Point from, Point to) {
            const Shade next = shade_at(to);
            return is_selected(to) && next.is_backdrop &&
                   std::abs(next.depth - shade.depth) < kShadeRange && is_smooth(from, to);
        });
        return has_outline(stretch) ? stretch : Pixels{};
    }

    /// The stretch of unselected pixels around a point that have its colour; empty where there are
    /// more than so many, or where it reaches the border of the picture.
    [[nodiscard]] Pixels of_colour(Point start, std::int64_t at_most) {
        const Rgb colour = mean_at(start);
        const float off = std::max(kColourOff, kDeviations * noise_);
        bool is_open = is_border(start);
        Pixels stretch = grow(start, at_most, [&](Point from, Point to) {
            const bool belongs = !is_open && !is_selected(to) &&
                                 distance(mean_at(to), colour) < off && is_smooth(from, to);
            is_open = is_open || (belongs && is_border(to));
            return belongs;
        });
        return is_open ? Pixels{} : stretch;
    }

    /// Whether a stretch ends with an edge nearly everywhere, not just where its colour has changed
    /// enough on the way, as an object's does that is shaded or painted.
    [[nodiscard]] bool has_outline(const Pixels& stretch) {
        constexpr float kStep = 24;
        constexpr double kLeast = 0.8;
        double edges = 0;
        double all = 0;
        for_around(stretch, 1, [&](Point pixel, Point nearest) {
            const auto other = colour_behind(nearest, pixel);
            all += 1;
            edges += other && distance(*other, mean_at(nearest)) > kStep ? 1 : 0;
        });
        return edges >= kLeast * all;
    }

    /// Calls paint(pixel, share) for the pixels around a stretch on its side of the mask: the share
    /// of the stretch's colour that they show, or nothing where no other colour lies behind them.
    template <class Paint>
    void for_edge(const Pixels& stretch, const Paint& paint) {
        for_around(stretch, kEdge, [&](Point pixel, Point nearest) {
            if (is_selected(pixel) != is_selected(nearest)) {
                return;
            }
            const Rgb colour = mean_at(nearest);
            const std::optional<Rgb> other = colour_behind(nearest, pixel);
            paint(pixel,
                  other ? std::optional(share_of(colour, colour_at(pixel), *other)) : std::nullopt);
        });
    }

    [[nodiscard]] bool is_selected(Point p) const { return kSelected.holds(mask_.row(p.y)[p.x]); }

private:
    /// In shares of the light.
    static constexpr float kShadeRange = 0.2F;
    /// In sRGB values.
    static constexpr float kColourOff = 12;
    static constexpr float kDeviations = 3;

    struct Shade {
        float depth = 0;
        bool is_backdrop = false;
    };

    [[nodiscard]] Rgb colour_at(Point p) const {
        const std::uint8_t* pixel = picture_.row(p.y) + 3 * static_cast<std::size_t>(p.x);
        return {static_cast<float>(pixel[0]), static_cast<float>(pixel[1]),
                static_cast<float>(pixel[2])};
    }

    template <class Visit>
    void visit_around(Point point, const Visit& visit) const {
        const Size size = mask_.size();
        for (int y = std::max(point.y - 1, 0); y <= std::min(point.y + 1, size.height - 1); ++y) {
            for (int x = std::max(point.x - 1, 0); x <= std::min(point.x + 1, size.width - 1);
                 ++x) {
                visit(Point{x, y});
            }
        }
    }

    /// Of the pixel and its neighbours.
    [[nodiscard]] Rgb mean_at(Point point) const {
        Rgb sum{};
        float count = 0;
        visit_around(point, [&](Point p) {
            const Rgb colour = colour_at(p);
            for (std::size_t c = 0; c < 3; ++c) {
                sum[c] += colour[c];
            }
            ++count;
        });
        return {sum[0] / count, sum[1] / count, sum[2] / count};
    }

    /// Where things stand close, shadows take more than half of the light.
    [[nodiscard]] Shade shade_at(Point p) const {
        constexpr float kBrightest = -0.06F;
        constexpr float kDarkest = 0.6F;
        constexpr float kOff = 6;
        constexpr float kOffByNoise = 1.5F;
        const Rgb light = color_at(light_, light_[0].index(p.x / scale_, p.y / scale_));
        const ShadowPart part = shadow_part(light, to_opponent(mean_at(p)) - to_opponent(light));
        return {part.depth, part.depth > kBrightest && part.depth < kDarkest &&
                                part.off < std::max(kOff, kOffByNoise * noise_)};
    }

    [[nodiscard]] bool is_smooth(Point from, Point to) const {
        constexpr float kStep = 5;
        return distance(mean_at(from), mean_at(to)) < std::max(kStep, kDeviations * noise_);
    }

    [[nodiscard]] bool is_border(Point p) const {
        return p.x == 0 || p.y == 0 || p.x + 1 == mask_.width() || p.y + 1 == mask_.height();
    }

    /// Whether it was not yet.
    bool mark(Point p) {
        std::uint8_t& seen = seen_.row(p.y)[p.x];
        if (seen != 0) {
            return false;
        }
        seen = 1;
        marked_.push_back(p);
        return true;
    }

    void forget_marks() {
        for (const Point p : marked_) {
            seen_.row(p.y)[p.x] = 0;
        }
        marked_.clear();
    }

    /// Calls visit(pixel, nearest of the stretch) for the pixels around it, so many deep.
    template <class Visit>
    void for_around(const Pixels& stretch, int depth, const Visit& visit) {
        struct Step {
            Point pixel;
            Point nearest;
        };
        std::vector<Step> front;
        for (const Point p : stretch) {
            mark(p);
            front.push_back({p, p});
        }
        for (int step = 0; step < depth; ++step) {
            std::vector<Step> next;
            for (const auto& [pixel, nearest] : front) {
                visit_around(pixel, [&, from = nearest](Point p) {
                    if (mark(p)) {
                        next.push_back({p, from});
                    }
                });
            }
            front = std::move(next);
            for (const auto& [pixel, nearest] : front) {
                visit(pixel, nearest);
            }
        }
        forget_marks();
    }

    /// @param belongs (pixel of the stretch, its neighbour)
    template <class Belongs>
    [[nodiscard]] Pixels grow(Point start, std::int64_t at_most, const Belongs& belongs) {
        mark(start);
        Pixels stretch{start};
        for (std::size_t i = 0;
             i < stretch.size() && static_cast<std::int64_t>(stretch.size()) <= at_most; ++i) {
            visit_around(stretch[i], [&, from = stretch[i]](Point to) {
                const bool is_side = (to.x == from.x) != (to.y == from.y);
                if (is_side && seen_.row(to.y)[to.x] == 0 && belongs(from, to)) {
                    mark(to);
                    stretch.push_back(to);
                }
            });
        }
        forget_marks();
        const bool is_one =
            stretch.size() >= kFewestPixels && static_cast<std::int64_t>(stretch.size()) <= at_most;
        return is_one ? stretch : Pixels{};
    }

    /// Of the pixels behind one, seen from a stretch, that are selected as it is: the colour that
    /// is the least like the stretch's, if it is another one.
    [[nodiscard]] std::optional<Rgb> colour_behind(Point nearest, Point pixel) const {
        const Rgb colour = mean_at(nearest);
        const int across = pixel.x - nearest.x;
        const int down = pixel.y - nearest.y;
        const int far = std::max(std::abs(across), std::abs(down));
        float most = std::max(kColourOff, kDeviations * noise_);
        std::optional<Rgb> other;
        for (int reach = far; reach <= far + kEdge; ++reach) {
            const Point behind{nearest.x + across * reach / far, nearest.y + down * reach / far};
            const bool is_inside = behind.x >= 0 && behind.y >= 0 && behind.x < mask_.width() &&
                                   behind.y < mask_.height();
            if (!is_inside || is_selected(behind) != is_selected(pixel)) {
                break;
            }
            if (const float off = distance(mean_at(behind), colour); off > most) {
                most = off;
                other = mean_at(behind);
            }
        }
        return other;
    }

    /// Of the first colour in a mixture of two, 0 to 1.
    [[nodiscard]] static float share_of(const Rgb& first, const Rgb& mixed, const Rgb& second) {
        float along = 0;
        float length = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            along += (mixed[c] - second[c]) * (first[c] - second[c]);
            length += squared(first[c] - second[c]);
        }
        return length > 0 ? std::clamp(along / length, 0.0F, 1.0F) : 0;
    }

    const Image& picture_;
    const Planes& light_;
    int scale_;
    const Mask& mask_;
    float noise_;
    Mask seen_;
    Pixels marked_;
};

/// The selected pixels of each part of a mask.
class PartSizes {
public:
    explicit PartSizes(const Mask& mask)
        : runs_(joined_runs(mask, kSelected, Neighbours::sides_and_corners)),
          pixels_(runs_.size(), 0) {
        for (const Run& run : runs_) {
            pixels_[run.part] += run.extent.right - run.extent.left;
            total_ += run.extent.right - run.extent.left;
        }
    }

    /// @param point a selected pixel
    [[nodiscard]] std::int64_t at(Point point) const { return pixels_[run_at(runs_, point).part]; }
    [[nodiscard]] std::int64_t total() const { return total_; }

private:
    std::vector<Run> runs_;
    std::vector<std::int64_t> pixels_;
    std::int64_t total_ = 0;
};

bool holds_any(const Pixels& stretch, const std::vector<Point>& points) {
    return std::ranges::any_of(
        points, [&](Point point) { return std::ranges::find(stretch, point) != stretch.end(); });
}

}  // namespace

void follow_points(const SelectionOptions& options, const Image& picture,
                   const BackdropModel& model, int scale, Mask& mask) {
    if (options.background_points.empty() && options.object_points.empty()) {
        return;
    }
    const Mask before = mask;
    const PartSizes parts(before);
    Stretches stretches(picture, model, scale, before);
    for (const Point point : options.background_points) {
        if (!stretches.is_selected(point)) {
            continue;
        }
        const Pixels stretch = stretches.of_backdrop(point, parts.at(point) / 2);
        for (const Point p : stretch) {
            mask.row(p.y)[p.x] = 0;
        }
        stretches.for_edge(stretch, [&](Point p, std::optional<float> share) {
            std::uint8_t& value = mask.row(p.y)[p.x];
            value = std::min(value, to_byte(255 * (1 - share.value_or(0))));
        });
    }
    for (const Point point : options.object_points) {
        if (stretches.is_selected(point)) {
            continue;
        }
        const Pixels stretch = stretches.of_colour(point, parts.total());
        if (holds_any(stretch, options.background_points)) {
            continue;
        }
        for (const Point p : stretch) {
            mask.row(p.y)[p.x] = 255;
        }
        // What parts the stretch from the object without a colour of its own is no gap.
        stretches.for_edge(stretch, [&](Point p, std::optional<float> share) {
            std::uint8_t& value = mask.row(p.y)[p.x];
            value = std::max(value, to_byte(255 * share.value_or(1)));
        });
    }
}

}  // namespace editprep::imaging
