#include "codec_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/bswap.h>
#include <libavutil/dict.h>
#include <libavutil/pixdesc.h>
}

#include "codec_header.hpp"

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

static_assert(kConstrainedBaseline == FF_PROFILE_H264_CONSTRAINED &&
              kIntraOnly == FF_PROFILE_H264_INTRA);
static_assert(FF_PROFILE_PRORES_PROXY == 0 && FF_PROFILE_PRORES_XQ == 5);

CodecHeader header_of(const AVCodecParameters& parameters) {
    return parameters.extradata_size > 0
               ? std::span(parameters.extradata,
                           static_cast<std::size_t>(parameters.extradata_size))
               : CodecHeader();
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

std::optional<int> profile_of(const AVCodecParameters& parameters) {
    if (parameters.profile != FF_PROFILE_UNKNOWN) {
        return parameters.profile;
    }
    const auto header = header_of(parameters);
    switch (parameters.codec_id) {
        case AV_CODEC_ID_H264:
            return h264_profile(header);
        case AV_CODEC_ID_AV1:
            return av1_profile(header);
        case AV_CODEC_ID_PRORES:
            return prores_profile(av_bswap32(parameters.codec_tag));
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
            return av1_bit_depth(header);
        case AV_CODEC_ID_VP8:
            return 8;
        case AV_CODEC_ID_VP9:
            // The higher profiles leave 10 and 12 bits to the frames.
            return profile && *profile <= FF_PROFILE_VP9_1 ? std::optional(8) : std::nullopt;
        case AV_CODEC_ID_PRORES:
            return profile ? std::optional(prores_bit_depth(*profile)) : std::nullopt;
        default:
            return std::nullopt;
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
