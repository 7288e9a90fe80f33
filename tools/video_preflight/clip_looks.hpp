#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "tools/clips/clip_check.hpp"

namespace editprep::tools::video_preflight {

/// One clip, as far as it could be looked at.
struct ClipLook {
    std::string path;
    /// Nothing when the clip cannot be read; `error` tells why, and what to do.
    std::optional<ClipVerdict> verdict{};
    std::string error{};
};

/// The next clip's path; nothing at the end. Called by one thread at a time.
using NextPath = std::function<std::optional<std::string>(const std::stop_token&)>;

/// Looks at clips in `jobs` threads, at least one, and hands them over in their order, each as soon
/// as its turn comes. A bounded number waits for its turn. Throws what `next` and `take` throw, and
/// video::Error where no clip at all can be looked at (module_unavailable).
/// @param take called in the calling thread
void look_at_clips(int jobs, const NextPath& next, const video::ClipLimits& limits,
                   const std::function<void(ClipLook)>& take);

}  // namespace editprep::tools::video_preflight
