#pragma once

#include <string>

#include "editprep/video/error.hpp"

namespace editprep::video {

/// FFmpeg's words for one of its negative results.
[[nodiscard]] std::string av_error_text(int result);

/// Passes results that are no errors on. Throws std::bad_alloc, or an error of that kind whose
/// message is `what` with FFmpeg's reason.
int av_check(int result, Errc errc, const std::string& what, const std::string& subject = {});

}  // namespace editprep::video
