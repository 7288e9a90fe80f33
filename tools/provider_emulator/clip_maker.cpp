#include "tools/provider_emulator/clip_maker.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <system_error>

namespace editprep::tools::provider_emulator {
namespace {

constexpr double kMinSide = 16;
constexpr double kMaxSide = 4096;

/// A new folder that goes with everything in it.
class WorkFolder {
public:
    WorkFolder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "provider_emulator-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::system_error(errno, std::generic_category(), name);
        }
        path_ = name;
    }
    ~WorkFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

int even_side(double side) {
    return 2 * static_cast<int>(std::lround(std::clamp(side, kMinSide, kMaxSide) / 2));
}

}  // namespace

std::string make_clip(const video::PatternClip& clip) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    const WorkFolder folder;
    const std::filesystem::path path = folder.path() / "clip.mp4";
    video::write_pattern_clip(path, clip);
    std::string content(std::filesystem::file_size(path), '\0');
    std::ifstream(path, std::ios::binary)
        .read(content.data(), static_cast<std::streamsize>(content.size()));
    return content;
}

video::FrameSize encodable(double width, double height) noexcept {
    return {even_side(width), even_side(height)};
}

}  // namespace editprep::tools::provider_emulator
