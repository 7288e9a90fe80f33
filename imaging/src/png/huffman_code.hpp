#pragma once

#include <cstdint>
#include <span>

/// Prefix codes as deflate has them (RFC 1951, section 3.2.2).
namespace editprep::imaging {

/// Code lengths, 0 to `limit` bits, with which symbols of these frequencies take the fewest bits; 0
/// for a symbol that does not occur. `limit` must leave room for all of them. By package-merge
/// (Larmore and Hirschberg, 1990).
void find_code_lengths(std::span<const std::uint32_t> frequencies, int limit,
                       std::span<std::uint8_t> lengths);

/// The canonical code of these lengths, each code with its first bit lowest, as it is written.
void assign_codes(std::span<const std::uint8_t> lengths, std::span<std::uint16_t> codes);

}  // namespace editprep::imaging
