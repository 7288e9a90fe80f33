#pragma once

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/shared/context.hpp"

namespace editprep::tools::generate_batch_media {

/// Runs the item's command up to the point where it would send, save or write something: options,
/// files, limits, provider and model are all looked at, and the price is asked of the registry.
/// What is wrong becomes the item's `error`, and what that run warns of one of its `warnings`. Of
/// local work only options and the headers of pictures are looked at. Sends nothing and leaves no
/// file. Several threads may call it at once.
[[nodiscard]] CheckedItem check_item(BatchItem item, const Context& context);

}  // namespace editprep::tools::generate_batch_media
