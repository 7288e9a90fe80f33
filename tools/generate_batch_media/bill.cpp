#include "tools/generate_batch_media/bill.hpp"

#include <algorithm>
#include <optional>

#include "tools/reference_media/attempt.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::generate_batch_media {

using transport::JobState;

std::vector<std::string> job_keys(const BatchItem& item, const std::string& key) {
    std::vector<std::string> keys{key};
    if (item.command == "reference_media" && !key.empty()) {
        keys.push_back(reference_media::fallback_key(key));
    }
    return keys;
}

EarlierJobs find_earlier_jobs(const std::vector<CheckedItem>& items,
                              const std::vector<std::string>& keys, const Context& context) {
    EarlierJobs found;
    if (std::ranges::none_of(items, &CheckedItem::paid)) {
        return found;
    }
    const auto jobs = open_job_store(context.environment, Story(context.err, /*quiet=*/true));
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].paid) {
            continue;
        }
        for (const std::string& key : job_keys(items[i].item, keys[i])) {
            const auto job = jobs.find_key(key);
            if (!job || job->state == JobState::refused || job->state == JobState::failed) {
                continue;
            }
            found.sent.insert(keys[i]);
            if (job->state == JobState::waiting || job->state == JobState::completed ||
                job->state == JobState::saved) {
                found.collectable.insert(keys[i]);
            }
        }
    }
    return found;
}

Bill bill_of(const std::vector<CheckedItem>& items, const BatchJournal* journal,
             const Context& context) {
    const auto keys = journal == nullptr ? std::vector<std::string>() : journal->keys_for(items);
    const auto jobs = journal == nullptr ? EarlierJobs() : find_earlier_jobs(items, keys, context);
    Bill bill;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const bool is_spent =
            journal != nullptr && (journal->done(keys[i]) || jobs.sent.contains(keys[i]));
        if (is_spent) {
            bill.spent_usd += items[i].cost_usd.value_or(0);
        } else if (items[i].ok() && items[i].paid) {
            bill.open_usd += items[i].cost_usd.value_or(0);
            if (!items[i].cost_usd) {
                bill.unknown.push_back(&items[i]);
            }
        }
    }
    return bill;
}

}  // namespace editprep::tools::generate_batch_media
