#include "backdrop/edge_matte.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>

namespace editprep::imaging {
namespace {

using Tone = std::array<float, 3>;
using Coverage = std::function<float(float x, float y)>;

constexpr Tone kPaper{230, 228, 224};
constexpr Tone kRed{170, 40, 50};

/// A scene whose coverage is known in every pixel.
struct Scene {
    Size size{96, 80};
    int scale = 1;
    /// Share of the pixel with this centre that the object covers.
    Coverage coverage{};
    /// By column.
    std::function<Tone(float x)> object = [](float) { return kRed; };
    Tone backdrop = kPaper;
    /// What of the backdrop's light arrives.
    Coverage shadow = [](float, float) { return 1.0F; };
    float noise = 0;
    /// Cells around the outline that are left undecided.
    int reach = 1;
};

struct Inputs {
    Image picture;
    WorkCopy copy;
    CellLabels labels;
    BackdropModel backdrop;
    /// 0 to 1.
    Plane truth;
};

Inputs prepare(const Scene& scene) {
    Inputs inputs;
    inputs.picture = Image(scene.size, Channels::rgb);
    inputs.truth = Plane(scene.size);
    const int scale = scene.scale;
    const Size cells{(scene.size.width + scale - 1) / scale,
                     (scene.size.height + scale - 1) / scale};
    inputs.copy = {scene.size, scale, {Plane(cells), Plane(cells), Plane(cells)}};
    Grid<int> pixels(cells);
    Plane least(cells, 1.0F);
    Plane most(cells, 0.0F);
    std::mt19937 random(7);
    std::normal_distribution<float> deviation(0, 1);
    for (int y = 0; y < scene.size.height; ++y) {
        for (int x = 0; x < scene.size.width; ++x) {
            const float centre_x = static_cast<float>(x) + 0.5F;
            const float centre_y = static_cast<float>(y) + 0.5F;
            const float cover = std::clamp(scene.coverage(centre_x, centre_y), 0.0F, 1.0F);
            const float light = scene.shadow(centre_x, centre_y);
            const Tone object = scene.object(centre_x);
            inputs.truth.at(x, y) = cover;
            for (std::size_t channel = 0; channel < 3; ++channel) {
                const float value = cover * object[channel] +
                                    (1 - cover) * scene.backdrop[channel] * light +
                                    scene.noise * deviation(random);
                const auto sample =
                    static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
                inputs.picture.row(y)[3 * static_cast<std::size_t>(x) + channel] = sample;
                inputs.copy.mean[channel].at(x / scale, y / scale) += sample;
            }
            ++pixels.at(x / scale, y / scale);
            least.at(x / scale, y / scale) = std::min(least.at(x / scale, y / scale), cover);
            most.at(x / scale, y / scale) = std::max(most.at(x / scale, y / scale), cover);
        }
    }
    inputs.labels = CellLabels(cells, Label::undecided);
    for (int y = 0; y < cells.height; ++y) {
        for (int x = 0; x < cells.width; ++x) {
            for (Plane& plane : inputs.copy.mean) {
                plane.at(x, y) /= static_cast<float>(pixels.at(x, y));
            }
            bool is_backdrop = true;
            bool is_object = true;
            for (int j = std::max(0, y - scene.reach);
                 j <= std::min(cells.height - 1, y + scene.reach); ++j) {
                for (int i = std::max(0, x - scene.reach);
                     i <= std::min(cells.width - 1, x + scene.reach); ++i) {
                    is_backdrop = is_backdrop && most.at(i, j) <= 0;
                    is_object = is_object && least.at(i, j) >= 1;
                }
            }
            if (is_backdrop) {
                inputs.labels.at(x, y) = Label::backdrop;
            } else if (is_object) {
                inputs.labels.at(x, y) = Label::object;
            }
        }
    }
    for (std::size_t channel = 0; channel < 3; ++channel) {
        inputs.backdrop.light[channel] = Plane(cells, scene.backdrop[channel]);
        inputs.backdrop.pixel_noise[channel] = scene.noise;
    }
    return inputs;
}

Mask matte(const Inputs& inputs, int threads = 1) {
    return edge_matte(inputs.picture, inputs.copy, inputs.labels, inputs.backdrop, threads);
}

/// Mean |mask - truth| in 0 to 1 over the undecided pixels.
double error_in_band(const Inputs& inputs, const Mask& mask) {
    double sum = 0;
    int count = 0;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            if (inputs.labels.at(x / inputs.copy.scale, y / inputs.copy.scale) ==
                Label::undecided) {
                sum += std::abs(mask.row(y)[x] / 255.0 - inputs.truth.at(x, y));
                ++count;
            }
        }
    }
    return count > 0 ? sum / count : 0;
}

