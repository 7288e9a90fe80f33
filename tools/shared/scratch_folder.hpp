#pragma once

#include <filesystem>
#include <string>

namespace editprep::tools {

/// A new folder for temporary files, open to nobody else, that goes with everything in it.
class ScratchFolder {
public:
    /// `<name>-<6 random characters>` in the system's folder for such. Throws std::system_error.
    explicit ScratchFolder(const std::string& name);
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace editprep::tools
