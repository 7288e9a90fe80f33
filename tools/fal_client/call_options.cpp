#include "tools/fal_client/call_options.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "editprep/transport/error.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools::fal_client {
namespace {

std::string trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

bool is_name_letter(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(letter) != std::string_view::npos;
}

bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; }

/// What the client itself sends, or must be free to decide.
bool is_reserved(std::string name) {
    std::ranges::transform(name, name.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    constexpr std::string_view kReserved[] = {"authorization", "connection", "content-length",
                                              "content-type",  "host",       "transfer-encoding"};
    return std::ranges::find(kReserved, name) != std::end(kReserved);
}

transport::Header to_header(const std::string& text) {
    const std::size_t colon = text.find(':');
    const std::string name = text.substr(0, std::min(colon, text.size()));
    if (colon == std::string::npos || name.empty() || !std::ranges::all_of(name, is_name_letter) ||
        std::ranges::any_of(text, is_control)) {
        throw UsageError("argument --header: invalid header: '" + text + "' (want 'Name: value')");
    }
    if (is_reserved(name)) {
        throw UsageError("argument --header: " + name + " is not for the user to set");
    }
    return {name, trimmed(std::string_view(text).substr(colon + 1))};
}

double to_number(const std::string& option, const std::string& text, double more_than) {
    const auto number = parse_number(text);
    if (!number || *number <= more_than) {
        throw UsageError("argument " + option + ": invalid number: '" + text + "'");
    }
    return *number;
}

constexpr Choice<std::optional<transport::FalPriority>> kPriorities[] = {
    {"normal", transport::FalPriority::normal},
    {"low", transport::FalPriority::low},
};

}  // namespace

std::optional<std::chrono::seconds> to_expiry(const std::string& text) {
    try {
        return transport::parse_fal_expiry(text);
    } catch (const transport::Error& error) {
        throw UsageError(std::string("argument --expires-in: ") + error.what());
    }
}

void CallGroup::add_to(CommandLine& line) {
    line.section("Call");
    line.choice("--priority", call.priority, kPriorities, {.help = "Place in the queue"});
    line.text(
        "--hint", call.hint,
        {.help = "Go to the same runner as other calls with this text", .placeholder = "TEXT"});
    line.custom("--start-timeout",
                [this](const std::string& text) {
                    call.start_timeout_seconds = to_number("--start-timeout", text, 1);
                },
                {.help = "Give up unless the work starts within so many seconds, more than 1",
                 .placeholder = "N"});
    line.custom("--expires-in",
                [this](const std::string& text) { call.expires_in = to_expiry(text); },
                {.help = "How long the outputs are kept: immediate, 1h, 1d, 7d, 30d, 1y, never, or "
                         "seconds",
                 .placeholder = "TIME",
                 .default_text = "the account's setting"});
    line.custom("--header",
                [this](const std::string& text) { call.headers.push_back(to_header(text)); },
                {.help = "A further request header, as often as needed", .placeholder = "'N: V'"});
    line.flag("--inline", inline_files,
              {.help = "Send files inside the JSON as data URIs, whatever their size"});
    line.section("Checks");
    line.flag("--skip-validation", skip_validation,
              {.help = "Send what does not fit the model all the same"});
    line.custom(
        "--max-cost",
        [this](const std::string& text) {
            const auto amount = parse_number(text);
            if (!amount || *amount < 0) {
                throw UsageError("argument --max-cost: invalid amount: '" + text + "'");
            }
            max_cost_usd = *amount;
        },
        {.help = "Send nothing that costs more US dollars than that, or an unknown sum (exit code "
                 "3)",
         .placeholder = "N"});
    line.flag("--dry-run", dry_run,
              {.help = "Print the request, without key and payloads, and send nothing"});
}

}  // namespace editprep::tools::fal_client
