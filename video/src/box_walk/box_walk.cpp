#include "box_walk/box_walk.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include "box_walk/arithmetic.hpp"
#include "box_walk/clip_bytes.hpp"
#include "box_walk/fragments.hpp"
#include "box_walk/movie.hpp"
#include "clip_timing.hpp"
#include "picture_shape.hpp"

namespace editprep::video {
namespace {

using namespace box_walk;
using std::chrono::microseconds;

constexpr std::int64_t kMostBoxes = 65'536;
constexpr std::int64_t kMostIndexBytes = std::int64_t{16} << 20;
constexpr int kMicrosecondsASecond = 1'000'000;

/// What the boxes of the file say in all.
struct Clip {
    bool is_quicktime = false;
    Movie movie{};
    FileBox index{};
};

/// Goes through the boxes of the file as FFmpeg does, and as far.
class FileWalk {
public:
    explicit FileWalk(ByteSource& source) : clip_(source) {}

    Clip walk() {
        std::int64_t position = 0;
        for (std::int64_t count = 0; position < clip_.size(); ++count) {
            be_sure(count < kMostBoxes);
            const FileBox box = clip_.box_at(position);
            const bool is_read = take(box, count == 0);
            // With the media found, FFmpeg stops behind a box that it reads.
            const bool is_over = is_read && found_.has_value() && has_media_ &&
                                 (is_complete_ || box.end == clip_.size());
            if (is_over) {
                break;
            }
            position = box.end;
        }
        be_sure(found_.has_value());
        found_->is_quicktime = is_quicktime_;
        return std::move(*found_);
    }

private:
    /// False for a box that FFmpeg knows nothing of.
    bool take(const FileBox& box, bool is_first) {
        be_sure(is_first == (box.type == four_letters("ftyp")));
        switch (box.type) {
            case four_letters("ftyp"):
                take_type(box);
                return true;
            case four_letters("mdat"):
                has_media_ = has_media_ || box.content_bytes() > 0;
                return true;
            case four_letters("moov"):
                take_index(box);
                return true;
            case four_letters("moof"):
                be_sure(fragments_.has_value());
                fragments_->take_fragment(box, clip_);
                return true;
            case four_letters("sidx"):
                be_sure(fragments_.has_value());
                is_complete_ = fragments_->take_segment_index(box, clip_) || is_complete_;
                return true;
            case four_letters("free"):
                be_sure_of_free_space(box);
                return true;
            case four_letters("wide"):
                be_sure(box.content_bytes() == 0);
                return true;
            default:
                be_sure(box.type == four_letters("skip") || box.type == four_letters("styp") ||
                        box.type == four_letters("mfra"));
                return false;
        }
    }

    void take_type(const FileBox& box) {
        // Brands of clips; pictures and others have their own.
        constexpr std::array kBrands{
            four_letters("qt  "), four_letters("isom"), four_letters("iso2"), four_letters("iso3"),
            four_letters("iso4"), four_letters("iso5"), four_letters("iso6"), four_letters("iso7"),
            four_letters("iso8"), four_letters("iso9"), four_letters("mp41"), four_letters("mp42"),
            four_letters("avc1"), four_letters("M4V "), four_letters("dash"), four_letters("cmfc"),
            four_letters("3gp4"), four_letters("3gp5"), four_letters("3gp6")};
        be_sure(box.content_bytes() >= 8 && box.content_bytes() <= 1024);
        const auto content = clip_.read(box.content_begin, 4);
        const BoxType brand = Fields(content).u32();
        be_sure(std::ranges::find(kBrands, brand) != kBrands.end());
        is_quicktime_ = brand == kBrands.front();
    }

    void take_index(const FileBox& box) {
        be_sure(!found_ && box.content_bytes() <= kMostIndexBytes);
        const auto content = clip_.read(box.content_begin, box.content_bytes());
        found_ = Clip{.movie = read_movie(content), .index = box};
        if (found_->movie.is_fragmented()) {
            fragments_.emplace(found_->movie);
        }
    }

    /// One maker's mark there changes how FFmpeg reads fragments.
    void be_sure_of_free_space(const FileBox& box) {
        const auto content =
            clip_.read(box.content_begin, std::min<std::int64_t>(box.content_bytes(), 1));
        be_sure(content.empty() || content[0] != 'A');
    }

