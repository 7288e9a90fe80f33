#pragma once

#include <string>

#include "tools/generate_batch_media/summary.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::generate_batch_media {

/// Throws Failure when write_report would refuse to write there because of what lies there already:
/// a report may replace a report, and nothing else. Ask before the work, not after.
void check_report_path(const std::string& path);

/// Writes the summary as one HTML page that needs nothing beside it: thumbnails inside, a slider
/// between before and after where an item has both, prompt, model, cost, time and errors of each
/// item, and a filter for those that failed. The file appears whole or not at all. Pictures that
/// cannot be read are told of in the page and in the story. Throws Failure.
///
/// Thumbnails are made by all cores. Pixels take 256 MB at a time, or one picture where that is
/// larger; the page itself is held in memory and takes up to 50 kB for each picture, less where
/// there are more than a thousand.
void write_report(const std::string& path, const BatchSummary& summary, const Story& story);

}  // namespace editprep::tools::generate_batch_media
