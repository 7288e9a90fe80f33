#include "clip_reader.hpp"

#include <algorithm>
#include <span>

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/mathematics.h>
}

#include "av_error.hpp"
#include "shown_video.hpp"

namespace editprep::video {

void throw_if_cancelled(const std::atomic<bool>* cancel) {
    if (cancel != nullptr && cancel->load()) {
        throw Error(Errc::cancelled, "cancelled");
    }
}

namespace {

/// Damaged pieces in a row, after which the rest is taken for lost.
constexpr int kMostReadErrors = 64;

const AVInputFormat* format_of(const std::string& container) {
    const bool quicktime = container == "mp4" || container == "mov";
    const bool matroska = container == "webm" || container == "matroska";
    return av_find_input_format(quicktime ? "mov" : matroska ? "matroska" : container.c_str());
}

}  // namespace

bool ClipReader::Interrupt::out_of_time() const noexcept {
    return deadline && std::chrono::steady_clock::now() >= *deadline;
}

int ClipReader::is_interrupted(void* interrupt) noexcept {
    const auto& reasons = *static_cast<const Interrupt*>(interrupt);
    const bool cancelled = reasons.cancel != nullptr && reasons.cancel->load();
    return cancelled || reasons.out_of_time() ? 1 : 0;
}

AVFormatContext* ClipReader::open(const std::filesystem::path& path, const std::string& container) {
    AVFormatContext* format = avformat_alloc_context();
    AVDictionary* options = nullptr;
    // No file can make FFmpeg open another one.
    if (format == nullptr || av_dict_set(&options, "protocol_whitelist", "file", 0) < 0) {
        avformat_free_context(format);
        throw std::bad_alloc();
    }
    format->interrupt_callback = {&is_interrupted, &interrupt_};
    const std::string url = "file:" + path.string();
    const int result = avformat_open_input(&format, url.c_str(), format_of(container), &options);
    av_dict_free(&options);
    check_interrupt();
    av_check(result, Errc::damaged_media, "cannot read " + path.string(), path.string());
    return format;
}

ClipReader::ClipReader(const std::filesystem::path& path, const std::string& container,
                       const std::atomic<bool>* cancel,
                       std::optional<std::chrono::steady_clock::time_point> deadline)
    : name_(path.string()), interrupt_{cancel, deadline}, format_(open(path, container)) {
    const int result = avformat_find_stream_info(format_.get(), nullptr);
    check_interrupt();
    av_check(result, Errc::damaged_media, "cannot read " + name_, name_);
    choose_streams();
    // A transport stream counts from anywhere. What lies before zero is sound that a decoder drops.
    if (format_->start_time != AV_NOPTS_VALUE) {
        beginning_ = std::max<std::int64_t>(format_->start_time, 0);
    }
}

void ClipReader::choose_streams() {
    video_ = shown_video(*format_);
    for (AVStream* stream : std::span(format_->streams, format_->nb_streams)) {
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO && audio_ == nullptr) {
            audio_ = stream;
        } else if (stream != video_) {
            stream->discard = AVDISCARD_ALL;
        }
    }
    if (video_ == nullptr) {
        throw Error(Errc::no_video, "no video stream in " + name_, name_);
    }
}

void ClipReader::check_interrupt() const {
    throw_if_cancelled(interrupt_.cancel);
    if (interrupt_.out_of_time()) {
        throw Error(Errc::too_complex, "reading takes too long: " + name_, name_,
                    "cut a clip out of it");
    }
}

void ClipReader::seek(double seconds) {
    // Without an index FFmpeg lands somewhere, and not always on a key frame.
    if (avformat_index_get_entries_count(video_) == 0) {
        return;
    }
    const auto target = beginning_ + static_cast<std::int64_t>(seconds * AV_TIME_BASE);
    // Where it fails, reading begins at the beginning, which only takes longer.
    av_seek_frame(format_.get(), video_->index,
                  av_rescale_q(target, AVRational{1, AV_TIME_BASE}, video_->time_base),
                  AVSEEK_FLAG_BACKWARD);
}

Packet ClipReader::read() {
    Packet packet = new_packet();
    for (int errors = 0; errors < kMostReadErrors;) {
        check_interrupt();
        const int result = av_read_frame(format_.get(), packet.get());
        check_interrupt();
        if (result == AVERROR_EOF) {
            return nullptr;
        }
        if (result == AVERROR(ENOMEM)) {
            throw std::bad_alloc();
        }
        if (result < 0) {
            ++errors;
            continue;
        }
        const AVStream& stream = *format_->streams[packet->stream_index];
        if (&stream != video_ && &stream != audio_) {
            av_packet_unref(packet.get());
            continue;
        }
        const std::int64_t shift =
            av_rescale_q(beginning_, AVRational{1, AV_TIME_BASE}, stream.time_base);
        packet->pts -= packet->pts != AV_NOPTS_VALUE ? shift : 0;
        packet->dts -= packet->dts != AV_NOPTS_VALUE ? shift : 0;
        if (packet->duration <= 0 && &stream == video_ && stream.avg_frame_rate.num > 0) {
            packet->duration = av_rescale_q(1, av_inv_q(stream.avg_frame_rate), stream.time_base);
        }
        return packet;
    }
    return nullptr;
}

}  // namespace editprep::video
