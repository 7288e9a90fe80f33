#include "part_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>

namespace editprep::files {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_error(int error) {
    throw std::system_error(error, std::generic_category());
}

/// Leads to the open file itself.
fs::path name_of_descriptor(int descriptor) {
    return "/proc/self/fd/" + std::to_string(descriptor);
}

/// False with errno set.
bool link_descriptor(int descriptor, const fs::path& to) {
    return ::linkat(AT_FDCWD, name_of_descriptor(descriptor).c_str(), AT_FDCWD, to.c_str(),
                    AT_SYMLINK_FOLLOW) == 0;
}

/// False with errno set.
bool rename_without_replacing(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    const bool unknown_to_file_system = errno == EINVAL || errno == ENOSYS;
    if (!unknown_to_file_system || ::link(from.c_str(), to.c_str()) != 0) {
        return false;
    }
    ::unlink(from.c_str());
    return true;
}

/// Calls `make` with hidden names in a folder until it finds a new one, and returns that. The names
/// do not contain the target's, which may be as long as names can be.
/// @param make false with errno set
template <typename Make>
fs::path make_hidden(const fs::path& folder, const Make& make) {
    constexpr int kAttempts = 16;
    std::random_device random;
    int error = EEXIST;
    for (int i = 0; i < kAttempts && (error == EEXIST || error == EINTR); ++i) {
        fs::path path = folder / (".editprep-" + std::to_string(random()) + ".part");
        if (make(path)) {
            return path;
        }
        error = errno;
    }
    throw_error(error);
}

}  // namespace

void write_all(int descriptor, std::span<const std::byte> content) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written >= 0) {
            content = content.subspan(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            throw_error(errno);
        }
    }
}

PartFile::PartFile(const fs::path& folder, Naming naming)
    : folder_(folder.empty() ? fs::path(".") : folder) {
    // A file with a name tells by itself what else stands in the way.
    if (naming == Naming::hidden || !open_unnamed()) {
        open_hidden();
    }
}

PartFile::~PartFile() {
    close();
    if (!hidden_.empty()) {
        ::unlink(hidden_.c_str());
    }
}

bool PartFile::open_unnamed() {
    descriptor_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    // Without /proc it could never get a name.
    if (descriptor_ >= 0 && ::access(name_of_descriptor(descriptor_).c_str(), F_OK) != 0) {
        close();
    }
    return descriptor_ >= 0;
}

void PartFile::open_hidden() {
    hidden_ = make_hidden(folder_, [this](const fs::path& path) {
        descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        return descriptor_ >= 0;
    });
}

void PartFile::close() noexcept {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        descriptor_ = -1;
    }
}

fs::path PartFile::path() const {
    return hidden_.empty() ? name_of_descriptor(descriptor_) : hidden_;
}

void PartFile::flush() {
    if (::fsync(descriptor_) != 0) {
        throw_error(errno);
    }
}

void PartFile::publish(const fs::path& to) {
    const bool published =
        hidden_.empty() ? link_descriptor(descriptor_, to) : rename_without_replacing(hidden_, to);
    if (!published) {
        throw_error(errno);
    }
    hidden_.clear();
}

void PartFile::publish_over(const fs::path& to) {
    // A link replaces nothing, so the file needs a name from which it can be moved.
    if (hidden_.empty()) {
        link_hidden();
    }
    if (::rename(hidden_.c_str(), to.c_str()) != 0) {
        throw_error(errno);
    }
    hidden_.clear();
}

void PartFile::link_hidden() {
    hidden_ = make_hidden(
        folder_, [this](const fs::path& path) { return link_descriptor(descriptor_, path); });
}

void flush_folder(const fs::path& folder) noexcept {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
}

}  // namespace editprep::files
