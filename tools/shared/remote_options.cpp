#include "tools/shared/remote_options.hpp"

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
}

void add_timeout(CommandLine& line, RemoteGroup& group) {
    line.integer("--timeout", group.timeout_seconds,
                 {.help = "Seconds to wait for a connection, and for each piece of an answer",
                  .placeholder = "N"});
}

}  // namespace editprep::tools
