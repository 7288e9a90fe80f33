#include "transcode.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
}

#include "av_error.hpp"
#include "clip_reader.hpp"
#include "clip_writer.hpp"
#include "filter_chain.hpp"
#include "filter_graph.hpp"
#include "track_decoder.hpp"
#include "track_encoder.hpp"

namespace editprep::video {
namespace {

constexpr std::size_t kVideoTrack = 0;
constexpr std::size_t kAudioTrack = 1;
constexpr AVRational kMicrosecond{1, 1'000'000};

/// What happens to one track of the clip.
class TrackWork {
public:
    TrackWork() = default;
    virtual ~TrackWork() = default;
    TrackWork(const TrackWork&) = delete;
    TrackWork& operator=(const TrackWork&) = delete;

    virtual void take(Packet packet) = 0;
    /// There are no more packets.
    virtual void end() = 0;
    /// True when no further packet matters.
    [[nodiscard]] virtual bool finished() const = 0;
    /// True when there was more than the job wants. Known at the end.
    [[nodiscard]] virtual bool cut() const = 0;
    /// Where the result has got to.
    [[nodiscard]] virtual double end_seconds() const = 0;
    [[nodiscard]] virtual std::int64_t damaged_packets() const { return 0; }
};

/// Packets go over as they are.
class CopiedTrack final : public TrackWork {
public:
    CopiedTrack(ClipWriter& writer, std::size_t track, const AVStream& stream,
                const TranscodeJob& job, std::optional<std::int64_t> packets,
                std::span<const std::int64_t> decoding_times)
        : writer_(writer),
          track_(track),
          stream_(stream),
          packets_left_(packets),
          decoding_times_(decoding_times) {
        start_ = av_rescale_q(job.start.count(), kMicrosecond, stream.time_base);
        if (job.length) {
            length_ = av_rescale_q(job.length->count(), kMicrosecond, stream.time_base);
        }
        writer.begin_track(track, *stream.codecpar, stream.time_base, &stream);
    }

    void take(Packet packet) override {
        if (packets_left_ && *packets_left_ == 0) {
            finished_ = true;
            return;
        }
        if (!decoding_times_.empty()) {
            packet->dts = decoding_times_.front();
            decoding_times_ = decoding_times_.subspan(1);
        }
        if (packet->dts == AV_NOPTS_VALUE || packet->pts == AV_NOPTS_VALUE) {
            packet->dts = packet->pts = std::max(packet->pts, packet->dts);
        }
        // Without a time there is no place for it; before the start it is not wanted.
        if (packet->pts == AV_NOPTS_VALUE || (start_ > 0 && packet->pts < start_)) {
            return;
        }
        packet->pts -= start_;
        packet->dts -= start_;
        if (!packets_left_ && packet->pts + packet->duration > length_) {
            finished_ = true;
            return;
        }
        if (packet->dts <= last_dts_) {
            return;
        }
        last_dts_ = packet->dts;
        end_seconds_ =
            static_cast<double>(packet->pts + packet->duration) * av_q2d(stream_.time_base);
        writer_.write(track_, std::move(packet), stream_.time_base);
        if (packets_left_) {
            --*packets_left_;
        }
    }
    void end() override {}
    [[nodiscard]] bool finished() const override { return finished_; }
    [[nodiscard]] bool cut() const override { return finished_; }
    [[nodiscard]] double end_seconds() const override { return end_seconds_; }

private:
    ClipWriter& writer_;
    std::size_t track_;
    const AVStream& stream_;
    std::optional<std::int64_t> packets_left_;
    std::span<const std::int64_t> decoding_times_;
    std::int64_t start_ = 0;
    std::int64_t length_ = std::numeric_limits<std::int64_t>::max();
    std::int64_t last_dts_ = std::numeric_limits<std::int64_t>::min();
    double end_seconds_ = 0;
    bool finished_ = false;
};

/// Packets are decoded, filtered and encoded.
class EncodedTrack : public TrackWork {
public:
    EncodedTrack(ClipWriter& writer, std::size_t track, const AVStream& stream,
                 const TranscodeJob& job)
        : writer_(writer), track_(track), stream_(stream), job_(job), decoder_(stream) {}

