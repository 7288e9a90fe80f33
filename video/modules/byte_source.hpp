#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

extern "C" {
#include <libavformat/avformat.h>
}

#include "media_engine.hpp"

namespace editprep::video {

/// A file, or a clip in memory, for a bounded time.
class ByteSource {
public:
    /// @param source must outlive this
    /// Throws file_not_found or file_unreadable; of files only regular ones are read.
    explicit ByteSource(const ProbeSource& source);
    ~ByteSource();
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return source_.name; }
    [[nodiscard]] std::int64_t size_bytes() const noexcept { return size_bytes_; }
    [[nodiscard]] bool out_of_time() const noexcept;
    [[nodiscard]] bool read_failed() const noexcept { return read_failed_; }

    /// The number of bytes read, 0 at the end, or a negative errno.
    [[nodiscard]] int read_at(std::int64_t position, std::span<std::uint8_t> buffer) noexcept;

private:
    const ProbeSource& source_;
    int file_ = -1;
    std::int64_t size_bytes_ = 0;
    std::chrono::steady_clock::time_point deadline_;
    bool read_failed_ = false;
};

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
