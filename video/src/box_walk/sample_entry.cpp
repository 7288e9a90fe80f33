#include "box_walk/sample_entry.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "box_walk/hevc_header.hpp"
#include "clip_timing.hpp"
#include "codec_header.hpp"

namespace editprep::video::box_walk {
namespace {

constexpr int kUnspecifiedTransfer = 2;

Box only_entry(Bytes stsd) {
    Fields fields(stsd);
    // Version 0, no flags; one entry.
    be_sure(fields.u32() == 0 && fields.u32() == 1);
    std::optional<Box> entry;
    for_each_box(fields.bytes(fields.left()), [&entry](const Box& box) {
        be_sure(!entry);
        entry = box;
    });
    be_sure(entry.has_value());
    return *entry;
}

// --- Pictures ----------------------------------------------------------------------------------

/// FFmpeg's names of profiles, which go on being its own where this table ends.
std::string h264_profile_name(int profile) {
    constexpr std::array<std::pair<int, std::string_view>, 8> kNames{
        {{66, "Baseline"},
         {66 | kConstrainedBaseline, "Constrained Baseline"},
         {77, "Main"},
         {88, "Extended"},
         {100, "High"},
         {110, "High 10"},
         {122, "High 4:2:2"},
         {244, "High 4:4:4 Predictive"}}};
    const auto found = std::ranges::find(kNames, profile, &decltype(kNames)::value_type::first);
    be_sure(found != kNames.end());
    return std::string(found->second);
}

/// Numbered from `first` on.
template <std::size_t count>
std::string numbered_name(const std::array<std::string_view, count>& names, int first, int number) {
    be_sure(number >= first && number - first < static_cast<int>(count));
    return std::string(names[static_cast<std::size_t>(number - first)]);
}

/// The boxes of a picture's entry that say something.
struct PictureBoxes {
    Bytes codec_header{};
    std::optional<PixelAspect> pixel_aspect{};
    int transfer = kUnspecifiedTransfer;
};

void take_colour(Fields fields, PictureBoxes& boxes) {
    constexpr int kLastKnown = 18;
    const BoxType type = fields.u32();
    if (type == four_letters("nclx") || type == four_letters("nclc")) {
        fields.skip(2);
        const int transfer = fields.u16();
        fields.skip(2);
        boxes.transfer = transfer <= kLastKnown ? transfer : kUnspecifiedTransfer;
    } else {
        be_sure(type == four_letters("prof") && fields.left() > 0);
    }
}

void take_aspect(Fields fields, PictureBoxes& boxes) {
    constexpr int kLargest = 32767;
    const std::uint32_t across = fields.u32();
    const std::uint32_t down = fields.u32();
    const auto aspect = exact_rate(across, down);
    // Beyond that FFmpeg takes the nearest that fits.
    be_sure(aspect && aspect->numerator <= kLargest && aspect->denominator <= kLargest);
    boxes.pixel_aspect = PixelAspect{aspect->numerator, aspect->denominator};
}

/// `vpcC` (VP Codec ISO Media File Format Binding, version 1.0).
void take_vp9_header(Fields fields, PictureBoxes& boxes) {
    constexpr int kLastKnown = 18;
    be_sure(fields.u8() == 1);
    fields.skip(7);
    const int transfer = fields.u8();
    fields.skip(1);
    be_sure(fields.u16() == 0);
    boxes.transfer = transfer <= kLastKnown ? transfer : kUnspecifiedTransfer;
}

void take_picture_box(const Box& box, PictureBoxes& boxes) {
    switch (box.type) {
        case four_letters("avcC"):
        case four_letters("hvcC"):
        case four_letters("av1C"):
            take_once(boxes.codec_header, box);
            be_sure(box.content.size() > 4);
            break;
        case four_letters("vpcC"):
            take_vp9_header(Fields(box.content), boxes);
            break;
        case four_letters("colr"):
            take_colour(Fields(box.content), boxes);
            break;
        case four_letters("pasp"):
            take_aspect(Fields(box.content), boxes);
            break;
        case four_letters("fiel"):
            be_sure(box.content.size() >= 2);
            break;
        case four_letters("dvcC"):
        case four_letters("dvvC"):
            be_sure(box.content.size() >= 24);
            break;
        default:
            // Of bit rates, crops, gamma and cameras.
            constexpr std::array kIdle{four_letters("btrt"), four_letters("clap"),
                                       four_letters("gama"), four_letters("hvcE"),
                                       four_letters("amve")};
            be_sure(std::ranges::find(kIdle, box.type) != kIdle.end());
    }
}

void describe_hevc(const PictureBoxes& boxes, PictureEntry& entry) {
    constexpr std::array<std::string_view, 4> kProfiles{"Main", "Main 10", "Main Still Picture",
                                                        "Rext"};
    const HevcFacts facts = read_hevc_header(boxes.codec_header);
    entry.profile = numbered_name(kProfiles, 1, facts.profile);
    entry.bit_depth = facts.bit_depth;
    entry.pixel_aspect = facts.pixel_aspect;
    const bool container_tells = boxes.transfer != kUnspecifiedTransfer;
    const bool codec_tells = facts.transfer <= 18;
    entry.dynamic_range = dynamic_range_of(container_tells ? boxes.transfer
                                           : codec_tells   ? facts.transfer
                                                           : kUnspecifiedTransfer,
                                           entry.bit_depth);
}

void describe_h264(const PictureBoxes& boxes, PictureEntry& entry) {
    const auto profile = h264_profile(boxes.codec_header);
    be_sure(profile.has_value());
    entry.profile = h264_profile_name(*profile);
    entry.bit_depth = h264_bit_depth(boxes.codec_header);
}

void describe_av1(const PictureBoxes& boxes, PictureEntry& entry) {
    constexpr std::array<std::string_view, 3> kProfiles{"Main", "High", "Professional"};
    const auto profile = av1_profile(boxes.codec_header);
    be_sure(profile.has_value());
    entry.profile = numbered_name(kProfiles, 0, *profile);
    entry.bit_depth = av1_bit_depth(boxes.codec_header);
}

void describe_prores(BoxType letters, PictureEntry& entry) {
    constexpr std::array<std::string_view, 6> kProfiles{"Proxy", "LT",   "Standard",
                                                        "HQ",    "4444", "XQ"};
    const auto profile = prores_profile(letters);
    be_sure(profile.has_value());
    entry.profile = numbered_name(kProfiles, 0, *profile);
    entry.bit_depth = prores_bit_depth(*profile);
}

void describe_codec(BoxType letters, const PictureBoxes& boxes, PictureEntry& entry) {
    switch (letters) {
        case four_letters("avc1"):
        case four_letters("avc3"):
            entry.codec = "h264";
            describe_h264(boxes, entry);
            break;
        case four_letters("hvc1"):
        case four_letters("hev1"):
            entry.codec = "hevc";
            describe_hevc(boxes, entry);
            return;
        case four_letters("av01"):
            entry.codec = "av1";
            describe_av1(boxes, entry);
            break;
        case four_letters("vp09"):
            entry.codec = "vp9";
            break;
        case four_letters("jpeg"):
            entry.codec = "mjpeg";
            break;
        default:
            entry.codec = "prores";
            describe_prores(letters, entry);
    }
    entry.dynamic_range = dynamic_range_of(boxes.transfer, entry.bit_depth);
}

// --- Sound -------------------------------------------------------------------------------------

/// A descriptor of ISO/IEC 14496-1, section 8.3.3: its tag, its length in groups of seven bits.
Bytes descriptor(Fields& fields, int tag) {
    be_sure(fields.u8() == tag);
    std::size_t length = 0;
    std::uint8_t group = 0x80;
    for (int i = 0; i < 4 && (group & 0x80U) != 0; ++i) {
        group = fields.u8();
        length = length << 7U | (group & 0x7FU);
    }
    return fields.bytes(length);
}

/// AudioSpecificConfig (ISO/IEC 14496-3, section 1.6.2.1) of AAC LC with a common rate and up to
/// seven channels.
void be_sure_of_aac(Fields fields) {
    constexpr unsigned kLowComplexity = 2;
    const unsigned config = fields.u16();
    const unsigned rate = config >> 7U & 0xFU;
    const unsigned channels = config >> 3U & 0xFU;
    be_sure(config >> 11U == kLowComplexity && rate <= 12 && channels >= 1 && channels <= 7);
}

std::string codec_of_descriptor(Bytes esds) {
    constexpr int kElementaryStream = 3;
    constexpr int kDecoder = 4;
    constexpr int kDecoderHeader = 5;
    Fields box(esds);
    box.skip(4);
    Fields stream(descriptor(box, kElementaryStream));
    stream.skip(2);
    be_sure(stream.u8() == 0);  // depends on no other stream
    Fields decoder(descriptor(stream, kDecoder));
    const int object = decoder.u8();
    decoder.skip(12);
    constexpr int kMpeg2Mp3 = 0x69;
    constexpr int kMpeg1Mp3 = 0x6B;
    if (object == kMpeg2Mp3 || object == kMpeg1Mp3) {
        return "mp3";
    }
    constexpr int kMpeg4Audio = 0x40;
    be_sure(object == kMpeg4Audio);
    be_sure_of_aac(Fields(descriptor(decoder, kDecoderHeader)));
    return "aac";
}

/// Finds `esds`, which QuickTime puts into a `wave`.
void take_mp4_audio_box(const Box& box, Bytes& esds) {
    switch (box.type) {
        case four_letters("esds"):
            take_once(esds, box);
            break;
        case four_letters("wave"):
            be_sure(box.content.size() > 8);
            for_each_box(box.content, [&esds](const Box& inner) {
                // The format again, an empty entry and an end mark.
                if (inner.type == four_letters("esds")) {
                    take_once(esds, inner);
                } else {
                    be_sure(inner.type == 0 || inner.type == four_letters("mp4a") ||
                            inner.type == four_letters("frma"));
                }
            });
            break;
        default:
            be_sure(box.type == four_letters("btrt") || box.type == four_letters("chan"));
    }
}

std::string mp4_audio_codec(Bytes boxes) {
    Bytes esds;
    for_each_box(boxes, [&esds](const Box& box) { take_mp4_audio_box(box, esds); });
    be_sure(!esds.empty());
    return codec_of_descriptor(esds);
}

/// `dOps` (Encapsulation of Opus in ISOBMFF, 4.3.2).
void be_sure_of_opus(Bytes boxes) {
    int headers = 0;
    for_each_box(boxes, [&headers](const Box& box) {
        if (box.type == four_letters("dOps")) {
            be_sure(++headers == 1 && box.content.size() >= 11 && box.content[0] == 0);
        } else {
            be_sure(box.type == four_letters("btrt"));
        }
    });
}

/// Of Dolby Digital (ETSI TS 102 366, annex F): one box, as long as FFmpeg reads it.
void be_sure_of_dolby(Bytes boxes, BoxType type, std::size_t least_bytes) {
    int headers = 0;
    for_each_box(boxes, [&](const Box& box) {
        if (box.type == type) {
            be_sure(++headers == 1 && box.content.size() >= least_bytes);
        } else {
            be_sure(box.type == four_letters("btrt"));
        }
    });
}

/// Uncompressed sound, big-endian (`twos`) or little-endian (`sowt`).
SoundEntry pcm_entry(BoxType letters, int bits, int channels) {
    be_sure((bits == 16 || bits == 24 || bits == 32) && channels > 0);
    const char* const order = letters == four_letters("twos") ? "be" : "le";
    return {"pcm_s" + std::to_string(bits) + order, std::int64_t{bits / 8} * channels};
}

}  // namespace

PictureEntry read_picture_entry(Bytes stsd) {
    const Box box = only_entry(stsd);
    Fields fields(box.content);
    // Reserved, the data reference, and what QuickTime says of its own.
    fields.skip(6 + 2 + 16);
    PictureEntry entry;
    entry.coded_size = {fields.u16(), fields.u16()};
    be_sure(entry.coded_size.width > 0 && entry.coded_size.height > 0);
    fields.skip(4 + 4 + 4 + 2 + 32);
    const int colours = fields.u16();
    // Others have a palette.
    be_sure(colours == 24 || colours == 32);
    fields.skip(2);
    PictureBoxes boxes;
    for_each_box(fields.bytes(fields.left()),
                 [&boxes](const Box& inner) { take_picture_box(inner, boxes); });
    describe_codec(box.type, boxes, entry);
    if (boxes.pixel_aspect) {
        entry.pixel_aspect = boxes.pixel_aspect;
        entry.container_states_aspect = true;
    }
    return entry;
}

SoundEntry read_sound_entry(Bytes stsd) {
    const Box box = only_entry(stsd);
    Fields fields(box.content);
    fields.skip(6 + 2);
    const int version = fields.u16();
    fields.skip(2 + 4);
    const int channels = fields.u16();
    const int bits = fields.u16();
    fields.skip(2 + 2 + 4);
    // QuickTime's version 1 adds what FFmpeg needs of old codecs alone.
    be_sure(version <= 1);
    fields.skip(version == 1 ? 16 : 0);
    const Bytes boxes = fields.bytes(fields.left());
    switch (box.type) {
        case four_letters("mp4a"):
            return {mp4_audio_codec(boxes)};
        case four_letters("Opus"):
            be_sure_of_opus(boxes);
            return {"opus"};
        case four_letters("ac-3"):
            be_sure_of_dolby(boxes, four_letters("dac3"), 3);
            return {"ac3"};
        case four_letters("ec-3"):
            be_sure_of_dolby(boxes, four_letters("dec3"), 5);
            return {"eac3"};
        case four_letters("sowt"):
        case four_letters("twos"):
            for_each_box(boxes, [](const Box& inner) {
                be_sure(inner.type == four_letters("chan") || inner.type == four_letters("btrt"));
            });
            return pcm_entry(box.type, bits, channels);
        default:
            throw Unsure{};
    }
}

void be_sure_of_other_entry(Bytes stsd) {
    // Timed metadata, timecode and texts.
    constexpr std::array kKnown{four_letters("mebx"), four_letters("tmcd"), four_letters("text"),
                                four_letters("tx3g")};
    be_sure(std::ranges::find(kKnown, only_entry(stsd).type) != kKnown.end());
}

}  // namespace editprep::video::box_walk
