#include "tools/generate_batch_media/told.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>

#include "editprep/transport/model_registry.hpp"
#include "tools/generate_batch_media/failure_reason.hpp"
#include "tools/generate_batch_media/report_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

/// Sums of cents are not exact.
constexpr double kRoundingUsd = 1e-9;
/// The others stand in the summary.
constexpr std::size_t kFailuresTold = 20;
constexpr std::size_t kMostNamed = 5;

std::string in_dollars(double usd) {
    constexpr double kCent = 0.01;
    std::array<char, 64> text{};
    // Nothing that costs something should read as nothing.
    std::snprintf(text.data(), text.size(), usd > 0 && usd < kCent ? "%.4f" : "%.2f", usd);
    return std::string(text.data()) + " US dollars";
}

/// `1, 2, 3 and 97 more`.
std::string listed(const std::vector<std::string>& words) {
    std::string text;
    const std::size_t shown = std::min(words.size(), kMostNamed);
    for (std::size_t i = 0; i < shown; ++i) {
        text += (i == 0 ? "" : ", ") + words[i];
    }
    const std::size_t rest = words.size() - shown;
    return rest == 0 ? text : text + " and " + std::to_string(rest) + " more";
}

/// `item 3`, or `items 1, 2, 3 and 97 more`.
std::string named(const std::vector<int>& indices) {
    std::vector<std::string> words;
    for (const int index : indices) {
        words.push_back(std::to_string(index));
    }
    return (indices.size() == 1 ? "item " : "items ") + listed(words);
}

/// `the price of 2 items is not known: gpt-image-1.5`.
std::string unknown_prices(std::size_t items, const std::set<std::string>& models) {
    const std::string names = listed({models.begin(), models.end()});
    return "the price of " + counted(items, "item") + " is not known" +
           (names.empty() ? "" : ": " + names);
}

std::string price_advice(const std::string& model) {
    return "leave --max-cost out, or state the price in the file $EDITPREP_MODELS: {\"source\": "
           "\"URL\", \"date\": \"2026-01-31\", \"models\": [{\"id\": \"" +
           model +
           "\", \"like\": \"A KNOWN MODEL\", \"price\": {\"unit\": \"image\", \"usd\": 0.05}}]}";
}

/// Of all files, in the order in which they come first.
std::vector<std::string> folders_of(const std::vector<ItemResult>& results) {
    std::vector<std::string> folders;
    for (const ItemResult& result : results) {
        for (const std::string& file : result.files) {
            const std::string folder = std::filesystem::path(file).parent_path().string();
            folders.push_back(folder.empty() ? "." : folder);
        }
    }
    std::set<std::string> seen;
    std::erase_if(folders, [&](const std::string& folder) { return !seen.insert(folder).second; });
    return folders;
}

std::optional<std::string> reason_of(const ItemResult& result) {
    if (result.would_fail) {
        return result.would_fail;
    }
    return result.ok ? std::nullopt : std::optional(failure_reason(result));
}

}  // namespace

void tell_of_warnings(const std::vector<ItemResult>& results, const Story& story) {
    std::vector<std::string> texts;
    std::map<std::string, std::vector<int>> indices;
    for (const ItemResult& result : results) {
        for (const std::string& warning : result.warnings) {
            std::vector<int>& those = indices[warning];
            if (those.empty()) {
                texts.push_back(warning);
            }
            those.push_back(result.index);
        }
    }
    for (const std::string& text : texts) {
        story.warn(named(indices[text]) + ": " + text);
    }
}

void tell_of_failures(const std::vector<ItemResult>& results, const Context& context) {
    std::size_t count = 0;
    for (const ItemResult& result : results) {
        const auto reason = reason_of(result);
        if (reason && ++count <= kFailuresTold) {
            context.err("ERROR: item " + std::to_string(result.index) + ": " + one_line(*reason) +
                        '\n');
        }
    }
    if (count > kFailuresTold) {
        context.err("ERROR: and " + counted(count - kFailuresTold, "item") + " more\n");
    }
}

