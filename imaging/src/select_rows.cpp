#include "select_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

#include "bits/select_bits.hpp"
#include "corner_mean.hpp"
#include "editprep/imaging/pixel_buffer.hpp"

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

std::size_t words_in(std::size_t width) {
    return (width + BitMask::kWordBits - 1) / BitMask::kWordBits;
}

struct Row {
    int y;
    const std::uint8_t* pixels;
    /// A null pointer if all words are open.
    const WordVerdict* verdicts;
};

template <class Work>
void for_each_row(RowReader& rows, const Work& work) {
    const auto width = static_cast<std::size_t>(rows.size().width);
    const std::size_t stride = width * static_cast<std::size_t>(rows.channels());
    int y = 0;
    for (auto band = rows.next(); !band.empty(); band = rows.next()) {
        const auto verdicts = rows.verdicts();
        const std::size_t count = band.size() / stride;
        for (std::size_t i = 0; i < count; ++i) {
            work({y++, band.data() + i * stride,
                  verdicts.empty() ? nullptr : verdicts.data() + i * words_in(width)});
        }
    }
}

/// Selects what is far, and calls work(first, last) for the words that are open.
template <class Work>
void for_open_words(const Row& row, std::size_t width, BitMask::Word* bits, const Work& work) {
    const std::size_t words = words_in(width);
    if (row.verdicts == nullptr) {
        work(0, words);
        return;
    }
    for_each_run(row.verdicts, words,
                 [&](WordVerdict verdict, std::size_t first, std::size_t last) {
                     if (verdict == WordVerdict::open) {
                         work(first, last);
                     } else if (verdict == WordVerdict::far) {
                         const std::size_t right = std::min(last * BitMask::kWordBits, width);
                         select_span(bits, static_cast<int>(first * BitMask::kWordBits),
                                     static_cast<int>(right));
                     }
                 });
}

/// Words [first, last) of a row.
void select_words(const Row& row, std::size_t width, Channels channels, std::size_t first,
                  std::size_t last, Color backdrop, int squared_threshold, BitMask::Word* out) {
    const std::size_t left = first * BitMask::kWordBits;
    const std::size_t right = std::min(last * BitMask::kWordBits, width);
    select_distant(row.pixels + left * static_cast<std::size_t>(channels), channels, right - left,
                   backdrop, squared_threshold, out);
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
    GuessedSelection(RowReader& rows, int sample_size, int threshold)
        : rows_(rows),
          corners_(rows.size(), rows.channels(), sample_size),
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
            open_ = PixelBuffer(most_open_ * sizeof(OpenPixel));
        }
    }

    void add_row(const Row& row) {
        corners_.add_row(row.y, row.pixels);
        if (too_many_open_) {
            return;
        }
        if (row.y >= corners_.side()) {
            select(row);
            return;
        }
        // No guess yet.
        waiting_.insert(waiting_.end(), row.pixels, row.pixels + stride());
        if (row.y == corners_.side() - 1) {
            guess_ = corners_.of_top();
            judge_by({guess_, perhaps_, surely_});
            for (int earlier = 0; earlier <= row.y; ++earlier) {
                select({earlier, waiting_.data() + static_cast<std::size_t>(earlier) * stride(),
                        nullptr});
            }
            waiting_ = std::vector<std::uint8_t>();
        }
    }

    [[nodiscard]] CornerSelection finish() && {
        const Color backdrop = corners_.of_all();
        if (too_many_open_ || !is_near(backdrop, guess_)) {
            return {backdrop, std::nullopt};
        }
        for (const OpenPixel& pixel : std::span(open_pixels(), open_count_)) {
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

    [[nodiscard]] OpenPixel* open_pixels() { return reinterpret_cast<OpenPixel*>(open_.data()); }

    [[nodiscard]] std::size_t stride() const {
        return width_ * static_cast<std::size_t>(channels_);
    }

    /// The lower corners want their colours.
    void judge_by(const DistanceBounds& bounds) {
        if (rows_.judges()) {
            rows_.judge_by(bounds, rows_.size().height - corners_.side());
        }
    }

    void select(const Row& row) {
        BitMask::Word* const bits = bits_.row(row.y);
        for_open_words(row, width_, bits, [&](std::size_t first, std::size_t last) {
            select_words(row, width_, channels_, first, last, guess_, perhaps_, bits + first);
            settle(row, first, last);
        });
    }

    /// Settles the words of [first, last) that have selected bits.
    void settle(const Row& row, std::size_t first, std::size_t last) {
        const BitMask::Word* const bits = bits_.row(row.y);
        const auto is_empty = [](BitMask::Word word) { return word == 0; };
        while (true) {
            const BitMask::Word* const from = std::find_if_not(bits + first, bits + last, is_empty);
            const BitMask::Word* const to = std::find_if(from, bits + last, is_empty);
            if (from == to) {
                return;
            }
            settle_words(row, static_cast<std::size_t>(from - bits),
                         static_cast<std::size_t>(to - bits));
            first = static_cast<std::size_t>(to - bits);
        }
    }

    /// What stays of the words [first, last) of a row is selected whatever the error of the guess;
    /// the rest is left open.
    void settle_words(const Row& row, std::size_t first, std::size_t last) {
        select_words(row, width_, channels_, first, last, guess_, surely_, sure_.data());
        BitMask::Word* const bits = bits_.row(row.y);
        for (std::size_t i = first; i < last; ++i) {
            const BitMask::Word sure = sure_[i - first];
            for (BitMask::Word open = bits[i] & ~sure; open != 0; open &= open - 1) {
                const std::size_t x =
                    i * BitMask::kWordBits + static_cast<std::size_t>(std::countr_zero(open));
                leave_open(x, row.y, row.pixels + x * static_cast<std::size_t>(channels_));
            }
            bits[i] = sure;
        }
    }

    void leave_open(std::size_t x, int y, const std::uint8_t* pixel) {
        if (open_count_ == most_open_) {
            too_many_open_ = true;
            open_ = PixelBuffer();
            // Everything is that far.
            judge_by({guess_, 0, 0});
        }
        if (!too_many_open_) {
            const bool grey = channels_ == Channels::grey;
            open_pixels()[open_count_++] = {static_cast<std::uint16_t>(x),
                                            static_cast<std::uint16_t>(y), pixel[0],
                                            pixel[grey ? 0 : 1], pixel[grey ? 0 : 2]};
        }
    }

    RowReader& rows_;
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
    /// The first open_count_ of most_open_ pixels.
    PixelBuffer open_;
    std::size_t open_count_ = 0;
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
    for_each_row(rows, [&](const Row& row) {
        select_opaque(row.pixels, width, threshold, bits.row(row.y));
    });
    return bits;
}

BitMask select_distant(RowReader& rows, Color backdrop, int threshold) {
    BitMask result(rows.size());
    const auto width = static_cast<std::size_t>(rows.size().width);
    const int squared = squared_threshold(threshold);
    if (rows.judges()) {
        rows.judge_by({backdrop, squared, squared}, rows.size().height);
    }
    for_each_row(rows, [&](const Row& row) {
        BitMask::Word* const bits = result.row(row.y);
        for_open_words(row, width, bits, [&](std::size_t first, std::size_t last) {
            select_words(row, width, rows.channels(), first, last, backdrop, squared, bits + first);
        });
    });
    return result;
}

CornerSelection select_by_corners(RowReader& rows, int sample_size, int threshold) {
    GuessedSelection selection(rows, sample_size, threshold);
    for_each_row(rows, [&](const Row& row) { selection.add_row(row); });
    return std::move(selection).finish();
}

}  // namespace editprep::imaging
