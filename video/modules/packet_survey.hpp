#pragma once

#include "conform_engine.hpp"

namespace editprep::video {

/// Reads all packets of the video and decodes none. Throws what ClipReader throws.
[[nodiscard]] PacketSurvey survey_packets(const SurveyJob& job);

}  // namespace editprep::video
