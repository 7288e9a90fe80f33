#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "box_walk/fields.hpp"

/// The boxes of ISO/IEC 14496-12, section 4.2, and QuickTime's atoms.
namespace editprep::video::box_walk {

/// Four letters, the first in the highest byte.
using BoxType = std::uint32_t;

[[nodiscard]] constexpr BoxType four_letters(const char (&text)[5]) {
    BoxType type = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        type = type << 8U | static_cast<std::uint8_t>(text[i]);
    }
    return type;
}

struct Box {
    BoxType type;
    Bytes content;
};

/// Calls `visit` with each box of a box's content. Less than a header's bytes at the end are
/// QuickTime's mark of it; Unsure when a box does not fit.
template <class Visit>
void for_each_box(Bytes parent, const Visit& visit) {
    constexpr std::size_t kHeader = 8;
    Fields fields(parent);
    while (fields.left() >= kHeader) {
        const std::uint32_t size = fields.u32();
        const BoxType type = fields.u32();
        // Sizes of 64 bits belong to media, and none to the end of the file.
        be_sure(size >= kHeader);
        visit(Box{type, fields.bytes(size - kHeader)});
    }
}

/// Takes the content of a box that must be there once at most.
inline void take_once(Bytes& place, const Box& box) {
    be_sure(place.data() == nullptr);
    place = box.content;
}

}  // namespace editprep::video::box_walk
