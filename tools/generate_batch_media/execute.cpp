#include "tools/generate_batch_media/execute.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "editprep/transport/retry.hpp"
#include "tools/generate_batch_media/batch_progress.hpp"
#include "tools/generate_batch_media/bill.hpp"
#include "tools/generate_batch_media/item_files.hpp"
#include "tools/generate_batch_media/run_item.hpp"
#include "tools/remote/network.hpp"
#include "tools/shared/parallel.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

constexpr std::chrono::milliseconds kTick{500};
/// Sums of cents are not exact.
constexpr double kRoundingUsd = 1e-9;

int jobs_for(const std::vector<CheckedItem>& items, int asked) {
    if (asked > 0) {
        return asked;
    }
    return std::ranges::none_of(items, &CheckedItem::paid) ? thread_count(0) : 1;
}

std::string name_of(const CheckedItem& item) { return "item " + std::to_string(item.item.index); }

/// Does something again and again, as time goes by.
class Ticker {
public:
    explicit Ticker(std::function<void()> tick)
        : thread_([this, tick = std::move(tick)](const std::stop_token& stop) {
              std::unique_lock lock(mutex_);
              while (!stop.stop_requested()) {
                  tick();
                  changed_.wait_for(lock, stop, kTick, [] { return false; });
              }
          }) {}

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::jthread thread_;
};

/// One run of a batch. Several threads take items from it.
class Run {
public:
    Run(const std::vector<CheckedItem>& items, const std::vector<std::string>& keys,
        BatchJournal& journal, const ExecuteOptions& options,
        const std::function<void(const ItemResult&)>& on_result, const Context& context)
        : items_(items),
          keys_(keys),
          journal_(journal),
          options_(options),
          on_result_(on_result),
          context_(context),
          story_(context.err, options.quiet),
          jobs_(jobs_for(items, options.jobs)),
          threads_(std::max(1, thread_count(0) / jobs_)),
          earlier_(find_earlier_jobs(items, keys, context)),
          limiter_(options.rate_limits, transport::system_clock(&interruption())),
          progress_(context, options.quiet, static_cast<int>(items.size())) {
        outcomes_.resize(items.size());
        count_earlier();
    }

    [[nodiscard]] Execution go() {
        {
            const Ticker ticker([this] {
                tell_of_interruption();
                progress_.tick();
            });
            in_parallel(items_.size(), jobs_, [this](std::size_t i) { take(i); });
        }
        progress_.clear();
        return std::move(execution_);
    }

private:
    struct Outcome {
        bool settled = false;
        /// Absent for an item that was not started.
        std::optional<ItemResult> result{};
    };

    void count_earlier();
    /// Once, of what is still waited for.
    void tell_of_interruption();
    void take(std::size_t i);
    [[nodiscard]] std::optional<ItemResult> outcome_of(std::size_t i);
    [[nodiscard]] std::optional<ItemResult> run(std::size_t i);
    [[nodiscard]] bool may_start(std::size_t i);
    void settle(std::size_t i, std::optional<ItemResult> result);
    void hand_over();

    /// No reason to stop so far.
    [[nodiscard]] bool goes_on();
    [[nodiscard]] bool fits_cost_limit(const CheckedItem& item);
    /// Keeps the first reason.
    void stop(const std::string& reason);

    const std::vector<CheckedItem>& items_;
    const std::vector<std::string>& keys_;
    BatchJournal& journal_;
    const ExecuteOptions& options_;
    const std::function<void(const ItemResult&)>& on_result_;
    const Context& context_;
    Story story_;
    const int jobs_;
    /// Of each item: together they should keep all processors busy, and no more.
    const int threads_;
    const EarlierJobs earlier_;
    RateLimiter limiter_;
    BatchProgress progress_;
    /// Of the ticker's thread.
    bool interruption_told_ = false;

    /// Guards what follows.
    std::mutex mutex_;
    std::vector<Outcome> outcomes_;
    std::size_t handed_over_ = 0;
    Execution execution_;
};

void Run::count_earlier() {
    int done = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const bool is_done = journal_.done(keys_[i]).has_value();
        done += is_done ? 1 : 0;
        if (is_done || earlier_.sent.contains(keys_[i])) {
            execution_.spent_usd += items_[i].cost_usd.value_or(0);
        }
    }
    if (done > 0) {
        story_.note(std::to_string(done) + " of " + std::to_string(items_.size()) +
                    (items_.size() == 1 ? " item" : " items") + (done == 1 ? " was" : " were") +
                    " done by an earlier run of this batch; --restart forgets that");
    }
}

