#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deflate_token.hpp"
#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// How filtered rows lie in a PNG's image data: each led by the number of its filter.
struct RowShape {
    /// With the leading byte.
    std::size_t row_bytes;
    Channels channels;
    /// Whether nearly all bytes are zero, as in a mask behind Up.
    bool sparse = false;
};

/// Finds the tokens of filtered rows. Noise leaves few long repetitions in a picture, but pixels
/// whose channels share their grain come again soon, alone and in twos and threes. So the search
/// looks only where pixels start, remembers where the next one, two and three pixels stood last
/// (the nearest place has the cheapest distance) and takes the cheapest way through what it found.
class PixelMatcher {
public:
    /// @param tables of how many pixels at most the last place is remembered, 2 or 3
    PixelMatcher(const RowShape& shape, int tables);

    /// Begins with `bytes`, of which the first `history` are known to the decoder. After them a row
    /// starts. The bytes must live as long as next() is called.
    void start(std::span<const std::uint8_t> bytes, std::size_t history);
    /// Appends tokens for the next bytes, a few more than `count`, or until the bytes end.
    void next(const TokenCosts& costs, std::size_t count, std::vector<DeflateToken>& tokens);
    /// How many bytes have their tokens, history included.
    [[nodiscard]] std::size_t position() const noexcept { return at_; }

private:
    static constexpr std::size_t kMostTables = 3;
    static constexpr int kTableBits = 14;
    /// Where a hash was met last, modulo 2^16. What stands there is always compared.
    using Table = std::array<std::uint16_t, std::size_t{1} << kTableBits>;

    template <std::size_t kPixel, std::size_t kTables>
    class Search;

    /// Calls work(bytes a pixel, tables) with both as constants.
    template <class Work>
    void with_constants(Work work) const;
    template <std::size_t kPixel, std::size_t kTables>
    void remember_history(std::size_t history);

    RowShape shape_;
    std::vector<Table> tables_;
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
    std::size_t row_start_ = 0;
};

}  // namespace editprep::imaging
