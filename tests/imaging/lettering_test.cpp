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

    [[nodiscard]] bool is_closed() const {
        const Grid<std::uint8_t> whole =
            without_lettering(stretch, scene.clues().smooth, scene.meter());
        return whole.at(kLetter.left, kLetter.top) != 0;
    }
};

TEST(Lettering, IsPartOfWhatCarriesIt) {
    EXPECT_TRUE(Face().is_closed());
    EXPECT_TRUE(Face(kLetter, 20).is_closed());
}

TEST(Lettering, StandsOnAnotherToneThanTheBackdrops) {
    EXPECT_FALSE(Face(kLetter, 0).is_closed());
    EXPECT_TRUE(Face(kLetter, -6).is_closed());
    EXPECT_FALSE(Face(kLetter, -3).is_closed());
}

TEST(Lettering, StandsOnOneTone) {
    Face face;
    face.scene.paint({20, 15, 43, 65}, {-40, 0, 0});
    EXPECT_FALSE(face.is_closed());
}

TEST(Lettering, IsInk) {
    Face face;
    face.put(kLetter, {-50, 0, 0});
    EXPECT_FALSE(face.is_closed());
    face.put(kLetter, {-20, 50, 0});
    EXPECT_TRUE(face.is_closed());
    // A highlight.
    face.put(kLetter, {40, 0, 0});
    EXPECT_FALSE(face.is_closed());
}

TEST(Lettering, IsMoreThanASpeck) {
    EXPECT_TRUE(Face({40, 30, 43, 33}).is_closed());
    EXPECT_FALSE(Face({40, 30, 42, 32}).is_closed());
}

TEST(Lettering, EachLetterIsClosed) {
    Face face;
    face.put({60, 30, 66, 36}, kInk);
    const Grid<std::uint8_t> whole =
        without_lettering(face.stretch, face.scene.clues().smooth, face.scene.meter());
    EXPECT_EQ(whole.at(40, 30), 1);
    EXPECT_EQ(whole.at(60, 30), 1);
    EXPECT_EQ(face.stretch.at(60, 30), 0);
}

}  // namespace
}  // namespace editprep::imaging
