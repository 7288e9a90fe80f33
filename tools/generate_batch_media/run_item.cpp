#include "tools/generate_batch_media/run_item.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "editprep/transport/redaction.hpp"
#include "tools/generate_batch_media/bill.hpp"
#include "tools/generate_batch_media/commands.hpp"
#include "tools/generate_batch_media/item_files.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/run_tool.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

/// While a command runs: an answer's pictures may stand in what it prints.
constexpr std::size_t kMostCollected = std::size_t{64} << 20;
/// Of each stream, once the payloads are gone.
constexpr std::size_t kMostKept = std::size_t{4} << 20;

class Collector {
public:
    [[nodiscard]] Sink sink() {
        return [this](std::string_view text) {
            text_ += text.substr(0, kMostCollected - text_.size());
        };
    }
    [[nodiscard]] std::string& text() noexcept { return text_; }

private:
    std::string text_;
};

std::string without_payloads(const std::string& text) {
    if (is_json(text)) {
        return transport::shorten_payloads(text);
    }
    std::istringstream lines(text);
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        result += transport::shorten_payloads(line) + '\n';
    }
    return result;
}

std::string kept(const std::string& text) {
    std::string result = trimmed(without_payloads(text));
    if (result.size() > kMostKept) {
        const std::string rest = std::to_string(result.size() - kMostKept);
        result = result.substr(0, kMostKept) + "\n... (" + rest + " bytes more)";
    }
    return result;
}

/// What the batch adds stands in front: of an option that is given twice the last one counts.
Words words_of(const CheckedItem& item, const BatchCommand& command, const ItemRun& how) {
    Words words;
    if (how.threads > 0 && command.option("--threads") != nullptr) {
        words.insert(words.end(), {"--threads", std::to_string(how.threads)});
    }
    if (item.paid && !how.idempotency_key.empty()) {
        words.insert(words.end(), {"--idempotency-key", how.idempotency_key});
    }
    if (item.paid && how.resend_unknown) {
        words.emplace_back("--resend-unknown");
    }
    words.insert(words.end(), item.item.words.begin(), item.item.words.end());
    return words;
}

void add_saved_files(const transport::Job& job, ItemResult& result) {
    std::istringstream paths(job.saved_to);
    for (std::string path; std::getline(paths, path);) {
        add_files(result.files, {path});
    }
}

/// What the store knows of the item beside what was printed.
void look_at_jobs(const BatchItem& item, const std::string& idempotency_key, const Context& context,
                  ItemResult& result) {
    try {
        const Story silent(context.err, /*quiet=*/true);
        const auto jobs = open_job_store(context.environment, silent);
        bool may_be_charged = result.ok;
        for (const std::string& key : job_keys(item, idempotency_key)) {
            const auto job = jobs.find_key(key);
            may_be_charged = may_be_charged || (job && job->state != transport::JobState::refused);
            if (result.ok && job) {
                add_saved_files(*job, result);
            }
        }
        if (!may_be_charged) {
            result.cost_usd = 0;
        }
    } catch (const std::exception&) {
        // The command's own end stands; with an estimate that nobody contradicts.
        return;
    }
}

ItemResult run_checked(const CheckedItem& item, const ItemRun& how, const Context& context) {
    ItemResult result = not_run(item);
    if (!item.ok()) {
        return result;
    }
    const BatchCommand* command = find_command(item.item.command);
    if (command == nullptr) {
        throw Failure("there is no command " + item.item.command);
    }
    Collector out;
    Collector err;
    Context watched = process_keys().watch({context.environment, out.sink(), err.sink()});
    watched.interactive = false;
    result.exit_code =
        run_command(command->run, words_of(item, *command, how), watched, command->describe_error);
    result.ok = result.exit_code == kDone;
    if (result.ok) {
        result.files = files_of(item.item, out.text());
    }
    result.out = kept(out.text());
    result.err = kept(err.text());
    if (item.paid && !how.idempotency_key.empty()) {
        look_at_jobs(item.item, how.idempotency_key, watched, result);
    }
    return result;
}

}  // namespace

ItemResult run_item(const CheckedItem& item, const ItemRun& how, const Context& context) {
    const auto start = std::chrono::steady_clock::now();
    ItemResult result;
    try {
        result = run_checked(item, how, context);
    } catch (const std::exception& error) {
        result = not_run(item);
        result.ok = false;
        result.exit_code = kFailed;
        result.err = "ERROR: " + process_keys().without_keys(error.what());
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    result.seconds = seconds.count();
    return result;
}

ItemResult not_run(const CheckedItem& item) {
    ItemResult result;
    result.index = item.item.index;
    result.item = item.item.item;
    result.cmd = item.item.cmd();
    result.ok = item.ok();
    result.provider = item.provider;
    result.model = item.model;
    result.cost_usd = item.cost_usd;
    result.cost_basis = item.cost_basis;
    if (!item.ok()) {
        result.exit_code = kFailed;
        result.err = item.item.error;
        result.cost_usd = 0;
    }
    return result;
}

}  // namespace editprep::tools::generate_batch_media
