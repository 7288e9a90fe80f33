#include "block_reader.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace editprep::imaging {

std::span<const std::byte> BlockReader::take(std::size_t most) {
    if (left_.empty()) {
        const std::size_t count = source_.read_at(offset_, {block_.get(), kBlockBytes});
        left_ = {block_.get(), count};
        offset_ += count;
    }
    const auto taken = left_.first(std::min(most, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
}

bool BlockReader::read(std::span<std::byte> out) {
    while (!out.empty()) {
        const auto taken = take(out.size());
        if (taken.empty()) {
            return false;
        }
        std::memcpy(out.data(), taken.data(), taken.size());
        out = out.subspan(taken.size());
    }
    return true;
}

void BlockReader::skip(std::size_t count) {
    const std::size_t here = std::min(count, left_.size());
    left_ = left_.subspan(here);
    const std::size_t room = std::numeric_limits<std::size_t>::max() - offset_;
    offset_ += std::min(count - here, room);
}

}  // namespace editprep::imaging
