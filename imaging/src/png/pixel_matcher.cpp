#include "pixel_matcher.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "byte_match.hpp"

namespace editprep::imaging {
namespace {

/// How many pixels are looked through before the cheapest way is chosen.
constexpr std::size_t kSpanPixels = 128;
/// A repetition of so many bytes is taken at once, as far as it goes.
constexpr std::size_t kLongBytes = 64;
/// A hash reads so far.
constexpr std::size_t kReach = 12;

/// 0 if `length` bytes, 3 to kReach, are the same.
template <std::size_t length>
std::uint64_t difference(const std::uint8_t* a, const std::uint8_t* b) {
    const std::uint64_t first = load_word(a) ^ load_word(b);
    if constexpr (length <= 8) {
        return first << (64 - 8 * length);
    } else {
        return first | (load_word(a + length - 8) ^ load_word(b + length - 8));
    }
}

/// The cheapest known way to the start of a pixel, packed into a number that is the less the better
/// the way is: the bits of all its tokens above kCostShift, then the length of the last token and
/// its distance less 1. Choosing takes no branch, which nobody could predict.
using Way = std::uint64_t;
constexpr int kCostShift = 32;
constexpr int kLengthShift = 16;
constexpr Way kCostMask = ~Way{0} << kCostShift;
/// Added to a cost, it makes the way worse than any that exists.
constexpr Way kNoWay = Way{1} << 62;

Way cost_of(std::uint64_t bits) { return bits << kCostShift; }

std::size_t length_of(Way way) { return way >> kLengthShift & 0xFFFF; }
std::size_t distance_of(Way way) { return (way & 0xFFFF) + 1; }

void improve(Way& known, Way other) { known = std::min(known, other); }

}  // namespace

/// What next() does, for one number of bytes a pixel and one of tables.
template <std::size_t kPixel, std::size_t kTables>
class PixelMatcher::Search {
public:
    Search(PixelMatcher& matcher, const TokenCosts& costs, std::vector<DeflateToken>& tokens)
        : matcher_(matcher), costs_(costs), tokens_(tokens) {}

    /// Takes a few bytes on. There are some left.
    void step() {
        PixelMatcher& m = matcher_;
        while (m.at_ - m.row_start_ >= m.shape_.row_bytes) {
            m.row_start_ += m.shape_.row_bytes;
        }
        const std::size_t pixels = pixels_ahead();
        if (pixels == 0) {
            put_literals(1);
            return;
        }
        const Long found = find_ways(pixels);
        put_path(found.pixels);
        if (found.distance > 0) {
            put_long_match(found.distance);
        }
    }

    /// Remembers the pixels that start at `at`.
    static void remember(std::span<Table> tables, std::span<const std::uint8_t> bytes,
                         std::size_t at) {
        const std::uint8_t* here = bytes.data() + at;
        [&]<std::size_t... table>(std::index_sequence<table...>) {
            ((tables[table][hash_bytes<kLengths[table]>(here, kTableBits)] =
                  static_cast<std::uint16_t>(at)),
             ...);
        }
        (std::make_index_sequence<kTables>());
    }

private:
    struct Long {
        /// How many pixels are passed before it.
        std::size_t pixels;
        /// 0: there is none.
        std::size_t distance;
    };

    /// How many bytes each table's hash covers.
    static constexpr std::array<std::size_t, kMostTables> kLengths =
        kPixel == 1 ? std::array<std::size_t, kMostTables>{3, 5, 8}
                    : std::array{kPixel, 2 * kPixel, 3 * kPixel};

    /// How many pixels start here and can be looked up: 0 between two starts and near the end.
    [[nodiscard]] std::size_t pixels_ahead() const {
        const PixelMatcher& m = matcher_;
        const std::size_t in_row = m.at_ - m.row_start_;
        const std::size_t left = m.bytes_.size() - m.at_;
        if (in_row == 0 || (in_row - 1) % kPixel != 0 || left < kReach) {
            return 0;
        }
        return std::min(
            {kSpanPixels, (m.shape_.row_bytes - in_row) / kPixel, (left - kReach) / kPixel + 1});
    }

