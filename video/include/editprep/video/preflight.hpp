#pragma once

#include <span>
#include <string>
#include <vector>

#include "editprep/video/clip_limits.hpp"
#include "editprep/video/media_info.hpp"

/// Holding the facts about a clip against a model's limits, before anything is paid for.
namespace editprep::video {

enum class Severity {
    /// The model refuses the clip.
    error,
    /// It passes, but so narrowly that a server that measures otherwise may refuse it, or something
    /// about it is not known.
    warning,
};

enum class Check {
    container,
    codec,
    duration,
    width,
    height,
    pixels,
    aspect,
    frame_rate,
    file_size,
};

/// `container`, `frame_rate`, ...: as JSON output names them.
[[nodiscard]] const char* name_of(Check check) noexcept;
[[nodiscard]] const char* name_of(Severity severity) noexcept;

struct Finding {
    Severity severity = Severity::error;
    Check check = Check::container;
    /// With its unit: `3840 px`, `10.06 s`.
    std::string measured{};
    /// With its unit: `at most 2160 px`.
    std::string limit{};
    /// What the user can do about it.
    std::string remedy{};

    /// One line: what is wrong, with measured value, limit and remedy.
    [[nodiscard]] std::string text() const;
};

/// Everything that is wrong at once, errors before warnings, otherwise in the order of Check. Empty
/// when the clip fits. What a limit is set on and the clip does not state is a warning.
[[nodiscard]] std::vector<Finding> preflight(const MediaInfo& clip, const ClipLimits& limits);

/// The same for what the clips of one request must keep together; of duration and size only.
[[nodiscard]] std::vector<Finding> preflight_together(std::span<const MediaInfo> clips,
                                                      const JointClipLimits& limits);

/// True when no finding is an error.
[[nodiscard]] bool is_accepted(std::span<const Finding> findings) noexcept;

}  // namespace editprep::video
