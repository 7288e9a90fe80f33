#include "box_walk/clip_bytes.hpp"

#include <algorithm>
#include <cstddef>

namespace editprep::video::box_walk {

FileBox ClipBytes::box_at(std::int64_t position) {
    constexpr std::int64_t kShort = 8;
    constexpr std::int64_t kLong = 16;
    be_sure(position <= size() - kShort);
    const auto header = read(position, std::min(kLong, size() - position));
    Fields fields(header);
    const std::uint32_t size32 = fields.u32();
    const BoxType type = fields.u32();
    const bool is_long = size32 == 1;
    const std::int64_t bytes = is_long ? fields.positive64() : size32;
    // 0 is "to the end of the file".
    be_sure(bytes >= (is_long ? kLong : kShort) && bytes <= size() - position);
    return {type, position, position + (is_long ? kLong : kShort), position + bytes};
}

std::vector<std::uint8_t> ClipBytes::read(std::int64_t position, std::int64_t count) {
    be_sure(position >= 0 && count >= 0 && count <= size() - position);
    std::vector<std::uint8_t> piece(static_cast<std::size_t>(count));
    if (count > static_cast<std::int64_t>(window_.size())) {
        read_into(position, piece);
        return piece;
    }
    if (position < window_begin_ || position + count > window_end_) {
        const auto ahead = std::min(static_cast<std::int64_t>(window_.size()), size() - position);
        window_end_ = window_begin_ = position;
        read_into(position, std::span(window_).first(static_cast<std::size_t>(ahead)));
        window_end_ = position + ahead;
    }
    std::copy_n(window_.begin() + (position - window_begin_), count, piece.begin());
    return piece;
}

void ClipBytes::read_into(std::int64_t position, std::span<std::uint8_t> buffer) {
    while (!buffer.empty()) {
        const int count = source_.read_at(position, buffer);
        be_sure(count > 0);
        position += count;
        buffer = buffer.subspan(static_cast<std::size_t>(count));
    }
}

}  // namespace editprep::video::box_walk
