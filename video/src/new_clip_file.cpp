#include "new_clip_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "editprep/video/error.hpp"

namespace editprep::video {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_unwritable(const fs::path& path, int error) {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    throw Error(Errc::write_failed,
                "cannot write " + path.string() + ": " + std::generic_category().message(error),
                path.string(),
                full ? "free space or choose another folder"
                     : "choose another name or folder, or change its permissions");
}

[[noreturn]] void throw_exists(const fs::path& path) {
    throw Error(Errc::file_exists, "refusing to replace " + path.string(), path.string(),
                "name another file or allow overwriting");
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

}  // namespace

NewClipFile::NewClipFile(const fs::path& target, bool overwrite)
    : target_(resolved(target)), overwrite_(overwrite) {
    check_target(target_, overwrite_);
    const auto open = [this] {
        fs::create_directories(folder_of(target_));
        part_.emplace(folder_of(target_));
    };
    os::or_refuse(
        open, [this](const std::error_code& reason) { throw_unwritable(target_, reason.value()); });
}

void NewClipFile::publish() {
    const auto give_name = [this] {
        part_->flush();
        if (overwrite_) {
            part_->publish_over(target_);
        } else {
            part_->publish(target_);
        }
    };
    os::or_refuse(give_name, [this](const std::error_code& reason) {
        if (reason == std::errc::file_exists) {
            throw_exists(target_);
        }
        throw_unwritable(target_, reason.value());
    });
    os::flush_folder(folder_of(target_));
}

}  // namespace editprep::video
