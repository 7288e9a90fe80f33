#pragma once

#include <cstdint>
#include <memory>
#include <span>

extern "C" {
#include <libavformat/avformat.h>
}

#include "byte_source.hpp"

namespace editprep::video {

/// A source as FFmpeg reads it. Reading ends when the time is over or the index has grown beyond
/// what a clip has.
class Reader {
public:
    /// Reads the first `length_bytes`, as if there were no more.
    Reader(ByteSource& source, std::int64_t length_bytes);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    [[nodiscard]] AVIOContext* context() const noexcept { return context_.get(); }
    [[nodiscard]] ByteSource& source() const noexcept { return source_; }

    /// What this format has in memory is watched from now on; null ends that.
    void watch(const AVFormatContext* format) noexcept { watched_ = format; }
    /// The index of the watched format has become larger than that of any clip.
    [[nodiscard]] bool index_too_large() const noexcept { return index_too_large_; }
    /// The container told FFmpeg to look for something behind the end.
    [[nodiscard]] bool sought_beyond_end() const noexcept { return sought_beyond_end_; }

private:
    struct FreeContext {
        void operator()(AVIOContext* context) const noexcept;
    };

    static int read(void* self, std::uint8_t* buffer, int size) noexcept;
    static std::int64_t seek(void* self, std::int64_t offset, int whence) noexcept;

    [[nodiscard]] int read_some(std::span<std::uint8_t> buffer) noexcept;
    [[nodiscard]] bool has_large_index() const noexcept;

    ByteSource& source_;
    std::int64_t length_bytes_;
    std::int64_t position_ = 0;
    const AVFormatContext* watched_ = nullptr;
    bool index_too_large_ = false;
    bool sought_beyond_end_ = false;
    std::unique_ptr<AVIOContext, FreeContext> context_;
};

}  // namespace editprep::video
