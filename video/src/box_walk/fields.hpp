#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "box_walk/unsure.hpp"

namespace editprep::video::box_walk {

using Bytes = std::span<const std::uint8_t>;

/// Reads the fields of a box one after the other, big-endian; Unsure behind the end.
class Fields {
public:
    explicit Fields(Bytes bytes) : rest_(bytes) {}

    [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }

    Bytes bytes(std::size_t count) {
        be_sure(count <= rest_.size());
        const Bytes taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    void skip(std::size_t count) { static_cast<void>(bytes(count)); }

    std::uint8_t u8() { return bytes(1)[0]; }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::int32_t i32() { return static_cast<std::int32_t>(u32()); }
    std::uint64_t u64() { return number(8); }
    /// What FFmpeg, too, takes for a number below zero is nothing to be sure of.
    std::int64_t positive64() {
        const std::uint64_t value = u64();
        be_sure(value <= INT64_MAX);
        return static_cast<std::int64_t>(value);
    }
    /// Of 64 bits in the boxes of version 1, else of 32.
    std::int64_t positive(int version) { return version == 1 ? positive64() : u32(); }

private:
    std::uint64_t number(std::size_t count) {
        std::uint64_t value = 0;
        for (const std::uint8_t byte : bytes(count)) {
            value = value << 8U | byte;
        }
        return value;
    }

    Bytes rest_;
};

}  // namespace editprep::video::box_walk
