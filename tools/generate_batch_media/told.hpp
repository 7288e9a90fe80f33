#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/generate_batch_media/bill.hpp"
#include "tools/generate_batch_media/execute.hpp"
#include "tools/generate_batch_media/summary.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/story.hpp"

/// What a batch says on stderr.
namespace editprep::tools::generate_batch_media {

/// What many items have in common is said once.
void tell_of_warnings(const std::vector<ItemResult>& results, const Story& story);

/// An error line with the reason for each item that failed or would fail, up to 20.
void tell_of_failures(const std::vector<ItemResult>& results, const Context& context);

/// A warning for each limit of a provider that no item asks.
void tell_of_idle_limits(const std::vector<RateLimit>& limits,
                         const std::vector<CheckedItem>& items, const Story& story);

/// What all of a dry run's items together would cost, and what of it is paid already.
void tell_of_cost(const BatchSummary& summary, const Bill& bill, const Story& story);

/// Why that limit forbids what is still to be paid; nothing when it does not.
[[nodiscard]] std::optional<std::string> cost_refusal(const Bill& bill, double limit_usd);

/// How many items are done, and where their files, the summary and the report are.
/// @param report its name, if there is one
void tell_of_success(const BatchSummary& summary, const std::optional<std::string>& report,
                     const Story& story);

/// The last line of a run that is not complete: how many items are done, and what to do.
/// @param wanted of this shard
/// @param execution of a run; null where summaries were merged
[[nodiscard]] std::string shortfall(const BatchSummary& summary, std::size_t wanted,
                                    const Execution* execution, const ExecuteOptions& options);

}  // namespace editprep::tools::generate_batch_media
