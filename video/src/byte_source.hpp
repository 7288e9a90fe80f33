#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

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

}  // namespace editprep::video
