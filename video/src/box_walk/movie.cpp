#include "box_walk/movie.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "box_walk/arithmetic.hpp"
#include "box_walk/metadata.hpp"

namespace editprep::video::box_walk {
namespace {

constexpr std::int32_t kOne = 0x10000;
constexpr std::size_t kMostTracks = 32;

// --- Headers -----------------------------------------------------------------------------------

/// Of `mvhd` or `mdhd`.
struct TimeHeader {
    std::int64_t scale = 0;
    std::int64_t duration = 0;
};

TimeHeader read_times(Fields& fields) {
    const int version = fields.u8();
    be_sure(version <= 1);
    fields.skip(3 + (version == 1 ? 16 : 8));
    const TimeHeader times{fields.i32(), fields.positive(version)};
    be_sure(times.scale > 0);
    return times;
}

/// Of a matrix without its third column, which turns pictures in no quarter.
struct Matrix {
    std::array<std::int32_t, 4> turn{};
    bool is_flat = false;
};

Matrix read_matrix(Fields& fields) {
    std::array<std::int32_t, 9> cells{};
    std::ranges::generate(cells, [&fields] { return fields.i32(); });
    return {{cells[0], cells[1], cells[3], cells[4]},
            cells[2] == 0 && cells[5] == 0 && cells[8] == 0x4000'0000};
}

void read_movie_header(Bytes mvhd, Movie& movie) {
    Fields fields(mvhd);
    const TimeHeader times = read_times(fields);
    movie.time_scale = times.scale;
    movie.duration = times.duration;
    fields.skip(4 + 2 + 10);
    const Matrix matrix = read_matrix(fields);
    // FFmpeg turns each track by it.
    be_sure(matrix.is_flat && matrix.turn == std::array{kOne, 0, 0, kOne});
    fields.skip(24 + 4);
}

/// The eight ways in which a picture's edges stay upright.
void take_turn(const Matrix& matrix, Track& track) {
    const auto [a, b, c, d] = matrix.turn;
    const auto is_unit = [](std::int32_t cell) { return cell == kOne || cell == -kOne; };
    const bool keeps_rows = is_unit(a) && is_unit(d) && b == 0 && c == 0;
    const bool swaps_rows = is_unit(b) && is_unit(c) && a == 0 && d == 0;
    be_sure(matrix.is_flat && (keeps_rows || swaps_rows));
    track.mirrored = keeps_rows ? a != d : b == c;
    // Where the upper edge comes to lie, and mirroring turns that round.
    const int quarters =
        (keeps_rows ? (a > 0 ? 0 : 2) : (b > 0 ? 1 : 3)) + (track.mirrored ? 2 : 0);
    track.rotation_degrees = quarters % 4 * 90;
}

FrameSize read_track_header(Bytes tkhd, Track& track) {
    Fields fields(tkhd);
    const int version = fields.u8();
    be_sure(version <= 1);
    track.is_enabled = (fields.u24() & 1U) != 0;
    fields.skip(version == 1 ? 16 : 8);
    track.id = fields.u32();
    be_sure(track.id > 0 && track.id <= INT32_MAX);
    fields.skip(4 + (version == 1 ? 8 : 4) + 8 + 8);
    take_turn(read_matrix(fields), track);
    const std::int32_t width = fields.i32();
    const std::int32_t height = fields.i32();
    return {width >> 16, height >> 16};
}

TrackKind read_handler(Bytes hdlr) {
    Fields fields(hdlr);
    fields.skip(8);
    const BoxType handler = fields.u32();
    fields.skip(12);
    switch (handler) {
        case four_letters("vide"):
            return TrackKind::picture;
        case four_letters("soun"):
            return TrackKind::sound;
        default:
            constexpr std::array kOthers{four_letters("meta"), four_letters("tmcd"),
                                         four_letters("text"), four_letters("sbtl")};
            be_sure(std::ranges::find(kOthers, handler) != kOthers.end());
            return TrackKind::other;
    }
}

// --- Tracks ------------------------------------------------------------------------------------

/// The boxes of a track that say something, wherever they are nested.
struct TrackBoxes {
    Bytes header{};
    Bytes edits{};
    Bytes chapters{};
    Bytes media_header{};
    Bytes handler{};
    Bytes entry{};
    SampleBoxes samples{};
};

/// The media must be in this file.
void be_sure_of_reference(Bytes dinf) {
    for_each_box(dinf, [](const Box& box) {
        Fields fields(box.content);
        be_sure(box.type == four_letters("dref") && fields.u32() == 0 && fields.u32() == 1);
        for_each_box(fields.bytes(fields.left()), [](const Box& place) {
            const bool is_known =
                place.type == four_letters("url ") || place.type == four_letters("alis");
            be_sure(is_known && place.content.size() == 4);
        });
    });
}

/// Of one track to others (`tref`). Tracks with chapters are no video and no sound for FFmpeg.
void take_references(Bytes tref, TrackBoxes& boxes) {
    for_each_box(tref, [&boxes](const Box& box) {
        if (box.type == four_letters("chap")) {
            take_once(boxes.chapters, box);
        } else {
            be_sure((box.type == four_letters("tmcd") || box.type == four_letters("cdsc")) &&
                    box.content.size() >= 4);
        }
    });
}

/// Groups of samples that FFmpeg finds more key frames by.
void be_sure_of_group(Fields fields) {
    fields.skip(4);
    be_sure(fields.u32() == four_letters("roll"));
}

/// Which frames those are is of no account here.
void be_sure_of_key_frames(Fields stss) {
    stss.skip(4);
    const std::size_t count = stss.u32();
    be_sure(stss.left() == 4 * count);
}

void take_table_box(const Box& box, TrackBoxes& boxes) {
    if (take_sample_box(boxes.samples, box)) {
        return;
    }
    switch (box.type) {
        case four_letters("stsd"):
            // FFmpeg reads it by the kind of track.
            be_sure(boxes.handler.data() != nullptr);
            take_once(boxes.entry, box);
            break;
        case four_letters("sgpd"):
        case four_letters("sbgp"):
            be_sure_of_group(Fields(box.content));
            break;
        case four_letters("stss"):
            be_sure_of_key_frames(Fields(box.content));
            break;
        default:
            be_sure(box.type == four_letters("cslg") || box.type == four_letters("sdtp"));
    }
}

void take_information_box(const Box& box, TrackBoxes& boxes) {
    switch (box.type) {
        case four_letters("stbl"):
            for_each_box(box.content, [&](const Box& inner) { take_table_box(inner, boxes); });
            break;
        case four_letters("dinf"):
            be_sure_of_reference(box.content);
            break;
        case four_letters("hdlr"):
            // QuickTime's, of the data reference: FFmpeg takes it for the track's.
            static_cast<void>(Fields(box.content).bytes(24));
            be_sure(Fields(box.content.subspan(8)).u32() == four_letters("url ") ||
                    Fields(box.content.subspan(8)).u32() == four_letters("alis"));
            break;
        default:
            constexpr std::array kHeaders{four_letters("vmhd"), four_letters("smhd"),
                                          four_letters("nmhd"), four_letters("gmhd")};
            be_sure(std::ranges::find(kHeaders, box.type) != kHeaders.end());
    }
}

void take_media_box(const Box& box, TrackBoxes& boxes) {
    switch (box.type) {
        case four_letters("mdhd"):
            take_once(boxes.media_header, box);
            break;
        case four_letters("hdlr"):
            take_once(boxes.handler, box);
            break;
        case four_letters("minf"):
            be_sure(boxes.media_header.data() != nullptr);
            for_each_box(box.content,
                         [&](const Box& inner) { take_information_box(inner, boxes); });
            break;
        default:
            be_sure(box.type == four_letters("elng"));
    }
}

void take_track_box(const Box& box, TrackBoxes& boxes) {
    switch (box.type) {
        case four_letters("tkhd"):
            take_once(boxes.header, box);
            break;
        case four_letters("edts"):
            for_each_box(box.content, [&boxes](const Box& inner) {
                be_sure(inner.type == four_letters("elst"));
                take_once(boxes.edits, inner);
            });
            break;
        case four_letters("mdia"):
            for_each_box(box.content, [&boxes](const Box& inner) { take_media_box(inner, boxes); });
            break;
        case four_letters("tref"):
            take_references(box.content, boxes);
            break;
        case four_letters("tapt"):
            // QuickTime's sizes for the screen, which FFmpeg does not use.
            break;
        default:
            be_sure_of_metadata(box);
    }
}

/// FFmpeg takes a track's size that differs from its frames' for the shape of the pixels, unless
/// that is stated.
void be_sure_of_shape(FrameSize track_size, const PictureEntry& picture) {
    be_sure(picture.container_states_aspect || track_size == picture.coded_size ||
            track_size.width == 0 || track_size.height == 0);
}

void apply_edits(const TrackBoxes& boxes, std::int64_t movie_scale, Track& track) {
    const auto edit = boxes.edits.data() != nullptr
                          ? read_edit_list(boxes.edits, track.time_scale, movie_scale)
                          : std::nullopt;
    if (!edit) {
        return;
    }
    if (track.samples.sample_count > 0) {
        be_sure(track.kind != TrackKind::picture || keeps_all_samples(boxes.samples, *edit));
        track.duration = std::min(track.duration, edit->whole_duration);
    }
}

Track read_track(Bytes trak, std::int64_t movie_scale) {
    TrackBoxes boxes;
    for_each_box(trak, [&boxes](const Box& box) { take_track_box(box, boxes); });
    Track track;
    const FrameSize size = read_track_header(boxes.header, track);
    Fields media_header(boxes.media_header);
    const TimeHeader times = read_times(media_header);
    track.time_scale = times.scale;
    track.kind = read_handler(boxes.handler);
    if (track.kind == TrackKind::picture) {
        track.picture = read_picture_entry(boxes.entry);
        be_sure_of_shape(size, track.picture);
    } else if (track.kind == TrackKind::sound) {
        track.sound = read_sound_entry(boxes.entry);
    } else {
        be_sure_of_other_entry(boxes.entry);
    }
    for (Fields chapters(boxes.chapters); chapters.left() >= 4;) {
        track.chapter_tracks.push_back(chapters.u32());
    }
    track.samples = read_sample_table(boxes.samples, track.sound.sample_bytes);
    be_sure(track.kind != TrackKind::picture || track.samples.shortest_duration > 0);
    track.duration = track.samples.duration > 0 ? std::min(times.duration, track.samples.duration)
                                                : times.duration;
    apply_edits(boxes, movie_scale, track);
    return track;
}

// --- The whole ---------------------------------------------------------------------------------

void read_extensions(Bytes mvex, Movie& movie) {
    for_each_box(mvex, [&movie](const Box& box) {
        if (box.type == four_letters("mehd")) {
            return;
        }
        be_sure(box.type == four_letters("trex"));
        Fields fields(box.content);
        fields.skip(4);
        FragmentDefaults defaults{.track_id = fields.u32()};
        be_sure(fields.u32() == 1);
        defaults.duration = fields.u32();
        defaults.size = fields.u32();
        fields.skip(4);
        movie.fragment_defaults.push_back(defaults);
        be_sure(movie.fragment_defaults.size() <= kMostTracks);
    });
}

void be_sure_of_chapters(const Movie& movie) {
    for (const Track& track : movie.tracks) {
        for (const std::uint32_t id : track.chapter_tracks) {
            const auto named = std::ranges::find(movie.tracks, id, &Track::id);
            be_sure(named == movie.tracks.end() || named->kind == TrackKind::other);
        }
    }
}

}  // namespace

Movie read_movie(Bytes moov) {
    Movie movie;
    Bytes header;
    for_each_box(moov, [&](const Box& box) {
        switch (box.type) {
            case four_letters("mvhd"):
                take_once(header, box);
                read_movie_header(header, movie);
                break;
            case four_letters("trak"):
                be_sure(header.data() != nullptr && movie.tracks.size() < kMostTracks);
                movie.tracks.push_back(read_track(box.content, movie.time_scale));
                break;
            case four_letters("mvex"):
                be_sure(header.data() != nullptr);
                read_extensions(box.content, movie);
                break;
            case four_letters("iods"):
                break;
            default:
                be_sure_of_metadata(box);
        }
    });
    be_sure(header.data() != nullptr && !movie.tracks.empty());
    be_sure_of_chapters(movie);
    return movie;
}

}  // namespace editprep::video::box_walk