    [[nodiscard]] std::uint32_t literals_cost(const std::uint8_t* pixel) const {
        std::uint32_t cost = 0;
        for (std::size_t i = 0; i < kPixel; ++i) {
            cost += costs_.literals[pixel[i]];
        }
        return cost;
    }

    /// Finds the cheapest ways to the next pixels, up to a long match.
    Long find_ways(std::size_t pixels) {
        std::fill_n(ways_.begin(), pixels + kLongBytes / kPixel + 1, kNoWay);
        ways_[0] = 0;
        for (std::size_t i = 0; i < pixels; ++i) {
            const std::size_t at = matcher_.at_ + i * kPixel;
            const Way so_far = ways_[i] & kCostMask;
            improve(ways_[i + 1], so_far + cost_of(literals_cost(matcher_.bytes_.data() + at)));
            if (const std::size_t distance = try_matches(so_far, i, at); distance > 0) {
                return {i, distance};
            }
        }
        return {pixels, 0};
    }

    /// Tries what the tables know. Returns the distance of a long match, to be taken at once, or 0.
    template <std::size_t table = 0>
    std::size_t try_matches(Way so_far, std::size_t i, std::size_t at) {
        const std::size_t distance = try_match<table>(so_far, i, at);
        // Of whole pixels the next table knows the nearer place; of single bytes there are lengths
        // between those of the tables.
        if constexpr (table + 1 == kTables || kPixel == 1) {
            if (distance > 0 && try_longer(so_far, i, at, distance, kLengths[table])) {
                return distance;
            }
        }
        if constexpr (table + 1 < kTables) {
            return try_matches<table + 1>(so_far, i, at);
        } else {
            return 0;
        }
    }

    /// Tries to match as many bytes as a table's hash covers, with the place that had them last.
    /// Returns the distance, 0 if there is none.
    template <std::size_t table>
    std::size_t try_match(Way so_far, std::size_t i, std::size_t at) {
        constexpr std::size_t kLength = kLengths[table];
        const std::uint8_t* here = matcher_.bytes_.data() + at;
        std::uint16_t& place = matcher_.tables_[table][hash_bytes<kLength>(here, kTableBits)];
        // Places are behind, or such as were never met and still 0. So this stays in the bytes.
        const std::size_t distance = (at - place - 1) % kDeflateWindow + 1;
        place = static_cast<std::uint16_t>(at);
        const bool found = difference<kLength>(here - distance, here) == 0;
        improve(ways_[i + kLength / kPixel],
                (so_far + cost_of(costs_.lengths[kLength]) + (kLength << kLengthShift) +
                 cost_of(costs_.distances[distance - 1]) + (distance - 1)) |
                    (found ? 0 : kNoWay));
        return found ? distance : 0;
    }

    /// Tries to match more than `tried` bytes. Returns whether it is a long match, and to be taken.
    bool try_longer(Way so_far, std::size_t i, std::size_t at, std::size_t distance,
                    std::size_t tried) {
        const std::uint8_t* here = matcher_.bytes_.data() + at;
        const std::size_t length =
            common_bytes(here - distance, here, std::min(kLongBytes, left_of(at)));
        if (length == kLongBytes) {
            // A run is cheaper from the next pixel on, at the least distance.
            return distance == kPixel || !is_run(here);
        }
        const Way matched = so_far + cost_of(costs_.distances[distance - 1]) + (distance - 1);
        for (std::size_t more = tried + kPixel; more <= length; more += kPixel) {
            improve(ways_[i + more / kPixel],
                    matched + cost_of(costs_.lengths[more]) + (more << kLengthShift));
        }
        return false;
    }

    [[nodiscard]] std::size_t left_of(std::size_t at) const { return matcher_.bytes_.size() - at; }

    /// Whether a long row of equal pixels starts here.
    static bool is_run(const std::uint8_t* here) {
        return common_bytes(here, here + kPixel, kLongBytes - kPixel) == kLongBytes - kPixel;
    }

