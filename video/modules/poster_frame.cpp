#include "poster_frame.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
}

#include "clip_reader.hpp"
#include "editprep/video/error.hpp"
#include "filter_chain.hpp"
#include "filter_graph.hpp"
#include "track_decoder.hpp"

namespace editprep::video {
namespace {

// Key frames of real clips are some hundred frames apart.
constexpr int kMostPackets = 1000;
constexpr std::int64_t kMostBytes = std::int64_t{256} << 20;
constexpr std::chrono::seconds kLongest{10};
// What probing decodes at most, too.
constexpr std::int64_t kMostPixels = std::int64_t{1} << 26;
constexpr std::size_t kBytesPerPixel = 3;

[[noreturn]] void give_up(const std::string& name) {
    throw Error(Errc::too_complex, "finding a frame takes too long: " + name, name,
                "cut a clip out of it");
}

/// Frames come in the order in which they are shown; one of them is it.
class FrameChoice {
public:
    /// @param at in the stream's time base; absent for the first
    explicit FrameChoice(std::optional<std::int64_t> at) : at_(at) {}

    void offer(Frame frame) {
        const bool whole =
            frame->decode_error_flags == 0 && (frame->flags & AV_FRAME_FLAG_CORRUPT) == 0;
        const bool late = at_ && frame->pts != AV_NOPTS_VALUE && frame->pts > *at_;
        made_ = at_ ? late : whole;
        // A damaged one is better than none.
        if (best_ == nullptr || (whole && !late)) {
            best_ = std::move(frame);
        }
    }

    /// No later frame would be taken.
    [[nodiscard]] bool made() const noexcept { return made_; }
    /// Of what there was until now; null for none.
    [[nodiscard]] Frame take() && noexcept { return std::move(best_); }

private:
    std::optional<std::int64_t> at_;
    Frame best_{};
    bool made_ = false;
};

class FrameSearch {
public:
    explicit FrameSearch(const PosterJob& job)
        : job_(job),
          deadline_(std::chrono::steady_clock::now() + kLongest),
          reader_(job.input, job.input_container, nullptr, deadline_),
          decoder_(reader_.video(), {.threads = 1, .max_pixels = kMostPixels}) {
        if (AVStream* sound = reader_.audio()) {
            sound->discard = AVDISCARD_ALL;
        }
    }

    [[nodiscard]] Frame find() {
        FrameChoice choice(time_in_stream());
        if (job_.at) {
            reader_.seek(std::chrono::duration<double>(*job_.at).count());
        }
        bool ended = false;
        while (!choice.made() && !ended && !spent()) {
            ended = !decode_next();
            while (Frame frame = choice.made() ? nullptr : decoder_.receive()) {
                choice.offer(std::move(frame));
            }
        }
        // Far before the time that was asked for there is no frame of that time.
        if (job_.at && !choice.made() && !ended) {
            give_up(job_.input.string());
        }
        Frame frame = std::move(choice).take();
        if (frame == nullptr) {
            throw Error(Errc::decode_failed,
                        "no frame of " + job_.input.string() + " can be decoded",
                        job_.input.string(), "fetch or export the file again");
        }
        return frame;
    }

    [[nodiscard]] const AVStream& video() const noexcept { return reader_.video(); }

private:
    [[nodiscard]] std::optional<std::int64_t> time_in_stream() const {
        constexpr AVRational kMicrosecond{1, 1'000'000};
        if (!job_.at) {
            return std::nullopt;
        }
        return av_rescale_q(job_.at->count(), kMicrosecond, reader_.video().time_base);
    }

    [[nodiscard]] bool spent() const {
        return packets_ >= kMostPackets || bytes_ >= kMostBytes ||
               std::chrono::steady_clock::now() >= deadline_;
    }

    /// False when there was no further packet, and what is in the decoder comes out.
    [[nodiscard]] bool decode_next() {
        Packet packet = reader_.read();
        while (packet != nullptr && !reader_.is_video(*packet)) {
            packet = reader_.read();
        }
        decoder_.send(packet.get());
        if (packet == nullptr) {
            return false;
        }
        ++packets_;
        bytes_ += packet->size;
        return true;
    }

    const PosterJob& job_;
    std::chrono::steady_clock::time_point deadline_;
    ClipReader reader_;
    TrackDecoder decoder_;
    int packets_ = 0;
    std::int64_t bytes_ = 0;
};

Frame filtered(Frame frame, const AVStream& video, const PosterJob& job) {
    FilterGraph graph(*frame, video.time_base, AVRational{0, 1}, poster_filters(job, *frame));
    graph.push(frame.get());
    graph.push(nullptr);
    Frame picture = graph.pull();
    if (picture == nullptr) {
        throw Error(Errc::decode_failed, "no picture comes of a frame of " + job.input.string(),
                    job.input.string());
    }
    return picture;
}

Poster packed(const AVFrame& picture) {
    const std::size_t row = static_cast<std::size_t>(picture.width) * kBytesPerPixel;
    Poster poster{.width = picture.width, .height = picture.height};
    poster.rgb.resize(row * static_cast<std::size_t>(picture.height));
    for (int y = 0; y < picture.height; ++y) {
        std::copy_n(picture.data[0] + static_cast<std::ptrdiff_t>(y) * picture.linesize[0], row,
                    poster.rgb.data() + static_cast<std::size_t>(y) * row);
    }
    return poster;
}

}  // namespace

Poster make_poster(const PosterJob& job) {
    FrameSearch search(job);
    const Frame picture = filtered(search.find(), search.video(), job);
    return packed(*picture);
}

}  // namespace editprep::video
