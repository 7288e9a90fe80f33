#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "box_walk/boxes.hpp"
#include "byte_source.hpp"

namespace editprep::video::box_walk {

/// A box that stands by itself in the file.
struct FileBox {
    BoxType type;
    std::int64_t begin;
    std::int64_t content_begin;
    std::int64_t end;

    [[nodiscard]] std::int64_t content_bytes() const noexcept { return end - content_begin; }
};

/// Reads pieces of a clip, in few calls where they lie close together.
class ClipBytes {
public:
    /// @param source must outlive this
    explicit ClipBytes(ByteSource& source) : source_(source) {}

    [[nodiscard]] std::int64_t size() const noexcept { return source_.size_bytes(); }

    /// Whole boxes only: Unsure when it ends behind the file.
    [[nodiscard]] FileBox box_at(std::int64_t position);
    /// Unsure when it cannot be read whole.
    [[nodiscard]] std::vector<std::uint8_t> read(std::int64_t position, std::int64_t count);

private:
    void read_into(std::int64_t position, std::span<std::uint8_t> buffer);

    ByteSource& source_;
    /// What was read ahead with the last header.
    std::array<std::uint8_t, 1024> window_{};
    std::int64_t window_begin_ = 0;
    std::int64_t window_end_ = 0;
};

}  // namespace editprep::video::box_walk
