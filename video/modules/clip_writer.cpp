#include "clip_writer.hpp"

#include <algorithm>
#include <cstring>
#include <span>

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/mathematics.h>
}

#include "av_error.hpp"

namespace editprep::video {
namespace {

AVFormatContext* open_output(const std::filesystem::path& path, const std::string& container) {
    const std::string url = "file:" + path.string();
    AVFormatContext* format = nullptr;
    av_check(avformat_alloc_output_context2(&format, nullptr, container.c_str(), url.c_str()),
             Errc::write_failed, "cannot write " + container);
    const int result = avio_open(&format->pb, url.c_str(), AVIO_FLAG_WRITE);
    if (result < 0) {
        avformat_free_context(format);
    }
    av_check(result, Errc::write_failed, "cannot write the clip");
    return format;
}

void copy_side_data(const AVStream& from, AVStream& to) {
    for (const AVPacketSideData& data :
         std::span(from.side_data, static_cast<std::size_t>(from.nb_side_data))) {
        std::uint8_t* copy = av_stream_new_side_data(&to, data.type, data.size);
        if (copy == nullptr) {
            throw std::bad_alloc();
        }
        std::memcpy(copy, data.data, data.size);
    }
}

}  // namespace

void ClipWriter::CloseOutput::operator()(AVFormatContext* format) const noexcept {
    avio_closep(&format->pb);
    avformat_free_context(format);
}

ClipWriter::ClipWriter(const std::filesystem::path& path, const Settings& settings,
                       std::size_t track_count)
    : container_(settings.container),
      format_(open_output(path, settings.container)),
      tracks_(track_count) {
    if (settings.reproducible) {
        format_->flags |= AVFMT_FLAG_BITEXACT;
    }
}

ClipWriter::~ClipWriter() = default;

void ClipWriter::set_metadata(const AVDictionary* metadata) {
    check(av_dict_copy(&format_->metadata, metadata, 0));
}

void ClipWriter::begin_track(std::size_t track, const AVCodecParameters& parameters,
                             AVRational time_base, const AVStream* source) {
    Track& told = tracks_[track];
    told.parameters = owned(avcodec_parameters_alloc());
    check(avcodec_parameters_copy(told.parameters.get(), &parameters));
    told.time_base = time_base;
    told.source = source;
    told.state = State::told;
    start_when_all_are_told();
}

void ClipWriter::give_up_track(std::size_t track) {
    if (tracks_[track].state == State::unknown) {
        tracks_[track].state = State::given_up;
        start_when_all_are_told();
    }
}

void ClipWriter::add_stream(Track& track) {
    track.stream = avformat_new_stream(format_.get(), nullptr);
    if (track.stream == nullptr) {
        throw std::bad_alloc();
    }
    AVCodecParameters& parameters = *track.stream->codecpar;
    check(avcodec_parameters_copy(&parameters, track.parameters.get()));
    // The container's own name for the codec. HEVC has two; players of Apple know this one.
    parameters.codec_tag = parameters.codec_id == AV_CODEC_ID_HEVC ? MKTAG('h', 'v', 'c', '1') : 0;
    track.stream->time_base = track.time_base;
    track.stream->sample_aspect_ratio = parameters.sample_aspect_ratio;
    if (track.source != nullptr) {
        if (track.source->sample_aspect_ratio.num > 0) {
            track.stream->sample_aspect_ratio = track.source->sample_aspect_ratio;
            parameters.sample_aspect_ratio = track.source->sample_aspect_ratio;
        }
        track.stream->avg_frame_rate = track.source->avg_frame_rate;
        track.stream->disposition = AV_DISPOSITION_DEFAULT;
        check(av_dict_copy(&track.stream->metadata, track.source->metadata, 0));
        copy_side_data(*track.source, *track.stream);
    }
}

void ClipWriter::start_when_all_are_told() {
    if (started_ || std::ranges::any_of(tracks_, [](const Track& track) {
            return track.state == State::unknown;
        })) {
        return;
    }
    for (Track& track : tracks_) {
        if (track.state == State::told) {
            add_stream(track);
        }
    }
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", "+faststart", 0);
    const int result = avformat_write_header(format_.get(), &options);
    av_dict_free(&options);
    check(result);
    started_ = true;
    for (Waiting& early : std::exchange(waiting_, {})) {
        write(early.track, std::move(early.packet), early.time_base);
    }
}

void ClipWriter::write(std::size_t track, Packet packet, AVRational time_base) {
    if (!started_) {
        waiting_.push_back({track, std::move(packet), time_base});
        return;
    }
    const AVStream& stream = *tracks_[track].stream;
    av_packet_rescale_ts(packet.get(), time_base, stream.time_base);
    packet->stream_index = stream.index;
    packet->pos = -1;
    check(av_interleaved_write_frame(format_.get(), packet.get()));
}

void ClipWriter::finish() {
    check(av_write_trailer(format_.get()));
    // What a full disk swallowed may come to light only here.
    avio_flush(format_->pb);
    check(format_->pb->error);
    check(avio_closep(&format_->pb));
}

void ClipWriter::check(int result) const {
    const bool in_file = format_->pb != nullptr && format_->pb->error < 0;
    av_check(in_file ? format_->pb->error : result, Errc::write_failed,
             "cannot write the clip as " + container_);
}

}  // namespace editprep::video
