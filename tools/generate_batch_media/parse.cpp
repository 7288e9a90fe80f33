#include "tools/generate_batch_media/generate_batch_media.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

/// More would only wait for each other: a batch is bounded by its providers, or by the cores.
constexpr int kMostJobs = 256;

double to_amount(const std::string& text) {
    const auto amount = parse_number(text);
    if (!amount || *amount < 0) {
        throw UsageError("argument --max-cost: invalid amount: '" + text + "'");
    }
    return *amount;
}

int to_jobs(const std::string& text) {
    const auto jobs = parse_integer(text);
    if (!jobs || *jobs < 1 || *jobs > kMostJobs) {
        throw UsageError("argument --jobs: must be a number from 1 to " +
                         std::to_string(kMostJobs) + ": '" + text + "'");
    }
    return static_cast<int>(*jobs);
}

void add_input(CommandLine& line, Options& options) {
    line.section("Input");
    line.text("--manifest", options.manifest,
              {.help = "The items, as a JSON array or as JSON Lines; - for standard input; needed "
                       "unless summaries are merged",
               .placeholder = "FILE"});
    line.text("--vars-json", options.vars_json,
              {.help = "Variables for the {names} in all items, as a JSON object",
               .placeholder = "JSON"});
    line.file("--vars-file", options.vars_file,
              {.help = "The same from a file, after --vars-json", .placeholder = "FILE"});
}

void add_run(CommandLine& line, Options& options) {
    ExecuteOptions& execute = options.execute;
    line.section("Run");
    line.flag("--continue-on-error", execute.continue_on_error,
              {.help = "Go on with the other items when one fails"});
    line.flag("--dry-run", options.dry_run,
              {.help = "Check all items, say what they would cost, and stop"});
    line.custom("--jobs", [&execute](const std::string& text) { execute.jobs = to_jobs(text); },
                {.help = "How many items run at once",
                 .placeholder = "N",
                 .default_text = "1; where no item asks a provider, one for each core",
                 .addition = true});
    line.custom("--rate-limit",
                [&execute](const std::string& text) {
                    execute.rate_limits.push_back(parse_rate_limit(text));
                },
                {.help = "No more items a minute than that, for a provider or for each; repeatable",
                 .placeholder = "[PROVIDER=]N",
                 .addition = true,
                 .repeatable = true});
    line.custom("--max-cost",
                [&execute](const std::string& text) { execute.max_cost_usd = to_amount(text); },
                {.help = "Send nothing when all items together cost more US dollars than that, or "
                         "an unknown sum (exit code 3)",
                 .placeholder = "N",
                 .addition = true});
    line.flag(
        "--restart", options.restart,
        {.help = "Begin anew, also where an earlier run of this manifest was interrupted: its "
                 "items are paid for again",
         .addition = true});
    line.flag("--resend-unknown", execute.resend_unknown,
              {.help = "Send an item again when it cannot be found out whether the provider has "
                       "accepted it",
               .addition = true});
}

void add_shards(CommandLine& line, Options& options, std::vector<std::string>& further) {
    line.section("Several machines");
    line.custom("--shard",
                [&options](const std::string& text) { options.shard = parse_shard(text); },
                {.help = "Only this machine's part, such as 2/4 for the second of four",
                 .placeholder = "I/N",
                 .default_text = "that of a Slurm array or of an Indexed Job, else everything",
                 .addition = true});
    line.texts("--merge", options.merge,
               {.help = "Run nothing, and put these summaries of all shards together; repeatable, "
                        "or followed by further files",
                .placeholder = "FILE",
                .addition = true});
    line.positionals("SUMMARY", further, "Further summaries, with --merge");
}

void add_output(CommandLine& line, Options& options) {
    line.section("Output");
    line.file("--summary-out", options.summary_out,
              {.help = "Write the summary as JSON there; missing folders are made",
               .placeholder = "FILE"});
    line.file("--report", options.report,
              {.help = "Write a page for the browser with all results there",
               .placeholder = "FILE",
               .addition = true});
    line.flag("--print-json", options.print_json,
              {.help = "Print the summary instead of a line for each item"});
    line.flag("--quiet", options.execute.quiet,
              {.help = "No progress, notes and warnings on stderr; errors are always shown",
               .addition = true});
}

/// Plain words are files only beside --merge.
void check(const Options& options, const std::vector<std::string>& further) {
    if (options.merge.empty() && !further.empty()) {
        throw UsageError("unrecognized argument: " + further.front());
    }
    if (options.merge.empty() && options.manifest.empty()) {
        throw UsageError("the following arguments are required: --manifest");
    }
    if (!options.merge.empty() && !options.manifest.empty()) {
        throw UsageError("argument --merge: not allowed with argument --manifest");
    }
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    std::vector<std::string> further;
    CommandLine line("generate_batch_media",
                     "Runs a manifest of pictures and videos to make and to edit. All items are "
                     "checked before the first is paid for; the same command goes on with a batch "
                     "that was interrupted.");
    add_input(line, options);
    add_run(line, options);
    add_shards(line, options, further);
    add_output(line, options);
    line.rule([&] { check(options, further); });
    line.parse(words);
    options.merge.insert(options.merge.end(), further.begin(), further.end());
    return options;
}

}  // namespace editprep::tools::generate_batch_media
