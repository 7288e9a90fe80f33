#include "reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <new>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

namespace editprep::video {
namespace {

// Few bytes are needed here and there, and the smaller the buffer, the more often the index is
// looked at: between two reads a hostile file has room for a handful of tracks.
constexpr std::size_t kBufferBytes = 2048;
// Frames and sounds of more than ten hours.
constexpr std::int64_t kMostIndexEntries = 4'000'000;

}  // namespace

void Reader::FreeContext::operator()(AVIOContext* context) const noexcept {
    // FFmpeg may have put another buffer in place of the first.
    av_freep(&context->buffer);
    avio_context_free(&context);
}

Reader::Reader(ByteSource& source, std::int64_t length_bytes)
    : source_(source), length_bytes_(std::min(length_bytes, source.size_bytes())) {
    auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
    if (buffer == nullptr) {
        throw std::bad_alloc();
    }
    context_.reset(
        avio_alloc_context(buffer, kBufferBytes, /*write_flag=*/0, this, &read, nullptr, &seek));
    if (context_ == nullptr) {
        av_free(buffer);
        throw std::bad_alloc();
    }
}

bool Reader::has_large_index() const noexcept {
    if (watched_ == nullptr) {
        return false;
    }
    std::int64_t entries = 0;
    for (AVStream* stream : std::span(watched_->streams, watched_->nb_streams)) {
        entries += avformat_index_get_entries_count(stream);
    }
    return entries > kMostIndexEntries;
}

int Reader::read_some(std::span<std::uint8_t> buffer) noexcept {
    index_too_large_ = index_too_large_ || has_large_index();
    if (index_too_large_ || source_.out_of_time()) {
        return AVERROR_EXIT;
    }
    const std::int64_t left = std::max<std::int64_t>(length_bytes_ - position_, 0);
    const auto wanted = std::min(buffer.size(), static_cast<std::size_t>(left));
    const int count = wanted > 0 ? source_.read_at(position_, buffer.first(wanted)) : 0;
    if (count > 0) {
        position_ += count;
    }
    // FFmpeg's error codes are negative errnos.
    return count != 0 ? count : AVERROR_EOF;
}

int Reader::read(void* self, std::uint8_t* buffer, int size) noexcept {
    return static_cast<Reader*>(self)->read_some({buffer, static_cast<std::size_t>(size)});
}

std::int64_t Reader::seek(void* self, std::int64_t offset, int whence) noexcept {
    auto& reader = *static_cast<Reader*>(self);
    if ((whence & AVSEEK_SIZE) != 0) {
        return reader.length_bytes_;
    }
    const int origin = whence & ~AVSEEK_FORCE;
    const std::int64_t base = origin == SEEK_CUR   ? reader.position_
                              : origin == SEEK_END ? reader.length_bytes_
                                                   : 0;
    std::int64_t target = 0;
    if (__builtin_add_overflow(base, offset, &target) || target < 0) {
        return AVERROR(EINVAL);
    }
    // As in any file, one may go behind the end and finds nothing there.
    reader.sought_beyond_end_ = reader.sought_beyond_end_ || target > reader.length_bytes_;
    reader.position_ = target;
    return target;
}

}  // namespace editprep::video
