#include "new_media_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

namespace fs = std::filesystem;

std::string next_step_after(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return "free space or choose another folder";
        case EEXIST:
        case ENAMETOOLONG:
            return "choose another name";
        default:
            return "choose another folder or change its permissions";
    }
}

[[noreturn]] void throw_unwritable(const std::string& subject, int error) {
    throw Error(Errc::write_failed,
                "cannot write " + subject + ": " + std::generic_category().message(error), subject,
                next_step_after(error));
}

[[noreturn]] void throw_folder_unwritable(const fs::path& folder, int error) {
    throw_unwritable("to the folder " + folder.string(), error);
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

/// A name survives a crash of the machine once its folder is on disk. Not every file system can do
/// that, and the file is complete either way.
void flush_folder(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
}

}  // namespace

NewMediaFile::NewMediaFile(fs::path folder)
    : folder_(folder.empty() ? fs::path(".") : std::move(folder)) {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) {
        throw_folder_unwritable(folder_, error.value());
    }
    create();
}

NewMediaFile::~NewMediaFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
    if (!hidden_path_.empty()) {
        ::unlink(hidden_path_.c_str());
    }
}

void NewMediaFile::create() {
    constexpr int kAttempts = 16;
    std::random_device random;
    int error = EEXIST;
    for (int i = 0; i < kAttempts && (error == EEXIST || error == EINTR); ++i) {
        const fs::path path = folder_ / (".editprep-" + std::to_string(random()) + ".part");
        descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ >= 0) {
            hidden_path_ = path;
            return;
        }
        error = errno;
    }
    throw_folder_unwritable(folder_, error);
}

void NewMediaFile::write(std::span<const std::byte> content) {
    size_bytes_ += content.size();
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor_, content.data(), content.size());
        if (written >= 0) {
            content = content.subspan(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            throw_folder_unwritable(folder_, errno);
        }
    }
}

void NewMediaFile::publish(const fs::path& path) {
    // What a network file system could not store it may tell only when flushing or closing.
    if (::fsync(descriptor_) != 0 || ::close(std::exchange(descriptor_, -1)) != 0) {
        throw_folder_unwritable(folder_, errno);
    }
    if (!rename_without_replacing(hidden_path_, path)) {
        throw_unwritable(path.string(), errno);
    }
    hidden_path_.clear();
    flush_folder(folder_);
}

}  // namespace editprep::transport
