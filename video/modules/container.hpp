#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

extern "C" {
#include <libavformat/avformat.h>
}

#include "reader.hpp"

namespace editprep::video {

struct CloseFormat {
    void operator()(AVFormatContext* format) const noexcept { avformat_close_input(&format); }
};
using FormatHandle = std::unique_ptr<AVFormatContext, CloseFormat>;

/// A container opened by FFmpeg: its header has been read. Frames are decoded only where the header
/// leaves the size or the rate to them.
class Container {
public:
    /// @param source must outlive the container
    /// Throws unsupported_format, damaged_media, too_complex or file_unreadable.
    explicit Container(ByteSource& source);

    [[nodiscard]] const AVFormatContext& format() const noexcept { return *format_; }
    /// `mp4`, `mov`, `webm`, `matroska`, `avi` or `mpegts`.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// True when the container speaks of more bytes than there are, as after a broken download.
    [[nodiscard]] bool is_cut_short() const;

    /// As in MediaInfo; reads the beginning again.
    [[nodiscard]] std::optional<bool> index_at_front() const;

private:
    [[nodiscard]] bool is_mp4_or_mov() const noexcept;
    [[nodiscard]] bool has_cut_index() const;

    // In this order: the format reads from the reader until it is closed.
    Reader reader_;
    FormatHandle format_;
    std::string name_;
};

}  // namespace editprep::video
