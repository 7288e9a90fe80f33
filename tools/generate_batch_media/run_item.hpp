#pragma once

#include <string>

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/shared/context.hpp"

namespace editprep::tools::generate_batch_media {

struct ItemRun {
    /// Of the item, so that a job that was paid for before is collected and not paid for again;
    /// empty for none.
    std::string idempotency_key{};
    /// See RemoteGroup.
    bool resend_unknown = false;
    /// For commands that know how to use several; 0 leaves that to them. An item's own words count
    /// more.
    int threads = 0;
};

/// Runs the item's command in this process, with its streams kept for the result: without payloads
/// and keys, and at most 4 MiB of each. Never throws for what goes wrong in it. Several threads may
/// call it at once.
[[nodiscard]] ItemResult run_item(const CheckedItem& item, const ItemRun& how,
                                  const Context& context);

/// The result of an item that was not run.
[[nodiscard]] ItemResult not_run(const CheckedItem& item);

}  // namespace editprep::tools::generate_batch_media