void tell_of_idle_limits(const std::vector<RateLimit>& limits,
                         const std::vector<CheckedItem>& items, const Story& story) {
    std::set<std::string> asked;
    for (const CheckedItem& item : items) {
        if (item.paid && !item.provider.empty()) {
            asked.insert(item.provider);
        }
    }
    const std::vector<std::string> names(asked.begin(), asked.end());
    for (const RateLimit& limit : limits) {
        if (!limit.provider.empty() && !asked.contains(limit.provider)) {
            story.warn("--rate-limit " + limit.provider + "=... has no effect: no item asks " +
                       limit.provider + (names.empty() ? "" : "; they ask " + listed(names)));
        }
    }
}

void tell_of_cost(const BatchSummary& summary, const Bill& bill, const Story& story) {
    const auto unknown = static_cast<std::size_t>(summary.cost_unknown());
    std::set<std::string> models;
    std::size_t items = 0;
    for (const ItemResult& result : summary.results) {
        items += result.would_fail ? 0U : 1U;
        if (!result.cost_usd && !result.would_fail && !result.model.empty()) {
            models.insert(result.model);
        }
    }
    std::string text = "the estimate for " + counted(items, "item") + " is " +
                       (unknown == 0 ? "" : "at least ") + in_dollars(summary.cost_usd());
    if (unknown != 0) {
        text += "; " + unknown_prices(unknown, models);
    }
    if (bill.spent_usd > 0) {
        text += "; " + in_dollars(bill.spent_usd) + " are spent by an earlier run, " +
                (bill.unknown.empty() ? "" : "at least ") + in_dollars(bill.open_usd) +
                " still to be paid";
    }
    story.note(text);
}

std::optional<std::string> cost_refusal(const Bill& bill, double limit_usd) {
    if (!bill.is_open()) {
        return std::nullopt;
    }
    const std::string spent = bill.spent_usd > 0
                                  ? " (" + in_dollars(bill.spent_usd) + " are spent, " +
                                        in_dollars(bill.open_usd) + " still to be paid)"
                                  : "";
    if (!bill.unknown.empty()) {
        std::set<std::string> models;
        for (const CheckedItem* item : bill.unknown) {
            if (!item->model.empty()) {
                models.insert(item->model);
            }
        }
        return unknown_prices(bill.unknown.size(), models) + spent +
               ", so --max-cost cannot be kept; " +
               price_advice(models.empty() ? "MODEL" : *models.begin());
    }
    const double sum = bill.spent_usd + bill.open_usd;
    if (sum <= limit_usd + kRoundingUsd) {
        return std::nullopt;
    }
    return "the batch would cost " + in_dollars(sum) + spent + ", more than the " +
           in_dollars(limit_usd) + " of --max-cost";
}

void tell_of_success(const BatchSummary& summary, const std::optional<std::string>& report,
                     const Story& story) {
    if (summary.results.empty()) {
        return;
    }
    const auto reused = std::ranges::count_if(summary.results, &ItemResult::reused);
    const std::vector<std::string> folders = folders_of(summary.results);
    std::string text = counted(summary.results.size(), "item") + " done";
    text += reused == 0 ? "" : ", " + std::to_string(reused) + " of them by an earlier run";
    text += folders.empty() ? "" : "; files are in " + listed(folders);
    text += summary.summary_out ? "; summary: " + *summary.summary_out : "";
    text += report ? "; report: " + *report : "";
    story.note(text);
}

std::string shortfall(const BatchSummary& summary, std::size_t wanted, const Execution* execution,
                      const ExecuteOptions& options) {
    const auto failed = static_cast<std::size_t>(summary.failed());
    const std::size_t done = summary.results.size() - failed;
    const std::size_t left = wanted - std::min(summary.results.size(), wanted);
    std::string text = std::to_string(done) + " of " + counted(wanted, "item") + " done";
    text += failed == 0 ? "" : ", " + std::to_string(failed) + " failed";
    text += left == 0 ? "" : ", " + std::to_string(left) + " not started";
    if (execution == nullptr) {
        return text;
    }
    if (execution->interrupted) {
        return text + "; the same command goes on";
    }
    if (execution->cost_limit) {
        return text + "; the same command with a higher --max-cost goes on";
    }
    text += "; the same command tries again what failed";
    return left == 0 || options.continue_on_error
               ? text
               : text + ", and with --continue-on-error runs the others, too";
}

}  // namespace editprep::tools::generate_batch_media
