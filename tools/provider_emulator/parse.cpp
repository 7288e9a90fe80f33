#include <stdexcept>
#include <utility>

#include "tools/provider_emulator/faults.hpp"
#include "tools/provider_emulator/picture_size.hpp"
#include "tools/provider_emulator/provider_emulator.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/help_text.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr Choice<bool> kAnswers[] = {{"painted", false}, {"echo", true}};

/// A day: longer waits are typing mistakes.
constexpr double kMaxJobSeconds = 86'400;
constexpr int kMaxLatencyMs = 600'000;
constexpr int kMaxPort = 65'535;

constexpr const char* kJournalHelp =
    "GET tells what the emulator was asked and which jobs it accepted, as JSON";
constexpr const char* kFaultsHelp =
    "GET lists the faults with their hits, POST adds some (one to a line), DELETE ends them all";

constexpr const char* kPurpose =
    "Speaks the protocols of fal (below /run, /queue, /rest and /api/v1) and of OpenAI's images "
    "and "
    "videos (below /v1) on 127.0.0.1, charges nothing, and answers with pictures and clips of its "
    "own making. Models that edit a clip give back the one that was sent, byte for byte, once it "
    "has passed the model's limits; all others give a pattern of the asked length and size, else "
    "of 5 seconds and 480 lines. A POST to OpenAI's pages with a header Idempotency-Key makes "
    "nothing new when it comes again. Prints its address and what a shell needs to use it, and "
    "serves "
    "until it is interrupted. It takes every key, or only the one in EDITPREP_EMULATOR_KEY.";

std::string help_on_faults() {
    std::vector<HelpEntry> entries;
    for (const FaultDescription& fault : fault_descriptions()) {
        entries.push_back({"Faults", std::string(fault.name), std::string(fault.help)});
    }
    for (const auto& [page, help] : {std::pair{"/_emulator/journal", kJournalHelp},
                                     std::pair{"/_emulator/faults", kFaultsHelp}}) {
        entries.push_back({"Pages of its own", page, help});
    }
    return format_entries(entries);
}

/// The options' help and what they leave unsaid.
void parse_or_help(CommandLine& line, const Words& words) {
    try {
        line.parse(words);
    } catch (InfoRequest& request) {
        if (request.text == line.help()) {
            request.text += help_on_faults();
        }
        throw;
    }
}

void check(const Options& options) {
    if (options.port < 0 || options.port > kMaxPort) {
        throw UsageError("argument --port: must be from 0 to 65535");
    }
    if (options.latency_ms < 0 || options.latency_ms > kMaxLatencyMs) {
        throw UsageError("argument --latency: must be from 0 to 600000");
    }
    if (!(options.job_seconds >= 0 && options.job_seconds <= kMaxJobSeconds)) {
        throw UsageError("argument --job-seconds: must be from 0 to 86400");
    }
}

void check_fault(const std::string& specification) {
    try {
        FaultPlan().add(specification);
    } catch (const std::invalid_argument& error) {
        throw UsageError(std::string("argument --fault: ") + error.what());
    }
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    CommandLine line("provider_emulator", kPurpose);
    line.section("Server");
    line.integer("--port", options.port, {.help = "Port; 0 takes a free one", .placeholder = "N"});
    line.file("--setup", options.setup,
              {.help = "Write DIR/environment.sh, to be sourced by a shell, and DIR/openclaw.json, "
                       "so that the commands find the emulator as fal and as openai",
               .placeholder = "DIR"});
    line.flag("--quiet", options.quiet, {.help = "Print the address alone"});
    line.section("Behaviour");
    line.number(
        "--job-seconds", options.job_seconds,
        {.help = "How long a queued job takes; a third of it, it waits", .placeholder = "SECONDS"});
    line.integer("--latency", options.latency_ms,
                 {.help = "Delay of every answer in milliseconds", .placeholder = "N"});
    line.custom("--answer-size",
                [&options](const std::string& text) {
                    options.answer_size = parse_size(text);
                    if (!options.answer_size) {
                        throw UsageError("argument --answer-size: must look like 1024x1024");
                    }
                },
                {.help = "Size of all pictures and clips that are made, whatever was asked for",
                 .placeholder = "WxH"});
    line.choice("--answer", options.echo, kAnswers,
                {.help = "What edits of pictures give: painted = something that anyone sees, with "
                         "every other pixel disturbed; echo = the first picture as it was sent, "
                         "resampled where another size was asked for"});
    line.texts(
        "--fault", options.faults,
        {.help = "Misbehave: NAME[=VALUE][@[METHOD ]PATH][%N][:COUNT], where PATH may hold * for "
                 "any characters, every Nth of the requests that fit is hit, and COUNT is how "
                 "many are hit in all; may be repeated",
         .placeholder = "SPEC"});
    line.rule([&options] {
        check(options);
        for (const std::string& fault : options.faults) {
            check_fault(fault);
        }
    });
    parse_or_help(line, words);
    return options;
}

}  // namespace editprep::tools::provider_emulator
