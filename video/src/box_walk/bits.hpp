#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "box_walk/unsure.hpp"

namespace editprep::video::box_walk {

/// The bits of a parameter set (ITU-T H.265, section 9.2); Unsure behind the end.
class Bits {
public:
    /// @param bytes with the bit behind the last one set, and none after that
    explicit Bits(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {
        while (!bytes_.empty() && bytes_.back() == 0) {
            bytes_.pop_back();
        }
        be_sure(!bytes_.empty());
        end_ = 8 * bytes_.size() - 1 - static_cast<std::size_t>(std::countr_zero(bytes_.back()));
    }

    [[nodiscard]] std::size_t left() const noexcept { return end_ - position_; }

    std::uint32_t number(int count) {
        be_sure(static_cast<std::size_t>(count) <= left());
        std::uint32_t value = 0;
        for (; count > 0; --count, ++position_) {
            value = value << 1U | (bytes_[position_ / 8] >> (7U - position_ % 8) & 1U);
        }
        return value;
    }
    bool flag() { return number(1) != 0; }
    void skip(std::size_t count) {
        be_sure(count <= left());
        position_ += count;
    }
    /// ue(v), up to `most`.
    std::uint32_t exp_golomb(std::uint32_t most) {
        int zeros = 0;
        while (!flag()) {
            be_sure(++zeros < 31);
        }
        const std::uint32_t value = (1U << static_cast<unsigned>(zeros)) - 1 + number(zeros);
        be_sure(value <= most);
        return value;
    }

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t position_ = 0;
    std::size_t end_ = 0;
};

}  // namespace editprep::video::box_walk
