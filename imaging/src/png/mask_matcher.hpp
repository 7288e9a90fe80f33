#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "deflate_token.hpp"

namespace editprep::imaging {

/// Finds the tokens of a mask's rows behind Up. Nearly all bytes are zero, and where an edge moves
/// stands a short curve much like those of the rows before, some pixels to the side. So runs of one
/// byte are passed at once and leave nothing in the tables; of the little that remains, all places
/// in the window that start alike are compared. The last part of a run and what follows are looked
/// up as one.
class MaskMatcher {
public:
    MaskMatcher();

    /// As PixelMatcher::start, but rows may start anywhere.
    void start(std::span<const std::uint8_t> bytes, std::size_t history);
    /// As PixelMatcher::next. What is long enough to be found is cheap in any code.
    void next(const TokenCosts& costs, std::size_t count, std::vector<DeflateToken>& tokens);
    /// How many bytes have their tokens, history included.
    [[nodiscard]] std::size_t position() const noexcept { return at_; }

private:
    struct Match {
        std::size_t length = 0;
        std::size_t distance = 0;
    };

    void step(std::vector<DeflateToken>& tokens);
    void put_run(std::size_t length, std::vector<DeflateToken>& tokens);
    void put_literal(std::vector<DeflateToken>& tokens);
    void put_match(Match match, std::vector<DeflateToken>& tokens);
    /// How often the byte before `at` comes again from there to `end`; 0 if that is nothing
    /// special.
    [[nodiscard]] std::size_t run_length(std::size_t at, std::size_t end) const;
    /// The longest repetition that starts at `at`, among those where the bytes from `key` on were
    /// met before. The nearest of equal ones.
    [[nodiscard]] Match longest_match(std::size_t at, std::size_t key) const;
    void remember_until(std::size_t end);
    [[nodiscard]] std::size_t hash_at(std::size_t at) const;

    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
    /// What starts before is remembered, as far as it is no run.
    std::size_t remembered_ = 0;
    /// By hash: where it was met last; 0: nowhere.
    std::vector<std::uint32_t> last_places_;
    /// By place modulo the window: where its hash was met before.
    std::unique_ptr<std::uint32_t[]> places_before_;
};

}  // namespace editprep::imaging
