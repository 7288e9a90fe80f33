#include "codec_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <libavutil/pixdesc.h>
}

namespace editprep::video {
namespace {

struct FreeParameters {
    void operator()(AVCodecParameters* parameters) const noexcept {
        avcodec_parameters_free(&parameters);
    }
};
using Parameters = std::unique_ptr<AVCodecParameters, FreeParameters>;

struct FreeDecoder {
    void operator()(AVCodecContext* decoder) const noexcept { avcodec_free_context(&decoder); }
};
using Decoder = std::unique_ptr<AVCodecContext, FreeDecoder>;

std::span<const std::uint8_t> header_of(const AVCodecParameters& parameters) {
    return parameters.extradata_size > 0
               ? std::span(parameters.extradata,
                           static_cast<std::size_t>(parameters.extradata_size))
               : std::span<const std::uint8_t>();
}

/// FFmpeg's decoder of HEVC reads the sequence header when it is opened, the others with the first
/// frame. Null when it cannot.
Parameters as_decoder_reads(const AVCodecParameters& parameters) {
    const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
    const Decoder decoder(codec != nullptr ? avcodec_alloc_context3(codec) : nullptr);
    if (decoder == nullptr || avcodec_parameters_to_context(decoder.get(), &parameters) < 0) {
        return nullptr;
    }
    decoder->thread_count = 1;
    Parameters read(avcodec_parameters_alloc());
    const bool done = read != nullptr && avcodec_open2(decoder.get(), codec, nullptr) >= 0 &&
                      avcodec_parameters_from_context(read.get(), decoder.get()) >= 0;
    return done ? std::move(read) : nullptr;
}

/// AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1): version, profile, constraint flags.
std::optional<int> h264_profile(std::span<const std::uint8_t> header) {
    if (header.size() < 4 || header[0] != 1) {
        return std::nullopt;
    }
    const int profile = header[1];
    const bool constraint_set1 = (header[2] & 0x40) != 0;
    const bool constraint_set3 = (header[2] & 0x10) != 0;
    if (profile == FF_PROFILE_H264_BASELINE && constraint_set1) {
        return FF_PROFILE_H264_CONSTRAINED_BASELINE;
    }
    const bool has_intra_form = profile == FF_PROFILE_H264_HIGH_10 ||
                                profile == FF_PROFILE_H264_HIGH_422 ||
                                profile == FF_PROFILE_H264_HIGH_444_PREDICTIVE;
    return has_intra_form && constraint_set3 ? profile | FF_PROFILE_H264_INTRA : profile;
}

/// The record's end, behind its parameter sets, which writers may leave out.
std::optional<int> h264_written_bit_depth(std::span<const std::uint8_t> header) {
    std::size_t position = 5;
    for (const std::uint8_t count_mask : {std::uint8_t{0x1F}, std::uint8_t{0xFF}}) {
        if (position >= header.size()) {
            return std::nullopt;
        }
        for (int left = header[position++] & count_mask; left > 0; --left) {
            if (position + 2 > header.size()) {
                return std::nullopt;
            }
            const std::size_t length =
                static_cast<std::size_t>(header[position]) << 8U | header[position + 1];
            position += 2 + length;
        }
    }
    // Chroma format, then the depth of luma above 8 in the low three bits.
    return position + 1 < header.size() ? std::optional(8 + (header[position + 1] & 7))
                                        : std::nullopt;
}

std::optional<int> h264_bit_depth(std::span<const std::uint8_t> header) {
    const auto profile = h264_profile(header);
    if (!profile) {
        return std::nullopt;
    }
    switch (*profile & 0xFF) {
        case FF_PROFILE_H264_BASELINE:
        case FF_PROFILE_H264_MAIN:
        case FF_PROFILE_H264_EXTENDED:
        case FF_PROFILE_H264_HIGH:
            return 8;
        default:
            return h264_written_bit_depth(header);
    }
}

/// AV1CodecConfigurationRecord (AV1 in ISOBMFF, 2.3.3): marker and version, profile and level,
/// tier and depth.
bool is_av1_record(std::span<const std::uint8_t> header) {
    return header.size() >= 4 && header[0] == 0x81;
}

int av1_bit_depth(std::span<const std::uint8_t> header) {
    const bool high = (header[2] & 0x40) != 0;
    const bool twelve = (header[2] & 0x20) != 0;
    return !high ? 8 : twelve ? 12 : 10;
}

/// By the four letters of its sample entry.
std::optional<int> prores_profile(std::uint32_t tag) {
    switch (tag) {
        case MKTAG('a', 'p', 'c', 'o'):
            return FF_PROFILE_PRORES_PROXY;
        case MKTAG('a', 'p', 'c', 's'):
            return FF_PROFILE_PRORES_LT;
        case MKTAG('a', 'p', 'c', 'n'):
            return FF_PROFILE_PRORES_STANDARD;
        case MKTAG('a', 'p', 'c', 'h'):
            return FF_PROFILE_PRORES_HQ;
        case MKTAG('a', 'p', '4', 'h'):
            return FF_PROFILE_PRORES_4444;
        case MKTAG('a', 'p', '4', 'x'):
            return FF_PROFILE_PRORES_XQ;
        default:
            return std::nullopt;
    }
}

std::optional<int> profile_of(const AVCodecParameters& parameters) {
    if (parameters.profile != FF_PROFILE_UNKNOWN) {
        return parameters.profile;
    }
    const auto header = header_of(parameters);
    switch (parameters.codec_id) {
        case AV_CODEC_ID_H264:
            return h264_profile(header);
        case AV_CODEC_ID_AV1:
            return is_av1_record(header) ? std::optional(header[1] >> 5) : std::nullopt;
        case AV_CODEC_ID_PRORES:
            return prores_profile(parameters.codec_tag);
        default:
            return std::nullopt;
    }
}

std::optional<int> bit_depth_of(const AVCodecParameters& parameters,
                                const std::optional<int>& profile) {
    if (const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(parameters.format))) {
        return format->comp[0].depth;
    }
    const auto header = header_of(parameters);
    switch (parameters.codec_id) {
        case AV_CODEC_ID_H264:
            return h264_bit_depth(header);
        case AV_CODEC_ID_AV1:
            return is_av1_record(header) ? std::optional(av1_bit_depth(header)) : std::nullopt;
        case AV_CODEC_ID_VP8:
            return 8;
        case AV_CODEC_ID_VP9:
            // The higher profiles leave 10 and 12 bits to the frames.
            return profile && *profile <= FF_PROFILE_VP9_1 ? std::optional(8) : std::nullopt;
        case AV_CODEC_ID_PRORES:
            if (!profile) {
                return std::nullopt;
            }
            return *profile >= FF_PROFILE_PRORES_4444 ? 12 : 10;
        default:
            return std::nullopt;
    }
}

std::optional<DynamicRange> dynamic_range_of(AVColorTransferCharacteristic transfer,
                                             const std::optional<int>& bit_depth) {
    switch (transfer) {
        case AVCOL_TRC_SMPTE2084:
            return DynamicRange::pq;
        case AVCOL_TRC_ARIB_STD_B67:
            return DynamicRange::hlg;
        case AVCOL_TRC_UNSPECIFIED:
        case AVCOL_TRC_RESERVED0:
        case AVCOL_TRC_RESERVED:
            // HDR begins at ten bits (BT.2100, table 9).
            return bit_depth == 8 ? std::optional(DynamicRange::sdr) : std::nullopt;
        default:
            return DynamicRange::sdr;
    }
}

CodecFacts facts_of(const AVCodecParameters& parameters) {
    CodecFacts facts;
    const auto profile = profile_of(parameters);
    if (profile) {
        const char* name = avcodec_profile_name(parameters.codec_id, *profile);
        facts.profile = name != nullptr ? name : "";
    }
    facts.bit_depth = bit_depth_of(parameters, profile);
    facts.dynamic_range = dynamic_range_of(parameters.color_trc, facts.bit_depth);
    const AVRational aspect = parameters.sample_aspect_ratio;
    if (aspect.num > 0 && aspect.den > 0) {
        facts.pixel_aspect = PixelAspect{aspect.num, aspect.den};
    }
    return facts;
}

}  // namespace

CodecFacts codec_facts(const AVCodecParameters& parameters) {
    const bool tells_when_opened = parameters.codec_id == AV_CODEC_ID_HEVC &&
                                   parameters.format == AV_PIX_FMT_NONE &&
                                   parameters.extradata_size > 0;
    const Parameters read = tells_when_opened ? as_decoder_reads(parameters) : nullptr;
    if (read == nullptr) {
        return facts_of(parameters);
    }
    // What the container states about the picture goes before what the codec does.
    if (parameters.color_trc != AVCOL_TRC_UNSPECIFIED) {
        read->color_trc = parameters.color_trc;
    }
    return facts_of(*read);
}

}  // namespace editprep::video
