#pragma once

#include <optional>
#include <span>
#include <string>

#include "editprep/imaging/geometry.hpp"
#include "editprep/transport/model_registry.hpp"
#include "editprep/video/media_info.hpp"
#include "tools/provider_emulator/answers.hpp"

/// Files held against what a model's field accepts. All throw ModelError with the mistakes of that
/// file, as the service words them.
namespace editprep::tools::provider_emulator {

/// @param location the field, with the index of an array's member
[[nodiscard]] video::MediaInfo check_clip(const std::string& content, const transport::Model& model,
                                          const transport::ModelField& field, const Json& location);

/// For what the clips of one field must keep together.
void check_clips_together(std::span<const video::MediaInfo> clips,
                          const transport::ModelField& field, const Json& location);

/// The picture's upright size. No pixel is decoded.
imaging::Size check_picture(const std::string& content, const transport::ModelField& field,
                            const Json& location);

/// The size alone: sound is not looked into.
void check_sound(const std::string& content, const transport::ModelField& field,
                 const Json& location);

}  // namespace editprep::tools::provider_emulator
