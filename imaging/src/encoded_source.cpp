#include "encoded_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "editprep/imaging/error.hpp"

namespace editprep::imaging {
namespace {

constexpr std::size_t kStreamBlock = std::size_t{1} << 16;

std::string reason_of(int error_number) { return std::generic_category().message(error_number); }

[[noreturn]] void throw_unreadable(const std::string& subject, const std::string& reason) {
    throw Error(Errc::file_unreadable, "cannot read " + subject + ": " + reason, subject);
}

const char* advice_for(int error_number) {
    return error_number == EACCES || error_number == EPERM
               ? "check its permissions, or name another file"
               : "name another file";
}

[[noreturn]] void throw_cannot_open(const std::string& subject, int error_number) {
    if (error_number == ENOENT || error_number == ENOTDIR) {
        throw Error(Errc::file_not_found, "image not found: " + subject, subject, "check the path");
    }
    throw Error(Errc::file_unreadable, "cannot read " + subject + ": " + reason_of(error_number),
                subject, advice_for(error_number));
}

[[noreturn]] void throw_too_large(const std::string& subject, std::int64_t max_bytes) {
    throw Error(Errc::limit_exceeded,
                subject + " is larger than the limit of " + std::to_string(max_bytes) + " bytes",
                subject, "scale or compress it first");
}

int open_file(const std::string& subject) {
    int file = -1;
    do {
        file = ::open(subject.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    } while (file < 0 && errno == EINTR);
    if (file < 0) {
        throw_cannot_open(subject, errno);
    }
    return file;
}

/// Closes the file if a constructor does not get to its end.
class FileGuard {
public:
    explicit FileGuard(int file) noexcept : file_(file) {}
    FileGuard(const FileGuard&) = delete;
    FileGuard& operator=(const FileGuard&) = delete;
    ~FileGuard() {
        if (file_ >= 0) {
            ::close(file_);
        }
    }
    void release() noexcept { file_ = -1; }

private:
    int file_;
};

}  // namespace

EncodedSource::EncodedSource(std::span<const std::byte> content, std::string_view subject,
                             std::int64_t max_bytes)
    : subject_(subject), size_(content.size()), loaded_(content) {
    if (std::cmp_greater(content.size(), max_bytes)) {
        throw_too_large(subject_, max_bytes);
    }
    if (content.empty()) {
        throw Error(Errc::damaged_image, "there is no content: " + subject_, subject_);
    }
}

EncodedSource::EncodedSource(const std::filesystem::path& path, std::int64_t max_bytes)
    : subject_(path.string()), file_(open_file(subject_)) {
    FileGuard guard(file_);
    struct stat facts {};
    if (::fstat(file_, &facts) != 0) {
        throw_unreadable(subject_, reason_of(errno));
    }
    if (S_ISDIR(facts.st_mode)) {
        throw Error(Errc::file_unreadable, "cannot read " + subject_ + ": it is a directory",
                    subject_, "name a file inside it");
    }
    if (S_ISREG(facts.st_mode)) {
        if (facts.st_size > max_bytes) {
            throw_too_large(subject_, max_bytes);
        }
        size_ = static_cast<std::size_t>(facts.st_size);
    } else {
        read_stream(max_bytes);
    }
    if (size_ == 0) {
        throw Error(Errc::damaged_image, "the file is empty: " + subject_, subject_,
                    "get the file again");
    }
    guard.release();
}

EncodedSource::~EncodedSource() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

std::size_t EncodedSource::read_some(std::size_t offset, std::span<std::byte> out) const {
    std::size_t done = 0;
    while (done < out.size()) {
        const ssize_t count =
            ::pread(file_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            throw_unreadable(subject_, reason_of(errno));
        }
        if (count == 0) {
            break;
        }
        done += static_cast<std::size_t>(count);
    }
    return done;
}

std::size_t EncodedSource::read_at(std::size_t offset, std::span<std::byte> out) const {
    if (offset >= size_ || out.empty()) {
        return 0;
    }
    const std::size_t count = std::min(out.size(), size_ - offset);
    if (offset + count > loaded_.size()) {
        return read_some(offset, out.first(count));
    }
    std::memcpy(out.data(), loaded_.data() + offset, count);
    return count;
}

std::span<const std::byte> EncodedSource::prefix(std::size_t count) {
    count = std::min(count, size_);
    if (count > loaded_.size()) {
        auto larger = std::make_unique_for_overwrite<std::byte[]>(count);
        const std::size_t available = read_some(0, {larger.get(), count});
        buffer_ = std::move(larger);
        loaded_ = {buffer_.get(), available};
        if (available < count) {
            // Another process cut the file short; what is left is all there is.
            size_ = available;
        }
    }
    return loaded_.first(std::min(count, loaded_.size()));
}

void EncodedSource::read_stream(std::int64_t max_bytes) {
    const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(max_bytes, 0));
    std::size_t capacity = 0;
    for (;;) {
        if (size_ == capacity) {
            if (size_ > limit) {
                throw_too_large(subject_, max_bytes);
            }
            // One byte beyond the limit tells "exactly at it" from "above it".
            capacity = std::min(std::max(kStreamBlock, 2 * capacity), limit + 1);
            auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
            if (size_ > 0) {
                std::memcpy(larger.get(), buffer_.get(), size_);
            }
            buffer_ = std::move(larger);
        }
        const ssize_t count = ::read(file_, buffer_.get() + size_, capacity - size_);
        if (count < 0 && errno != EINTR) {
            throw_unreadable(subject_, reason_of(errno));
        }
        if (count == 0) {
            break;
        }
        size_ += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    if (size_ > limit) {
        throw_too_large(subject_, max_bytes);
    }
    loaded_ = {buffer_.get(), size_};
}

}  // namespace editprep::imaging
