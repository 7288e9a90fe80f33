#pragma once

#include "tools/reference_media/reference_media.hpp"
#include "tools/shared/run_tool.hpp"

/// What is run, as a command line for people and logs.
namespace editprep::tools::reference_media {

/// The program and its words. References, which travel in no argument, are shown as the extra JSON
/// that they amount to, without their content.
[[nodiscard]] Words shown_command(const Options& options, const generate_image::Options& image);
[[nodiscard]] Words shown_command(const Options& options, const generate_video::Options& video);

}  // namespace editprep::tools::reference_media
