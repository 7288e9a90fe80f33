#include "os/part_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace editprep::os {
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

/// Whether the system may mean the file without a name rather than the one that it was to get: some
/// file systems make such files and cannot link them, and the kernel does not let everybody link a
/// file that was given away (protected_hardlinks of proc(5)).
bool refuses_links(int error) {
    switch (error) {
        case EACCES:
        case EINVAL:
        case ENOENT:
        case ENOSYS:
        case EOPNOTSUPP:
        case EPERM:
        case EXDEV:
            return true;
        default:
            return false;
    }
}

/// Content, permissions and owner, these two as far as permitted.
void copy_file(int from, int to) {
    std::vector<std::byte> piece(std::size_t{1} << 20);
    off_t position = 0;
    while (true) {
        const ssize_t count = ::pread(from, piece.data(), piece.size(), position);
        if (count == 0) {
            break;
        }
        if (count > 0) {
            write_all(to, std::span(piece).first(static_cast<std::size_t>(count)));
            position += count;
        } else if (errno != EINTR) {
            throw_error(errno);
        }
    }
    struct stat status {};
    if (::fstat(from, &status) == 0) {
        [[maybe_unused]] const int mode_ignored = ::fchmod(to, status.st_mode & 0777U);
        [[maybe_unused]] const int owner_ignored = ::fchown(to, status.st_uid, status.st_gid);
    }
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
    if (hidden_.empty()) {
        if (link_descriptor(descriptor_, to)) {
            return;
        }
        if (!refuses_links(errno)) {
            throw_error(errno);
        }
        copy_to_hidden();
    }
    if (!rename_without_replacing(hidden_, to)) {
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
    try {
        hidden_ = make_hidden(
            folder_, [this](const fs::path& path) { return link_descriptor(descriptor_, path); });
    } catch (const std::system_error& error) {
        if (!refuses_links(error.code().value())) {
            throw;
        }
        copy_to_hidden();
    }
}

void PartFile::copy_to_hidden() {
    PartFile copy(folder_, Naming::hidden);
    copy_file(descriptor_, copy.descriptor_);
    copy.flush();
    std::swap(descriptor_, copy.descriptor_);
    std::swap(hidden_, copy.hidden_);
}

void flush_folder(const fs::path& folder) noexcept {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
}

}  // namespace editprep::os
