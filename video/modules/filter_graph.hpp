#pragma once

#include <cstdint>
#include <string>

#include "av_handles.hpp"

namespace editprep::video {

/// A chain of libavfilter's filters with at most one way in and one way out.
class FilterGraph {
public:
    /// A chain that begins with a source of its own, such as testsrc2.
    FilterGraph(AVMediaType type, const std::string& filters);
    /// A chain for frames like this one. `rate` is what filters are told of it; {0, 1} for none.
    FilterGraph(const AVFrame& like, AVRational time_base, AVRational rate,
                const std::string& filters);

    /// Gives a frame in, or with null says that there are no more. False once the chain wants no
    /// further ones.
    bool push(AVFrame* frame);
    /// The next frame that is ready; null when more must go in, or when there will be none.
    [[nodiscard]] Frame pull();
    /// True once pull() has returned the last one.
    [[nodiscard]] bool finished() const noexcept { return finished_; }

    /// Of the frames that come out.
    [[nodiscard]] AVRational time_base() const;
    /// {0, 0} or {1, 0} when it is not constant.
    [[nodiscard]] AVRational frame_rate() const;
    /// Sound comes out in pieces of so many samples, but for the last one.
    void set_piece_size(int samples);

private:
    void build(AVMediaType type, const std::string& filters);

    AvHandle<AVFilterGraph> graph_;
    // Owned by the graph.
    AVFilterContext* source_ = nullptr;
    AVFilterContext* sink_ = nullptr;
    // Of the frames that went in.
    std::int64_t end_ = AV_NOPTS_VALUE;
    bool finished_ = false;
};

/// Whether this build of FFmpeg has that filter.
[[nodiscard]] bool has_filter(const char* name);

}  // namespace editprep::video
