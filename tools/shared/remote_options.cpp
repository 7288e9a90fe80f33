#include "tools/shared/remote_options.hpp"

#include <algorithm>
#include <cstddef>

#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools {
namespace {

double to_amount(const std::string& text) {
    const auto amount = parse_number(text);
    if (!amount || *amount < 0) {
        throw UsageError("argument --max-cost: invalid amount: '" + text + "'");
    }
    return *amount;
}

/// As long as providers take such keys in a header.
constexpr std::size_t kLongestKeyBytes = 255;

std::string to_key(const std::string& text) {
    const auto refuse = [](const std::string& what) {
        throw UsageError("argument --idempotency-key: " + what);
    };
    if (text.empty()) {
        refuse("the key is empty");
    }
    if (text.size() > kLongestKeyBytes) {
        refuse("the key has " + std::to_string(text.size()) + " bytes, the most are " +
               std::to_string(kLongestKeyBytes));
    }
    if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; })) {
        refuse("the key holds control characters");
    }
    return text;
}

}  // namespace

void RemoteGroup::add_to(CommandLine& line, bool known_extra_json) {
    line.text("--extra-json", extra_json,
              {.help = "JSON object whose members are added to the request, or replace its own",
               .placeholder = "JSON",
               .addition = !known_extra_json});
    line.file("--extra-json-file", extra_json_file,
              {.help = "The same from a file, after --extra-json",
               .placeholder = "FILE",
               .addition = !known_extra_json});
    line.flag("--skip-validation", skip_validation,
              {.help = "Send what does not fit the model or the endpoint all the same",
               .addition = true});
    line.custom("--max-cost", [this](const std::string& text) { max_cost_usd = to_amount(text); },
                {.help = "Send nothing that costs more US dollars than that, or an unknown sum "
                         "(exit code 3)",
                 .placeholder = "N",
                 .addition = true});
    line.flag("--allow-private", allow_private,
              {.help = "Download results from private addresses too", .addition = true});
    line.flag(
        "--dry-run", dry_run,
        {.help = "Print what would be sent, without key and payloads, and stop", .addition = true});
    line.custom("--idempotency-key",
                [this](const std::string& text) { idempotency_key = to_key(text); },
                {.help = "Your own name for the request: run again with it, the command goes on "
                         "with the job of before and pays nothing twice",
                 .placeholder = "TEXT",
                 .addition = true});
    line.flag("--resend-unknown", resend_unknown,
              {.help = "With --idempotency-key: send again what may have arrived, unless the "
                       "provider is found to have it; fal shows it only once it has ended",
               .addition = true});
}

void add_timeout(CommandLine& line, RemoteGroup& group) {
    line.integer("--timeout", group.timeout_seconds,
                 {.help = "Seconds to wait for a connection, and for each piece of an answer",
                  .placeholder = "N"});
}

}  // namespace editprep::tools
