#include "new_clip_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include "editprep/video/error.hpp"

namespace editprep::video {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_unwritable(const fs::path& path, int error) {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    throw Error(Errc::write_failed,
                "Cannot write " + path.string() + ": " + std::generic_category().message(error),
                path.string(),
                full ? "Free space or choose another folder"
                     : "Choose another name or folder, or change its permissions");
}

[[noreturn]] void throw_exists(const fs::path& path) {
    throw Error(Errc::file_exists, "Refusing to replace " + path.string(), path.string(),
                "Name another file or allow overwriting");
}

/// Where a file of that name really is: a symbolic link stays, and what it names is written.
fs::path resolved(const fs::path& path) {
    std::error_code error;
    if (!fs::is_symlink(fs::symlink_status(path, error))) {
        return path;
    }
    const fs::path real = fs::weakly_canonical(path, error);
    if (error) {
        throw_unwritable(path, error.value());
    }
    return real;
}

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void check_target(const fs::path& target, bool overwrite) {
    std::error_code error;
    const fs::file_status status = fs::status(target, error);
    if (!target.has_filename() || fs::is_directory(status)) {
        throw_unwritable(target, EISDIR);
    }
    if (!fs::exists(status)) {
        return;
    }
    // An index goes to the front of a file at its end, so pipes and devices are out.
    if (!fs::is_regular_file(status)) {
        throw_unwritable(target, EINVAL);
    }
    if (!overwrite) {
        throw_exists(target);
    }
    // Renaming over it needs no permission of the file itself; its owner said no all the same.
    if (::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) {
        throw_unwritable(target, errno);
    }
}

bool flush(const fs::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    const bool flushed = ::fsync(descriptor) == 0;
    const int error = errno;
    ::close(descriptor);
    errno = error;
    return flushed;
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

}  // namespace

NewClipFile::NewClipFile(fs::path target, bool overwrite)
    : target_(resolved(target)), overwrite_(overwrite) {
    check_target(target_, overwrite_);
    std::error_code failure;
    fs::create_directories(folder_of(target_), failure);
    if (failure) {
        throw_unwritable(target_, failure.value());
    }
    constexpr int kAttempts = 16;
    std::random_device random;
    int error = EEXIST;
    for (int i = 0; i < kAttempts && (error == EEXIST || error == EINTR); ++i) {
        part_ = folder_of(target_) / (".editprep-" + std::to_string(random()) + ".part");
        const int descriptor = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0) {
            ::close(descriptor);
            return;
        }
        error = errno;
    }
    throw_unwritable(target_, error);
}

NewClipFile::~NewClipFile() {
    if (!part_.empty()) {
        ::unlink(part_.c_str());
    }
}

void NewClipFile::publish() {
    if (!flush(part_, O_WRONLY)) {
        throw_unwritable(target_, errno);
    }
    const bool moved = overwrite_ ? ::rename(part_.c_str(), target_.c_str()) == 0
                                  : rename_without_replacing(part_, target_);
    if (!moved) {
        if (errno == EEXIST) {
            throw_exists(target_);
        }
        throw_unwritable(target_, errno);
    }
    part_.clear();
    // The new name survives a crash of the machine once its folder is on disk. Not every file
    // system can do that, and the file is complete either way.
    flush(folder_of(target_), O_RDONLY | O_DIRECTORY);
}

}  // namespace editprep::video
