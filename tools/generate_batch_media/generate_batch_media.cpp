#include "tools/generate_batch_media/generate_batch_media.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/generate_batch_media/check.hpp"
#include "tools/generate_batch_media/manifest.hpp"
#include "tools/generate_batch_media/parallel.hpp"
#include "tools/generate_batch_media/report.hpp"
#include "tools/generate_batch_media/run_item.hpp"
#include "tools/generate_batch_media/summary.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

/// As shells report a command that SIGINT ended.
constexpr int kInterrupted = 130;
/// Sums of cents are not exact.
constexpr double kRoundingUsd = 1e-9;

std::string in_dollars(double usd) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f US dollars", usd);
    return text;
}

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

void make_folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (!folder.empty()) {
        std::filesystem::create_directories(folder, error);
    }
    const bool is_new = !std::filesystem::exists(path);
    const std::string shown = folder.empty() ? "." : folder.string();
    if (error || (is_new && ::access(shown.c_str(), W_OK) != 0)) {
        throw Failure("cannot write to the folder " + display_path(shown));
    }
}

/// What cannot be written should be known before anything is paid for.
void check_outputs(const Options& options) {
    for (const auto& path : {options.summary_out, options.report}) {
        if (path) {
            imaging::check_may_write(*path, imaging::Overwrite::always);
            make_folder_of(*path);
        }
    }
    if (options.report) {
        check_report_path(*options.report);
    }
    if (options.report && options.report == options.summary_out) {
        throw Failure("--summary-out and --report name the same file " +
                      display_path(*options.report));
    }
}

/// A whole batch, or this machine's part of it.
struct Batch {
    int count = 0;
    std::optional<Shard> shard;
    std::vector<CheckedItem> items;
    /// Tells it from others in the journal.
    std::string name;
};

std::string name_of(const Options& options, const std::vector<Json>& entries,
                    const std::optional<Shard>& shard) {
    const std::string manifest =
        options.manifest == "-"
            ? "standard input " + transport::sha256_hex(one_line_json(Json(entries)))
            : std::filesystem::weakly_canonical(std::filesystem::absolute(options.manifest))
                  .string();
    return shard ? manifest + " shard " + to_string(*shard) : manifest;
}

Batch prepare(const Options& options, const Context& context) {
    const std::vector<Json> entries = read_manifest(options.manifest);
    const Json variables = read_variables(options.vars_json, options.vars_file);
    Batch batch;
    batch.count = static_cast<int>(entries.size());
    batch.shard = options.shard ? options.shard : shard_of_scheduler(context.environment);
    batch.name = name_of(options, entries, batch.shard);
    for (int index = 1; index <= batch.count; ++index) {
        if (!batch.shard || batch.shard->holds(index)) {
            const Json& entry = entries[static_cast<std::size_t>(index) - 1];
            batch.items.push_back({.item = prepare_item(entry, index, variables)});
        }
    }
    return batch;
}

void check_all(std::vector<CheckedItem>& items, const Context& context) {
    const int threads = static_cast<int>(std::thread::hardware_concurrency());
    in_parallel(items.size(), threads,
                [&](std::size_t i) { items[i] = check_item(std::move(items[i].item), context); });
}

/// Of two items that write one file, who comes last would be left to chance.
void refuse_shared_outputs(std::vector<CheckedItem>& items) {
    std::map<std::string, int> writers;
    for (CheckedItem& item : items) {
        if (!item.ok() || item.output.empty()) {
            continue;
        }
        const std::string path = std::filesystem::absolute(item.output).lexically_normal();
        const auto [writer, is_first] = writers.emplace(path, item.item.index);
        if (!is_first) {
            item.item.error = "it would write " + display_path(item.output) + " like item " +
                              std::to_string(writer->second) +
                              "; give it a name of its own ('out', or 'prefix')";
        }
    }
}

/// `item 3`, or `items 1, 2, 3 and 97 more`.
std::string named(const std::vector<int>& indices) {
    constexpr std::size_t kMostNamed = 5;
    std::string text = indices.size() == 1 ? "item " : "items ";
    const std::size_t shown = std::min(indices.size(), kMostNamed);
    for (std::size_t i = 0; i < shown; ++i) {
        text += (i == 0 ? "" : ", ") + std::to_string(indices[i]);
    }
    const std::size_t rest = indices.size() - shown;
    return rest == 0 ? text : text + " and " + std::to_string(rest) + " more";
}

