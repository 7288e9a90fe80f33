#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "av_handles.hpp"

namespace editprep::video {

/// A clip that probing took for good, opened for reading its packets. Time stamps come out counted
/// from where the clip begins.
class ClipReader {
public:
    /// @param container as MediaInfo::container; nothing else is tried
    /// @param deadline  when reading is given up
    /// Throws file_unreadable, damaged_media or no_video; from any call, cancelled or, after the
    /// deadline, too_complex.
    ClipReader(const std::filesystem::path& path, const std::string& container,
               const std::atomic<bool>* cancel,
               std::optional<std::chrono::steady_clock::time_point> deadline = {});
    ClipReader(const ClipReader&) = delete;
    ClipReader& operator=(const ClipReader&) = delete;

    /// As shown_video.
    [[nodiscard]] AVStream& video() const noexcept { return *video_; }
    /// The first sound track; null when there is none.
    [[nodiscard]] AVStream* audio() const noexcept { return audio_; }
    [[nodiscard]] const AVFormatContext& format() const noexcept { return *format_; }

    /// Goes to a key frame at or before that time, where the container has an index; elsewhere
    /// stays at the beginning.
    void seek(double seconds);

    /// The next packet of the chosen streams; null at the end, and where the rest cannot be read.
    [[nodiscard]] Packet read();
    [[nodiscard]] bool is_video(const AVPacket& packet) const noexcept {
        return packet.stream_index == video_->index;
    }

private:
    /// Why FFmpeg shall stop.
    struct Interrupt {
        const std::atomic<bool>* cancel = nullptr;
        std::optional<std::chrono::steady_clock::time_point> deadline{};

        [[nodiscard]] bool out_of_time() const noexcept;
    };

    static int is_interrupted(void* interrupt) noexcept;

    [[nodiscard]] AVFormatContext* open(const std::filesystem::path& path,
                                        const std::string& container);
    void choose_streams();
    void check_interrupt() const;

    std::string name_;
    Interrupt interrupt_;
    AvHandle<AVFormatContext> format_;
    AVStream* video_ = nullptr;
    AVStream* audio_ = nullptr;
    // In AV_TIME_BASE.
    std::int64_t beginning_ = 0;
};

/// Throws cancelled when the flag is raised. It may be null.
void throw_if_cancelled(const std::atomic<bool>* cancel);

}  // namespace editprep::video