void Run::tell_of_interruption() {
    if (interruption() && !std::exchange(interruption_told_, true)) {
        progress_.clear();
        Story(context_.err, /*quiet=*/false)
            .note(
                "interrupted: what is being paid for is finished, and nothing is begun; a second "
                "signal ends at once");
    }
}

void Run::take(std::size_t i) {
    try {
        settle(i, outcome_of(i));
    } catch (...) {
        // Results or the journal cannot be written: those that wait for their turn must not start.
        const std::scoped_lock lock(mutex_);
        stop("results cannot be written");
        throw;
    }
}

std::optional<ItemResult> Run::outcome_of(std::size_t i) {
    std::optional<ItemResult> known = journal_.done(keys_[i]);
    if (!known) {
        return run(i);
    }
    if (all_exist(known->files)) {
        known->index = items_[i].item.index;
        known->item = items_[i].item.item;
        progress_.known(known->ok, known->cost_usd.value_or(0));
        return known;
    }
    progress_.clear();
    story_.warn("files of " + name_of(items_[i]) +
                ", which was done, are gone; looking whether they can be had once more");
    return run(i);
}

std::optional<ItemResult> Run::run(std::size_t i) {
    if (!may_start(i)) {
        return std::nullopt;
    }
    if (items_[i].ok()) {
        journal_.start(keys_[i]);
    }
    progress_.started();
    const ItemRun how{keys_[i], options_.resend_unknown, threads_};
    ItemResult result = run_item(items_[i], how, context_);
    if (result.ok && journal_.done(keys_[i]) && !all_exist(result.files)) {
        result.ok = false;
        result.exit_code = kFailed;
        result.err = "ERROR: the job is done and its files are gone; --restart pays for it again";
    }
    progress_.finished(result.ok, result.cost_usd.value_or(0));
    if (result.ok) {
        journal_.record(keys_[i], result);
    }
    return result;
}

bool Run::may_start(std::size_t i) {
    const CheckedItem& item = items_[i];
    const bool asks = item.paid && item.ok() && !earlier_.collectable.contains(keys_[i]);
    if (!goes_on() || (asks && !limiter_.take(item.provider, [this] { return goes_on(); })) ||
        !goes_on()) {
        return false;
    }
    const bool counted = earlier_.sent.contains(keys_[i]) || journal_.done(keys_[i]);
    const std::scoped_lock lock(mutex_);
    return counted || !asks || fits_cost_limit(item);
}

bool Run::goes_on() {
    const std::scoped_lock lock(mutex_);
    if (interruption()) {
        execution_.interrupted = true;
        stop("interrupted");
    }
    return execution_.stopped.empty();
}

bool Run::fits_cost_limit(const CheckedItem& item) {
    if (!options_.max_cost_usd) {
        execution_.spent_usd += item.cost_usd.value_or(0);
        return true;
    }
    if (!item.cost_usd) {
        execution_.cost_limit = true;
        stop("the price of " + name_of(item) + " is not known, so --max-cost cannot be kept");
        return false;
    }
    const double sum = execution_.spent_usd + *item.cost_usd;
    if (*item.cost_usd > 0 && sum > *options_.max_cost_usd + kRoundingUsd) {
        execution_.cost_limit = true;
        stop(name_of(item) + " would pass --max-cost");
        return false;
    }
    execution_.spent_usd += *item.cost_usd;
    return true;
}

void Run::stop(const std::string& reason) {
    if (execution_.stopped.empty()) {
        execution_.stopped = reason;
    }
}

void Run::settle(std::size_t i, std::optional<ItemResult> result) {
    const bool failed = result && !result->ok;
    // What failed because of a signal is no reason of its own.
    if (failed && goes_on() && !options_.continue_on_error) {
        const std::scoped_lock lock(mutex_);
        stop(name_of(items_[i]) + " failed");
    }
    const std::scoped_lock lock(mutex_);
    if (failed && items_[i].paid && result->cost_usd == 0.0) {
        execution_.spent_usd -= items_[i].cost_usd.value_or(0);
    }
    outcomes_[i] = {true, std::move(result)};
    hand_over();
}

void Run::hand_over() {
    for (; handed_over_ < outcomes_.size() && outcomes_[handed_over_].settled; ++handed_over_) {
        auto& result = outcomes_[handed_over_].result;
        if (result) {
            progress_.clear();
            on_result_(*result);
            execution_.results.push_back(std::move(*result));
        }
    }
}

}  // namespace

Execution execute(const std::vector<CheckedItem>& items, const std::vector<std::string>& keys,
                  BatchJournal& journal, const ExecuteOptions& options,
                  const std::function<void(const ItemResult&)>& on_result, const Context& context) {
    return Run(items, keys, journal, options, on_result, context).go();
}

}  // namespace editprep::tools::generate_batch_media