/// What many items have in common is said once.
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

ItemResult described(ItemResult result, const CheckedItem& item) {
    result.warnings = item.item.warnings;
    result.cost_basis = item.cost_basis;
    return result;
}

std::string in_one_line(std::string text) {
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', end)) {
        text.replace(end, 1, "; ");
    }
    return text;
}

/// What a dry run says of an item: that it would be run, as long as there is a command for it.
ItemResult planned(const CheckedItem& item) {
    ItemResult result = described(not_run(item), item);
    if (!item.ok() && !item.item.command.empty()) {
        result.warnings.push_back("it would fail: " + in_one_line(item.item.error));
        result.cost_usd = item.cost_usd;
        result.ok = true;
        result.exit_code = kDone;
        result.err.reset();
    }
    return result;
}

BatchSummary summary_of(const Options& options, const Batch& batch) {
    return {.count = batch.count,
            .manifest = options.manifest,
            .summary_out = options.summary_out,
            .dry_run = options.dry_run,
            .shard = batch.shard};
}

void write_summary(const std::string& path, const BatchSummary& summary) {
    const std::string text = indented_json(summary_json(summary)) + '\n';
    imaging::write_file(path, std::as_bytes(std::span(text)), imaging::Overwrite::always);
}

void print_line(const ItemResult& result, const Context& context) {
    context.out(one_line_json(result_json(result)) + '\n');
}

