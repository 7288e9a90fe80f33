#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "editprep/video/clip_limits.hpp"
#include "editprep/video/media_info.hpp"
#include "editprep/video/preflight.hpp"

/// Making a clip acceptable to a model with as little change as possible.
namespace editprep::video {

struct ConformOptions {
    /// Where in the clip the result begins. What lies before is cut off even where the clip need
    /// not be shorter.
    std::chrono::microseconds start{0};
    /// A picture that no scaling brings into bounds gets black bars; else it is refused.
    bool pad = false;
    /// Replace an existing file.
    bool overwrite = false;
    /// Of all work, from 0 to 1; called a few times a second in the calling thread.
    std::function<void(double fraction)> progress{};
    /// Ends the work within a second when raised, leaving no file; may be null. Must outlive the
    /// call.
    const std::atomic<bool>* cancel = nullptr;
};

/// One thing that was changed.
struct Change {
    /// `container`, `duration`, `size`, `rotation`, `frame_rate`, `colour`, `codec`, `file_size`,
    /// `streams` (left out) or `damage` (that was met and skipped).
    std::string what;
    /// One line for people: "trimmed from 14 s to 10 s".
    std::string text;
};

struct ConformReport {
    MediaInfo before;
    MediaInfo after;
    /// In the order in which they are explained; empty when the clip fitted and was copied.
    std::vector<Change> changes;
    bool video_reencoded = false;
    bool audio_reencoded = false;
    /// Of the result; no errors among them.
    std::vector<Finding> findings;
};

/// Reads `input`, writes `output` whole or not at all. A clip that fits is copied byte for byte.
/// Else streams are copied where the limits allow, and re-encoded (H.264 with AAC) where they do
/// not: frames scaled into both bounds with their aspect kept and even sides, the frame rate
/// brought into range, rotation and mirroring baked in, pixels made square, HDR mapped to BT.709,
/// the size kept by the bitrate. The video that players show (the default one, else the first) and
/// the first sound track are kept. Streams that are copied are not decoded: damage inside them
/// passes on. The result is MP4 or QuickTime, whichever the limits accept: as the output is named
/// (.mp4, .mov), else as the input is, else MP4; its index lies at the front. It is preflighted
/// before it is put in place.
///
/// Throws what probe throws, and invalid_argument (a start beyond the end, an output that is the
/// input), cannot_conform (a clip that is too short, an aspect that no scaling brings into bounds),
/// file_exists, write_failed, cancelled or decode_failed; then no file is left.
[[nodiscard]] ConformReport conform(const std::filesystem::path& input,
                                    const std::filesystem::path& output, const ClipLimits& limits,
                                    const ConformOptions& options = {});

/// What conform would do, told from the clip's facts alone; `after` holds what they foretell, and
/// nothing is written. Frames that turn out damaged, and streams that turn out not to be copyable,
/// may change it. Throws as conform does.
[[nodiscard]] ConformReport plan_conform(const std::filesystem::path& input,
                                         const std::filesystem::path& output,
                                         const ClipLimits& limits,
                                         const ConformOptions& options = {});

}  // namespace editprep::video
