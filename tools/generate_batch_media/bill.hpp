#pragma once

#include <set>
#include <string>
#include <vector>

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/generate_batch_media/journal.hpp"
#include "tools/shared/context.hpp"

/// What of a batch is paid, and what is not.
namespace editprep::tools::generate_batch_media {

/// What earlier runs of a batch have left at the providers, by the keys of the items.
struct EarlierJobs {
    /// Sent, so that the estimate of their cost is spent.
    std::set<std::string> sent{};
    /// Those among them that need no request but to be collected.
    std::set<std::string> collectable{};
};

/// The keys of all jobs that an item may have sent: a fallback has one of its own.
/// @param key of the item, by BatchJournal::keys_for
[[nodiscard]] std::vector<std::string> job_keys(const BatchItem& item, const std::string& key);

/// Looks them up in this user's job store.
/// @param keys of the items, by BatchJournal::keys_for
[[nodiscard]] EarlierJobs find_earlier_jobs(const std::vector<CheckedItem>& items,
                                            const std::vector<std::string>& keys,
                                            const Context& context);

/// By the estimates.
struct Bill {
    /// Items that are done, and jobs that were sent.
    double spent_usd = 0;
    /// Of what is still to be sent, as far as prices are known.
    double open_usd = 0;
    /// What is still to be sent without a known price; they live as long as the items.
    std::vector<const CheckedItem*> unknown{};

    [[nodiscard]] bool is_open() const noexcept { return open_usd > 0 || !unknown.empty(); }
};

/// Items that cannot be run are in no sum.
/// @param journal may be null: nothing is done then
[[nodiscard]] Bill bill_of(const std::vector<CheckedItem>& items, const BatchJournal* journal,
                           const Context& context);

}  // namespace editprep::tools::generate_batch_media