/// Pixels on the wrong side of half coverage, among those that are clearly on one.
int wrong_pixels(const Inputs& inputs, const Mask& mask) {
    int wrong = 0;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            const float truth = inputs.truth.at(x, y);
            const bool is_clear = std::abs(truth - 0.5F) > 0.45F;
            wrong += is_clear && (mask.row(y)[x] >= 128) != (truth >= 0.5F) ? 1 : 0;
        }
    }
    return wrong;
}

/// A disc with an edge `softness` pixels wide.
Coverage disc(float x0, float y0, float radius, float softness = 1) {
    return
        [=](float x, float y) { return 0.5F + (radius - std::hypot(x - x0, y - y0)) / softness; };
}

/// An upright wire, `width` pixels wide, along x = 48.5.
Coverage wire(float width) {
    return [width](float x, float) {
        const float from = std::max(x - 0.5F, 48.5F - width / 2);
        const float to = std::min(x + 0.5F, 48.5F + width / 2);
        return std::max(0.0F, to - from);
    };
}

TEST(EdgeMatte, GivesTheCoverageOfAnAntialiasedEdge) {
    const Inputs inputs = prepare({.coverage = disc(48, 40, 25)});
    const Mask mask = matte(inputs);
    EXPECT_LT(error_in_band(inputs, mask), 0.02);
    EXPECT_EQ(wrong_pixels(inputs, mask), 0);
}

TEST(EdgeMatte, GivesTheCoverageOfABlurredEdgeInALargePicture) {
    const Inputs inputs =
        prepare({.size = {600, 500}, .scale = 7, .coverage = disc(300, 250, 160, 9)});
    const Mask mask = matte(inputs);
    EXPECT_LT(error_in_band(inputs, mask), 0.02);
    EXPECT_EQ(wrong_pixels(inputs, mask), 0);
}

TEST(EdgeMatte, IsCleanBesideTheEdge) {
    const Inputs inputs = prepare({.coverage = disc(48, 40, 25), .noise = 2, .reach = 5});
    const Mask mask = matte(inputs);
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            const double distance = std::hypot(x + 0.5 - 48, y + 0.5 - 40);
            if (distance > 29) {
                ASSERT_EQ(mask.row(y)[x], 0) << x << ' ' << y;
            } else if (distance < 21) {
                ASSERT_GE(mask.row(y)[x], 253) << x << ' ' << y;
            }
        }
    }
}

TEST(EdgeMatte, DecidedCellsAreKept) {
    Inputs inputs = prepare({.coverage = disc(48, 40, 25)});
    inputs.labels.at(48, 40) = Label::backdrop;
    inputs.labels.at(2, 2) = Label::object;
    const Mask mask = matte(inputs);
    EXPECT_EQ(mask.row(40)[48], 0);
    EXPECT_EQ(mask.row(2)[2], 255);
}

TEST(EdgeMatte, TakesAShadowBesideTheObjectForBackdrop) {
    const Inputs inputs = prepare({.coverage = disc(48, 40, 25),
                                   .shadow = [](float x, float) { return x > 48 ? 0.7F : 1.0F; },
                                   .reach = 2});
    const Mask mask = matte(inputs);
    EXPECT_LT(error_in_band(inputs, mask), 0.05);
    for (int x = 76; x < 96; ++x) {
        EXPECT_EQ(mask.row(40)[x], 0) << x;
    }
}

TEST(EdgeMatte, KeepsAWireOfWhichNoCellIsDecided) {
    for (const float width : {1.0F, 2.0F, 3.0F}) {
        const Inputs inputs = prepare({.coverage = wire(width), .reach = 3});
        const Mask mask = matte(inputs);
        for (int y = 0; y < mask.height(); ++y) {
            EXPECT_GE(mask.row(y)[48], 230) << width << " at " << y;
            EXPECT_EQ(mask.row(y)[44], 0) << width << " at " << y;
        }
        EXPECT_LT(error_in_band(inputs, mask), 0.05) << width;
    }
}

TEST(EdgeMatte, AWireOfAnotherColourThanTheObjectIsWhole) {
    Scene scene{.reach = 2};
    const Coverage bag = disc(0, 40, 14);
    const Coverage handle = wire(2);
    scene.coverage = [&](float x, float y) { return std::max(bag(x, y), handle(x, y)); };
    scene.object = [](float x) { return x > 40 ? Tone{90, 180, 225} : kRed; };
    const Inputs inputs = prepare(scene);
    const Mask mask = matte(inputs);
    EXPECT_GE(mask.row(40)[48], 220);
    EXPECT_GE(mask.row(75)[48], 220);
}

