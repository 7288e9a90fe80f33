#include <chrono>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <utility>

#include "editprep/transport/error.hpp"
#include "tools/fal_client/call_options.hpp"
#include "tools/fal_client/model_input.hpp"
#include "tools/fal_client/subcommands.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/fal_preview.hpp"
#include "tools/remote/fal_price.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools::fal_client {
namespace {

struct Options {
    std::optional<std::string> model;
    std::optional<std::string> json;
    CallGroup call;
    bool wait = false;
    std::int64_t timeout_seconds = 0;

    void add_words_to(CommandLine& line) {
        line.positional("MODEL", model, "A model's id, such as fal-ai/nano-banana-pro/edit");
        line.positional("JSON", json,
                        "The input: text, @FILE or -. Files that are named in its file fields go "
                        "with it: small ones inside, larger ones are uploaded");
        call.add_to(line);
    }

    void add_timeout_to(CommandLine& line, const std::string& help) {
        line.custom(
            "--timeout",
            [this](const std::string& text) {
                const auto seconds = parse_integer(text);
                if (!seconds || *seconds < 0 || *seconds > std::numeric_limits<int>::max()) {
                    throw UsageError("argument --timeout: invalid int value: '" + text + "'");
                }
                timeout_seconds = *seconds;
            },
            {.help = help, .placeholder = "N", .default_text = "0"});
    }

    [[nodiscard]] bool complete() const { return model && json; }
};

std::string dollars(double usd) {
    char text[48];
    std::snprintf(text, sizeof text, "%.6g", usd);
    return text + std::string(" USD");
}

/// Three times 0.05 is no more than 0.15, whatever binary fractions say.
constexpr double kRounding = 1e-9;

struct KnownPrice {
    std::optional<transport::PriceEstimate> price;
    std::string why_not;
};

/// The registry knows without asking anybody.
KnownPrice find_price(const Options& options, const transport::Model* model,
                      const std::string& input_json, Session& session) {
    if (auto price = offline_price(model, input_json)) {
        return {std::move(price), {}};
    }
    try {
        return {online_price(session.fal(), *options.model, model, input_json),
                "neither to the registry nor by fal's price list"};
    } catch (const transport::Error& error) {
        if (error.errc() == transport::Errc::cancelled) {
            throw;
        }
        return {std::nullopt, error.what()};
    }
}

void check_cost(const Options& options, const transport::Model* model, const FalInput& input,
                Session& session) {
    if (!options.call.max_cost_usd) {
        return;
    }
    const auto [price, why_not] =
        find_price(options, model, input.json_to_validate(model), session);
    std::string reason;
    if (!price) {
        reason = "the price of " + *options.model + " is not known (" + why_not + ')';
    } else if (price->usd > *options.call.max_cost_usd * (1 + kRounding)) {
        reason = "the call would cost about " + dollars(price->usd) + " (" + price->basis +
                 "), more than --max-cost " + dollars(*options.call.max_cost_usd);
    } else {
        return;
    }
    session.context().err("ERROR: " + one_line(reason) + "; nothing was sent\n");
    throw ExitRequest{kLimitPassed};
}

/// What is checked before anything leaves; the input with its files in place comes back.
FalInput prepare(const Options& options, Session& session) {
    transport::check_fal_endpoint_id(*options.model);
    FalInput input = read_input(*options.json);
    const transport::Model* model = session.models().find(*options.model);
    check_input(session, *options.model, model, input, options.call.skip_validation);
    check_cost(options, model, input, session);
    const UnfitFiles unfit = options.call.skip_validation ? UnfitFiles::sent : UnfitFiles::refused;
    if (!options.call.dry_run) {
        input.place_local_files(session.fal(), model, options.call.inline_limit_bytes(), unfit);
    } else {
        input.describe_local_files(model, options.call.inline_limit_bytes(), unfit);
    }
    return input;
}

transport::FalCallOptions with_progress(const CallGroup& group, ProgressLine& progress) {
    transport::FalCallOptions call = group.call;
    call.progress = progress.bytes("sending");
    return call;
}

/// The result of a call that ends here: it was handed over once it is printed.
void print_result(Session& session, std::int64_t job, const std::string& result) {
    session.print(result);
    write_after_sending(session.context().err,
                        "the result of job " + std::to_string(job) + " was printed",
                        [&] { session.jobs().saved(job, {}); });
}

void wait_and_print(const Options& options, const SubmittedJob& job, ProgressLine& progress,
                    Session& session) {
    session.story().note("request " + job.request.request_id +
                         "; if this ends early, go on with: " + how_to_resume(job.request));
    WaitOptions wait;
    wait.budget = std::chrono::seconds(options.timeout_seconds);
    const auto response =
        require_success(wait_for_job(session.fal(), session.jobs(), job, wait,
                                     session.network().clock, progress, session.context().err));
    print_result(session, job.id, response.body);
}

/// Written down before it is sent, like everything that costs money.
struct SynchronousCall {
    std::int64_t job = 0;
    transport::HttpResponse response;
};

[[noreturn]] void keep_lost_call(std::int64_t job, const std::string& reason, Session& session) {
    const std::string known = "job " + std::to_string(job) + ": " + reason;
    write_after_sending(session.context().err, known, [&] { session.jobs().unknown(job, reason); });
    throw Failure(known +
                  "; the call may have been made and may cost money, its result cannot be had any "
                  "more. It is kept as unknown: 'fal_client forget " +
                  std::to_string(job) + "' removes it; use submit for what must not be lost");
}

/// The model may have done its work, and the way back broke.
bool may_have_been_made(const transport::HttpResponse& response) {
    return response.status >= 500 || response.status == 408;
}

SynchronousCall call_now(const Options& options, const FalInput& input, ProgressLine& progress,
                         Session& session) {
    const transport::Body body = input.body();
    transport::JobStore& jobs = session.jobs();
    SynchronousCall call;
    call.job = jobs.begin(
        {.provider = "fal", .model = *options.model, .input_json = input.redacted_json()});
    try {
        call.response =
            session.fal().run(*options.model, body, with_progress(options.call, progress));
    } catch (const transport::Error& error) {
        if (!transport::may_have_been_received(error.errc())) {
            jobs.refused(call.job, error.what());
            throw;
        }
        keep_lost_call(call.job, error.what(), session);
    }
    if (may_have_been_made(call.response)) {
        keep_lost_call(call.job, failure_text(call.response), session);
    }
    const std::string known = "job " + std::to_string(call.job);
    if (call.response.status >= 300) {
        write_after_sending(session.context().err, known + " was refused",
                            [&] { jobs.refused(call.job, failure_text(call.response)); });
    } else {
        write_after_sending(
            session.context().err, known + " is completed, and what is printed is all there is",
            [&] { jobs.completed(call.job, process_keys().without_keys(call.response.body)); });
    }
    return call;
}

void print_preview(FalCall call, const Options& options, const FalInput& input,
                   const Session& session) {
    session.context().out(preview_fal_call(call, *options.model, options.call.call, input,
                                           session.context().environment));
}

}  // namespace

