#pragma once

#include <cstddef>
#include <cstdint>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/pixel_buffer.hpp"

namespace editprep::imaging {

/// A mask of ones (selected) and zeros: pixel x of a row is bit x % 64 of word x / 64. The unused
/// bits of a row's last word are zero.
class BitMask {
public:
    using Word = std::uint64_t;
    static constexpr int kWordBits = 64;

    BitMask() = default;
    /// Nothing is selected. Sides must be positive.
    explicit BitMask(Size size);

    [[nodiscard]] Size size() const noexcept { return size_; }
    [[nodiscard]] int width() const noexcept { return size_.width; }
    [[nodiscard]] int height() const noexcept { return size_.height; }
    [[nodiscard]] std::size_t words_per_row() const noexcept { return words_per_row_; }

    [[nodiscard]] Word* row(int y) noexcept {
        return reinterpret_cast<Word*>(words_.data()) + offset(y);
    }
    [[nodiscard]] const Word* row(int y) const noexcept {
        return reinterpret_cast<const Word*>(words_.data()) + offset(y);
    }
    [[nodiscard]] bool at(int x, int y) const noexcept {
        return (row(y)[x / kWordBits] >> (x % kWordBits) & 1U) != 0;
    }

    /// Ones for the pixels, zeros for the unused bits of a row's last word.
    [[nodiscard]] Word used_bits_of_last_word() const noexcept;

    friend bool operator==(const BitMask& a, const BitMask& b) noexcept;

private:
    [[nodiscard]] std::size_t offset(int y) const noexcept {
        return static_cast<std::size_t>(y) * words_per_row_;
    }

    Size size_;
    std::size_t words_per_row_ = 0;
    PixelBuffer words_;
};

/// Whether two rows of that many words are equal.
[[nodiscard]] bool equal_rows(const BitMask::Word* a, const BitMask::Word* b, std::size_t words);
/// Selects pixels [left, right) of a row.
void select_span(BitMask::Word* row, int left, int right);
/// One byte a pixel: `selected` or `other`.
void expand_row(const BitMask::Word* row, int width, std::uint8_t selected, std::uint8_t other,
                std::uint8_t* out);
/// How many pixels are selected.
[[nodiscard]] std::int64_t count_selected(const BitMask& mask);

}  // namespace editprep::imaging
