#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace editprep::imaging {

/// Appends bits to bytes, the first one lowest (RFC 1951, section 3.1.1).
class BitWriter {
public:
    explicit BitWriter(std::vector<std::byte>& out) : out_(out), end_(out.size()) {}
    BitWriter(const BitWriter&) = delete;
    BitWriter& operator=(const BitWriter&) = delete;
    ~BitWriter() = default;

    /// Makes room for so many bits; to be called before put().
    void reserve(std::size_t bits) { out_.resize(end_ + bits / 8 + 2 * sizeof bits_); }

    /// @param bits the lowest `count` are written, the others are zero
    /// @param count at most 56
    void put(std::uint64_t bits, std::uint32_t count) {
        static_assert(std::endian::native == std::endian::little);
        bits_ |= bits << count_;
        count_ += count;
        std::memcpy(out_.data() + end_, &bits_, sizeof bits_);
        end_ += count_ / 8;
        bits_ >>= count_ & ~7U;
        count_ &= 7;
    }

    /// How many bits are missing to a whole byte.
    [[nodiscard]] std::uint32_t to_whole_byte() const noexcept { return -count_ & 7U; }

    /// Ends with a whole byte, filled up with zeros.
    void finish() { out_.resize(end_ + (count_ > 0 ? 1 : 0)); }

private:
    std::vector<std::byte>& out_;
    std::size_t end_;
    std::uint64_t bits_ = 0;
    std::uint32_t count_ = 0;
};

}  // namespace editprep::imaging
