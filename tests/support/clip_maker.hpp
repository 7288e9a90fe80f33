#pragma once

#include <filesystem>
#include <string>

/// Clips made by the ffmpeg program.
namespace editprep::testing {

/// One second of a moving 64x48 picture at 25 frames a second, as inputs of ffmpeg.
inline constexpr const char* kPicture = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1";
/// One second of sound.
inline constexpr const char* kSound = "-f lavfi -i sine=duration=1";

/// Runs ffmpeg with these words (split at blanks) and this output file; throws
/// std::runtime_error when it fails.
void make_clip(const std::string& words, const std::filesystem::path& output);

/// What the ffprobe program says of a file (-show_format -show_streams) as JSON; throws
/// std::runtime_error when it says nothing.
[[nodiscard]] std::string ffprobe_json(const std::filesystem::path& file);

}  // namespace editprep::testing
