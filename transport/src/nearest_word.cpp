#include <algorithm>
#include <cstdint>
#include <vector>

#include "editprep/transport/model_registry.hpp"

namespace editprep::transport {
namespace {

constexpr std::size_t kMaxEdits = 2;
/// Longer ones are no slip of the keys, and the table would grow with their square.
constexpr std::size_t kMaxLength = 200;

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
std::size_t edits_between(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> table((a.size() + 1) * width);
    const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& {
        return table[i * width + j];
    };
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                at(i, j) = i + j;
                continue;
            }
            const std::size_t substitution = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
            at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
            }
        }
    }
    return at(a.size(), b.size());
}

}  // namespace

std::string nearest_word(std::string_view word, std::span<const std::string> candidates) {
    // Two edits turn any short word into any other.
    const std::size_t allowed = word.size() < 4 ? 1 : kMaxEdits;
    std::size_t fewest = allowed + 1;
    std::string nearest;
    for (const std::string& candidate : candidates) {
        const std::size_t difference =
            std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size());
        if (difference >= fewest || word.size() > kMaxLength || candidate.size() > kMaxLength) {
            continue;
        }
        const std::size_t edits = edits_between(word, candidate);
        if (edits < fewest) {
            fewest = edits;
            nearest = candidate;
        }
    }
    return nearest;
}

}  // namespace editprep::transport
