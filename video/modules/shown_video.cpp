#include "shown_video.hpp"

#include <span>

namespace editprep::video {

bool is_video(const AVStream& stream) noexcept {
    constexpr int kPictures = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
    return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
           (stream.disposition & kPictures) == 0;
}

AVStream* shown_video(const AVFormatContext& format) noexcept {
    AVStream* first = nullptr;
    for (AVStream* stream : std::span(format.streams, format.nb_streams)) {
        if (!is_video(*stream)) {
            continue;
        }
        if ((stream->disposition & AV_DISPOSITION_DEFAULT) != 0) {
            return stream;
        }
        first = first != nullptr ? first : stream;
    }
    return first;
}

}  // namespace editprep::video
