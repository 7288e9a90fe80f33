#include "tools/generate_batch_media/generate_batch_media.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <map>
#include <span>
#include <system_error>
#include <utility>

#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/generate_batch_media/bill.hpp"
#include "tools/generate_batch_media/check.hpp"
#include "tools/generate_batch_media/item_files.hpp"
#include "tools/generate_batch_media/manifest.hpp"
#include "tools/generate_batch_media/report.hpp"
#include "tools/generate_batch_media/report_text.hpp"
#include "tools/generate_batch_media/run_item.hpp"
#include "tools/generate_batch_media/summary.hpp"
#include "tools/generate_batch_media/told.hpp"
#include "tools/remote/network.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/parallel.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

/// As shells report a command that SIGINT ended.
constexpr int kInterrupted = 130;

void make_folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (!folder.empty()) {
        std::filesystem::create_directories(folder, error);
    }
    const bool is_new = !std::filesystem::exists(path);
    const std::string shown = folder.empty() ? "." : folder.string();
    if (!error && is_new && ::access(shown.c_str(), W_OK) != 0) {
        error = {errno, std::generic_category()};
    }
    if (error) {
        throw Failure("cannot write to the folder " + display_path(shown) + ": " + error.message() +
                      "; choose another folder or change its permissions");
    }
}

/// One spelling for every way to name a file, also one that does not exist yet.
std::string resolved(const std::string& path) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(path, error);
    const std::filesystem::path canonical = std::filesystem::weakly_canonical(absolute, error);
    return error ? absolute.lexically_normal() : canonical;
}

bool is_same_file(const std::string& one, const std::string& other) {
    std::error_code unknown;
    return resolved(one) == resolved(other) || std::filesystem::equivalent(one, other, unknown);
}

/// Whatever else the command reads or writes must not be replaced.
void check_summary_path(const std::string& path, const Options& options) {
    const auto refuse = [&path](const std::string& what) {
        throw Failure("--summary-out would replace " + what + ' ' + display_path(path) +
                      "; choose another name");
    };
    if (!options.manifest.empty() && options.manifest != "-" &&
        is_same_file(path, options.manifest)) {
        refuse("the manifest");
    }
    if (options.vars_file && is_same_file(path, *options.vars_file)) {
        refuse("the variables");
    }
    if (std::ranges::any_of(options.merge,
                            [&path](const auto& part) { return is_same_file(path, part); })) {
        refuse("the summary of a shard,");
    }
    std::error_code unknown;
    if (std::filesystem::is_regular_file(path, unknown) &&
        std::filesystem::file_size(path, unknown) != 0 && !is_summary(path)) {
        refuse("what is no summary,");
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
    if (options.summary_out) {
        check_summary_path(*options.summary_out, options);
    }
    if (options.report && options.summary_out &&
        is_same_file(*options.report, *options.summary_out)) {
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
    BatchName name;
};

std::string name_of_manifest(const Options& options, const std::vector<Json>& entries) {
    return options.manifest == "-"
               ? "standard input " + transport::sha256_hex(one_line_json(Json(entries)))
               : resolved(options.manifest);
}

/// What two items share that say the same.
std::string sense_of(const BatchItem& item) {
    // An item that cannot be run has no words.
    return one_line_json(item.words.empty() ? item.item : Json(item.cmd()));
}

Batch prepare(const Options& options, const Context& context) {
    const std::vector<Json> entries = read_manifest(options.manifest);
    const Json variables = read_variables(options.vars_json, options.vars_file);
    Batch batch;
    batch.count = static_cast<int>(entries.size());
    batch.shard = options.shard ? options.shard : shard_of_scheduler(context.environment);
    batch.name = {name_of_manifest(options, entries), batch.shard};
    std::map<std::string, int> alike;
    for (int index = 1; index <= batch.count; ++index) {
        const Json& entry = entries[static_cast<std::size_t>(index) - 1];
        BatchItem item = prepare_item(entry, index, variables);
        // Items of other shards count: an item is the same whoever runs it.
        item.number = ++alike[sense_of(item)];
        if (!batch.shard || batch.shard->holds(index)) {
            batch.items.push_back({.item = std::move(item)});
        }
    }
    return batch;
}

/// What needs no check, since it is not run again.
CheckedItem done_item(BatchItem item, const ItemResult& result) {
    CheckedItem checked{.item = std::move(item)};
    checked.paid = result.cost_usd != 0.0;
    checked.provider = result.provider;
    checked.model = result.model;
    checked.cost_usd = result.cost_usd;
    checked.cost_basis = result.cost_basis;
    return checked;
}

/// A job that was paid for is collected, whatever has become of the files that it was made from.
void allow_collecting(std::vector<CheckedItem>& items, const std::vector<std::string>& keys,
                      const Context& context) {
    if (std::ranges::all_of(items, &CheckedItem::ok)) {
        return;
    }
    const EarlierJobs jobs = find_earlier_jobs(items, keys, context);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].ok() && jobs.collectable.contains(keys[i])) {
            items[i].item.warnings.push_back("its job is collected, though it could not be sent: " +
                                             one_line(std::exchange(items[i].item.error, {})));
        }
    }
}