TEST(EdgeMatte, TheShadedRimOfATubeIsInside) {
    Scene scene{.backdrop = {60, 130, 120}, .reach = 4};
    scene.coverage = [](float x, float) { return x - 29.5F; };
    scene.object = [](float x) { return x < 32 ? Tone{110, 98, 90} : Tone{170, 160, 150}; };
    const Mask mask = matte(prepare(scene));
    for (int x = 31; x < 40; ++x) {
        EXPECT_GE(mask.row(40)[x], 128) << x;
    }
    for (int x = 20; x < 29; ++x) {
        EXPECT_EQ(mask.row(40)[x], 0) << x;
    }
}

/// Leaves the cells of a rectangle in the middle of the picture to their pixels.
void doubt_middle(Inputs& inputs) {
    for (int y = 34; y < 46; ++y) {
        for (int x = 42; x < 56; ++x) {
            inputs.labels.at(x, y) = Label::undecided;
        }
    }
}

TEST(EdgeMatte, AMarkOnTheObjectIsNoGap) {
    Inputs inputs = prepare({.coverage = disc(48, 40, 30), .object = [](float x) {
                                 return x > 46 && x < 52 ? Tone{214, 190, 190} : kRed;
                             }});
    doubt_middle(inputs);
    const Mask mask = matte(inputs);
    for (int x = 42; x < 56; ++x) {
        EXPECT_GE(mask.row(40)[x], 128) << x;
    }
}

TEST(EdgeMatte, AGapThroughWhichTheBackdropIsSeenStaysOpen) {
    const auto with_gap = [](float x, float y) {
        const bool is_gap = x > 46 && x < 52 && y > 36 && y < 44;
        return is_gap ? 0.0F : disc(48, 40, 30)(x, y);
    };
    Inputs inputs = prepare({.coverage = with_gap, .noise = 2});
    doubt_middle(inputs);
    const Mask mask = matte(inputs);
    for (int x = 46; x < 52; ++x) {
        EXPECT_LE(mask.row(40)[x], 40) << x;
    }
    EXPECT_GE(mask.row(40)[43], 215);
}

TEST(EdgeMatte, SeesThroughNoise) {
    const Inputs inputs = prepare(
        {.coverage = disc(48, 40, 25), .backdrop = {160, 160, 160}, .noise = 9, .reach = 2});
    const Mask mask = matte(inputs);
    EXPECT_LT(error_in_band(inputs, mask), 0.08);
    EXPECT_LE(wrong_pixels(inputs, mask), 4);
}

TEST(EdgeMatte, FindsAnEdgeOfAFewLevels) {
    const Inputs inputs = prepare({.coverage = disc(48, 40, 25),
                                   .object =
                                       [](float) {
                                           return Tone{222, 219, 214};
                                       },
                                   .noise = 1.5F,
                                   .reach = 2});
    const Mask mask = matte(inputs);
    EXPECT_LT(error_in_band(inputs, mask), 0.15);
    EXPECT_LE(wrong_pixels(inputs, mask), 20);
}

TEST(EdgeMatte, AGreyPictureIsNoSpecialCase) {
    const Inputs inputs = prepare({.coverage = disc(48, 40, 25),
                                   .object =
                                       [](float) {
                                           return Tone{60, 60, 60};
                                       },
                                   .backdrop = {200, 200, 200}});
    EXPECT_LT(error_in_band(inputs, matte(inputs)), 0.02);
}

TEST(EdgeMatte, TheScaleNeedNotDivideTheSize) {
    for (const int scale : {2, 3, 4, 5, 8}) {
        const Inputs inputs = prepare(
            {.size = {211, 157}, .scale = scale, .coverage = disc(105, 78, 60, 2), .reach = 0});
        const Mask mask = matte(inputs);
        EXPECT_LT(error_in_band(inputs, mask), 0.04) << scale;
        EXPECT_EQ(wrong_pixels(inputs, mask), 0) << scale;
    }
}

TEST(EdgeMatte, AnObjectMayLeaveThePicture) {
    const Inputs inputs = prepare({.coverage = disc(0, 79, 40)});
    const Mask mask = matte(inputs);
    EXPECT_EQ(wrong_pixels(inputs, mask), 0);
    EXPECT_EQ(mask.row(79)[0], 255);
}