    ClipBytes clip_;
    bool is_quicktime_ = false;
    bool has_media_ = false;
    bool is_complete_ = false;
    std::optional<Clip> found_{};
    std::optional<Fragments> fragments_{};
};

const Track& shown_picture(const Movie& movie) {
    const auto is_picture = [](const Track& track) { return track.kind == TrackKind::picture; };
    auto shown = std::ranges::find_if(
        movie.tracks, [&](const Track& track) { return is_picture(track) && track.is_enabled; });
    if (shown == movie.tracks.end()) {
        shown = std::ranges::find_if(movie.tracks, is_picture);
    }
    be_sure(shown != movie.tracks.end());
    return *shown;
}

void describe_picture(const Track& video, MediaInfo& info) {
    const PictureEntry& picture = video.picture;
    info.codec = picture.codec;
    info.codec_profile = picture.profile;
    info.bit_depth = picture.bit_depth;
    info.dynamic_range = picture.dynamic_range;
    info.coded_size = picture.coded_size;
    info.mirrored = video.mirrored;
    info.rotation_degrees = video.rotation_degrees;
    info.pixel_aspect = picture.pixel_aspect.value_or(PixelAspect{});
    info.display_size = display_size_of(info.coded_size, info.pixel_aspect, info.rotation_degrees);
}

std::optional<microseconds> to_time(std::int64_t duration, std::int64_t scale) {
    const std::int64_t time = rescale(duration, kMicrosecondsASecond, scale);
    return time > 0 ? std::optional(microseconds(time)) : std::nullopt;
}

void describe_durations(const Movie& movie, const Track& video, MediaInfo& info) {
    if (!movie.is_fragmented()) {
        info.durations.container = to_time(movie.duration, movie.time_scale);
    }
    info.durations.video = to_time(video.duration, video.time_scale);
    for (const Track& track : movie.tracks) {
        if (track.kind == TrackKind::sound) {
            info.durations.audio =
                std::max(info.durations.audio, to_time(track.duration, track.time_scale));
        }
    }
    info.duration = longest_of(info.durations);
}

void describe_pace(const Track& video, MediaInfo& info) {
    const SampleTable& samples = video.samples;
    info.frame_rate = exact_rate(product(video.time_scale, samples.sample_count), samples.duration);
    // Where its terms do not fit, FFmpeg takes the nearest.
    be_sure(info.frame_rate && !samples.steps.empty());
    info.variable_frame_rate = samples.steps.vary();
    if (*info.variable_frame_rate) {
        info.nominal_frame_rate = samples.steps.prevailing_rate(1, video.time_scale);
    } else if (samples.steady_duration) {
        info.nominal_frame_rate = exact_rate(video.time_scale, *samples.steady_duration);
        be_sure(info.nominal_frame_rate.has_value());
    } else {
        // Otherwise FFmpeg estimates the rate that the frames come near to.
        be_sure(samples.in_fragments);
        info.nominal_frame_rate = info.frame_rate;
    }
}

void count_streams(const Movie& movie, MediaInfo& info) {
    for (const Track& track : movie.tracks) {
        if (track.kind == TrackKind::picture) {
            ++info.video_stream_count;
        } else if (track.kind == TrackKind::sound && info.audio_stream_count++ == 0) {
            info.audio_codec = track.sound.codec;
        }
    }
    info.has_audio = info.audio_stream_count > 0;
}

/// All media must be there, in front of the index or behind it.
void describe_places(const Clip& clip, MediaInfo& info) {
    MediaRange media;
    for (const Track& track : clip.movie.tracks) {
        media.begin = std::min(media.begin, track.samples.media.begin);
        media.end = std::max(media.end, track.samples.media.end);
    }
    be_sure(media.end > 0 && media.end <= info.file_size_bytes);
    info.index_at_front = media.begin >= clip.index.end;
    be_sure(*info.index_at_front || media.begin < clip.index.begin);
    // A last track without a sample looks to FFmpeg's module as if the index were cut.
    be_sure(*info.index_at_front || clip.movie.tracks.back().samples.sample_count > 0);
}

MediaInfo facts_of(const Clip& clip, std::int64_t file_bytes) {
    const Track& video = shown_picture(clip.movie);
    MediaInfo info;
    info.container = clip.is_quicktime ? "mov" : "mp4";
    info.file_size_bytes = file_bytes;
    describe_picture(video, info);
    describe_durations(clip.movie, video, info);
    describe_pace(video, info);
    count_streams(clip.movie, info);
    describe_places(clip, info);
    return info;
}

}  // namespace

std::optional<MediaInfo> walk_boxes(ByteSource& source) {
    try {
        return facts_of(FileWalk(source).walk(), source.size_bytes());
    } catch (const Unsure&) {
        return std::nullopt;
    }
}

}  // namespace editprep::video
