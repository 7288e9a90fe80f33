#include "tools/video_conform/video_conform.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "editprep/video/conform.hpp"
#include "editprep/video/error.hpp"
#include "tools/clips/clip_json.hpp"
#include "tools/remote/model_catalogue.hpp"
#include "tools/remote/network.hpp"
#include "tools/remote/progress_line.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/story.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools::video_conform {
namespace {

using Json = nlohmann::ordered_json;

void check_usage(const Options& options) {
    if (!(options.start_seconds >= 0) || options.start_seconds > 1e9) {
        throw UsageError("argument --start: it must be 0 or more seconds");
    }
}

/// Only MP4 and QuickTime are written; a name that promises something else is a mistake.
void check_extension(const std::string& output) {
    const std::string extension = lower_case(std::filesystem::path(output).extension().string());
    constexpr std::array kOthers{".webm", ".mkv", ".avi", ".ts", ".m2ts", ".gif"};
    if (std::ranges::find(kOthers, extension) != kOthers.end()) {
        throw Failure("only mp4 and mov are written, not " + extension.substr(1) +
                      "; name the output .mp4 or .mov");
    }
}

void tell_limits(const ChosenLimits& limits, const Story& story) {
    if (!limits.clip.model.empty()) {
        story.note("held against " + limits.clip.model);
    }
}

/// Providers may go by the name.
void tell_misnamed(const video::ConformReport& report, const Options& options, const Story& story) {
    const std::string& container = report.after.container;
    const std::filesystem::path name(options.output);
    const bool ours = container == "mp4" || container == "mov";
    if (ours && lower_case(name.extension().string()) != '.' + container) {
        story.warn(display_path(options.output) + " holds " + container +
                   ", which its name does not say");
    }
}

void tell(const video::ConformReport& report, const Options& options, const Story& story) {
    if (options.dry_run && !report.changes.empty()) {
        story.note("nothing is written; it would be changed like this");
    }
    for (const video::Change& change : report.changes) {
        story.note(change.what + ": " + change.text);
    }
    if (report.changes.empty()) {
        story.note(options.dry_run ? "it fits, and would be copied as it is"
                                   : "it fits, and was copied as it is");
    }
    tell_misnamed(report, options, story);
    for (const video::Finding& finding : report.findings) {
        story.warn(finding.text());
    }
}

Json changes_json(const video::ConformReport& report) {
    Json changes = Json::array();
    for (const video::Change& change : report.changes) {
        changes.push_back({{"what", change.what}, {"text", change.text}});
    }
    return changes;
}

Json report_json(const video::ConformReport& report, const Options& options,
                 const ChosenLimits& limits) {
    return {{"input", {{"path", display_path(options.input)}, {"info", info_json(report.before)}}},
            {"output", {{"path", display_path(options.output)}, {"info", info_json(report.after)}}},
            {"dry_run", options.dry_run},
            {"limits", limits_json(limits)},
            {"changes", changes_json(report)},
            {"video_reencoded", report.video_reencoded},
            {"audio_reencoded", report.audio_reencoded},
            {"findings", findings_json(report.findings)}};
}

video::ConformReport conform(const Options& options, const ChosenLimits& limits,
                             const Context& context) {
    ProgressLine progress(context, options.quiet);
    const video::ConformOptions how{
        .start = std::chrono::microseconds(std::llround(options.start_seconds * 1e6)),
        .pad = options.pad,
        .overwrite = options.overwrite,
        .progress =
            [&progress](double fraction) {
                progress.show("conforming " + std::to_string(std::lround(fraction * 100)) + " %");
            },
        .cancel = &interruption()};
    try {
        return options.dry_run
                   ? video::plan_conform(options.input, options.output, limits.clip, how)
                   : video::conform(options.input, options.output, limits.clip, how);
    } catch (const video::Error& error) {
        if (error.errc() == video::Errc::cancelled) {
            throw Failure("interrupted; nothing was written");
        }
        if (error.errc() == video::Errc::file_exists) {
            throw Failure("refusing to replace " + display_path(options.output) +
                          "; name another file or give --overwrite");
        }
        throw;
    }
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    std::optional<std::string> input;
    CommandLine line(
        "video_conform",
        "Makes a clip acceptable to a model with as little change as possible: packed "
        "anew, trimmed, scaled, its frame rate or size brought into range; a clip that "
        "fits is copied. Prints the new clip's path.");
    line.section("Input and output");
    line.positional("IN", input, "The clip");
    line.text("--out", options.output,
              {.help = "Where the clip goes: .mp4 or .mov, which chooses the container. Missing "
                       "folders are made",
               .placeholder = "FILE",
               .required = true});
    line.flag("--overwrite", options.overwrite, {.help = "Replace an existing file"});
    line.section("Changes");
    line.number("--start", options.start_seconds,
                {.help = "Where in the clip the result begins; what lies before is cut off",
                 .placeholder = "SECONDS"});
    line.flag("--pad", options.pad,
              {.help = "Add black bars where no scaling brings the picture into bounds"});
    line.flag("--dry-run", options.dry_run,
              {.help = "Tell what would be changed, and write nothing"});
    options.limits.add_to(line);
    line.section("Results");
    line.flag("--print-json", options.print_json,
              {.help = "Print what the clip was, what it is and what was changed, as JSON"});
    line.flag("--quiet", options.quiet, {.help = "No notes, warnings and progress"});
    line.rule([&] {
        if (!input || input->empty()) {
            throw UsageError("the following arguments are required: IN");
        }
        check_usage(options);
    });
    line.parse(words);
    options.input = *input;
    return options;
}

void run(const Options& options, const Context& context) {
    const Story story(context.err, options.quiet);
    const ChosenLimits limits =
        options.limits.limits(known_models(context.environment, options.limits.model()));
    check_extension(options.output);
    const video::ConformReport report = conform(options, limits, context);
    tell_limits(limits, story);
    tell(report, options, story);
    if (options.print_json) {
        context.out(indented_json(report_json(report, options, limits)) + '\n');
    } else if (!options.dry_run) {
        context.out(display_path(options.output) + '\n');
    }
}

}  // namespace editprep::tools::video_conform
