#pragma once

#include <string>

#include "av_handles.hpp"
#include "conform_engine.hpp"

/// Jobs in libavfilter's words.
namespace editprep::video {

/// @param first the first frame that was decoded: colours, interlacing
[[nodiscard]] std::string video_filters(const TranscodeJob& job, const AVFrame& first);

/// Ends in packed RGB of the job's size.
/// @param frame what goes in
[[nodiscard]] std::string poster_filters(const PosterJob& job, const AVFrame& frame);

/// Ends in what the AAC encoder takes: floats at this rate, cut to length, gaps filled.
[[nodiscard]] std::string audio_filters(const TranscodeJob& job, int sample_rate,
                                        const std::string& channels);

}  // namespace editprep::video
