#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/generate_batch_media/journal.hpp"
#include "tools/generate_batch_media/rate_limit.hpp"
#include "tools/shared/context.hpp"

/// Running the items of a batch, several at once.
namespace editprep::tools::generate_batch_media {

struct ExecuteOptions {
    /// 0: one for each core where all items are local, else 1.
    int jobs = 0;
    bool continue_on_error = false;
    bool resend_unknown = false;
    /// Of all items together, those of earlier runs of the same batch too.
    std::optional<double> max_cost_usd{};
    std::vector<RateLimit> rate_limits{};
    /// Neither a bar on a terminal nor notes.
    bool quiet = false;
};

struct Execution {
    /// Of the items that were run or had been done before, in the order of the manifest.
    std::vector<ItemResult> results;
    /// Some items were not started: why. Empty otherwise.
    std::string stopped{};
    /// What stopped it was --max-cost.
    bool cost_limit = false;
    /// A signal stopped it.
    bool interrupted = false;
    /// Estimates of what is paid, earlier runs included.
    double spent_usd = 0;
};

/// After the first failure no further item is started unless told otherwise; those that run are
/// finished. The same after a signal, which those that wait for a provider obey too, and when the
/// next item would pass the cost limit. Items that were done before are not run again, unless their
/// files have vanished. Neither they nor those whose jobs only have to be collected wait for a rate
/// limit. BatchJournal::finish is left to the caller. Throws what on_result and
/// BatchJournal::record throw, once the items that run are finished.
/// @param keys      of the items, by BatchJournal::keys_for
/// @param on_result each result as soon as all before it are known, in the order of the manifest;
///                  one call at a time
[[nodiscard]] Execution execute(const std::vector<CheckedItem>& items,
                                const std::vector<std::string>& keys, BatchJournal& journal,
                                const ExecuteOptions& options,
                                const std::function<void(const ItemResult&)>& on_result,
                                const Context& context);

}  // namespace editprep::tools::generate_batch_media
