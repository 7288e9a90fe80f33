#include "backdrop/lettering.hpp"

#include <gtest/gtest.h>

#include "cell_scene.hpp"

namespace editprep::imaging {
namespace {

using testing::CellScene;

constexpr Size kSize{100, 80};
constexpr Opponent kInk{-150, 0, 0};
constexpr Rect kLetter{40, 30, 46, 36};

/// One letter on a face of one tone, and the cells that are not at its outline.
struct Face {
    CellScene scene{kSize};
    Grid<std::uint8_t> stretch{kSize, 1};

    explicit Face(Rect letter = kLetter, float tone = -20) {
        scene.paint({20, 15, 80, 65}, {tone, 0, 0});
        put(letter, kInk);
    }

    void put(Rect letter, const Opponent& color) {
        scene.paint(letter, color);
        for (int y = letter.top - 2; y < letter.bottom + 2; ++y) {
            for (int x = letter.left - 2; x < letter.right + 2; ++x) {
                stretch.at(x, y) = 0;
            }
        }
    }

    [[nodiscard]] CellVector<std::size_t> lettering() const {
        return find_lettering(stretch, scene.clues().smooth, scene.meter());
    }
    [[nodiscard]] bool has_lettering() const { return !lettering().empty(); }
};

TEST(Lettering, MayStandOnDarkerAndOnBrighter) {
    EXPECT_TRUE(Face().has_lettering());
    EXPECT_TRUE(Face(kLetter, 20).has_lettering());
}

TEST(Lettering, StandsOnAnotherToneThanTheBackdrops) {
    EXPECT_FALSE(Face(kLetter, 0).has_lettering());
    EXPECT_TRUE(Face(kLetter, -6).has_lettering());
    EXPECT_FALSE(Face(kLetter, -3).has_lettering());
}

TEST(Lettering, StandsOnOneTone) {
    Face face;
    face.scene.paint({20, 15, 43, 65}, {-40, 0, 0});
    EXPECT_FALSE(face.has_lettering());
}

TEST(Lettering, IsInk) {
    Face face;
    face.put(kLetter, {-50, 0, 0});
    EXPECT_FALSE(face.has_lettering());
    face.put(kLetter, {-20, 50, 0});
    EXPECT_TRUE(face.has_lettering());
    // A highlight.
    face.put(kLetter, {40, 0, 0});
    EXPECT_FALSE(face.has_lettering());
}

TEST(Lettering, IsMoreThanASpeck) {
    EXPECT_TRUE(Face({40, 30, 43, 33}).has_lettering());
    EXPECT_FALSE(Face({40, 30, 42, 32}).has_lettering());
}

TEST(Lettering, IsEachLetterWithItsOutline) {
    Face face;
    EXPECT_EQ(face.lettering().size(), 10U * 10U);
    face.put({60, 30, 66, 36}, kInk);
    EXPECT_EQ(face.lettering().size(), 2 * 10U * 10U);
}

}  // namespace
}  // namespace editprep::imaging
