#pragma once

#include <string_view>

/// The files of report_page/, which the build compiles in.
namespace editprep::tools::generate_batch_media {

[[nodiscard]] std::string_view page_style();
[[nodiscard]] std::string_view page_script();

}  // namespace editprep::tools::generate_batch_media
