#pragma once

#include <string>

#include "tools/generate_batch_media/batch_item.hpp"

/// Why items fail, for the story.
namespace editprep::tools::generate_batch_media {

/// Why a command ended, out of what it wrote to stderr: without warnings and notes, and of a usage
/// error without the usage; without `ERROR: `. May have several lines.
[[nodiscard]] std::string reason_in(const std::string& text, int exit_code);

/// Of a result that is not good, in one line without `ERROR: `: the first of the reason, else what
/// the provider answered, shortened.
[[nodiscard]] std::string failure_reason(const ItemResult& result);

}  // namespace editprep::tools::generate_batch_media