    void take(Packet packet) override {
        decoder_.send(packet.get());
        filter_decoded();
    }

    void end() override {
        if (!finished_) {
            decoder_.send(nullptr);
            filter_decoded();
        }
        cut_ = finished_;
        if (graph_) {
            graph_->push(nullptr);
            encode_filtered();
        }
        if (encoder_) {
            encoder_->encode(nullptr);
        }
    }

    [[nodiscard]] bool finished() const override { return finished_; }
    [[nodiscard]] bool cut() const override { return cut_; }
    [[nodiscard]] double end_seconds() const override {
        return encoder_ ? encoder_->end_seconds() : 0;
    }
    [[nodiscard]] std::int64_t damaged_packets() const override {
        return decoder_.damaged_packets() + unfit_frames_;
    }

protected:
    /// For frames like the first that was decoded. May begin the encoder.
    virtual void begin_graph(std::optional<FilterGraph>& graph, const AVFrame& first) = 0;
    /// For frames like the first that was filtered.
    virtual void begin_encoder(std::optional<TrackEncoder>& encoder, const AVFrame& first,
                               const FilterGraph& graph) = 0;
    /// Whether the graph takes it although it was made for another one.
    [[nodiscard]] virtual bool suits(const AVFrame& frame) const = 0;

    ClipWriter& writer_;
    std::size_t track_;
    const AVStream& stream_;
    const TranscodeJob& job_;
    std::optional<TrackEncoder> encoder_{};

private:
    void filter_decoded() {
        while (const Frame frame = finished_ ? nullptr : decoder_.receive()) {
            if (frame->pts == AV_NOPTS_VALUE || frame->pts <= last_pts_) {
                continue;
            }
            if (!graph_) {
                begin_graph(graph_, *frame);
            } else if (!suits(*frame)) {
                ++unfit_frames_;
                continue;
            }
            last_pts_ = frame->pts;
            finished_ = !graph_->push(frame.get());
            encode_filtered();
        }
    }

    void encode_filtered() {
        while (const Frame frame = graph_->pull()) {
            if (!encoder_) {
                begin_encoder(encoder_, *frame, *graph_);
            }
            throw_if_cancelled(job_.cancel);
            encoder_->encode(frame.get());
        }
        finished_ = finished_ || graph_->finished();
    }