/// Ends early when a signal came; then some are unchecked.
/// @param journal may be null: nothing is done then
void check_all(std::vector<CheckedItem>& items, const BatchJournal* journal,
               const Context& context) {
    const auto keys = journal != nullptr ? journal->keys_for(items) : std::vector<std::string>();
    in_parallel(items.size(), thread_count(0), [&](std::size_t i) {
        if (interruption()) {
            return;
        }
        const auto done = journal != nullptr ? journal->done(keys[i]) : std::nullopt;
        items[i] = done && all_exist(done->files) ? done_item(std::move(items[i].item), *done)
                                                  : check_item(std::move(items[i].item), context);
    });
    if (journal != nullptr && !interruption()) {
        allow_collecting(items, keys, context);
    }
}

std::vector<std::string> outputs_of(const CheckedItem& item) {
    if (!item.ok()) {
        return {};
    }
    std::vector<std::string> outputs = named_outputs(item.item);
    add_files(outputs, {item.output});
    return outputs;
}

/// Of two items that write one file, who comes last would be left to chance.
void refuse_shared_outputs(std::vector<CheckedItem>& items) {
    std::map<std::string, int> writers;
    for (CheckedItem& item : items) {
        for (const std::string& output : outputs_of(item)) {
            const auto [writer, is_first] = writers.emplace(resolved(output), item.item.index);
            if (!is_first && writer->second != item.item.index) {
                item.item.error =
                    "it would write " + display_path(output) + " like item " +
                    std::to_string(writer->second) + "; give it a name of its own (" +
                    (output == item.output ? "'out', or 'prefix'" : "'{index}' in it") + ")";
            }
        }
    }
}

ItemResult described(ItemResult result, const CheckedItem& item) {
    result.warnings = item.item.warnings;
    return result;
}

std::string in_one_line(std::string text) {
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', end)) {
        text.replace(end, 1, "; ");
    }
    return text;
}

/// That this machine has no configuration is no fault of the manifest, which could always be looked
/// at without one.
bool lacks_configuration(const CheckedItem& item) {
    return item.item.error.starts_with("config not found: ");
}

