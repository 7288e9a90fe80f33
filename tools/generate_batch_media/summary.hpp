#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/generate_batch_media/shard.hpp"

/// What a batch came to, as JSON.
namespace editprep::tools::generate_batch_media {

struct BatchSummary {
    /// Items in the manifest.
    int count = 0;
    /// As given.
    std::string manifest;
    std::optional<std::string> summary_out{};
    std::vector<ItemResult> results{};
    /// Of a dry run: what all items together would cost, as far as prices are known.
    bool dry_run = false;
    std::optional<Shard> shard{};
    /// Why not all items were run; empty otherwise.
    std::string stopped{};

    /// All that was run went well, nothing was left out, and nothing of a dry run would fail.
    [[nodiscard]] bool ok() const noexcept;
    /// Results that are not.
    [[nodiscard]] int failed() const noexcept;
    /// Items of a dry run that cannot be run as they are; they have no price.
    [[nodiscard]] int would_fail() const noexcept;
    /// Of what is known.
    [[nodiscard]] double cost_usd() const noexcept;
    /// Results without a price, but for items that would fail.
    [[nodiscard]] int cost_unknown() const noexcept;
};

/// The contract's keys first (section 14.5), then ours: `failed`, `cost_usd` (the sum of what is
/// known), `cost_unknown` (items without a price), `shard` (`2/4` or null), `stopped` (or null),
/// `dry_run`, `would_fail` (a number). Each result likewise, then `exit_code`, `files`, `provider`,
/// `model`, `cost_usd`, `cost_basis`, `seconds`, `reused`, `warnings`, `would_fail` (the reason, or
/// null). Payloads and keys do not appear.
[[nodiscard]] nlohmann::ordered_json summary_json(const BatchSummary& summary);
[[nodiscard]] nlohmann::ordered_json result_json(const ItemResult& result);

/// Back from what result_json made. Throws std::invalid_argument with the reason.
[[nodiscard]] ItemResult read_result(const nlohmann::ordered_json& json);

/// Back from what summary_json made. Throws Failure, which names the file.
[[nodiscard]] BatchSummary read_summary(const std::string& path);

/// It holds a summary, whoever wrote it: the older command's have fewer members. Never throws.
[[nodiscard]] bool is_summary(const std::string& path);

/// The summaries of shards as that of the whole, results in the order of the manifest, so that it
/// is what one machine would have written. Throws Failure for summaries of different manifests, for
/// a shard that is there twice, and names those that are missing.
[[nodiscard]] BatchSummary merge_summaries(const std::vector<std::string>& paths);

}  // namespace editprep::tools::generate_batch_media
