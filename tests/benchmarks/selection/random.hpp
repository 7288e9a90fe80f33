#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <string_view>

namespace editprep::benchmarks {

/// The same numbers on every machine for one seed, which the standard library's distributions do
/// not promise. The generator is SplitMix64 (Steele, Lea, Flood: OOPSLA 2014).
class Random {
public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

    [[nodiscard]] std::uint64_t bits() noexcept {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }
    /// In [0, 1).
    [[nodiscard]] double unit() noexcept { return static_cast<double>(bits() >> 11U) * 0x1.0p-53; }
    [[nodiscard]] double uniform(double low, double high) noexcept {
        return low + (high - low) * unit();
    }
    /// Both ends can occur.
    [[nodiscard]] int integer(int low, int high) noexcept {
        return low + static_cast<int>(unit() * (high - low + 1));
    }
    [[nodiscard]] bool chance(double probability) noexcept { return unit() < probability; }
    [[nodiscard]] double sign() noexcept { return chance(0.5) ? 1.0 : -1.0; }
    /// Mean 0, deviation 1 (Box and Muller).
    [[nodiscard]] double normal() noexcept {
        const double radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
        return radius * std::cos(2.0 * std::numbers::pi * unit());
    }
    template <typename Value>
    [[nodiscard]] const Value& pick(std::span<const Value> values) noexcept {
        return values[static_cast<std::size_t>(integer(0, static_cast<int>(values.size()) - 1))];
    }
    template <typename Value, std::size_t count>
    [[nodiscard]] const Value& pick(const Value (&values)[count]) noexcept {
        return pick(std::span<const Value>(values));
    }

private:
    std::uint64_t state_;
};

/// FNV-1a: a seed from a name.
[[nodiscard]] constexpr std::uint64_t seed_of(std::string_view name) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char letter : name) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3U;
    }
    return hash;
}

}  // namespace editprep::benchmarks
