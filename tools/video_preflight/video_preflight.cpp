#include "tools/video_preflight/video_preflight.hpp"

#include <algorithm>
#include <utility>

#include "tools/clips/clip_check.hpp"
#include "tools/remote/model_catalogue.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/parallel.hpp"
#include "tools/shared/story.hpp"
#include "tools/video_preflight/clip_list.hpp"
#include "tools/video_preflight/clip_looks.hpp"
#include "tools/video_preflight/model_table.hpp"
#include "tools/video_preflight/report.hpp"

namespace editprep::tools::video_preflight {
namespace {

constexpr const char* kCommand = "video_preflight";

void check_usage(const Options& options) {
    const auto refuse_if = [](bool wrong, const std::string& reason) {
        if (wrong) {
            throw UsageError(reason);
        }
    };
    refuse_if(!options.list_models && options.clips.empty() && !options.files_from,
              "the following arguments are required: FILE, or --files-from");
    refuse_if(options.null_separated && !options.files_from,
              "argument --null: it needs --files-from");
    refuse_if(options.print_json && options.json_lines,
              "argument --jsonl: not allowed with argument --print-json");
    refuse_if(options.jobs < 0, "argument --jobs: it must not be negative");
}

Form form_of(const Options& options) {
    if (options.print_json) {
        return Form::json;
    }
    if (options.json_lines) {
        return Form::json_lines;
    }
    const bool single = options.clips.size() == 1 && !options.files_from && !options.together;
    return single ? Form::page : Form::lines;
}

int jobs_for(const Options& options) {
    const int jobs = thread_count(options.jobs);
    return options.files_from ? jobs : std::min(jobs, static_cast<int>(options.clips.size()));
}

bool has_any(const video::ClipLimits& limits) {
    return !limits.containers.empty() || !limits.codecs.empty() || limits.min_seconds ||
           limits.max_seconds || limits.min_side_px || limits.max_side_px || limits.min_pixels ||
           limits.max_pixels || limits.min_aspect || limits.max_aspect || limits.min_fps ||
           limits.max_fps || limits.max_bytes;
}

bool has_any(const video::JointClipLimits& limits) {
    return limits.min_seconds || limits.max_seconds || limits.max_bytes;
}

void note_what_is_not_checked(const Options& options, const ChosenLimits& limits,
                              const Story& story) {
    const std::string model = limits.clip.model.empty() ? "" : " for clips of " + limits.clip.model;
    if (!has_any(limits.clip)) {
        story.note("no limits are known" + model + "; only whether a clip can be read is checked");
    }
    if (options.together && !has_any(limits.together)) {
        story.note("no limits for several clips together are known" + model);
    }
}

void look_at_all(const Options& options, const ChosenLimits& limits, Report& report) {
    ClipList list(options.clips, options.files_from.value_or(""),
                  options.null_separated ? '\0' : '\n');
    std::vector<video::MediaInfo> readable;
    look_at_clips(
        jobs_for(options), [&list](const std::stop_token& stop) { return list.next(stop); },
        limits.clip,
        [&](const ClipLook& look) {
            report.add(look);
            if (options.together && look.verdict) {
                readable.push_back(look.verdict->info);
            }
        });
    if (options.together) {
        report.add_together(video::preflight_together(readable, limits.together));
    }
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    CommandLine line(kCommand,
                     "Tells whether a model takes clips: what they are, and everything that would "
                     "be refused, with measured value, limit and remedy. Exit code 0: all are "
                     "accepted; 3: some are refused; 1: some cannot be read, whatever the others "
                     "are.");
    line.positionals("FILE", options.clips, "Clips, as many as needed");
    line.section("Input");
    line.file("--files-from", options.files_from,
              {.help = "More clips, one a line, from a file or - for standard input; each is "
                       "looked at as soon as its line is there",
               .placeholder = "LIST"});
    line.flag("--null", options.null_separated,
              {.help = "The list is separated by NUL characters, as find -print0 writes it"});
    options.limits.add_to(line);
    line.section("Verdict");
    line.flag("--together", options.together,
              {.help = "Hold all clips against what one request may have, too"});
    line.flag("--strict", options.strict, {.help = "Warnings refuse a clip, too"});
    line.section("Output");
    line.flag("--print-json", options.print_json, {.help = "One JSON document"});
    line.flag("--jsonl", options.json_lines, {.help = "One line of JSON for each clip"});
    line.flag("--list-models", options.list_models,
              {.help = "Print what the models that take clips accept, and stop"});
    line.integer("--jobs", options.jobs,
                 {.help = "How many clips are looked at at once; 0: one for each processor",
                  .placeholder = "N"});
    line.flag("--quiet", options.quiet, {.help = "No notes on stderr; errors are always shown"});
    line.rule([&options] { check_usage(options); });
    line.parse(words);
    return options;
}

void run(const Options& options, const Context& context) {
    if (options.list_models) {
        const transport::ModelRegistry models = known_models(context.environment);
        const bool json = options.print_json || options.json_lines;
        context.out(json ? models_json(models) + '\n' : model_table(models));
        return;
    }
    const ChosenLimits limits =
        options.limits.limits(known_models(context.environment, options.limits.model()));
    note_what_is_not_checked(options, limits, Story(context.err, options.quiet));

    Report report(form_of(options), options.strict, limits, context.out);
    report.begin();
    look_at_all(options, limits, report);
    report.end();
    if (report.unreadable() > 0) {
        throw ExitRequest{kFailed};
    }
    if (report.refused() > 0 || report.refused_together()) {
        throw ExitRequest{kLimitPassed};
    }
}

}  // namespace editprep::tools::video_preflight
