#pragma once

#include <filesystem>

namespace editprep::video {

/// A clip that appears whole or not at all: FFmpeg writes to a hidden file in the target's folder,
/// which is removed again unless it took the target's place. Missing folders are made.
class NewClipFile {
public:
    /// Throws file_exists (unless overwriting) or write_failed.
    NewClipFile(std::filesystem::path target, bool overwrite);
    ~NewClipFile();
    NewClipFile(const NewClipFile&) = delete;
    NewClipFile& operator=(const NewClipFile&) = delete;

    /// The hidden file. It exists and is empty.
    [[nodiscard]] const std::filesystem::path& part() const noexcept { return part_; }

    /// Flushes the hidden file to disk and gives it the target's name. Throws file_exists when
    /// somebody took the name in the meantime, or write_failed.
    void publish();

private:
    std::filesystem::path target_;
    bool overwrite_;
    std::filesystem::path part_{};
};

}  // namespace editprep::video
