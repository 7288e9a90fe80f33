#include "rows/word_verdicts.hpp"

#include <algorithm>
#include <cmath>

#include "bits/bit_mask.hpp"
#include "simd.hpp"

namespace editprep::imaging {
namespace {

constexpr std::size_t kWordPixels = BitMask::kWordBits;

/// What chroma adds to luma, times 2^16 (ITU-T T.871, section 7).
constexpr int kScaleBits = 16;
constexpr int kRedOfRed = 91'881;      // 1.402
constexpr int kGreenOfBlue = -22'554;  // -0.344136
constexpr int kGreenOfRed = -46'802;   // -0.714136
constexpr int kBlueOfBlue = 116'130;   // 1.772
constexpr int kNoChroma = 128;

struct WordRanges {
    const std::uint8_t* least;
    const std::uint8_t* most;
};

struct Range {
    int least;
    int most;
};

EDITPREP_SIMD_CLONES
void find_ranges(const std::uint8_t* __restrict upper, const std::uint8_t* __restrict lower,
                 std::size_t words, std::uint8_t* __restrict least, std::uint8_t* __restrict most) {
    for (std::size_t word = 0; word < words; ++word) {
        std::uint8_t low = 255;
        std::uint8_t high = 0;
        for (std::size_t i = word * kWordPixels; i < (word + 1) * kWordPixels; ++i) {
            const std::uint8_t darker = upper[i] < lower[i] ? upper[i] : lower[i];
            const std::uint8_t lighter = upper[i] < lower[i] ? lower[i] : upper[i];
            low = darker < low ? darker : low;
            high = lighter > high ? lighter : high;
        }
        least[word] = low;
        most[word] = high;
    }
}

/// Of all words, the last one of which may have fewer pixels.
void find_row_ranges(const PlaneRows& rows, std::size_t width, std::uint8_t* least,
                     std::uint8_t* most) {
    const std::size_t whole = width / kWordPixels;
    find_ranges(rows[0], rows[1], whole, least, most);
    if (const std::size_t done = whole * kWordPixels; done < width) {
        const auto upper = std::minmax_element(rows[0] + done, rows[0] + width);
        const auto lower = std::minmax_element(rows[1] + done, rows[1] + width);
        least[whole] = std::min(*upper.first, *lower.first);
        most[whole] = std::max(*upper.second, *lower.second);
    }
}

inline int clamped(int sample) {
    const int not_below = sample < 0 ? 0 : sample;
    return not_below > 255 ? 255 : not_below;
}

/// A sample that lies between these sums, which a decoder may round up or down.
inline Range sample_range(int least, int most) {
    return {clamped((least >> kScaleBits) - 1), clamped((most >> kScaleBits) + 2)};
}

inline int furthest(Range range, int from) {
    const int below = from - range.least;
    const int above = range.most - from;
    return below > above ? below : above;
}

inline int nearest(Range range, int from) {
    const int below = range.least - from;
    const int above = from - range.most;
    const int outside = below > above ? below : above;
    return outside > 0 ? outside : 0;
}

inline int squared_length(int a, int b, int c) { return a * a + b * b + c * c; }

EDITPREP_SIMD_CLONES
void judge_ranges(WordRanges luma, WordRanges blue, WordRanges red, const DistanceBounds& bounds,
                  std::size_t words, WordVerdict* __restrict verdicts) {
    const int from_red = bounds.from.red;
    const int from_green = bounds.from.green;
    const int from_blue = bounds.from.blue;
    const int near_below = bounds.near_below;
    const int far_from = bounds.far_from;
    for (std::size_t i = 0; i < words; ++i) {
        const int dark = luma.least[i] << kScaleBits;
        const int light = luma.most[i] << kScaleBits;
        const int least_blue = blue.least[i] - kNoChroma;
        const int most_blue = blue.most[i] - kNoChroma;
        const int least_red = red.least[i] - kNoChroma;
        const int most_red = red.most[i] - kNoChroma;
        const Range r = sample_range(dark + kRedOfRed * least_red, light + kRedOfRed * most_red);
        const Range g = sample_range(dark + kGreenOfBlue * most_blue + kGreenOfRed * most_red,
                                     light + kGreenOfBlue * least_blue + kGreenOfRed * least_red);
        const Range b =
            sample_range(dark + kBlueOfBlue * least_blue, light + kBlueOfBlue * most_blue);
        const bool near = squared_length(furthest(r, from_red), furthest(g, from_green),
                                         furthest(b, from_blue)) < near_below;
        const bool far = squared_length(nearest(r, from_red), nearest(g, from_green),
                                        nearest(b, from_blue)) >= far_from;
        verdicts[i] = near ? WordVerdict::near : far ? WordVerdict::far : WordVerdict::open;
    }
}

/// Luma, blue chroma and red chroma of a colour.
using Ycc = std::array<int, 3>;

Ycc ycc_of(Color color) {
    constexpr int kHalf = 1 << (kScaleBits - 1);
    const auto part = [&](int red, int green, int blue) {
        return (red * color.red + green * color.green + blue * color.blue + kHalf) >> kScaleBits;
    };
    return {part(19'595, 38'470, 7'471), kNoChroma + part(-11'059, -21'709, 32'768),
            kNoChroma + part(32'768, -27'439, -5'329)};
}

YccBox box_around(const Ycc& centre, int luma, int chroma) {
    YccBox box;
    for (std::size_t i = 0; i < centre.size(); ++i) {
        const int reach = i == 0 ? luma : chroma;
        box.least[i] = static_cast<std::uint8_t>(std::clamp(centre[i] - reach, 0, 255));
        box.most[i] = static_cast<std::uint8_t>(std::clamp(centre[i] + reach, 0, 255));
    }
    return box;
}

/// How far the larger of two samples lies above `least`; samples below it lie very far above.
inline std::uint8_t most_above(std::uint8_t least, std::uint8_t upper, std::uint8_t lower) {
    const auto a = static_cast<std::uint8_t>(upper - least);
    const auto b = static_cast<std::uint8_t>(lower - least);
    return a > b ? a : b;
}

inline std::uint8_t excess(std::uint8_t value, std::uint8_t most) {
    return static_cast<std::uint8_t>((value > most ? value : most) - most);
}

/// Words all of whose samples lie in the box are near; the others stay open.
EDITPREP_SIMD_CLONES
void find_inside(const YccRows& rows, const YccBox& box, std::size_t words,
                 WordVerdict* __restrict verdicts) {
    const auto [upper_luma, lower_luma] = rows[0];
    const auto [upper_blue, lower_blue] = rows[1];
    const auto [upper_red, lower_red] = rows[2];
    const auto [luma, blue, red] = box.least;
    const auto luma_span = static_cast<std::uint8_t>(box.most[0] - luma);
    const auto blue_span = static_cast<std::uint8_t>(box.most[1] - blue);
    const auto red_span = static_cast<std::uint8_t>(box.most[2] - red);
    for (std::size_t word = 0; word < words; ++word) {
        std::uint8_t outside = 0;
        for (std::size_t i = word * kWordPixels; i < (word + 1) * kWordPixels; ++i) {
            outside |= excess(most_above(luma, upper_luma[i], lower_luma[i]), luma_span);
            outside |= excess(most_above(blue, upper_blue[i], lower_blue[i]), blue_span);
            outside |= excess(most_above(red, upper_red[i], lower_red[i]), red_span);
        }
        verdicts[word] = outside == 0 ? WordVerdict::near : WordVerdict::open;
    }
}

}  // namespace

WordJudge::WordJudge(std::size_t width)
    : width_(width), words_((width + kWordPixels - 1) / kWordPixels), ranges_(6 * words_) {}

void WordJudge::set_bounds(const DistanceBounds& bounds) noexcept {
    bounds_ = bounds;
    const Ycc centre = ycc_of(bounds.from);
    const int radius = static_cast<int>(std::sqrt(bounds.near_below));
    // The chroma of a backdrop has hardly any noise.
    int luma = radius;
    WordVerdict verdict = WordVerdict::open;
    do {
        near_box_ = box_around(centre, luma, radius / 8);
        const auto& [least, most] = near_box_;
        judge_ranges({&least[0], &most[0]}, {&least[1], &most[1]}, {&least[2], &most[2]}, bounds_,
                     1, &verdict);
        --luma;
    } while (luma >= 0 && verdict != WordVerdict::near);
    has_near_box_ = verdict == WordVerdict::near;
}

void WordJudge::judge(const YccRows& rows, WordVerdict* verdicts) noexcept {
    std::size_t done = 0;
    if (has_near_box_) {
        done = width_ / kWordPixels;
        find_inside(rows, near_box_, done, verdicts);
    }
    std::fill(verdicts + done, verdicts + words_, WordVerdict::open);
    for_each_run(verdicts, words_, [&](WordVerdict verdict, std::size_t first, std::size_t last) {
        if (verdict == WordVerdict::open) {
            judge_words(rows, first, last, verdicts + first);
        }
    });
}

/// The words [first, last).
void WordJudge::judge_words(const YccRows& rows, std::size_t first, std::size_t last,
                            WordVerdict* verdicts) noexcept {
    const std::size_t left = first * kWordPixels;
    const std::size_t right = std::min(last * kWordPixels, width_);
    const auto ranges_of = [&](std::size_t plane) {
        std::uint8_t* const least = ranges_.data() + 2 * plane * words_;
        std::uint8_t* const most = least + words_;
        find_row_ranges({rows[plane][0] + left, rows[plane][1] + left}, right - left, least, most);
        return WordRanges{least, most};
    };
    const WordRanges luma = ranges_of(0);
    const WordRanges blue = ranges_of(1);
    const WordRanges red = ranges_of(2);
    judge_ranges(luma, blue, red, bounds_, last - first, verdicts);
}

}  // namespace editprep::imaging
