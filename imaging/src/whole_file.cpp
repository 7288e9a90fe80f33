#include "whole_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include "editprep/imaging/error.hpp"
#include "png/png_writer.hpp"

namespace editprep::imaging {
namespace {

namespace fs = std::filesystem;

/// As many as Linux follows.
constexpr int kMaxLinks = 40;

std::string next_step_after(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return "free space or choose another folder";
        case EACCES:
        case EPERM:
        case EROFS:
            return "choose another folder or change the permissions";
        case ENAMETOOLONG:
            return "choose a shorter name";
        case EPIPE:
            return "keep the reading program running until everything is written";
        default:
            return "choose another name or folder";
    }
}

[[noreturn]] void throw_unwritable(const fs::path& path, int error) {
    throw Error(Errc::file_unwritable,
                "cannot write " + path.string() + ": " + std::generic_category().message(error),
                path.string(), next_step_after(error));
}

[[noreturn]] void throw_is_directory(const fs::path& path) {
    throw Error(Errc::file_unwritable, "cannot write " + path.string() + ": it is a directory",
                path.string(), "name a file inside it");
}

[[noreturn]] void throw_exists(const fs::path& path) {
    throw Error(Errc::file_exists,
                "refusing to replace " + path.string() + ", which does not carry editprep's mark",
                path.string(), "name another file or give --overwrite");
}

[[noreturn]] void throw_appeared(const fs::path& path) {
    throw Error(Errc::file_exists,
                "refusing to replace " + path.string() + ", which appeared while it was written",
                path.string(), "see who else writes there, and try again");
}

class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    [[nodiscard]] bool valid() const noexcept { return number_ >= 0; }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

/// Where a write to a path ends up.
struct Target {
    /// Symbolic links resolved.
    fs::path path;
    /// Absent when nothing is there.
    std::optional<struct stat> status;
    bool in_place = false;
};

/// Links below /proc lead to open descriptors (/dev/stdout does, by way of /proc/self/fd/1); what
/// they name need not be a path, and replacing it would leave the descriptor's owner behind.
bool is_descriptor_link(const fs::path& link) {
    struct statfs system {};
    const fs::path folder = link.has_parent_path() ? link.parent_path() : fs::path(".");
    return ::statfs(folder.c_str(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

std::optional<struct stat> status_of(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        return status;
    }
    if (errno != ENOENT) {
        throw_unwritable(path, errno);
    }
    return std::nullopt;
}

Target find_target(const fs::path& path) {
    if (path.native().find('\0') != std::string::npos) {
        throw_unwritable(path, EINVAL);  // the system would stop reading the name there
    }
    Target target{path, status_of(path)};
    if (target.status && !S_ISREG(target.status->st_mode) && !S_ISDIR(target.status->st_mode)) {
        target.in_place = true;
        return target;
    }
    std::error_code error;
    for (int links = 0; fs::is_symlink(fs::symlink_status(target.path, error)); ++links) {
        if (is_descriptor_link(target.path)) {
            target.in_place = true;
            return target;
        }
        const fs::path next = fs::read_symlink(target.path, error);
        if (error || links == kMaxLinks) {
            throw_unwritable(path, error ? error.value() : ELOOP);
        }
        target.path = target.path.parent_path() / next;
    }
    return target;
}

bool holds_own_png(const fs::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<std::byte, kOwnPngHeadBytes> head{};
    const ssize_t size = file.valid() ? ::read(file.number(), head.data(), head.size()) : -1;
    return size > 0 && is_own_png(std::span(head).first(static_cast<std::size_t>(size)));
}

/// Whether a path can only mean a folder, also one that does not exist.
bool names_folder(const fs::path& path) {
    return !path.has_filename() || path.filename() == "." || path.filename() == "..";
}

/// Throws unless what lies at the target may be replaced.
void check_replaceable(const fs::path& path, const Target& target, Overwrite overwrite) {
    if (target.in_place) {
        return;
    }
    if (names_folder(path) || (target.status && S_ISDIR(target.status->st_mode))) {
        throw_is_directory(path);
    }
    if (!target.status) {
        return;
    }
    if (overwrite == Overwrite::own_files && target.status->st_size > 0 &&
        !holds_own_png(target.path)) {
        throw_exists(path);
    }
    // Renaming over it needs no permission of the file itself; its owner said no all the same.
    if (::faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) != 0) {
        throw_unwritable(path, errno);
    }
}

/// `path` is what messages name.
void write_all(const fs::path& path, const Descriptor& file, std::span<const std::byte> content) {
    while (!content.empty()) {
        const ssize_t written = ::write(file.number(), content.data(), content.size());
        if (written >= 0) {
            content = content.subspan(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            throw_unwritable(path, errno);
        }
    }
}

/// Appending leaves alone what others wrote to the same descriptor (`command >> log`).
Descriptor open_in_place(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY));
    if (!file.valid()) {
        throw_unwritable(path, errno);
    }
    return file;
}

/// A new file beside the target under a hidden random name, removed again unless it took the
/// target's place. The name does not contain the target's, which may be as long as names can be.
class TemporaryFile {
public:
    TemporaryFile(const fs::path& subject, const fs::path& folder)
        : subject_(subject), path_(folder), file_(create()) {}
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (!moved_) {
            ::unlink(path_.c_str());
        }
    }

