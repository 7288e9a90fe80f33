#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/generate_batch_media/thumbnails.hpp"

namespace editprep::tools::generate_batch_media {

/// The name of the command that the item went to; empty when there is none for it.
[[nodiscard]] std::string command_of(const ItemResult& result);

/// An item as a page shows it.
struct ItemHtml {
    /// A list item.
    std::string html;
    /// Files that cannot be shown, each with its reason.
    std::vector<std::string> problems;
};

/// @param page    where it will lie: links to files go from there
/// @param planned of a dry run: nothing was to be made
[[nodiscard]] ItemHtml item_html(const ItemResult& result, const std::string& page, bool planned,
                                 MediumViewer& viewer);

}  // namespace editprep::tools::generate_batch_media
