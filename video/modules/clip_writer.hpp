#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "av_handles.hpp"

namespace editprep::video {

/// Writes an MP4 or QuickTime file with its index at the front. Tracks are told one by one, for
/// what a track is like may be known only after its first frame; packets that come earlier wait.
class ClipWriter {
public:
    struct Settings {
        /// `mp4` or `mov`.
        std::string container = "mp4";
        /// Nothing in the file that differs from run to run.
        bool reproducible = false;
    };
    /// @param path        a file of ours, which is emptied
    /// @param track_count in the file's order
    ClipWriter(const std::filesystem::path& path, const Settings& settings,
               std::size_t track_count);
    ~ClipWriter();
    ClipWriter(const ClipWriter&) = delete;
    ClipWriter& operator=(const ClipWriter&) = delete;

    /// Of the whole file. Before the last track is told.
    void set_metadata(const AVDictionary* metadata);
    /// What a track holds; `time_base` is a wish.
    /// @param source where it is copied from; its turn, shape of pixels and language are taken
    ///               along. May be null.
    void begin_track(std::size_t track, const AVCodecParameters& parameters, AVRational time_base,
                     const AVStream* source = nullptr);
    /// There will be no such track.
    void give_up_track(std::size_t track);
    /// Takes the packet's content. Packets of one track come in the order of their decoding.
    void write(std::size_t track, Packet packet, AVRational time_base);
    void finish();

private:
    enum class State { unknown, told, given_up };
    struct Track {
        State state = State::unknown;
        CodecParameters parameters{};
        AVRational time_base{1, 1};
        const AVStream* source = nullptr;
        AVStream* stream = nullptr;
    };
    struct Waiting {
        std::size_t track;
        Packet packet;
        AVRational time_base;
    };
    struct CloseOutput {
        void operator()(AVFormatContext* format) const noexcept;
    };

    void start_when_all_are_told();
    void add_stream(Track& track);
    /// Throws write_failed.
    void check(int result) const;

    std::string container_;
    std::unique_ptr<AVFormatContext, CloseOutput> format_;
    std::vector<Track> tracks_;
    std::vector<Waiting> waiting_;
    bool started_ = false;
};

}  // namespace editprep::video