TEST(EdgeMatte, WithoutUndecidedCellsTheLabelsAreTheMask) {
    Inputs inputs = prepare({.coverage = disc(48, 40, 25)});
    for (std::size_t i = 0; i < inputs.labels.count(); ++i) {
        inputs.labels[i] = i % 3 == 0 ? Label::object : Label::backdrop;
    }
    const Mask mask = matte(inputs);
    for (std::size_t i = 0; i < inputs.labels.count(); ++i) {
        ASSERT_EQ(mask.bytes()[i], i % 3 == 0 ? 255 : 0);
    }
}

/// Whatever memory held before.
TEST(EdgeMatte, EveryDecidedPixelIsWritten) {
    std::mt19937 random(9);
    for (const Size size : {Size{97, 81}, {211, 157}, {3, 200}}) {
        for (const int scale : {1, 3, 7}) {
            Image picture(size, Channels::rgb);
            std::generate(picture.bytes().begin(), picture.bytes().end(),
                          [&] { return static_cast<std::uint8_t>(random()); });
            const Size cells{(size.width + scale - 1) / scale, (size.height + scale - 1) / scale};
            const WorkCopy copy{size, scale, {Plane(cells), Plane(cells), Plane(cells)}};
            CellLabels labels(cells);
            for (std::size_t i = 0; i < labels.count(); ++i) {
                labels[i] = static_cast<Label>(random() % 3);
            }
            const BackdropModel backdrop{{Plane(cells, 90), Plane(cells, 90), Plane(cells, 90)},
                                         {2, 2, 2}};
            for (const int threads : {1, 3}) {
                { const Mask dirty(size, 0x5A); }
                const Mask mask = edge_matte(picture, copy, labels, backdrop, threads);
                for (int y = 0; y < size.height; ++y) {
                    for (int x = 0; x < size.width; ++x) {
                        const Label label = labels.at(x / scale, y / scale);
                        if (label != Label::undecided) {
                            ASSERT_EQ(mask.row(y)[x], label == Label::object ? 255 : 0)
                                << to_string(size) << " scale " << scale << ' ' << x << ' ' << y;
                        }
                    }
                }
            }
        }
    }
}

TEST(EdgeMatte, WithoutDecidedCellsTheModelledLightTells) {
    const Inputs inputs = prepare({.coverage = disc(48, 40, 25), .reach = 1000});
    const Mask mask = matte(inputs);
    EXPECT_LE(wrong_pixels(inputs, mask), 8);
    EXPECT_EQ(mask.row(2)[2], 0);
    EXPECT_GE(mask.row(40)[48], 250);
}

TEST(EdgeMatte, NothingButBackdropLeftUndecidedIsBackdrop) {
    const Inputs inputs =
        prepare({.coverage = [](float, float) { return 0.0F; }, .noise = 3, .reach = 0});
    Inputs undecided = inputs;
    undecided.labels = CellLabels(inputs.labels.size(), Label::undecided);
    const Mask mask = matte(undecided);
    const auto marked = std::count_if(mask.bytes().begin(), mask.bytes().end(),
                                      [](std::uint8_t value) { return value > 127; });
    EXPECT_LE(marked, 8);
}

TEST(EdgeMatte, TinyPictures) {
    for (const Size size : {Size{1, 1}, Size{1, 9}, Size{9, 1}, Size{2, 2}, Size{5, 3}}) {
        for (const int scale : {1, 2, 8}) {
            Inputs inputs =
                prepare({.size = size, .scale = scale, .coverage = disc(0, 0, 3), .reach = 0});
            for (const Label label : {Label::backdrop, Label::object, Label::undecided}) {
                inputs.labels = CellLabels(inputs.labels.size(), label);
                const Mask mask = matte(inputs, 3);
                ASSERT_EQ(mask.size(), size);
                if (label != Label::undecided) {
                    EXPECT_EQ(mask.row(0)[0], label == Label::object ? 255 : 0);
                }
            }
        }
    }
}

TEST(EdgeMatte, ThreadsDoNotChangeAByte) {
    for (const int scale : {1, 3}) {
        const Inputs inputs = prepare({.size = {301, 247},
                                       .scale = scale,
                                       .coverage = disc(150, 120, 90, 3),
                                       .noise = 5,
                                       .reach = 3});
        const Mask alone = matte(inputs, 1);
        EXPECT_TRUE(alone == matte(inputs, 2));
        EXPECT_TRUE(alone == matte(inputs, 8));
        EXPECT_TRUE(alone == matte(inputs, 1000));
    }
}

}  // namespace
}  // namespace editprep::imaging
