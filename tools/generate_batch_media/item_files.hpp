#pragma once

#include <string>
#include <vector>

#include "tools/generate_batch_media/batch_item.hpp"

namespace editprep::tools::generate_batch_media {

/// The media that a command left, by what it printed: its `DOWNLOADED: ...` and similar lines, the
/// members of its JSON, or the path of a local preparation, and those that its words ask for beside
/// that. The final one first, each once.
/// @param out of a run that went well
[[nodiscard]] std::vector<std::string> files_of(const BatchItem& item, const std::string& out);

/// The files that its words name for the command to write.
[[nodiscard]] std::vector<std::string> named_outputs(const BatchItem& item);

/// Adds those that are not there yet.
void add_files(std::vector<std::string>& files, const std::vector<std::string>& further);

/// Every one of them is still there.
[[nodiscard]] bool all_exist(const std::vector<std::string>& files);

}  // namespace editprep::tools::generate_batch_media
