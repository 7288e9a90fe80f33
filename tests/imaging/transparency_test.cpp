#include "backdrop/transparency.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "drawn_scene.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_image;
using testing::make_mask;
using testing::overlap;

constexpr Size kPicture{240, 200};

bool in_object(int x, int y) { return std::hypot(x - 120, y - 100) < 50; }

Mask truth() {
    return make_mask(kPicture, [](int x, int y) { return in_object(x, y) ? 255 : 0; });
}

Mask select(const Image& picture) {
    return select_object(picture, {.mode = SelectionMode::backdrop}).mask;
}

TEST(Transparency, RoundedCornersAreBackdropWhateverIsStoredThere) {
    for (const Color hidden : {Color{0, 0, 0, 0}, Color{255, 0, 200, 0}}) {
        const Image picture = make_image(kPicture, Channels::rgba, [&](int x, int y) {
            const bool is_corner = std::hypot(x - 120, y - 100) > 140;
            return is_corner         ? hidden
                   : in_object(x, y) ? Color{180, 60, 40, 255}
                                     : Color{210, 212, 214, 255};
        });
        EXPECT_GT(overlap(select(picture), truth()), 0.99) << int{hidden.red};
    }
}

TEST(Transparency, ACutOutIsFoundByItsAlphaWhateverItsColour) {
    for (const std::uint8_t level : {0, 128, 255}) {
        const Image picture = make_image(kPicture, Channels::rgba, [&](int x, int y) {
            return in_object(x, y) ? Color{level, level, level, 255} : Color{level, 90, 10, 0};
        });
        EXPECT_GT(overlap(select(picture), truth()), 0.99) << int{level};
    }
}

TEST(Transparency, NothingCoversMoreThanItsAlpha) {
    const Image picture = make_image(kPicture, Channels::rgba, [](int x, int y) {
        return in_object(x, y) ? Color{180, 60, 40, static_cast<std::uint8_t>(x > 120 ? 255 : 100)}
                               : Color{210, 212, 214, 255};
    });
    const Mask mask = select(picture);
    EXPECT_EQ(mask.row(100)[150], 255);
    EXPECT_LE(mask.row(100)[90], 100);
}

TEST(Transparency, OpaquePicturesStayAsTheyAre) {
    const Image picture = testing::noise_image(kPicture, Channels::rgba);
    Image opaque = picture;
    for (std::size_t i = 3; i < opaque.bytes().size(); i += 4) {
        opaque.bytes()[i] = 255;
    }
    EXPECT_EQ(over_backdrop(opaque), to_rgb(opaque));
}

}  // namespace
}  // namespace editprep::imaging
