#include "new_media_file.hpp"

#include <cerrno>
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

}  // namespace

template <typename Work>
void NewMediaFile::or_unwritable(const Work& work) const {
    os::or_refuse(work, [this](const std::error_code& reason) {
        throw_folder_unwritable(folder_, reason.value());
    });
}

NewMediaFile::NewMediaFile(fs::path folder)
    : folder_(folder.empty() ? fs::path(".") : std::move(folder)) {
    or_unwritable([this] {
        fs::create_directories(folder_);
        part_.emplace(folder_);
    });
}

void NewMediaFile::write(std::span<const std::byte> content) {
    size_bytes_ += content.size();
    or_unwritable([&] { part_->write(content); });
}

void NewMediaFile::publish(const fs::path& path) {
    // What a network file system could not store it may tell only now.
    or_unwritable([this] { part_->flush(); });
    os::or_refuse(
        [&] { part_->publish(path); },
        [&](const std::error_code& reason) { throw_unwritable(path.string(), reason.value()); });
    os::flush_folder(folder_);
}

}  // namespace editprep::transport
