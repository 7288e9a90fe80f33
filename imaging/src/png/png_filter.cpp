#include "png_filter.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "simd.hpp"

// PNG: ISO/IEC 15948. Section numbers below are those of the W3C's second edition.
namespace editprep::imaging {
namespace {

/// Section 9.2, in the order of their numbers.
enum Filter : std::uint8_t { kNone, kSub, kUp, kAverage, kPaeth };
using Costs = std::array<std::uint32_t, 5>;

/// |value| of a filtered byte read as a signed one. Sums of it tell how well a filter predicts
/// (section 12.8).
inline std::uint32_t magnitude(std::uint8_t filtered) {
    return std::min<std::uint8_t>(filtered, static_cast<std::uint8_t>(-filtered));
}

inline std::uint8_t average(std::uint8_t left, std::uint8_t up) {
    return static_cast<std::uint8_t>((left + up) >> 1);
}

/// Section 9.4, in differences: the prediction is the neighbour nearest to left + up - corner.
inline std::uint8_t paeth(std::uint8_t left, std::uint8_t up, std::uint8_t corner) {
    const auto from_left = static_cast<std::int16_t>(up - corner);
    const auto from_up = static_cast<std::int16_t>(left - corner);
    const auto sum = static_cast<std::int16_t>(from_left + from_up);
    const auto to_left = static_cast<std::int16_t>(from_left < 0 ? -from_left : from_left);
    const auto to_up = static_cast<std::int16_t>(from_up < 0 ? -from_up : from_up);
    const auto to_corner = static_cast<std::int16_t>(sum < 0 ? -sum : sum);
    const std::uint8_t of_rest = to_up <= to_corner ? up : corner;
    const bool left_is_nearest = (to_left <= to_up) & (to_left <= to_corner);
    return left_is_nearest ? left : of_rest;
}

inline std::uint8_t difference(std::uint8_t value, std::uint8_t prediction) {
    return static_cast<std::uint8_t>(value - prediction);
}

/// What each filter would cost on `count` bytes of a row. `left` and `corner` are `row` and `above`
/// one pixel earlier.
EDITPREP_SIMD_CLONES
Costs filter_costs(const std::uint8_t* row, const std::uint8_t* left, const std::uint8_t* above,
                   const std::uint8_t* corner, std::size_t count) {
    std::uint32_t none = 0;
    std::uint32_t sub = 0;
    std::uint32_t up = 0;
    std::uint32_t mean = 0;
    std::uint32_t nearest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t x = row[i];
        const std::uint8_t a = left[i];
        const std::uint8_t b = above[i];
        const std::uint8_t c = corner[i];
        none += magnitude(x);
        sub += magnitude(difference(x, a));
        up += magnitude(difference(x, b));
        mean += magnitude(difference(x, average(a, b)));
        nearest += magnitude(difference(x, paeth(a, b, c)));
    }
    return {none, sub, up, mean, nearest};
}

EDITPREP_SIMD_CLONES
void subtract(std::uint8_t* __restrict out, const std::uint8_t* row, const std::uint8_t* predicted,
              std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = difference(row[i], predicted[i]);
    }
}

EDITPREP_SIMD_CLONES
void subtract_average(std::uint8_t* __restrict out, const std::uint8_t* row,
                      const std::uint8_t* left, const std::uint8_t* above, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = difference(row[i], average(left[i], above[i]));
    }
}

EDITPREP_SIMD_CLONES
void subtract_paeth(std::uint8_t* __restrict out, const std::uint8_t* row, const std::uint8_t* left,
                    const std::uint8_t* above, const std::uint8_t* corner, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = difference(row[i], paeth(left[i], above[i], corner[i]));
    }
}

Filter least_magnitudes(const FilterRows& rows) {
    // The first pixel has no left neighbour; what it adds is left out, it cannot matter.
    const Costs costs = filter_costs(rows.row + rows.pixel, rows.row, rows.above + rows.pixel,
                                     rows.above, rows.bytes - rows.pixel);
    return static_cast<Filter>(std::min_element(costs.begin(), costs.end()) - costs.begin());
}

