#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "tools/generate_video/video_call.hpp"

/// The request to an OpenAI-compatible provider.
namespace editprep::tools::generate_video {

struct OpenAiForm {
    VideoRequest request;
    std::optional<ImageUse> image{};
};

/// Throws Failure for files that are missing or do not fit, and for options of other providers.
[[nodiscard]] OpenAiForm openai_form(const VideoPlan& plan);

/// As summaries show it, as JSON text: files that travel inside are `data:...`.
[[nodiscard]] std::string shown_body(const VideoRequest& request);

}  // namespace editprep::tools::generate_video