/// Everything that is to be written is tried, whatever of it fails: it may have been paid for.
void deliver(const BatchSummary& summary, const Options& options, const Context& context,
             const Story& story) {
    std::exception_ptr failure;
    const auto attempt = [&failure](const auto& step) {
        try {
            step();
        } catch (const std::exception&) {
            failure = failure ? failure : std::current_exception();
        }
    };
    if (options.summary_out) {
        attempt([&] { write_summary(*options.summary_out, summary); });
    }
    if (options.report) {
        attempt([&] { write_report(*options.report, summary, story); });
    }
    if (options.print_json || options.dry_run) {
        attempt([&] { context.out(indented_json(summary_json(summary)) + '\n'); });
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void finish(const BatchSummary& summary) {
    if (!summary.ok()) {
        throw ExitRequest{kFailed};
    }
}

/// Ends the command before anything was sent.
[[noreturn]] void refuse(BatchSummary summary, const std::string& reason, int exit_code,
                         const Options& options, const Context& context, const Story& story) {
    summary.stopped = reason;
    if (!options.print_json) {
        for (const ItemResult& result : summary.results) {
            print_line(result, context);
        }
    }
    deliver(summary, options, context, story);
    context.err("ERROR: " + one_line(reason) + '\n');
    throw ExitRequest{exit_code};
}

void refuse_invalid(const Batch& batch, const Options& options, const Context& context,
                    const Story& story) {
    BatchSummary summary = summary_of(options, batch);
    for (const CheckedItem& item : batch.items) {
        if (!item.ok()) {
            summary.results.push_back(described(not_run(item), item));
        }
    }
    const std::size_t count = summary.results.size();
    if (count != 0 && !options.execute.continue_on_error) {
        refuse(std::move(summary),
               counted(count, "item") + " of " + std::to_string(batch.count) +
                   " cannot be run; nothing was sent",
               kFailed, options, context, story);
    }
}

/// Of all items, those of earlier runs too.
void refuse_cost(const Batch& batch, const std::vector<std::string>& keys,
                 const BatchJournal& journal, const Options& options, const Context& context,
                 const Story& story) {
    double sum = 0;
    std::vector<int> unknown;
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
        const CheckedItem& item = batch.items[i];
        sum += item.cost_usd.value_or(0);
        if (item.ok() && item.paid && !item.cost_usd && !journal.done(keys[i])) {
            unknown.push_back(item.item.index);
        }
    }
    const double limit = *options.execute.max_cost_usd;
    if (!unknown.empty()) {
        refuse(summary_of(options, batch),
               "the price of " + named(unknown) + " is not known, so --max-cost cannot be kept; " +
                   "nothing was sent",
               kLimitPassed, options, context, story);
    }
    if (sum > limit + kRoundingUsd) {
        refuse(summary_of(options, batch),
               "the batch would cost " + in_dollars(sum) + ", more than the " + in_dollars(limit) +
                   " of --max-cost; nothing was sent",
               kLimitPassed, options, context, story);
    }
}

void plan(const Batch& batch, const Options& options, const Context& context, const Story& story) {
    BatchSummary summary = summary_of(options, batch);
    for (const CheckedItem& item : batch.items) {
        summary.results.push_back(planned(item));
    }
    deliver(summary, options, context, story);
    tell_of_warnings(summary.results, story);
    const int unknown = summary.cost_unknown();
    story.note("the estimate for " + counted(batch.items.size(), "item") + " is " +
               in_dollars(summary.cost_usd()) +
               (unknown == 0 ? std::string()
                             : ", without " + std::to_string(unknown) + " of unknown price"));
    finish(summary);
}

void tell_of_items(const Batch& batch, const Story& story) {
    std::vector<ItemResult> results;
    for (const CheckedItem& item : batch.items) {
        if (!item.item.warnings.empty()) {
            results.push_back(described(not_run(item), item));
        }
    }
    tell_of_warnings(results, story);
}

/// Runs what was checked and fills in the summary, result by result: what was done stays in it
/// whatever goes wrong later.
Execution run_items(const Batch& batch, const std::vector<std::string>& keys, BatchJournal& journal,
                    const Options& options, const Context& context, BatchSummary& summary) {
    std::map<int, const CheckedItem*> items;
    for (const CheckedItem& item : batch.items) {
        items[item.item.index] = &item;
    }
    const auto take = [&](const ItemResult& result) {
        summary.results.push_back(described(result, *items.at(result.index)));
        if (!options.print_json) {
            print_line(summary.results.back(), context);
        }
    };
    Execution execution = execute(batch.items, keys, journal, options.execute, take, context);
    // A failure of the last item stops nothing.
    const bool is_complete = summary.results.size() == batch.items.size();
    summary.stopped = is_complete ? "" : execution.stopped;
    return execution;
}

int exit_code_of(const Execution& execution, const BatchSummary& summary) {
    if (execution.interrupted) {
        return kInterrupted;
    }
    if (execution.cost_limit) {
        return kLimitPassed;
    }
    return summary.ok() ? kDone : kFailed;
}

void run_batch(const Batch& batch, const Options& options, const Context& context,
               const Story& story) {
    tell_of_items(batch, story);
    refuse_invalid(batch, options, context, story);
    BatchJournal journal = BatchJournal::open(batch.name, options.restart, context.environment);
    const std::vector<std::string> keys = journal.keys_for(batch.items);
    if (options.execute.max_cost_usd) {
        refuse_cost(batch, keys, journal, options, context, story);
    }
    BatchSummary summary = summary_of(options, batch);
    Execution execution;
    try {
        execution = run_items(batch, keys, journal, options, context, summary);
    } catch (const std::exception& error) {
        summary.stopped = error.what();
        deliver(summary, options, context, story);
        throw;
    }
    deliver(summary, options, context, story);
    const int exit_code = exit_code_of(execution, summary);
    if (exit_code != kDone) {
        if (!summary.stopped.empty()) {
            context.err("ERROR: stopped: " + one_line(summary.stopped) + '\n');
        }
        throw ExitRequest{exit_code};
    }
    journal.finish();
}

void merge(const Options& options, const Context& context, const Story& story) {
    BatchSummary summary = merge_summaries(options.merge);
    summary.summary_out = options.summary_out;
    if (!options.print_json && !summary.dry_run) {
        for (const ItemResult& result : summary.results) {
            print_line(result, context);
        }
    }
    deliver(summary, options, context, story);
    finish(summary);
}

}  // namespace

void run(const Options& options, const Context& context) {
    const Story story(context.err, options.execute.quiet);
    check_outputs(options);
    if (!options.merge.empty()) {
        merge(options, context, story);
        return;
    }
    Batch batch = prepare(options, context);
    check_all(batch.items, context);
    refuse_shared_outputs(batch.items);
    if (options.dry_run) {
        plan(batch, options, context, story);
        return;
    }
    run_batch(batch, options, context, story);
}

}  // namespace editprep::tools::generate_batch_media
