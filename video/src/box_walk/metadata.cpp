#include "box_walk/metadata.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace editprep::video::box_walk {
namespace {

/// A string of QuickTime's user data: its length, its language, its letters. More of them may
/// follow.
void be_sure_of_string(Bytes content) {
    if (content.size() > 4) {
        be_sure(Fields(content).u16() <= content.size() - 4);
    }
}

/// `data` (Apple's metadata): size, letters, type, language, value.
void be_sure_of_value(const Box& box) {
    constexpr BoxType kCover = four_letters("covr");
    for_each_box(box.content, [&box](const Box& data) {
        be_sure(data.type == four_letters("data") && data.content.size() >= 8);
        be_sure(box.type != kCover ||
                (data.content.size() > 8 && data.content.size() + 8 == box.content.size()));
    });
}

/// Names that the values refer to by number. Among them may be a cover, and the brand, which FFmpeg
/// keeps under its name in the same place.
void be_sure_of_keys(Bytes keys) {
    Fields fields(keys);
    fields.skip(4);
    const std::uint32_t count = fields.u32();
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t size = fields.u32();
        be_sure(size >= 8 && fields.u32() == four_letters("mdta"));
        const Bytes name = fields.bytes(size - 8);
        const std::string_view text(reinterpret_cast<const char*>(name.data()), name.size());
        be_sure(text.find("artwork") == std::string_view::npos &&
                text.find("brand") == std::string_view::npos);
    }
}

void be_sure_of_handler(Bytes hdlr) {
    Fields fields(hdlr);
    fields.skip(8);
    const BoxType handler = fields.u32();
    fields.skip(12);
    be_sure(handler == four_letters("mdir") || handler == four_letters("mdta"));
}

/// `meta`: QuickTime's begins with its boxes, the other with a version.
void be_sure_of_meta(Bytes content) {
    Fields fields(content);
    const bool has_version = fields.u32() == 0;
    const Bytes boxes = has_version ? fields.bytes(fields.left()) : content;
    bool is_first = true;
    for_each_box(boxes, [&is_first](const Box& box) {
        // FFmpeg looks for the handler and goes on from there.
        be_sure(is_first == (box.type == four_letters("hdlr")));
        is_first = false;
        switch (box.type) {
            case four_letters("hdlr"):
                be_sure_of_handler(box.content);
                break;
            case four_letters("keys"):
                be_sure_of_keys(box.content);
                break;
            case four_letters("ilst"):
                for_each_box(box.content, be_sure_of_value);
                break;
            default:
                be_sure(box.type == four_letters("free"));
        }
    });
}

/// Chapters by Nero's rule: a start and a title each.
void be_sure_of_chapters(Bytes chpl) {
    Fields fields(chpl);
    const int version = fields.u8();
    fields.skip(3 + (version > 0 ? 4 : 0));
    for (int left = fields.u8(); left > 0; --left) {
        fields.skip(8);
        fields.skip(fields.u8());
    }
}

void be_sure_of_user_data(const Box& box) {
    constexpr std::uint32_t kCopyrightSign = 0xA9;
    // Titles, dates, and what cameras and other programs write for themselves.
    constexpr std::array kIdle{four_letters("name"), four_letters("titl"), four_letters("date"),
                               four_letters("Xtra"), four_letters("smta"), four_letters("smrd"),
                               four_letters("saut"), four_letters("SDLN"), four_letters("free")};
    if (box.type == four_letters("meta")) {
        be_sure_of_meta(box.content);
    } else if (box.type == four_letters("chpl")) {
        be_sure_of_chapters(box.content);
    } else if (box.type >> 24U == kCopyrightSign) {
        be_sure_of_string(box.content);
    } else {
        be_sure(std::ranges::find(kIdle, box.type) != kIdle.end());
    }
}

/// XMP; FFmpeg looks into some of the others.
void be_sure_of_extension(Bytes uuid) {
    constexpr std::uint64_t kXmp = 0xBE7A'CFCB'97A9'42E8;
    Fields fields(uuid);
    be_sure(fields.u64() == kXmp);
    fields.skip(8);
}

}  // namespace

void be_sure_of_metadata(const Box& box) {
    switch (box.type) {
        case four_letters("udta"):
            for_each_box(box.content, be_sure_of_user_data);
            break;
        case four_letters("meta"):
            be_sure_of_meta(box.content);
            break;
        case four_letters("uuid"):
            be_sure_of_extension(box.content);
            break;
        default:
            be_sure(box.type == four_letters("free") || box.type == four_letters("skip"));
    }
}

}  // namespace editprep::video::box_walk
