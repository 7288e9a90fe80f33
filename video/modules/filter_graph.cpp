#include "filter_graph.hpp"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/mem.h>
}

#include "av_error.hpp"

namespace editprep::video {
namespace {

/// Every chain here is made of our own words and of measured numbers.
void check(int result, const std::string& filters) {
    av_check(result, Errc::decode_failed, "cannot filter the clip (" + filters + ")");
}

struct FreeParameters {
    void operator()(AVBufferSrcParameters* parameters) const noexcept { av_free(parameters); }
};

AvHandle<AVFilterInOut> end_of_chain(const char* name, AVFilterContext* filter) {
    AvHandle<AVFilterInOut> end = owned(avfilter_inout_alloc());
    end->name = av_strdup(name);
    end->filter_ctx = filter;
    return end;
}

AVFilterContext* new_filter(AVFilterGraph& graph, const char* kind, const char* name) {
    AVFilterContext* filter = avfilter_graph_alloc_filter(&graph, avfilter_get_by_name(kind), name);
    if (filter == nullptr) {
        throw std::bad_alloc();
    }
    return filter;
}

}  // namespace

FilterGraph::FilterGraph(AVMediaType type, const std::string& filters)
    : graph_(owned(avfilter_graph_alloc())) {
    build(type, filters);
}

FilterGraph::FilterGraph(const AVFrame& like, AVRational time_base, AVRational rate,
                         const std::string& filters)
    : graph_(owned(avfilter_graph_alloc())) {
    const bool video = like.width > 0;
    source_ = new_filter(*graph_, video ? "buffer" : "abuffer", "in");
    const std::unique_ptr<AVBufferSrcParameters, FreeParameters> parameters(
        av_buffersrc_parameters_alloc());
    if (parameters == nullptr) {
        throw std::bad_alloc();
    }
    parameters->format = like.format;
    parameters->time_base = time_base;
    if (video) {
        parameters->width = like.width;
        parameters->height = like.height;
        parameters->sample_aspect_ratio = like.sample_aspect_ratio;
        parameters->frame_rate = rate;
    } else {
        parameters->sample_rate = like.sample_rate;
        check(av_channel_layout_copy(&parameters->ch_layout, &like.ch_layout), filters);
    }
    const int result = av_buffersrc_parameters_set(source_, parameters.get());
    av_channel_layout_uninit(&parameters->ch_layout);
    check(result, filters);
    check(avfilter_init_str(source_, nullptr), filters);
    build(video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO, filters);
}

void FilterGraph::build(AVMediaType type, const std::string& filters) {
    sink_ = new_filter(*graph_, type == AVMEDIA_TYPE_VIDEO ? "buffersink" : "abuffersink", "out");
    check(avfilter_init_str(sink_, nullptr), filters);

    // Seen from the chain between them: what goes into the graph comes out of the source.
    AVFilterInOut* open_outputs =
        source_ != nullptr ? end_of_chain("in", source_).release() : nullptr;
    AVFilterInOut* open_inputs = end_of_chain("out", sink_).release();
    const int result = avfilter_graph_parse_ptr(graph_.get(), filters.c_str(), &open_inputs,
                                                &open_outputs, nullptr);
    avfilter_inout_free(&open_inputs);
    avfilter_inout_free(&open_outputs);
    check(result, filters);
    check(avfilter_graph_config(graph_.get(), nullptr), filters);
}

bool FilterGraph::push(AVFrame* frame) {
    if (frame == nullptr) {
        // Without an end, the last frame would last no time at all.
        check(av_buffersrc_close(source_, end_, 0), "the end of the frames");
        return false;
    }
    end_ = frame->pts + frame->pkt_duration;
    const int result = av_buffersrc_add_frame(source_, frame);
    if (result == AVERROR_EOF) {
        return false;
    }
    check(result, "a frame that does not fit");
    return true;
}

Frame FilterGraph::pull() {
    Frame frame = new_frame();
    const int result = av_buffersink_get_frame(sink_, frame.get());
    if (result == AVERROR_EOF) {
        finished_ = true;
        return nullptr;
    }
    if (result == AVERROR(EAGAIN)) {
        return nullptr;
    }
    check(result, "a frame that does not come out");
    return frame;
}

AVRational FilterGraph::time_base() const { return av_buffersink_get_time_base(sink_); }

AVRational FilterGraph::frame_rate() const { return av_buffersink_get_frame_rate(sink_); }

void FilterGraph::set_piece_size(int samples) {
    av_buffersink_set_frame_size(sink_, static_cast<unsigned>(samples));
}

bool has_filter(const char* name) { return avfilter_get_by_name(name) != nullptr; }

}  // namespace editprep::video
