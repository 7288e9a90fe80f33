#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

extern "C" {
#include <libavformat/avformat.h>
}

namespace editprep::video {

/// A container file opened by FFmpeg: its header has been read. Frames are decoded only where the
/// header leaves the frame size to them.
class Container {
public:
    /// Throws file_not_found, file_unreadable, unsupported_format or damaged_media.
    explicit Container(const std::filesystem::path& path);

    [[nodiscard]] const AVFormatContext& format() const noexcept { return *format_; }
    /// `mp4`, `mov`, `webm`, `matroska` or `avi`.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::int64_t file_size_bytes() const noexcept { return file_size_bytes_; }

private:
    struct CloseFile {
        void operator()(AVIOContext* file) const noexcept { avio_closep(&file); }
    };
    struct CloseFormat {
        void operator()(AVFormatContext* format) const noexcept { avformat_close_input(&format); }
    };

    std::int64_t file_size_bytes_;
    // In this order: the format reads from the file until it is closed.
    std::unique_ptr<AVIOContext, CloseFile> file_;
    std::unique_ptr<AVFormatContext, CloseFormat> format_;
    std::string name_;
};

}  // namespace editprep::video
