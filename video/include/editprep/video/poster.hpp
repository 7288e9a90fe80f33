#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

/// One frame of a clip as a picture.
namespace editprep::video {

struct PosterOptions {
    /// In pixels, from 1 to 8192. Larger frames are scaled down to it, smaller ones stay as they
    /// are.
    int longest_side = 480;
    /// Which frame: the one that is shown at this time from the clip's beginning, the last one
    /// where the clip has ended by then. Absent for the first one that decodes.
    std::optional<std::chrono::microseconds> at{};
};

struct Poster {
    /// Both in pixels, at least 1; odd ones occur.
    int width = 0;
    int height = 0;
    /// Red, green and blue from 0 to 255 (sRGB), pixel after pixel from the top left, rows without
    /// gaps: width * height * 3 bytes.
    std::vector<std::uint8_t> rgb{};
};

/// A frame as players show it: of the video that probe tells of, pixels made square, mirrored and
/// turned upright, HDR mapped to BT.709. Frames with damage are passed over where a whole one
/// follows.
///
/// Takes some tens of milliseconds (and as many once a process, for loading FFmpeg's filters). It
/// is given up after 1000 frames, 256 MB of them or ten seconds; `at` is reached from the key frame
/// before it, and from the beginning where a clip has no index.
///
/// Throws what probe throws, a clip that is cut short included, and invalid_argument (options
/// outside their ranges, a negative time), decode_failed (no frame decodes, or no decoder is there)
/// or too_complex (frames above 67 megapixels; not done when it is given up).
///
/// May run in several threads at once; about FFmpeg's log level, see probe.
[[nodiscard]] Poster poster_frame(const std::filesystem::path& path,
                                  const PosterOptions& options = {});

}  // namespace editprep::video
