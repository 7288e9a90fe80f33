#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "editprep/video/media_info.hpp"
#include "editprep/video/preflight.hpp"
#include "tools/clips/limit_options.hpp"

/// The facts about clips as the commands print them in JSON. What is not known is null; durations
/// are seconds, sizes pixels and bytes.
namespace editprep::tools {

[[nodiscard]] nlohmann::ordered_json info_json(const video::MediaInfo& info);

/// A list of `{severity, check, measured, limit, remedy}`.
[[nodiscard]] nlohmann::ordered_json findings_json(std::span<const video::Finding> findings);

/// Every limit by its name, null where there is none, with the source and the date of the model's.
[[nodiscard]] nlohmann::ordered_json limits_json(const ChosenLimits& limits);

}  // namespace editprep::tools