    /// The tokens of the cheapest way over `pixels` pixels.
    void put_path(std::size_t pixels) {
        std::size_t steps = 0;
        for (std::size_t i = pixels; i > 0;) {
            path_[steps++] = static_cast<std::uint8_t>(i);
            i -= std::max<std::size_t>(length_of(ways_[i]) / kPixel, 1);
        }
        while (steps > 0) {
            const Way way = ways_[path_[--steps]];
            if (length_of(way) == 0) {
                put_literals(kPixel);
            } else {
                put_match(length_of(way), distance_of(way));
            }
        }
    }

    void put_match(std::size_t length, std::size_t distance) {
        tokens_.push_back(
            {static_cast<std::uint16_t>(length), static_cast<std::uint16_t>(distance)});
        matcher_.at_ += length;
    }

    void put_literals(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            tokens_.push_back({0, matcher_.bytes_[matcher_.at_++]});
        }
    }

    void put_long_match(std::size_t distance) {
        const std::uint8_t* here = matcher_.bytes_.data() + matcher_.at_;
        std::size_t length = common_bytes(here - distance, here, left_of(matcher_.at_));
        while (length >= kShortestMatch) {
            const std::size_t part = std::min(length, kLongestMatch);
            put_match(part, distance);
            length -= part;
        }
        if (left_of(matcher_.at_) >= kReach) {
            for (const std::size_t pixels : {3U, 2U, 1U}) {
                remember(matcher_.tables_, matcher_.bytes_, matcher_.at_ - pixels * kPixel);
            }
        }
    }

    PixelMatcher& matcher_;
    const TokenCosts& costs_;
    std::vector<DeflateToken>& tokens_;
    std::array<Way, kSpanPixels + kLongBytes / kPixel + 1> ways_;
    std::array<std::uint8_t, kSpanPixels> path_;
};

PixelMatcher::PixelMatcher(const RowShape& shape, int tables)
    : shape_(shape), tables_(static_cast<std::size_t>(tables)) {}

template <class Work>
void PixelMatcher::with_constants(Work work) const {
    const auto with_pixel = [&](auto pixel) {
        if (tables_.size() == kMostTables) {
            work(pixel, std::integral_constant<std::size_t, kMostTables>());
        } else {
            work(pixel, std::integral_constant<std::size_t, kMostTables - 1>());
        }
    };
    switch (shape_.channels) {
        case Channels::grey:
            return with_pixel(std::integral_constant<std::size_t, 1>());
        case Channels::rgb:
            return with_pixel(std::integral_constant<std::size_t, 3>());
        case Channels::rgba:
            return with_pixel(std::integral_constant<std::size_t, 4>());
    }
}

template <std::size_t kPixel, std::size_t kTables>
void PixelMatcher::remember_history(std::size_t history) {
    // Rows end where the new bytes start, so their starts are found backwards.
    const std::size_t rows = (history + shape_.row_bytes - 1) / shape_.row_bytes;
    for (std::size_t row = rows; row > 0; --row) {
        const std::size_t before_end = row * shape_.row_bytes;
        const std::size_t cut = before_end > history ? before_end - history : 0;
        const std::size_t skipped_pixels = cut == 0 ? 0 : (cut - 1 + kPixel - 1) / kPixel;
        const std::size_t end = history + shape_.row_bytes - before_end;
        for (std::size_t at = history + 1 + skipped_pixels * kPixel - before_end;
             at < end && at + kReach <= bytes_.size(); at += kPixel) {
            Search<kPixel, kTables>::remember(tables_, bytes_, at);
        }
    }
}

void PixelMatcher::start(std::span<const std::uint8_t> bytes, std::size_t history) {
    for (Table& table : tables_) {
        table.fill(0);
    }
    bytes_ = bytes;
    at_ = history;
    row_start_ = history;
    with_constants([&](auto pixel, auto tables) { remember_history<pixel(), tables()>(history); });
}

void PixelMatcher::next(const TokenCosts& costs, std::size_t count,
                        std::vector<DeflateToken>& tokens) {
    const std::size_t enough = tokens.size() + count;
    with_constants([&](auto pixel, auto tables) {
        Search<pixel(), tables()> search(*this, costs, tokens);
        while (at_ < bytes_.size() && tokens.size() < enough) {
            search.step();
        }
    });
}

}  // namespace editprep::imaging
