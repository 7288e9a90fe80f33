#include "pattern_source.hpp"

#include <cmath>
#include <optional>
#include <string>

extern "C" {
#include <libavutil/channel_layout.h>
}

#include "clip_writer.hpp"
#include "filter_graph.hpp"
#include "track_encoder.hpp"

namespace editprep::video {
namespace {

constexpr std::size_t kPictureTrack = 0;
constexpr std::size_t kSoundTrack = 1;
constexpr int kSampleRate = 48'000;
constexpr std::int64_t kSoundBitsPerSecond = 128'000;
constexpr VideoQuality kQuality{
    .preset = "veryfast", .constant_rate_factor = 23, .reproducible = true};

std::string seconds_of(const PatternClip& clip) {
    return std::to_string(clip.duration.count()) + "us";
}

std::string picture_of(const PatternClip& clip) {
    // Neighbouring seeds far apart on the colour wheel: the golden angle.
    const std::uint32_t degrees = clip.seed * 137U % 360U;
    return "testsrc2=size=" + std::to_string(clip.size.width) + 'x' +
           std::to_string(clip.size.height) + ":rate=" + std::to_string(clip.frame_rate.numerator) +
           '/' + std::to_string(clip.frame_rate.denominator) + ":duration=" + seconds_of(clip) +
           ",format=yuv420p,hue=h=" + std::to_string(degrees) + ",setparams=range=tv";
}

std::string sound_of(const PatternClip& clip) {
    // From A3 upwards in semitones, over two octaves.
    const std::uint32_t semitone = clip.seed % 25U;
    const double hertz = 220.0 * std::exp2(semitone / 12.0);
    return "sine=frequency=" + std::to_string(hertz) +
           ":sample_rate=" + std::to_string(kSampleRate) + ":duration=" + seconds_of(clip) +
           ",aformat=sample_fmts=fltp:channel_layouts=stereo";
}

TrackEncoder sound_encoder(ClipWriter& writer) {
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    return TrackEncoder::audio(writer, kSoundTrack, kSampleRate, stereo, kSoundBitsPerSecond,
                               /*reproducible=*/true);
}

}  // namespace

void encode_pattern(const std::filesystem::path& output, const PatternClip& clip) {
    ClipWriter writer(output, {.reproducible = true}, clip.with_audio ? 2 : 1);
    FilterGraph picture(AVMEDIA_TYPE_VIDEO, picture_of(clip));
    std::optional<FilterGraph> sound;
    std::optional<TrackEncoder> picture_encoder;
    std::optional<TrackEncoder> tone_encoder;
    if (clip.with_audio) {
        tone_encoder = sound_encoder(writer);
        sound.emplace(AVMEDIA_TYPE_AUDIO, sound_of(clip));
        sound->set_piece_size(tone_encoder->frame_size());
    }
    while (const Frame frame = picture.pull()) {
        if (!picture_encoder) {
            picture_encoder =
                TrackEncoder::video(writer, kPictureTrack, *frame, picture.time_base(),
                                    {picture.frame_rate(), true}, kQuality);
        }
        picture_encoder->encode(frame.get());
        // Sound keeps step, so that the writer has little to hold back.
        while (sound && !sound->finished() &&
               tone_encoder->end_seconds() < picture_encoder->end_seconds()) {
            const Frame tone = sound->pull();
            tone_encoder->encode(tone.get());
        }
    }
    picture_encoder->encode(nullptr);
    while (sound && !sound->finished()) {
        const Frame tone = sound->pull();
        tone_encoder->encode(tone.get());
    }
    writer.finish();
}

}  // namespace editprep::video
