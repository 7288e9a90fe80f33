#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "editprep/imaging/image.hpp"

/// How far pixels are from a colour, told for many at once and before their colours are known: a
/// JPEG stores luma and chroma, and on a backdrop, and deep inside an object, their ranges say it
/// all.
namespace editprep::imaging {

/// Pixels are judged in words, as many as a word of a BitMask has; the last of a row may have
/// fewer.
enum class WordVerdict : std::uint8_t {
    /// Neither of the others is certain.
    open,
    /// All pixels are nearer than asked for.
    near,
    /// All pixels are at least as far as asked for.
    far,
};

struct DistanceBounds {
    Color from;
    /// Squared distances in RGB.
    int near_below = 0;
    int far_from = 0;
};

/// Calls work(verdict, first, last) for stretches of words [first, last) with the same verdict.
template <class Work>
void for_each_run(const WordVerdict* verdicts, std::size_t words, const Work& work) {
    for (std::size_t first = 0; first < words;) {
        std::size_t last = first + 1;
        while (last < words && verdicts[last] == verdicts[first]) {
            ++last;
        }
        work(verdicts[first], first, last);
        first = last;
    }
}

/// Two rows of one plane of a JPEG, chroma interpolated to full size; or one row twice.
using PlaneRows = std::array<const std::uint8_t*, 2>;

/// Luma, blue chroma and red chroma (ITU-T T.871).
using YccRows = std::array<PlaneRows, 3>;

/// Of luma, blue chroma and red chroma.
struct YccBox {
    std::array<std::uint8_t, 3> least{};
    std::array<std::uint8_t, 3> most{};
};

class WordJudge {
public:
    /// @param width pixels in a row
    explicit WordJudge(std::size_t width);

    [[nodiscard]] std::size_t words() const noexcept { return words_; }
    /// What is asked for; before judge().
    void set_bounds(const DistanceBounds& bounds) noexcept;
    /// Sets words() verdicts, which hold for both rows, whatever way a decoder rounds.
    void judge(const YccRows& rows, WordVerdict* verdicts) noexcept;

private:
    void judge_words(const YccRows& rows, std::size_t first, std::size_t last,
                     WordVerdict* verdicts) noexcept;

    std::size_t width_;
    std::size_t words_;
    DistanceBounds bounds_;
    /// Around the colour that is asked for: what lies there is near, which is seen sooner than
    /// ranges.
    YccBox near_box_;
    bool has_near_box_ = false;
    /// The least luma of every word, then the most; likewise of both chromas.
    std::vector<std::uint8_t> ranges_;
};

}  // namespace editprep::imaging
