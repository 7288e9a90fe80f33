#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/generate_video/video_call.hpp"
#include "tools/shared/context.hpp"

/// What a request for a video came to, and how it is printed.
namespace editprep::tools::generate_video {

struct VideoSummary {
    VideoOutcome::End end = VideoOutcome::End::refused;
    /// Of the answer to the request.
    int status = 0;
    std::string model;
    std::string provider;
    /// Full URL.
    std::string endpoint;
    /// What the video is made from: the word of --mode, or `video` where that says nothing of the
    /// clips that go in.
    std::string mode;
    std::optional<ImageUse> image{};
    /// As it was typed; for the summary of `image`.
    std::optional<std::string> image_path{};
    std::string prompt;
    /// As JSON text.
    std::string request;
    /// As they were received.
    std::string response;
    std::string resolved{};
    std::optional<std::string> downloaded{};
    /// All of them, where there are several.
    std::vector<std::string> downloads{};
    std::vector<std::string> hints{};
    /// In the job store.
    std::int64_t job = 0;
    /// The video is there, but not in a file; the hints say why.
    bool incomplete = false;

    [[nodiscard]] bool ok() const noexcept { return status < 400; }
    [[nodiscard]] bool done() const noexcept {
        return end == VideoOutcome::End::finished && !incomplete;
    }
};

/// All keys, in the order that callers know, and for what did not end well what became of it and
/// the number of the job, as one-line JSON text; payloads are shortened.
[[nodiscard]] std::string summary_json(const VideoSummary& summary);

/// The lines of plain output (contract, section 12.5), each with its end.
[[nodiscard]] std::string summary_lines(const VideoSummary& summary);

}  // namespace editprep::tools::generate_video
