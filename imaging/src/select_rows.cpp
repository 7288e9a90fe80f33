#include "select_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "bits/select_bits.hpp"
#include "corner_mean.hpp"

namespace editprep::imaging {
namespace {

/// Largest squared distance of two RGB colours, plus one: a threshold that nothing reaches.
constexpr int kBeyondAnyDistance = 3 * 255 * 255 + 1;
/// The least threshold that no distance reaches.
constexpr int kNoDistance = 442;

/// By how much each channel of the guess may be wrong, and how far that moves any distance:
/// sqrt(3) * 4, rounded up.
constexpr int kMostError = 4;
constexpr int kMostShift = 7;

/// One pixel in so many may be left open; on a clean backdrop only the object's outline is.
constexpr std::size_t kOpenShare = 64;
constexpr std::size_t kFewOpen = 4096;
/// Rows that come before the guess are kept, and so many bytes of them at most.
constexpr std::size_t kMostWaiting = std::size_t{1} << 20;

template <class Work>
void for_each_row(RowReader& rows, const Work& work) {
    const std::size_t stride =
        static_cast<std::size_t>(rows.size().width) * static_cast<std::size_t>(rows.channels());
    int y = 0;
    for (auto band = rows.next(); !band.empty(); band = rows.next()) {
        for (std::size_t offset = 0; offset < band.size(); offset += stride) {
            work(y++, band.data() + offset);
        }
    }
}

bool is_near(Color a, Color b) {
    return std::abs(a.red - b.red) <= kMostError && std::abs(a.green - b.green) <= kMostError &&
           std::abs(a.blue - b.blue) <= kMostError;
}

int squared_distance(Color a, Color b) {
    const int red = a.red - b.red;
    const int green = a.green - b.green;
    const int blue = a.blue - b.blue;
    return red * red + green * green + blue * blue;
}

/// The one pass of select_by_corners.
class GuessedSelection {
public:
    GuessedSelection(const RowReader& rows, int sample_size, int threshold)
        : corners_(rows.size(), rows.channels(), sample_size),
          channels_(rows.channels()),
          width_(static_cast<std::size_t>(rows.size().width)),
          threshold_(squared_threshold(threshold)),
          surely_(threshold > 0 ? squared_threshold(std::min(threshold, kNoDistance) + kMostShift)
                                : 0),
          perhaps_(squared_threshold(std::min(threshold, kNoDistance) - kMostShift)),
          most_open_(kFewOpen + static_cast<std::size_t>(rows.size().area()) / kOpenShare),
          bits_(rows.size()),
          sure_(bits_.words_per_row()) {
        const std::size_t waiting = static_cast<std::size_t>(corners_.side()) * stride();
        too_many_open_ = waiting > kMostWaiting;
        if (!too_many_open_) {
            // Memory that nobody writes to costs nothing; growing would copy.
            waiting_.reserve(waiting);
            open_.reserve(most_open_);
        }
    }

    void add_row(int y, const std::uint8_t* row) {
        corners_.add_row(y, row);
        if (too_many_open_) {
            return;
        }
        if (y >= corners_.side()) {
            select(y, row);
            return;
        }
        // No guess yet.
        waiting_.insert(waiting_.end(), row, row + stride());
        if (y == corners_.side() - 1) {
            guess_ = corners_.of_top();
            for (int earlier = 0; earlier <= y; ++earlier) {
                select(earlier, waiting_.data() + static_cast<std::size_t>(earlier) * stride());
            }
            waiting_ = std::vector<std::uint8_t>();
        }
    }

    [[nodiscard]] CornerSelection finish() && {
        const Color backdrop = corners_.of_all();
        if (too_many_open_ || !is_near(backdrop, guess_)) {
            return {backdrop, std::nullopt};
        }
        for (const OpenPixel& pixel : open_) {
            const Color color{pixel.red, pixel.green, pixel.blue};
            if (squared_distance(color, backdrop) >= threshold_) {
                select_span(bits_.row(pixel.y), pixel.x, pixel.x + 1);
            }
        }
        return {backdrop, std::move(bits_)};
    }

private:
    /// A pixel that the guess alone does not settle. Both fit: kMaxSide.
    struct OpenPixel {
        std::uint16_t x;
        std::uint16_t y;
        std::uint8_t red;
        std::uint8_t green;
        std::uint8_t blue;
    };

