#include "byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

#include "editprep/video/error.hpp"

namespace editprep::video {
namespace {

// A hundred times what the worst real clip takes on a slow machine.
constexpr std::chrono::seconds kLongest{10};
// Few bytes are needed here and there, and the smaller the buffer, the more often the index is
// looked at: between two reads a hostile file has room for a handful of tracks.
constexpr std::size_t kBufferBytes = 2048;
// Frames and sounds of more than ten hours.
constexpr std::int64_t kMostIndexEntries = 4'000'000;

[[noreturn]] void fail_to_read(const std::string& name, const std::string& reason) {
    throw Error(Errc::file_unreadable, "Cannot read " + name + ": " + reason, name);
}

int open_file(const ProbeSource& source) {
    // A pipe without a writer must not be waited for.
    const int file = ::open(source.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0) {
        return file;
    }
    if (errno == ENOENT || errno == ENOTDIR) {
        throw Error(Errc::file_not_found, "File not found: " + source.name, source.name);
    }
    fail_to_read(source.name, std::generic_category().message(errno));
}

std::int64_t size_of_regular_file(int file, const std::string& name) {
    struct stat status {};
    if (::fstat(file, &status) != 0) {
        fail_to_read(name, std::generic_category().message(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        fail_to_read(name, "it is not a regular file");
    }
    return status.st_size;
}

}  // namespace

ByteSource::ByteSource(const ProbeSource& source)
    : source_(source), deadline_(std::chrono::steady_clock::now() + kLongest) {
    if (source.path.empty()) {
        size_bytes_ = static_cast<std::int64_t>(source.content.size());
        return;
    }
    file_ = open_file(source);
    try {
        size_bytes_ = size_of_regular_file(file_, source.name);
    } catch (...) {
        ::close(file_);
        throw;
    }
}

ByteSource::~ByteSource() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

bool ByteSource::out_of_time() const noexcept {
    return std::chrono::steady_clock::now() >= deadline_;
}

int ByteSource::read_at(std::int64_t position, std::span<std::uint8_t> buffer) noexcept {
    if (file_ < 0) {
        const auto rest =
            source_.content.subspan(static_cast<std::size_t>(std::min(position, size_bytes_)));
        const std::size_t count = std::min(rest.size(), buffer.size());
        std::copy_n(reinterpret_cast<const std::uint8_t*>(rest.data()), count, buffer.data());
        return static_cast<int>(count);
    }
    const ssize_t count = ::pread(file_, buffer.data(), buffer.size(), position);
    if (count < 0) {
        read_failed_ = true;
        return -errno;
    }
    return static_cast<int>(count);
}

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
