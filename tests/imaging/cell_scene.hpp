#pragma once

#include <cstdint>
#include <memory>

#include "backdrop/region_clues.hpp"
#include "backdrop/region_map.hpp"
#include "editprep/imaging/image.hpp"

/// Cells painted by hand, where a drawn picture would not hit the one case that is meant.
namespace editprep::testing {

/// A grey backdrop at the whole border of a picture whose cells are its pixels.
class CellScene {
public:
    static constexpr float kLight = 200;

    explicit CellScene(imaging::Size size)
        : source_(std::make_shared<Source>(size)),
          fit_{.light = source_->copy.mean,
               .doubt = imaging::Plane(size),
               .coarse_light = source_->copy.mean,
               .border = imaging::Grid<std::uint8_t>(size, 1)},
          smooth_{imaging::Plane(size), imaging::Plane(size), imaging::Plane(size)},
          ties_(size),
          profile_(source_->picture, source_->copy) {
        for (std::size_t i = 0; i < smooth_.count(); ++i) {
            ties_.to_right[i] = ties_.to_below[i] = 1;
        }
        paint({0, 0, size.width, size.height}, {});
    }

    /// So much more than the light.
    void paint(imaging::Rect cells, const imaging::Opponent& difference) {
        for (int y = cells.top; y < cells.bottom; ++y) {
            for (int x = cells.left; x < cells.right; ++x) {
                paint_cell({x, y}, difference);
            }
        }
    }
    void paint_cell(imaging::Point p, const imaging::Opponent& difference) {
        smooth_.luma.at(p.x, p.y) = difference.luma;
        smooth_.red_blue.at(p.x, p.y) = difference.red_blue;
        smooth_.green.at(p.x, p.y) = difference.green;
        for (int c = 0; c < 3; ++c) {
            source_->picture.row(p.y)[3 * p.x + c] =
                static_cast<std::uint8_t>(kLight + difference.luma);
        }
    }

    [[nodiscard]] imaging::WalkerField& ties() { return ties_; }
    [[nodiscard]] imaging::LightFit& fit() { return fit_; }
    [[nodiscard]] imaging::CellNoise& noise() { return noise_; }
    [[nodiscard]] imaging::RegionClues clues() const {
        return {smooth_, ties_, fit_, noise_, profile_};
    }
    [[nodiscard]] imaging::LightMeter meter() const { return {smooth_, fit_, noise_}; }

private:
    struct Source {
        explicit Source(imaging::Size size)
            : picture(size, imaging::Channels::rgb),
              copy{size, 1, {level(size), level(size), level(size)}} {}

        [[nodiscard]] static imaging::Plane level(imaging::Size size) {
            return imaging::Plane(size, kLight);
        }

        imaging::Image picture;
        imaging::WorkCopy copy;
    };

    /// Stays where it is when the scene is moved: the profile refers to it.
    std::shared_ptr<Source> source_;
    imaging::LightFit fit_;
    imaging::OpponentPlanes smooth_;
    imaging::CellNoise noise_;
    imaging::WalkerField ties_;
    imaging::EdgeProfile profile_;
};

/// The cells of a part of the picture, in reading order.
[[nodiscard]] inline imaging::CellVector<std::size_t> cells_within(imaging::Rect part,
                                                                   imaging::Size size) {
    imaging::CellVector<std::size_t> cells;
    for (int y = part.top; y < part.bottom; ++y) {
        for (int x = part.left; x < part.right; ++x) {
            cells.push_back(static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                            static_cast<std::size_t>(x));
        }
    }
    return cells;
}

}  // namespace editprep::testing
