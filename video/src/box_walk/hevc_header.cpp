#include "box_walk/hevc_header.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "box_walk/bits.hpp"

namespace editprep::video::box_walk {
namespace {

constexpr int kVideoParameterSet = 32;
constexpr int kSequenceParameterSet = 33;
constexpr int kPictureParameterSet = 34;
constexpr int kPrefixInformation = 39;
constexpr std::uint32_t kMostLayers = 7;
constexpr std::uint32_t kMostPictures = 16;

/// Without the bytes that keep start codes from appearing (7.4.2).
std::vector<std::uint8_t> unescaped(Bytes unit) {
    std::vector<std::uint8_t> plain;
    plain.reserve(unit.size());
    int zeros = 0;
    for (const std::uint8_t byte : unit) {
        const bool escapes = zeros >= 2 && byte == 3;
        // What would be a start code ends the unit for FFmpeg.
        be_sure(zeros < 2 || byte >= 3);
        if (!escapes) {
            plain.push_back(byte);
        }
        zeros = byte == 0 ? zeros + 1 : 0;
    }
    return plain;
}

/// profile_tier_level (7.3.3); returns the profile.
int read_profile(Bits& bits, std::uint32_t layers) {
    bits.skip(3);
    const auto profile = static_cast<int>(bits.number(5));
    // 0 leaves it to the compatibility flags.
    be_sure(profile > 0);
    bits.skip(32 + 4 + 43 + 1 + 8);
    std::array<bool, kMostLayers> has_profile{};
    std::array<bool, kMostLayers> has_level{};
    for (std::uint32_t i = 0; i + 1 < layers; ++i) {
        has_profile[i] = bits.flag();
        has_level[i] = bits.flag();
    }
    bits.skip(layers > 1 ? 2 * (9 - layers) : 0);
    for (std::uint32_t i = 0; i + 1 < layers; ++i) {
        bits.skip((has_profile[i] ? 88U : 0U) + (has_level[i] ? 8U : 0U));
    }
    return profile;
}

/// How many pictures wait, by layer.
void read_waiting_pictures(Bits& bits, std::uint32_t layers) {
    const std::uint32_t told = bits.flag() ? layers : 1;
    for (std::uint32_t i = 0; i < told; ++i) {
        const std::uint32_t waiting = bits.exp_golomb(kMostPictures - 1);
        static_cast<void>(bits.exp_golomb(waiting));
        static_cast<void>(bits.exp_golomb(1U << 29));
    }
}

/// video_parameter_set_rbsp (7.3.2.1): FFmpeg takes no sequence whose video parameters are broken.
std::uint32_t read_video_parameters(Bits bits) {
    const std::uint32_t id = bits.number(4);
    be_sure(bits.number(2) == 3 && bits.number(6) == 0);
    const std::uint32_t layers = bits.number(3) + 1;
    bits.skip(1);
    be_sure(layers <= kMostLayers && bits.number(16) == 0xFFFF);
    static_cast<void>(read_profile(bits, layers));
    read_waiting_pictures(bits, layers);
    be_sure(bits.number(6) == 0 && bits.exp_golomb(0) == 0);
    if (bits.flag()) {
        bits.skip(64);
        if (bits.flag()) {
            static_cast<void>(bits.exp_golomb(1U << 29));
        }
        be_sure(bits.exp_golomb(0) == 0);
    }
    be_sure(!bits.flag() && bits.left() == 0);  // no extensions
    return id;
}

/// st_ref_pic_set (7.3.7) of index `i`; returns how many pictures it has.
std::uint32_t read_reference_set(Bits& bits, std::uint32_t i, std::uint32_t pictures_before) {
    if (i > 0 && bits.flag()) {
        bits.skip(1);
        static_cast<void>(bits.exp_golomb(32767));
        std::uint32_t pictures = 0;
        for (std::uint32_t j = 0; j <= pictures_before; ++j) {
            const bool used = bits.flag();
            pictures += used || bits.flag() ? 1U : 0U;
        }
        be_sure(pictures <= kMostPictures);
        return pictures;
    }
    const std::uint32_t earlier = bits.exp_golomb(kMostPictures - 1);
    const std::uint32_t later = bits.exp_golomb(kMostPictures - 1);
    for (std::uint32_t j = 0; j < earlier + later; ++j) {
        static_cast<void>(bits.exp_golomb(32767));
        bits.skip(1);
    }
    be_sure(earlier + later <= kMostPictures);
    return earlier + later;
}

void read_references(Bits& bits, int order_bits) {
    const std::uint32_t sets = bits.exp_golomb(64);
    std::uint32_t pictures = 0;
    for (std::uint32_t i = 0; i < sets; ++i) {
        pictures = read_reference_set(bits, i, pictures);
    }
    if (bits.flag()) {
        const std::uint32_t long_term = bits.exp_golomb(32);
        bits.skip(long_term * (static_cast<std::size_t>(order_bits) + 1));
    }
}

std::optional<PixelAspect> read_pixel_aspect(Bits& bits) {
    // Table E.1.
    constexpr std::array<PixelAspect, 17> kKnown{{{0, 1},
                                                  {1, 1},
                                                  {12, 11},
                                                  {10, 11},
                                                  {16, 11},
                                                  {40, 33},
                                                  {24, 11},
                                                  {20, 11},
                                                  {32, 11},
                                                  {80, 33},
                                                  {18, 11},
                                                  {15, 11},
                                                  {64, 33},
                                                  {160, 99},
                                                  {4, 3},
                                                  {3, 2},
                                                  {2, 1}}};
    const std::uint32_t index = bits.number(8);
    // 255 is a ratio of its own, which FFmpeg reduces.
    be_sure(index < kKnown.size());
    return index > 0 ? std::optional(kKnown[index]) : std::nullopt;
}

/// vui_parameters (E.2.1).
void read_usability(Bits& bits, HevcFacts& facts) {
    if (bits.flag()) {
        facts.pixel_aspect = read_pixel_aspect(bits);
    }
    if (bits.flag()) {
        bits.skip(1);
    }
    if (bits.flag()) {
        bits.skip(4);
        if (bits.flag()) {
            bits.skip(8);
            facts.transfer = static_cast<int>(bits.number(8));
            bits.skip(8);
        }
    }
    if (bits.flag()) {
        static_cast<void>(bits.exp_golomb(5));
        static_cast<void>(bits.exp_golomb(5));
    }
    bits.skip(3);
    // A window for display: FFmpeg has doubts whether it is one.
    be_sure(!bits.flag());
    if (bits.flag()) {
        be_sure(bits.left() >= 66);
        bits.skip(64);
        if (bits.flag()) {
            static_cast<void>(bits.exp_golomb(1U << 29));
        }
        be_sure(!bits.flag());
    }
    if (bits.flag()) {
        be_sure(bits.left() >= 8);
        bits.skip(3);
        for (int i = 0; i < 5; ++i) {
            static_cast<void>(bits.exp_golomb(1U << 29));
        }
    }
}

/// The sizes of blocks, as FFmpeg wants them to be.
void read_block_sizes(Bits& bits, std::uint32_t width, std::uint32_t height) {
    const std::uint32_t smallest = bits.exp_golomb(3) + 3;
    const std::uint32_t largest = smallest + bits.exp_golomb(3);
    const std::uint32_t smallest_transform = bits.exp_golomb(3) + 2;
    const std::uint32_t largest_transform = smallest_transform + bits.exp_golomb(3);
    be_sure(largest >= 4 && largest <= 6 && smallest_transform < smallest &&
            largest_transform <= std::min(largest, 5U));
    be_sure(width % (1U << smallest) == 0 && height % (1U << smallest) == 0);
    static_cast<void>(bits.exp_golomb(largest - smallest_transform));
    static_cast<void>(bits.exp_golomb(largest - smallest_transform));
}

void read_tools(Bits& bits, int bit_depth) {
    if (bits.flag()) {
        be_sure(!bits.flag());  // scaling lists of its own
    }
    bits.skip(2);
    if (bits.flag()) {
        const std::uint32_t luma = bits.number(4) + 1;
        const std::uint32_t chroma = bits.number(4) + 1;
        be_sure(std::max(luma, chroma) <= static_cast<std::uint32_t>(bit_depth));
        static_cast<void>(bits.exp_golomb(2));
        static_cast<void>(bits.exp_golomb(2));
        bits.skip(1);
    }
}

/// seq_parameter_set_rbsp (7.3.2.2).
HevcFacts read_sequence_parameters(Bits bits, std::uint32_t video_parameters) {
    constexpr std::uint32_t kMostPixelsASide = 8192;
    be_sure(bits.number(4) == video_parameters);
    const std::uint32_t layers = bits.number(3) + 1;
    be_sure(layers <= kMostLayers);
    bits.skip(1);
    HevcFacts facts;
    facts.profile = read_profile(bits, layers);
    static_cast<void>(bits.exp_golomb(15));
    const std::uint32_t chroma = bits.exp_golomb(3);
    be_sure(chroma != 3 || !bits.flag());
    const std::uint32_t width = bits.exp_golomb(kMostPixelsASide);
    const std::uint32_t height = bits.exp_golomb(kMostPixelsASide);
    be_sure(width > 0 && height > 0);
    if (bits.flag()) {
        for (int side = 0; side < 4; ++side) {
            static_cast<void>(bits.exp_golomb(kMostPixelsASide));
        }
    }
    facts.bit_depth = static_cast<int>(bits.exp_golomb(4)) + 8;
    be_sure(facts.bit_depth != 11 && static_cast<int>(bits.exp_golomb(4)) + 8 == facts.bit_depth);
    const auto order_bits = static_cast<int>(bits.exp_golomb(12)) + 4;
    read_waiting_pictures(bits, layers);
    read_block_sizes(bits, width, height);
    read_tools(bits, facts.bit_depth);
    read_references(bits, order_bits);
    bits.skip(2);
    if (bits.flag()) {
        read_usability(bits, facts);
    }
    be_sure(!bits.flag() && bits.left() == 0);  // no extensions
    return facts;
}

/// Supplemental information may replace the transfer; what an encoder says of itself does not.
void be_sure_of_information(Bytes unit) {
    constexpr std::uint32_t kUnregistered = 5;
    constexpr std::uint32_t kGoesOn = 255;
    Bits bits(unescaped(unit));
    be_sure(bits.number(8) == kUnregistered);
    std::size_t size = 0;
    std::uint32_t part = kGoesOn;
    while (part == kGoesOn) {
        part = bits.number(8);
        size += part;
    }
    bits.skip(8 * size);
    be_sure(bits.left() == 0);
}

}  // namespace

HevcFacts read_hevc_header(Bytes record) {
    Fields fields(record);
    be_sure(fields.u8() == 1);
    fields.skip(21);
    std::optional<std::uint32_t> video_parameters;
    std::optional<HevcFacts> facts;
    for (int arrays = fields.u8(); arrays > 0; --arrays) {
        fields.skip(1);
        for (int units = fields.u16(); units > 0; --units) {
            const Bytes unit = fields.bytes(fields.u16());
            be_sure(unit.size() > 2);
            const int type = unit[0] >> 1U & 0x3F;
            // Of the base layer.
            be_sure((unit[0] & 0x81U) == 0 && unit[1] >> 3U == 0 && (unit[1] & 7U) > 0);
            if (type == kVideoParameterSet) {
                be_sure(!video_parameters);
                video_parameters = read_video_parameters(Bits(unescaped(unit.subspan(2))));
            } else if (type == kSequenceParameterSet) {
                be_sure(video_parameters && !facts);
                facts =
                    read_sequence_parameters(Bits(unescaped(unit.subspan(2))), *video_parameters);
            } else if (type == kPrefixInformation) {
                be_sure_of_information(unit.subspan(2));
            } else {
                be_sure(type == kPictureParameterSet);
            }
        }
    }
    be_sure(facts.has_value());
    return *facts;
}

}  // namespace editprep::video::box_walk