/// What a dry run says of an item: callers of the older command count on its being good.
ItemResult planned(const CheckedItem& item) {
    ItemResult result = described(not_run(item), item);
    if (!item.ok()) {
        const std::string reason = in_one_line(item.item.error);
        if (lacks_configuration(item)) {
            result.warnings.push_back("it would fail: " + reason);
        } else {
            result.would_fail = reason;
        }
        result.cost_usd.reset();
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

/// Of those that were asked for.
struct Files {
    bool summary = false;
    bool report = false;
};

Files all_files(const Options& options) {
    return {options.summary_out.has_value(), options.report.has_value()};
}

/// What an earlier run left tells more than that nothing was done.
Files new_files(const Options& options, const Story& story) {
    const auto is_new = [&story](const std::optional<std::string>& path) {
        const bool is_there = path && std::filesystem::is_regular_file(*path);
        if (is_there) {
            story.note(display_path(*path) + " stays as an earlier run left it");
        }
        return path && !is_there;
    };
    return {is_new(options.summary_out), is_new(options.report)};
}

/// Everything that is to be written is tried, whatever of it fails: it may have been paid for.
void deliver(const BatchSummary& summary, const Files& to_write, const Options& options,
             const Context& context, const Story& story) {
    std::exception_ptr failure;
    const auto attempt = [&failure](const auto& step) {
        try {
            step();
        } catch (const std::exception&) {
            failure = failure ? failure : std::current_exception();
        }
    };
    if (to_write.summary) {
        attempt([&] { write_summary(*options.summary_out, summary); });
    }
    if (to_write.report) {
        attempt([&] { write_report(*options.report, summary, story); });
    }
    if (options.print_json || options.dry_run) {
        attempt([&] { context.out(indented_json(summary_json(summary)) + '\n'); });
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void deliver(const BatchSummary& summary, const Options& options, const Context& context,
             const Story& story) {
    deliver(summary, all_files(options), options, context, story);
}

void finish(const BatchSummary& summary) {
    if (!summary.ok()) {
        throw ExitRequest{kFailed};
    }
}

/// Ends the command before anything was sent.
/// @param advice what to do, where the reason does not say it
[[noreturn]] void refuse(BatchSummary summary, const std::string& reason, const std::string& advice,
                         int exit_code, const Options& options, const Context& context,
                         const Story& story) {
    summary.stopped = reason;
    if (!options.print_json) {
        for (const ItemResult& result : summary.results) {
            print_line(result, context);
        }
    }
    deliver(summary, new_files(options, story), options, context, story);
    tell_of_failures(summary.results, context);
    context.err("ERROR: " + one_line(reason + advice) + '\n');
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
               std::to_string(count) + " of " + counted(batch.items.size(), "item") +
                   " cannot be run; nothing was sent",
               "; correct them, or run the others with --continue-on-error", kFailed, options,
               context, story);
    }
}

void refuse_cost(const Batch& batch, const BatchJournal& journal, const Options& options,
                 const Context& context, const Story& story) {
    const Bill bill = bill_of(batch.items, &journal, context);
    if (const auto reason = cost_refusal(bill, *options.execute.max_cost_usd)) {
        refuse(summary_of(options, batch), *reason + "; nothing was sent", "", kLimitPassed,
               options, context, story);
    }
}

/// What an interrupted run has paid counts, but a plan must not fail for it.
std::optional<BatchJournal> journal_for_plan(const Batch& batch, const Options& options,
                                             const Context& context, const Story& story) {
    try {
        return BatchJournal::look(batch.name, options.restart, context.environment);
    } catch (const std::exception& error) {
        story.warn(std::string("what earlier runs have paid is not known: ") + error.what());
        return std::nullopt;
    }
}

void refuse_interrupted(const Batch& batch, const Options& options, const Context& context,
                        const Story& story) {
    if (interruption()) {
        refuse(summary_of(options, batch), "interrupted; nothing was sent", "", kInterrupted,
               options, context, story);
    }
}

void check(Batch& batch, const BatchJournal* journal, const Options& options,
           const Context& context, const Story& story) {
    check_all(batch.items, journal, context);
    refuse_interrupted(batch, options, context, story);
    refuse_shared_outputs(batch.items);
}

void plan(Batch& batch, const Options& options, const Context& context, const Story& story) {
    const auto journal = journal_for_plan(batch, options, context, story);
    check(batch, journal ? &*journal : nullptr, options, context, story);
    BatchSummary summary = summary_of(options, batch);
    for (const CheckedItem& item : batch.items) {
        summary.results.push_back(planned(item));
    }
    deliver(summary, options, context, story);
    tell_of_warnings(summary.results, story);
    tell_of_idle_limits(options.execute.rate_limits, batch.items, story);
    const Bill bill = bill_of(batch.items, journal ? &*journal : nullptr, context);
    tell_of_failures(summary.results, context);
    tell_of_cost(summary, bill, story);
    const auto limit = options.execute.max_cost_usd;
    if (const auto reason = limit ? cost_refusal(bill, *limit) : std::nullopt) {
        story.warn("it would be refused: " + *reason);
    }
    finish(summary);
}

void tell_of_items(const Batch& batch, const Options& options, const Story& story) {
    std::vector<ItemResult> results;
    for (const CheckedItem& item : batch.items) {
        if (!item.item.warnings.empty()) {
            results.push_back(described(not_run(item), item));
        }
    }
    tell_of_warnings(results, story);
    tell_of_idle_limits(options.execute.rate_limits, batch.items, story);
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

bool costs_something(const Batch& batch) {
    return std::ranges::any_of(
        batch.items, [](const CheckedItem& item) { return item.paid && item.cost_usd != 0.0; });
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

void run_batch(Batch& batch, const Options& options, const Context& context, const Story& story) {
    BatchJournal journal = BatchJournal::open(batch.name, options.restart, context.environment);
    check(batch, &journal, options, context, story);
    tell_of_items(batch, options, story);
    refuse_invalid(batch, options, context, story);
    const std::vector<std::string> keys = journal.keys_for(batch.items);
    if (options.execute.max_cost_usd) {
        refuse_cost(batch, journal, options, context, story);
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
        tell_of_failures(summary.results, context);
        const std::string why = execution.stopped == "interrupted" || execution.cost_limit
                                    ? execution.stopped + ": "
                                    : "";
        context.err(
            "ERROR: " +
            one_line(why + shortfall(summary, batch.items.size(), &execution, options.execute)) +
            '\n');
        throw ExitRequest{exit_code};
    }
    journal.finish();
    tell_of_success(summary, options.report, story);
    if (costs_something(batch)) {
        story.note(
            "the batch is done, and paid for: the same command would begin anew, and pay again");
    }
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
    if (!summary.ok()) {
        tell_of_failures(summary.results, context);
        const auto wanted = static_cast<std::size_t>(summary.count);
        if (!summary.dry_run) {
            context.err("ERROR: " + shortfall(summary, wanted, nullptr, options.execute) + '\n');
        }
    } else if (!summary.dry_run) {
        tell_of_success(summary, options.report, story);
    }
    finish(summary);
}

}  // namespace

void run(const Options& options, const Context& context) {
    // A signal from now on ends the command in order.
    static_cast<void>(interruption());
    const Story story(context.err, options.execute.quiet);
    check_outputs(options);
    if (!options.merge.empty()) {
        merge(options, context, story);
        return;
    }
    Batch batch = prepare(options, context);
    if (options.dry_run) {
        plan(batch, options, context, story);
        return;
    }
    run_batch(batch, options, context, story);
}

}  // namespace editprep::tools::generate_batch_media
