#include "huffman_code.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace editprep::imaging {
namespace {

constexpr std::size_t kMaxSymbols = 288;
constexpr std::size_t kMaxLength = 15;

/// Of the items of one level, from the lightest on, which are packages of two lighter ones.
using Packages = std::array<bool, 2 * kMaxSymbols>;

/// Symbols that occur, the rarest first.
std::vector<std::uint16_t> by_frequency(std::span<const std::uint32_t> frequencies) {
    std::vector<std::uint16_t> symbols;
    symbols.reserve(frequencies.size());
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        if (frequencies[i] > 0) {
            symbols.push_back(static_cast<std::uint16_t>(i));
        }
    }
    std::ranges::sort(symbols, [&](std::uint16_t a, std::uint16_t b) {
        return frequencies[a] != frequencies[b] ? frequencies[a] < frequencies[b] : a < b;
    });
    return symbols;
}

/// Merges the symbols' weights with the pairs of the level below, in place of the latter.
void next_level(std::span<const std::uint32_t> leaves, std::vector<std::uint32_t>& items,
                Packages& packages) {
    std::array<std::uint32_t, kMaxSymbols + 1> pairs{};
    const std::size_t pair_count = items.size() / 2;
    for (std::size_t i = 0; i < pair_count; ++i) {
        pairs[i] = items[2 * i] + items[2 * i + 1];
    }
    items.resize(leaves.size() + pair_count);
    std::size_t leaf = 0;
    std::size_t pair = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const bool package =
            leaf == leaves.size() || (pair < pair_count && pairs[pair] < leaves[leaf]);
        items[i] = package ? pairs[pair] : leaves[leaf];
        packages[i] = package;
        pair += package ? 1 : 0;
        leaf += package ? 0 : 1;
    }
}

std::uint16_t reversed(std::uint32_t code, int length) {
    std::uint32_t result = 0;
    for (int i = 0; i < length; ++i) {
        result |= (code >> i & 1U) << (length - 1 - i);
    }
    return static_cast<std::uint16_t>(result);
}

}  // namespace

void find_code_lengths(std::span<const std::uint32_t> frequencies, int limit,
                       std::span<std::uint8_t> lengths) {
    std::ranges::fill(lengths, std::uint8_t{0});
    const std::vector<std::uint16_t> symbols = by_frequency(frequencies);
    if (symbols.size() < 2) {
        for (const std::uint16_t symbol : symbols) {
            lengths[symbol] = 1;
        }
        return;
    }
    std::vector<std::uint32_t> leaves;
    leaves.reserve(symbols.size());
    for (const std::uint16_t symbol : symbols) {
        leaves.push_back(frequencies[symbol]);
    }

    const auto levels = static_cast<std::size_t>(limit);
    std::array<Packages, kMaxLength> packages;
    std::vector<std::uint32_t> items;
    items.reserve(2 * leaves.size());
    for (std::size_t level = 0; level < levels; ++level) {
        next_level(leaves, items, packages[level]);
    }
    // Every item taken from a level lengthens its symbols by a bit; a package takes two below.
    std::size_t taken = 2 * symbols.size() - 2;
    for (std::size_t level = levels; level-- > 0;) {
        const auto first = packages[level].begin();
        const auto packed = static_cast<std::size_t>(
            std::count(first, first + static_cast<std::ptrdiff_t>(taken), true));
        for (std::size_t i = 0; i < taken - packed; ++i) {
            ++lengths[symbols[i]];
        }
        taken = 2 * packed;
    }
}

void assign_codes(std::span<const std::uint8_t> lengths, std::span<std::uint16_t> codes) {
    std::array<std::uint32_t, kMaxLength + 2> next{};
    for (const std::uint8_t length : lengths) {
        next[length + 1U] += length > 0 ? 1 : 0;
    }
    for (std::size_t length = 1; length < next.size(); ++length) {
        next[length] = (next[length] + next[length - 1]) << 1;
    }
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        codes[i] = lengths[i] > 0 ? reversed(next[lengths[i]]++, lengths[i]) : std::uint16_t{0};
    }
}

}  // namespace editprep::imaging