    [[nodiscard]] std::size_t stride() const {
        return width_ * static_cast<std::size_t>(channels_);
    }

    void select(int y, const std::uint8_t* row) {
        BitMask::Word* const bits = bits_.row(y);
        select_distant(row, channels_, width_, guess_, perhaps_, bits);
        for (std::size_t first = 0; first < sure_.size();) {
            if (bits[first] == 0) {
                ++first;
                continue;
            }
            std::size_t last = first + 1;
            while (last < sure_.size() && bits[last] != 0) {
                ++last;
            }
            settle(y, row, first, last);
            first = last;
        }
    }

    /// What stays of the words [first, last) of a row is selected whatever the error of the guess;
    /// the rest is left open.
    void settle(int y, const std::uint8_t* row, std::size_t first, std::size_t last) {
        constexpr std::size_t kWordBits = BitMask::kWordBits;
        const std::size_t pixel = static_cast<std::size_t>(channels_);
        const std::size_t left = first * kWordBits;
        const std::size_t right = std::min(last * kWordBits, width_);
        select_distant(row + left * pixel, channels_, right - left, guess_, surely_, sure_.data());
        BitMask::Word* const bits = bits_.row(y);
        for (std::size_t i = first; i < last; ++i) {
            const BitMask::Word sure = sure_[i - first];
            for (BitMask::Word open = bits[i] & ~sure; open != 0; open &= open - 1) {
                const std::size_t x =
                    i * kWordBits + static_cast<std::size_t>(std::countr_zero(open));
                leave_open(x, y, row + x * pixel);
            }
            bits[i] = sure;
        }
    }

    void leave_open(std::size_t x, int y, const std::uint8_t* pixel) {
        if (open_.size() == most_open_) {
            too_many_open_ = true;
            open_ = std::vector<OpenPixel>();
        }
        if (!too_many_open_) {
            const bool grey = channels_ == Channels::grey;
            open_.push_back({static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y), pixel[0],
                             pixel[grey ? 0 : 1], pixel[grey ? 0 : 2]});
        }
    }

    CornerMean corners_;
    Channels channels_;
    std::size_t width_;
    int threshold_;
    int surely_;
    int perhaps_;
    std::size_t most_open_;
    Color guess_;
    std::vector<std::uint8_t> waiting_;
    BitMask bits_;
    std::vector<BitMask::Word> sure_;
    std::vector<OpenPixel> open_;
    /// Then only the mean is wanted.
    bool too_many_open_ = false;
};

}  // namespace

int squared_threshold(int threshold) noexcept {
    if (threshold <= 0) {
        return 0;
    }
    return threshold < kNoDistance ? threshold * threshold : kBeyondAnyDistance;
}

void judge_alpha(std::int64_t selected, std::int64_t pixels, SelectionFacts& facts) {
    if (selected > 0 && selected < pixels) {
        facts.confidence = 1;
        return;
    }
    facts.confidence = 0;
    facts.doubts = {selected == 0 ? SelectionDoubt::nothing_found
                                  : SelectionDoubt::touches_all_sides};
}

BitMask select_opaque(RowReader& rows, int threshold) {
    BitMask bits(rows.size());
    const auto width = static_cast<std::size_t>(rows.size().width);
    for_each_row(rows, [&](int y, const std::uint8_t* row) {
        select_opaque(row, width, threshold, bits.row(y));
    });
    return bits;
}

BitMask select_distant(RowReader& rows, Color backdrop, int threshold) {
    BitMask bits(rows.size());
    const auto width = static_cast<std::size_t>(rows.size().width);
    const int squared = squared_threshold(threshold);
    for_each_row(rows, [&](int y, const std::uint8_t* row) {
        select_distant(row, rows.channels(), width, backdrop, squared, bits.row(y));
    });
    return bits;
}

CornerSelection select_by_corners(RowReader& rows, int sample_size, int threshold) {
    GuessedSelection selection(rows, sample_size, threshold);
    for_each_row(rows, [&](int y, const std::uint8_t* row) { selection.add_row(y, row); });
    return std::move(selection).finish();
}

}  // namespace editprep::imaging
