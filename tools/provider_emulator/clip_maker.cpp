#include "tools/provider_emulator/clip_maker.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "tools/shared/scratch_folder.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr double kMinSide = 16;
constexpr double kMaxSide = 4096;

int even_side(double side) {
    return 2 * static_cast<int>(std::lround(std::clamp(side, kMinSide, kMaxSide) / 2));
}

}  // namespace

std::string make_clip(const video::PatternClip& clip) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    const ScratchFolder folder("provider_emulator");
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
