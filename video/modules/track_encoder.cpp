#include "track_encoder.hpp"

#include <string>
#include <utility>

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/opt.h>
}

#include "av_error.hpp"

namespace editprep::video {
namespace {

Codec new_encoder(const char* name) {
    const AVCodec* codec = avcodec_find_encoder_by_name(name);
    if (codec == nullptr) {
        throw Error(Errc::module_unavailable,
                    std::string("FFmpeg was built without the encoder ") + name, name,
                    "install an FFmpeg that has it");
    }
    Codec context = owned(avcodec_alloc_context3(codec));
    // MP4 keeps the codec's parameters in its index.
    context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    return context;
}

void take_colours(const AVFrame& from, AVCodecContext& to) {
    to.color_range = from.color_range;
    to.color_primaries = from.color_primaries;
    to.color_trc = from.color_trc;
    to.colorspace = from.colorspace;
    to.chroma_sample_location = from.chroma_location;
}

}  // namespace

TrackEncoder::TrackEncoder(ClipWriter& writer, std::size_t track, Codec codec)
    : writer_(&writer), track_(track), codec_(std::move(codec)) {}

void TrackEncoder::open(AVDictionary* options) {
    const int result = avcodec_open2(codec_.get(), codec_->codec, &options);
    av_dict_free(&options);
    av_check(result, Errc::cannot_conform, "cannot encode");
    const CodecParameters parameters = owned(avcodec_parameters_alloc());
    av_check(avcodec_parameters_from_context(parameters.get(), codec_.get()), Errc::cannot_conform,
             "cannot encode");
    writer_->begin_track(track_, *parameters, codec_->time_base);
}

TrackEncoder TrackEncoder::video(ClipWriter& writer, std::size_t track, const AVFrame& like,
                                 AVRational time_base, FramePace pace,
                                 const VideoQuality& quality) {
    TrackEncoder encoder(writer, track, new_encoder("libx264"));
    AVCodecContext& codec = *encoder.codec_;
    codec.width = like.width;
    codec.height = like.height;
    codec.pix_fmt = static_cast<AVPixelFormat>(like.format);
    codec.sample_aspect_ratio = {1, 1};
    codec.time_base = time_base;
    take_colours(like, codec);
    codec.framerate = pace.rate;
    if (pace.constant) {
        encoder.constant_duration_ = av_rescale_q(1, av_inv_q(pace.rate), time_base);
    }
    if (quality.max_bits_per_second) {
        codec.rc_max_rate = *quality.max_bits_per_second;
        // A second's worth, so that even short clips keep to the mean.
        codec.rc_buffer_size = static_cast<int>(*quality.max_bits_per_second);
    }
    // As many threads as there are cores; their number changes the bytes.
    codec.thread_count = quality.reproducible ? 1 : 0;
    codec.flags |= quality.reproducible ? AV_CODEC_FLAG_BITEXACT : 0;

    AVDictionary* options = nullptr;
    av_dict_set(&options, "preset", quality.preset, 0);
    av_dict_set_int(&options, "crf", quality.constant_rate_factor, 0);
    av_dict_set(&options, "profile", "high", 0);
    encoder.open(options);
    return encoder;
}

TrackEncoder TrackEncoder::audio(ClipWriter& writer, std::size_t track, int sample_rate,
                                 const AVChannelLayout& channels, std::int64_t bits_per_second,
                                 bool reproducible) {
    TrackEncoder encoder(writer, track, new_encoder("aac"));
    AVCodecContext& codec = *encoder.codec_;
    codec.sample_rate = sample_rate;
    codec.sample_fmt = AV_SAMPLE_FMT_FLTP;
    codec.time_base = {1, sample_rate};
    codec.bit_rate = bits_per_second;
    codec.flags |= reproducible ? AV_CODEC_FLAG_BITEXACT : 0;
    av_check(av_channel_layout_copy(&codec.ch_layout, &channels), Errc::cannot_conform,
             "cannot encode the sound");
    encoder.open(nullptr);
    return encoder;
}

void TrackEncoder::encode(AVFrame* frame) {
    const bool video = codec_->codec_type == AVMEDIA_TYPE_VIDEO;
    if (frame != nullptr) {
        // The source's choice of key frames is not ours.
        frame->pict_type = AV_PICTURE_TYPE_NONE;
        const std::int64_t duration = !video                    ? frame->nb_samples
                                      : constant_duration_ != 0 ? constant_duration_
                                                                : frame->pkt_duration;
        if (video) {
            durations_[frame->pts] = duration;
        }
        end_seconds_ = static_cast<double>(frame->pts + duration) * av_q2d(codec_->time_base);
    }
    av_check(avcodec_send_frame(codec_.get(), frame), Errc::cannot_conform, "cannot encode");
    for (;;) {
        Packet packet = new_packet();
        const int result = avcodec_receive_packet(codec_.get(), packet.get());
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) {
            return;
        }
        av_check(result, Errc::cannot_conform, "cannot encode");
        if (const auto lasting = durations_.extract(packet->pts)) {
            packet->duration = lasting.mapped();
        }
        writer_->write(track_, std::move(packet), codec_->time_base);
    }
}

}  // namespace editprep::video