    TrackDecoder decoder_;
    std::optional<FilterGraph> graph_{};
    std::int64_t last_pts_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t unfit_frames_ = 0;
    bool finished_ = false;
    bool cut_ = false;
};

AVRational guessed_rate(const AVStream& stream) {
    for (const AVRational rate : {stream.r_frame_rate, stream.avg_frame_rate}) {
        // A clock of the container's is no frame rate.
        if (rate.num > 0 && rate.den > 0 && av_q2d(rate) <= 240) {
            return rate;
        }
    }
    return {25, 1};
}

class EncodedVideo final : public EncodedTrack {
public:
    using EncodedTrack::EncodedTrack;

private:
    void begin_graph(std::optional<FilterGraph>& graph, const AVFrame& first) override {
        graph.emplace(first, stream_.time_base, guessed_rate(stream_), video_filters(job_, first));
    }
    void begin_encoder(std::optional<TrackEncoder>& encoder, const AVFrame& first,
                       const FilterGraph& graph) override {
        const FramePace pace =
            job_.frame_rate
                ? FramePace{{job_.frame_rate->numerator, job_.frame_rate->denominator}, true}
                : FramePace{guessed_rate(stream_), false};
        // More effort would pay in bytes alone, which large frames take too much time for.
        constexpr int kLargeFrame = 1920 * 1088;
        const char* preset = first.width * first.height > kLargeFrame ? "veryfast" : "fast";
        encoder = TrackEncoder::video(
            writer_, track_, first, graph.time_base(), pace,
            {.preset = preset, .max_bits_per_second = job_.max_video_bits_per_second});
    }
    // Filters that scale take frames of any size.
    [[nodiscard]] bool suits(const AVFrame&) const override { return true; }
};

/// What the AAC encoder takes that is nearest to the clip's.
int aac_sample_rate(int sample_rate) {
    constexpr std::array kRates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100};
    constexpr int kUsual = 48'000;
    return std::ranges::find(kRates, sample_rate) != kRates.end() ? sample_rate : kUsual;
}

std::string aac_channels(const AVChannelLayout& layout) {
    // Beyond these the encoder would have to be told what stands where.
    for (const char* name : {"mono", "stereo", "3.0", "4.0", "5.0", "5.1"}) {
        AVChannelLayout known{};
        av_channel_layout_from_string(&known, name);
        const bool same = av_channel_layout_compare(&known, &layout) == 0;
        av_channel_layout_uninit(&known);
        if (same) {
            return name;
        }
    }
    if (layout.nb_channels == 1) {
        return "mono";
    }
    return layout.nb_channels < 6 || layout.order == AV_CHANNEL_ORDER_UNSPEC ? "stereo" : "5.1";
}

class EncodedAudio final : public EncodedTrack {
public:
    using EncodedTrack::EncodedTrack;
    ~EncodedAudio() override { av_channel_layout_uninit(&channels_); }

private:
    void begin_graph(std::optional<FilterGraph>& graph, const AVFrame& first) override {
        sample_rate_ = first.sample_rate;
        format_ = first.format;
        av_check(av_channel_layout_copy(&channels_, &first.ch_layout), Errc::decode_failed,
                 "cannot decode the sound");
        AVFrame like = first;
        AVChannelLayout guessed{};
        if (first.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
            av_channel_layout_default(&guessed, first.ch_layout.nb_channels);
            like.ch_layout = guessed;
        }
        const int rate = aac_sample_rate(first.sample_rate);
        const std::string name = aac_channels(like.ch_layout);
        graph.emplace(like, stream_.time_base, AVRational{0, 1}, audio_filters(job_, rate, name));
        AVChannelLayout wanted{};
        av_channel_layout_from_string(&wanted, name.c_str());
        encoder_ = TrackEncoder::audio(writer_, track_, rate, wanted, bits_for(wanted));
        graph->set_piece_size(encoder_->frame_size());
    }
    void begin_encoder(std::optional<TrackEncoder>&, const AVFrame&, const FilterGraph&) override {
        // It began with the graph, which needs to know its frame size.
    }
    [[nodiscard]] bool suits(const AVFrame& frame) const override {
        return frame.sample_rate == sample_rate_ && frame.format == format_ &&
               av_channel_layout_compare(&frame.ch_layout, &channels_) == 0;
    }
    /// The job's is for two.
    [[nodiscard]] std::int64_t bits_for(const AVChannelLayout& channels) const {
        return channels.nb_channels <= 2 ? job_.audio_bits_per_second
                                         : job_.audio_bits_per_second * channels.nb_channels / 3;
    }

