#include "editprep/video/pattern_clip.hpp"

#include <string>

#include "conform_engine.hpp"
#include "editprep/video/error.hpp"
#include "module_loader.hpp"
#include "new_clip_file.hpp"

namespace editprep::video {
namespace {

/// H.264 level 6.2 takes no larger frames, and x264 none below a macroblock.
constexpr int kSmallestSide = 16;
constexpr int kLargestSide = 8192;
constexpr double kHighestRate = 300;
constexpr std::chrono::hours kLongest{1};

void require(bool right, const std::string& reason) {
    if (!right) {
        throw Error(Errc::invalid_argument, "cannot make a pattern clip: " + reason);
    }
}

void check_side(const char* name, int pixels) {
    require(pixels >= kSmallestSide && pixels <= kLargestSide && pixels % 2 == 0,
            std::string(name) + " " + std::to_string(pixels) + " is not even and from " +
                std::to_string(kSmallestSide) + " to " + std::to_string(kLargestSide));
}

void check(const PatternClip& clip) {
    check_side("width", clip.size.width);
    check_side("height", clip.size.height);
    const FrameRate& rate = clip.frame_rate;
    require(rate.numerator > 0 && rate.denominator > 0 && rate.per_second() <= kHighestRate,
            "the frame rate is not above 0 and up to 300 a second");
    require(clip.duration > std::chrono::microseconds(0) && clip.duration <= kLongest,
            "the duration is not above 0 and up to an hour");
}

}  // namespace

void write_pattern_clip(const std::filesystem::path& output, const PatternClip& clip) {
    check(clip);
    static const auto encode_pattern =
        reinterpret_cast<PatternFunction>(module_symbol(kConformModule, kPatternSymbol));
    NewClipFile file(output, /*overwrite=*/true);
    if (const auto failure = encode_pattern(file.part(), clip)) {
        throw_failure(*failure);
    }
    file.publish();
}

}  // namespace editprep::video
