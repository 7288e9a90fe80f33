#pragma once

#include <memory>
#include <new>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

/// FFmpeg's objects, each with its owner.
namespace editprep::video {

struct AvFree {
    void operator()(AVCodecContext* codec) const noexcept { avcodec_free_context(&codec); }
    void operator()(AVCodecParameters* parameters) const noexcept {
        avcodec_parameters_free(&parameters);
    }
    void operator()(AVFilterGraph* graph) const noexcept { avfilter_graph_free(&graph); }
    void operator()(AVFilterInOut* ends) const noexcept { avfilter_inout_free(&ends); }
    void operator()(AVFormatContext* input) const noexcept { avformat_close_input(&input); }
    void operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const noexcept { av_packet_free(&packet); }
};

template <class Object>
using AvHandle = std::unique_ptr<Object, AvFree>;

using Codec = AvHandle<AVCodecContext>;
using CodecParameters = AvHandle<AVCodecParameters>;
using Frame = AvHandle<AVFrame>;
using Packet = AvHandle<AVPacket>;

/// Takes what an allocating function of FFmpeg returned.
template <class Object>
[[nodiscard]] AvHandle<Object> owned(Object* object) {
    if (object == nullptr) {
        throw std::bad_alloc();
    }
    return AvHandle<Object>(object);
}

[[nodiscard]] inline Frame new_frame() { return owned(av_frame_alloc()); }
[[nodiscard]] inline Packet new_packet() { return owned(av_packet_alloc()); }

}  // namespace editprep::video
