#include "track_decoder.hpp"

#include <string>

#include "av_error.hpp"

namespace editprep::video {

TrackDecoder::TrackDecoder(const AVStream& stream, const DecoderLimits& limits) {
    const std::string name = avcodec_get_name(stream.codecpar->codec_id);
    const AVCodec* decoder = avcodec_find_decoder(stream.codecpar->codec_id);
    if (decoder == nullptr) {
        throw Error(Errc::decode_failed, "FFmpeg was built without a decoder for " + name, name,
                    "convert the clip with a program that reads it");
    }
    codec_ = owned(avcodec_alloc_context3(decoder));
    const std::string failure = "cannot decode " + name;
    av_check(avcodec_parameters_to_context(codec_.get(), stream.codecpar), Errc::decode_failed,
             failure);
    codec_->pkt_timebase = stream.time_base;
    codec_->thread_count = limits.threads;
    codec_->max_pixels = limits.max_pixels;
    av_check(avcodec_open2(codec_.get(), decoder, nullptr), Errc::decode_failed, failure);
}

void TrackDecoder::send(const AVPacket* packet) {
    const int result = avcodec_send_packet(codec_.get(), packet);
    if (result == AVERROR(ENOMEM)) {
        throw std::bad_alloc();
    }
    damaged_ += result < 0 && result != AVERROR_EOF ? 1 : 0;
}

Frame TrackDecoder::receive() {
    for (;;) {
        Frame frame = new_frame();
        const int result = avcodec_receive_frame(codec_.get(), frame.get());
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) {
            return nullptr;
        }
        if (result == AVERROR(ENOMEM)) {
            throw std::bad_alloc();
        }
        if (result < 0) {
            // With several threads the packet's error comes out here.
            ++damaged_;
            continue;
        }
        damaged_ += frame->decode_error_flags != 0 ? 1 : 0;
        ++frames_;
        frame->pts = frame->best_effort_timestamp;
        return frame;
    }
}

}  // namespace editprep::video