void submit(const Words& words, Session& session) {
    Options options;
    CommandLine line("fal_client submit",
                     "Checks an input against what is known of the model, writes the job down, "
                     "queues it, and prints the queue's reply.");
    options.add_words_to(line);
    line.section("Queue");
    line.text("--webhook", options.call.call.webhook,
              {.help = "URL that fal calls when the job is finished", .placeholder = "URL"});
    line.flag("--wait", options.wait, {.help = "Wait for the job, and print its result instead"});
    options.add_timeout_to(line, "Seconds to wait; 0 waits for ever");
    session.parse(line, words, [&] { return options.complete(); });

    const FalInput input = prepare(options, session);
    if (options.call.dry_run) {
        print_preview(FalCall::queue, options, input, session);
        return;
    }
    ProgressLine progress = session.progress();
    const SubmittedJob job =
        submit_job(session.fal(), session.jobs(), *options.model, input,
                   with_progress(options.call, progress), session.context().err);
    progress.clear();
    static_cast<void>(require_success(job.response));
    if (options.wait) {
        wait_and_print(options, job, progress, session);
    } else {
        session.print(job.response.body);
    }
}

void run_synchronously(const Words& words, Session& session) {
    Options options;
    CommandLine line("fal_client run",
                     "Calls a model and waits for the result on one connection. If that breaks, "
                     "the result is lost and may be charged: use submit for what takes long.");
    options.add_words_to(line);
    line.section("Wait");
    options.add_timeout_to(line,
                           "Seconds until the call is given up; 0 gives up after ten minutes "
                           "without a byte");
    session.parse(line, words, [&] { return options.complete(); });
    if (options.timeout_seconds > 0) {
        options.call.call.timeouts =
            transport::Timeouts{.stall = std::chrono::milliseconds(0),
                                .total = std::chrono::seconds(options.timeout_seconds)};
    }

    const FalInput input = prepare(options, session);
    if (options.call.dry_run) {
        print_preview(FalCall::synchronous, options, input, session);
        return;
    }
    ProgressLine progress = session.progress();
    const SynchronousCall call = call_now(options, input, progress, session);
    progress.clear();
    print_result(session, call.job, require_success(call.response).body);
}

}  // namespace editprep::tools::fal_client
