#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace editprep::imaging {

/// The first byte in [from, end) that is not zero; `end` when there is none. Zeros are passed
/// eight at a time.
[[nodiscard]] inline std::size_t find_nonzero(const std::uint8_t* bytes, std::size_t from,
                                              std::size_t end) noexcept {
    std::uint64_t eight = 0;
    while (from + sizeof(eight) <= end) {
        std::memcpy(&eight, bytes + from, sizeof(eight));
        if (eight != 0) {
            break;
        }
        from += sizeof(eight);
    }
    while (from < end && bytes[from] == 0) {
        ++from;
    }
    return from;
}

/// One past the last byte in [from, end) that is not zero; `from` when there is none.
[[nodiscard]] inline std::size_t find_nonzero_end(const std::uint8_t* bytes, std::size_t from,
                                                  std::size_t end) noexcept {
    std::uint64_t eight = 0;
    while (from + sizeof(eight) <= end) {
        std::memcpy(&eight, bytes + end - sizeof(eight), sizeof(eight));
        if (eight != 0) {
            break;
        }
        end -= sizeof(eight);
    }
    while (from < end && bytes[end - 1] == 0) {
        --end;
    }
    return end;
}

}  // namespace editprep::imaging