    void write(std::span<const std::byte> content) { write_all(subject_, file_, content); }

    /// As far as permitted: who may not give a file away writes one of his own.
    void copy_permissions(const struct stat& from) {
        [[maybe_unused]] const int owner_ignored =
            ::fchown(file_.number(), from.st_uid, from.st_gid);
        [[maybe_unused]] const int mode_ignored = ::fchmod(file_.number(), from.st_mode & 0777U);
    }

    void flush() {
        if (::fsync(file_.number()) != 0) {
            throw_unwritable(subject_, errno);
        }
    }

    void replace(const fs::path& to) {
        if (::rename(path_.c_str(), to.c_str()) != 0) {
            throw_unwritable(subject_, errno);
        }
        moved_ = true;
    }

    /// Refuses when somebody made a file of that name in the meantime.
    void move_to_new(const fs::path& to) {
        moved_ = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0;
        if (moved_) {
            return;
        }
        const bool unknown_to_file_system = errno == EINVAL || errno == ENOSYS;
        // A second name for the file; the destructor removes the first.
        if (unknown_to_file_system && ::link(path_.c_str(), to.c_str()) == 0) {
            return;
        }
        if (errno == EEXIST) {
            throw_appeared(subject_);
        }
        throw_unwritable(subject_, errno);
    }

private:
    /// Completes path_, which holds the folder.
    Descriptor create() {
        constexpr int kAttempts = 16;
        const fs::path folder = path_;
        std::random_device random;
        int error = EEXIST;
        for (int i = 0; i < kAttempts && (error == EEXIST || error == EINTR); ++i) {
            path_ = folder / (".editprep-" + std::to_string(random()) + ".part");
            Descriptor file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
            if (file.valid()) {
                return file;
            }
            error = errno;
        }
        throw_unwritable(subject_, error);
    }

    const fs::path& subject_;
    fs::path path_;
    Descriptor file_;
    bool moved_ = false;
};

void make_folders(const fs::path& path, const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw_unwritable(path, error.value());
    }
}

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

void check_target(const std::filesystem::path& path, Overwrite overwrite) {
    check_replaceable(path, find_target(path), overwrite);
}

/// What takes the bytes is opened with the first of them: who fails before that leaves no trace.
class WholeFileWriter::Work {
public:
    Work(const fs::path& path, Overwrite overwrite) : path_(path), target_(find_target(path)) {
        check_replaceable(path_, target_, overwrite);
    }

    void write(std::span<const std::byte> content) {
        open();
        if (target_.in_place) {
            write_all(path_, *in_place_, content);
        } else {
            temporary_->write(content);
        }
    }

    void commit() {
        open();
        if (target_.in_place) {
            return;
        }
        if (target_.status) {
            temporary_->copy_permissions(*target_.status);
        }
        temporary_->flush();
        if (target_.status) {
            temporary_->replace(target_.path);
        } else {
            temporary_->move_to_new(target_.path);
        }
    }

private:
    void open() {
        if (in_place_ || temporary_) {
            return;
        }
        if (target_.in_place) {
            in_place_.emplace(open_in_place(path_));
        } else {
            const fs::path folder = folder_of(target_.path);
            make_folders(path_, folder);
            temporary_.emplace(path_, folder);
        }
    }

    const fs::path path_;
    Target target_;
    std::optional<Descriptor> in_place_;
    std::optional<TemporaryFile> temporary_;
};

WholeFileWriter::WholeFileWriter(const std::filesystem::path& path, Overwrite overwrite)
    : work_(std::make_unique<Work>(path, overwrite)) {}

WholeFileWriter::~WholeFileWriter() = default;

void WholeFileWriter::write(std::span<const std::byte> content) { work_->write(content); }

void WholeFileWriter::commit() { work_->commit(); }

void write_whole_file(const std::filesystem::path& path, std::span<const std::byte> content,
                      Overwrite overwrite) {
    WholeFileWriter writer(path, overwrite);
    writer.write(content);
    writer.commit();
}

}  // namespace editprep::imaging
