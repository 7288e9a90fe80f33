#include "whole_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "editprep/imaging/error.hpp"
#include "os/part_file.hpp"
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

/// Appending leaves alone what others wrote to the same descriptor (`command >> log`).
Descriptor open_in_place(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY));
    if (!file.valid()) {
        throw_unwritable(path, errno);
    }
    return file;
}

/// As far as permitted: who may not give a file away writes one of his own.
void copy_permissions(const struct stat& from, int to) {
    [[maybe_unused]] const int owner_ignored = ::fchown(to, from.st_uid, from.st_gid);
    [[maybe_unused]] const int mode_ignored = ::fchmod(to, from.st_mode & 0777U);
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
        or_unwritable([&] {
            os::write_all(target_.in_place ? in_place_->number() : part_->descriptor(), content);
        });
    }

    void commit() {
        open();
        if (target_.in_place) {
            return;
        }
        if (target_.status) {
            copy_permissions(*target_.status, part_->descriptor());
        }
        or_unwritable([&] { part_->flush(); });
        publish();
    }

private:
    template <typename Work>
    void or_unwritable(const Work& work) const {
        os::or_refuse(work, [this](const std::error_code& reason) {
            throw_unwritable(path_, reason.value());
        });
    }

    void open() {
        if (in_place_ || part_) {
            return;
        }
        if (target_.in_place) {
            in_place_.emplace(open_in_place(path_));
        } else {
            or_unwritable([this] {
                const fs::path folder = folder_of(target_.path);
                fs::create_directories(folder);
                part_.emplace(folder);
            });
        }
    }

    void publish() {
        const auto give_name = [this] {
            if (target_.status) {
                part_->publish_over(target_.path);
            } else {
                part_->publish(target_.path);
            }
        };
        os::or_refuse(give_name, [this](const std::error_code& reason) {
            if (reason == std::errc::file_exists) {
                throw_appeared(path_);  // by somebody who made it in the meantime
            }
            throw_unwritable(path_, reason.value());
        });
    }

    const fs::path path_;
    Target target_;
    std::optional<Descriptor> in_place_;
    std::optional<os::PartFile> part_;
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
