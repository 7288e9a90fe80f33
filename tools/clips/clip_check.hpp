#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "editprep/transport/model_registry.hpp"
#include "editprep/video/clip_limits.hpp"
#include "editprep/video/media_info.hpp"
#include "editprep/video/preflight.hpp"
#include "tools/remote/fal_input.hpp"

/// Clips held against the limits of models: where the registry's data meet the video module. The
/// only folder that knows both; no FFmpeg before a clip is looked at.
namespace editprep::tools {

/// Whose limits hold where no model is named.
inline constexpr const char* kDefaultClipModel = "fal-ai/kling-video/o3/pro/video-to-video/edit";

/// The model's field for a clip, `video_url` before others; null when it takes none.
[[nodiscard]] const transport::ModelField* clip_field(const transport::Model& model) noexcept;

[[nodiscard]] video::ClipLimits limits_of(const transport::Model& model,
                                          const transport::ModelField& field);
[[nodiscard]] video::JointClipLimits joint_limits_of(const transport::ModelField& field);

/// What preflight finds of a local clip.
struct ClipVerdict {
    std::string path;
    video::MediaInfo info{};
    std::vector<video::Finding> findings{};

    [[nodiscard]] bool accepted() const noexcept { return video::is_accepted(findings); }
};

/// Throws video::Error for a file that cannot be probed.
[[nodiscard]] ClipVerdict check_clip(const std::filesystem::path& path,
                                     const video::ClipLimits& limits);

/// The same as lines that begin with the file; that it cannot be probed is an error among them.
[[nodiscard]] transport::Validation findings_of_clip(const std::string& path,
                                                     const video::ClipLimits& limits);

/// The local clips of an input, in its model's file fields, each against the field's limits and all
/// of a field together; what is found goes to the errors and warnings of `found` as one line each
/// that begins with the field and the file, and clips that cannot be probed are errors. Clips in
/// data URIs are looked at, too; those that are URLs cannot be, which is no finding. `model` may be
/// null: then nothing is checked.
void check_clips(const FalInput& input, const transport::Model* model,
                 transport::Validation& found);

}  // namespace editprep::tools
