#include "tools/reference_media/reference_media.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "tools/reference_media/attempt.hpp"
#include "tools/reference_media/summary.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/story.hpp"
#include "tools/workflow/job_file.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::reference_media {
namespace {

/// Answers of a provider that did not take the request as it was: nothing is owed for it.
constexpr std::array<int, 5> kRefusals{400, 404, 413, 415, 422};

/// Before anything is sent.
void check_references(const Options& options) {
    for (const std::string& path : options.reference_images) {
        require_existing(path, "reference image");
        static_cast<void>(unchanged_file(path));
    }
}

bool may_fall_back(const Options& options) {
    return sends_references(options) && options.transport == Transport::automatic;
}

/// A request without the references may fare better.
bool calls_for_fallback(const Attempt& attempt, const Options& options) {
    return may_fall_back(options) && attempt.kind == Attempt::Kind::primary &&
           std::ranges::find(kRefusals, attempt.progress.status) != kRefusals.end() &&
           !attempt.progress.needs_references;
}

/// An earlier run under the same key got as far as that, and may have been charged for it.
bool has_fallen_back(const Options& options, const Context& context) {
    const std::string key = fallback_key(options.image.remote.idempotency_key);
    if (key.empty() || !may_fall_back(options)) {
        return false;
    }
    const Story story(context.err, options.quiet);
    const auto job = open_job_store(context.environment, story).find_key(key);
    return job && job->state != transport::JobState::refused &&
           job->state != transport::JobState::failed;
}

/// The output goes on as it comes; that of an attempt that is about to be followed by another one
/// is kept.
Attempt shown_attempt(Attempt::Kind kind, const Options& options, const Context& context) {
    Attempt attempt{.kind = kind};
    Context inner = context;
    inner.out = [&](std::string_view text) {
        if (calls_for_fallback(attempt, options)) {
            attempt.out += text;
        } else {
            context.out(text);
        }
    };
    carry_out(attempt, options, inner);
    return attempt;
}

/// All that is written is kept for the summary.
Attempt kept_attempt(Attempt::Kind kind, const Options& options, const Context& context) {
    Attempt attempt{.kind = kind};
    Context inner = context;
    inner.interactive = false;
    inner.out = [&](std::string_view text) { attempt.out += text; };
    inner.err = [&](std::string_view text) { attempt.err += text; };
    carry_out(attempt, options, inner);
    return attempt;
}

/// With --print-json the summary tells.
void tell_of_fallback(const Options& options, const Context& context) {
    if (!options.quiet && !options.print_json) {
        context.err(
            "INFO: provider-json reference transport failed; retrying without provider-json "
            "references\n");
    }
}

/// A picture that is there and is not what was asked for.
void warn_of_fallback(const std::vector<Attempt>& attempts, const Story& story) {
    if (attempts.size() > 1 && attempts.back().ok()) {
        story.warn(
            "the provider refused the references (HTTP " +
            std::to_string(attempts.front().progress.status) +
            "), so this was made without them; --transport provider-json never goes on without");
    }
}

/// The attempts, in order; the last one counts.
/// @param make takes the kind of an attempt
template <class Make>
std::vector<Attempt> make_attempts(const Options& options, const Context& context,
                                   const Make& make) {
    using Kind = Attempt::Kind;
    std::vector<Attempt> attempts;
    if (options.remote().dry_run || !has_fallen_back(options, context)) {
        attempts.push_back(make(Kind::primary));
    }
    if (attempts.empty()) {
        Story(context.err, options.quiet)
            .note("an earlier run of this key went on without references, and so does this one");
    } else if (calls_for_fallback(attempts.back(), options)) {
        tell_of_fallback(options, context);
    } else {
        return attempts;
    }
    attempts.push_back(make(Kind::fallback));
    return attempts;
}

}  // namespace

void run(const Options& options, const Context& context) {
    const Story story(context.err, options.quiet);
    for (const std::string& warning : options.warnings) {
        story.warn(warning);
    }
    check_references(options);
    // A dry run prints the request that would be the first, and nothing around it.
    const bool summarises = options.print_json && !options.remote().dry_run;
    const auto attempts = make_attempts(options, context, [&](Attempt::Kind kind) {
        return summarises ? kept_attempt(kind, options, context)
                          : shown_attempt(kind, options, context);
    });
    if (summarises) {
        context.out(summary_json(options, attempts));
    }
    warn_of_fallback(attempts, story);
    if (!attempts.back().ok()) {
        throw ExitRequest{attempts.back().exit_code};
    }
}

}  // namespace editprep::tools::reference_media