/// The first pixel, whose left neighbours count as zero.
void filter_first_pixel(Filter filter, const FilterRows& rows, std::uint8_t* out) {
    for (std::size_t i = 0; i < rows.pixel; ++i) {
        const std::uint8_t above = rows.above[i];
        const bool from_above = filter == kUp || filter == kPaeth;
        const std::uint8_t predicted = from_above           ? above
                                       : filter == kAverage ? average(0, above)
                                                            : std::uint8_t{0};
        out[i] = difference(rows.row[i], predicted);
    }
}

void apply(Filter filter, const FilterRows& rows, std::uint8_t* out) {
    filter_first_pixel(filter, rows, out);
    const std::size_t rest = rows.bytes - rows.pixel;
    const std::uint8_t* row = rows.row + rows.pixel;
    const std::uint8_t* above = rows.above + rows.pixel;
    out += rows.pixel;
    switch (filter) {
        case kNone:
            std::memcpy(out, row, rest);
            break;
        case kSub:
            subtract(out, row, rows.row, rest);
            break;
        case kUp:
            subtract(out, row, above, rest);
            break;
        case kAverage:
            subtract_average(out, row, rows.row, above, rest);
            break;
        case kPaeth:
            subtract_paeth(out, row, rows.row, above, rows.above, rest);
            break;
    }
}

/// From the middle of a row, so many pixels tell how often filtered pixels come again.
constexpr std::size_t kSamplePixels = 1024;
using Sample = std::array<std::uint8_t, kSamplePixels * 4>;

FilterRows sample_of(const FilterRows& rows) {
    const std::size_t pixels = rows.bytes / rows.pixel;
    const std::size_t taken = std::min(pixels, kSamplePixels);
    const std::size_t start = (pixels - taken) / 2 * rows.pixel;
    return {rows.row + start, rows.above + start, taken * rows.pixel, rows.pixel};
}

/// How many filtered pixels did not stand before, nearly: one of the same hash may hide another.
std::size_t count_new_pixels(const FilterRows& sample, Filter filter) {
    constexpr int kHashBits = 12;
    constexpr std::uint32_t kMultiplier = 0x9E37'79B1;  // 2^32 by the golden ratio
    Sample filtered;
    apply(filter, sample, filtered.data());
    std::array<std::uint32_t, std::size_t{1} << kHashBits> seen{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < sample.bytes; i += sample.pixel) {
        std::uint32_t pixel = 0;
        std::memcpy(&pixel, filtered.data() + i, sample.pixel);
        std::uint32_t& last = seen[pixel * kMultiplier >> (32 - kHashBits)];
        count += last == pixel ? 0 : 1;
        last = pixel;
    }
    return count;
}

/// The filter with the least magnitudes is the best if the samples are coded one by one. Where the
/// channels share their grain, whole pixels come again after Up, which treats all channels alike,
/// and not after Paeth; then Up saves much more than it costs.
Filter choose_filter(const FilterRows& rows) {
    const Filter filter = least_magnitudes(rows);
    if (rows.pixel == 1 || filter == kUp) {
        return filter;
    }
    const FilterRows sample = sample_of(rows);
    const bool up_repeats_more =
        10 * count_new_pixels(sample, kUp) < 9 * count_new_pixels(sample, filter);
    return up_repeats_more ? kUp : filter;
}

void filter_row(Filter filter, const FilterRows& rows, std::uint8_t* out) {
    *out = filter;
    apply(filter, rows, out + 1);
}

}  // namespace

void filter_up(const FilterRows& rows, std::uint8_t* out) { filter_row(kUp, rows, out); }

void filter_adaptively(const FilterRows& rows, std::uint8_t* out) {
    filter_row(choose_filter(rows), rows, out);
}

void filter_repeated(std::size_t bytes, std::uint8_t* out) {
    *out = kUp;
    std::memset(out + 1, 0, bytes);
}

}  // namespace editprep::imaging
