#pragma once

#include <filesystem>
#include <optional>

#include "os/part_file.hpp"

namespace editprep::video {

/// A clip that appears whole or not at all: FFmpeg writes to a file in the target's folder that
/// nobody sees (os/part_file.hpp), and that is gone again unless it took the target's place.
/// Missing folders are made.
class NewClipFile {
public:
    /// Throws file_exists (unless overwriting) or write_failed.
    NewClipFile(const std::filesystem::path& target, bool overwrite);

    /// By which this process can open the hidden file. It exists and is empty.
    [[nodiscard]] std::filesystem::path part() const { return part_->path(); }

    /// Flushes the hidden file to disk and gives it the target's name. Throws file_exists when
    /// somebody took the name in the meantime, or write_failed.
    void publish();

private:
    std::filesystem::path target_;
    bool overwrite_;
    std::optional<os::PartFile> part_;
};

}  // namespace editprep::video
