#include "byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <system_error>

#include "editprep/video/error.hpp"

namespace editprep::video {
namespace {

// A hundred times what the worst real clip takes on a slow machine.
constexpr std::chrono::seconds kLongest{10};

[[noreturn]] void fail_to_read(const std::string& name, const std::string& reason) {
    throw Error(Errc::file_unreadable, "cannot read " + name + ": " + reason, name);
}

const char* advice_for(int error_number) {
    return error_number == EACCES || error_number == EPERM
               ? "check its permissions, or name another file"
               : "name another file";
}

int open_file(const ProbeSource& source) {
    // A pipe without a writer must not be waited for.
    const int file = ::open(source.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0) {
        return file;
    }
    if (errno == ENOENT || errno == ENOTDIR) {
        throw Error(Errc::file_not_found, "file not found: " + source.name, source.name);
    }
    const int reason = errno;
    throw Error(Errc::file_unreadable,
                "cannot read " + source.name + ": " + std::generic_category().message(reason),
                source.name, advice_for(reason));
}

std::int64_t size_of_regular_file(int file, const std::string& name) {
    struct stat status {};
    if (::fstat(file, &status) != 0) {
        fail_to_read(name, std::generic_category().message(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        throw Error(Errc::file_unreadable, "cannot read " + name + ": it is a directory", name,
                    "name a file inside it");
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

}  // namespace editprep::video