    int sample_rate_ = 0;
    int format_ = -1;
    AVChannelLayout channels_{};
};

std::unique_ptr<TrackWork> video_work(ClipWriter& writer, const ClipReader& reader,
                                      const TranscodeJob& job) {
    if (job.copy_video) {
        return std::make_unique<CopiedTrack>(writer, kVideoTrack, reader.video(), job,
                                             job.video_packets, job.decoding_times);
    }
    return std::make_unique<EncodedVideo>(writer, kVideoTrack, reader.video(), job);
}

std::unique_ptr<TrackWork> audio_work(ClipWriter& writer, const ClipReader& reader,
                                      const TranscodeJob& job) {
    if (reader.audio() == nullptr) {
        return nullptr;
    }
    if (job.copy_audio) {
        return std::make_unique<CopiedTrack>(writer, kAudioTrack, *reader.audio(), job,
                                             std::nullopt, std::span<const std::int64_t>());
    }
    return std::make_unique<EncodedAudio>(writer, kAudioTrack, *reader.audio(), job);
}

/// Tells how far the work is, a few times a second.
class ProgressTeller {
public:
    explicit ProgressTeller(const TranscodeJob& job) : job_(job) {}

    void tell(double done_seconds) {
        const auto now = std::chrono::steady_clock::now();
        if (!job_.progress || now - last_ < std::chrono::milliseconds(100)) {
            return;
        }
        last_ = now;
        const double whole = std::chrono::duration<double>(job_.expected_duration).count();
        furthest_ = std::max(furthest_, whole > 0 ? std::min(done_seconds / whole, 1.0) : 0.0);
        if (!job_.progress(furthest_)) {
            throw Error(Errc::cancelled, "cancelled");
        }
    }

private:
    const TranscodeJob& job_;
    double furthest_ = 0;
    std::chrono::steady_clock::time_point last_{};
};

void count_dropped(const ClipReader& reader, TranscodeResult& result) {
    const AVFormatContext& format = reader.format();
    for (const AVStream* stream : std::span(format.streams, format.nb_streams)) {
        if (stream == &reader.video() || stream == reader.audio()) {
            continue;
        }
        const bool picture = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        const AVMediaType type = picture ? AVMEDIA_TYPE_ATTACHMENT : stream->codecpar->codec_type;
        int& count = type == AVMEDIA_TYPE_VIDEO      ? result.dropped_video_streams
                     : type == AVMEDIA_TYPE_AUDIO    ? result.dropped_audio_streams
                     : type == AVMEDIA_TYPE_SUBTITLE ? result.dropped_subtitle_streams
                                                     : result.dropped_other_streams;
        ++count;
    }
    result.dropped_chapters = static_cast<int>(format.nb_chapters);
}

}  // namespace

TranscodeResult transcode(const TranscodeJob& job) {
    ClipReader reader(job.input, job.input_container, job.cancel);
    TranscodeResult result;
    count_dropped(reader, result);
    if (job.start.count() > 0) {
        reader.seek(std::chrono::duration<double>(job.start).count());
    }

    ClipWriter writer(job.output, {.container = job.container}, reader.audio() != nullptr ? 2 : 1);
    writer.set_metadata(reader.format().metadata);
    const std::unique_ptr<TrackWork> video = video_work(writer, reader, job);
    const std::unique_ptr<TrackWork> audio = audio_work(writer, reader, job);
    ProgressTeller progress(job);
    while (!video->finished() || (audio != nullptr && !audio->finished())) {
        Packet packet = reader.read();
        if (packet == nullptr) {
            break;
        }
        TrackWork& work = reader.is_video(*packet) ? *video : *audio;
        if (!work.finished()) {
            work.take(std::move(packet));
        }
        progress.tell(video->end_seconds());
    }
    video->end();
    if (audio != nullptr) {
        audio->end();
    }
    if (video->end_seconds() <= 0) {
        throw Error(Errc::decode_failed, "no frame of " + job.input.string() + " can be decoded",
                    job.input.string(), "fetch or export the file again");
    }
    if (audio != nullptr) {
        // Of sound without a single piece that can be decoded there is no track.
        writer.give_up_track(kAudioTrack);
    }
    writer.finish();
    result.cut = video->cut() || (audio != nullptr && audio->cut());
    result.damaged_packets =
        video->damaged_packets() + (audio != nullptr ? audio->damaged_packets() : 0);
    return result;
}

}  // namespace editprep::video
