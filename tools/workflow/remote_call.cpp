#include "tools/workflow/remote_call.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "editprep/transport/error.hpp"
#include "tools/remote/fal_price.hpp"
#include "tools/remote/json_argument.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/run_tool.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

/// A price list that works tells at once, and nothing is lost when it does not.
constexpr std::chrono::milliseconds kLongestListSilence{30'000};
constexpr int kListAttempts = 2;

constexpr const char* kAdviceWithoutPrice =
    "state the price in the file $EDITPREP_MODELS, or leave --max-cost out to send all the same";
constexpr const char* kAdviceWithoutList =
    "try again later, or state the price in the file $EDITPREP_MODELS";

[[noreturn]] void refuse(const std::string& message) {
    throw Failure(message, Failure::Form::verbatim);
}

Json parse_object(const std::string& text, const std::string& malformed,
                  const std::string& no_object) {
    Json json;
    try {
        json = read_json(text);
    } catch (const std::invalid_argument& error) {
        refuse(malformed + ": " + error.what());
    }
    if (!json.is_object()) {
        refuse(no_object);
    }
    return json;
}

std::string read_text(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        refuse("--extra-json-file not found: " + display_path(path));
    }
    return read_json_argument('@' + path);
}

[[noreturn]] void pass_limit(const std::string& reason, const Context& context) {
    context.err("ERROR: " + one_line(reason) + '\n');
    throw ExitRequest{kLimitPassed};
}

/// As much as a price has, and no more.
std::string dollars(double amount) {
    std::string text = Json(amount).dump();
    return "$" + (text.ends_with(".0") ? text.substr(0, text.size() - 2) : text);
}

/// What its price is reckoned by.
std::string priced_input(const PlannedCall& call) {
    if (!call.answer_size) {
        return call.body.dump();
    }
    Json input = call.body;
    input["image_size"] = {{"width", call.answer_size->width},
                           {"height", call.answer_size->height}};
    return input.dump();
}

std::optional<transport::PriceEstimate> estimate_cost(const PlannedCall& call,
                                                      const transport::Model* model) {
    return call.price ? call.price : offline_price(model, priced_input(call));
}

std::string no_price_of(const PlannedCall& call) {
    const auto model = call.body.find("model");
    const bool named = model != call.body.end() && model->is_string();
    return "no price is known for " + (named ? model->get<std::string>() : call.endpoint);
}

struct ListedCost {
    std::optional<transport::PriceEstimate> estimate;
    /// Why there is none, and what to do about it.
    std::string reason{};
    std::string advice{};
};

transport::FalPatience patience_for_list(const RemoteGroup& options) {
    transport::FalPatience patience{timeouts_of(options), kListAttempts};
    patience.timeouts.stall = std::min(patience.timeouts.stall, kLongestListSilence);
    return patience;
}

/// A list that refused says so in words of its own.
std::string list_failure(const transport::Error& error) {
    return error.errc() == transport::Errc::http_status
               ? error.what()
               : std::string("fal's price list could not be asked: ") + error.what();
}

ListedCost listed_cost(const PlannedCall& call, const transport::Model* model,
                       const RemoteGroup& options, RemoteSession& session) {
    transport::FalClient fal = session.fal();
    session.progress().show("asking fal's price list");
    ListedCost listed;
    try {
        listed.estimate =
            online_price(fal, call.endpoint, model, priced_input(call), patience_for_list(options));
        listed.reason = "also not by fal's price list";
        listed.advice = kAdviceWithoutPrice;
    } catch (const transport::Error& error) {
        if (error.errc() == transport::Errc::cancelled) {
            throw;
        }
        listed.reason = "and " + list_failure(error);
        listed.advice = error.next_step().empty() ? kAdviceWithoutList : error.next_step();
    }
    session.progress().clear();
    return listed;
}

ListedCost cost_of(const PlannedCall& call, const transport::Model* model,
                   const RemoteGroup& options, RemoteSession& session) {
    if (auto estimate = estimate_cost(call, model)) {
        return {std::move(estimate)};
    }
    return session.provider().is_fal() ? listed_cost(call, model, options, session)
                                       : ListedCost{{}, {}, kAdviceWithoutPrice};
}

void check_cost(const PlannedCall& call, const transport::Model* model, const RemoteGroup& options,
                RemoteSession& session) {
    const double max_cost_usd = *options.max_cost_usd;
    const auto [estimate, reason, advice] = cost_of(call, model, options, session);
    if (!estimate) {
        pass_limit(no_price_of(call) + (reason.empty() ? "" : ", " + reason) +
                       ", so --max-cost cannot be kept; " + advice,
                   session.context());
    }
    if (estimate->usd > max_cost_usd) {
        pass_limit("the call would cost about " + dollars(estimate->usd) + " (" + estimate->basis +
                       "), more than --max-cost " + dollars(max_cost_usd),
                   session.context());
    }
}

void print_dry_run(const PlannedCall& call, const RemoteProvider& provider,
                   const transport::Model* model, const Context& context) {
    Json json;
    json["dry_run"] = true;
    json["provider"] = provider.name;
    json["method"] = "POST";
    json["url"] = call.url;
    json["headers"] = {{"Authorization", provider.is_fal() ? "Key ***" : "Bearer ***"},
                       {"Content-Type", call.content_type}};
    json["body"] = call.body;
    const auto estimate = estimate_cost(call, model);
    json["cost_usd"] = estimate ? Json(estimate->usd) : Json();
    json["cost_basis"] = estimate ? estimate->basis : no_price_of(call);
    context.out(indented_json(json) + '\n');
}

}  // namespace

RemoteAnswer answer_of(const transport::Job& job) {
    return {.status = 200, .body = job.result_json.value_or("{}"), .job = job.id, .earlier = job};
}

std::string lost_answer_hint(std::int64_t job) {
    const std::string name = std::to_string(job);
    return "the provider may have accepted the request, and charge for it; it is kept as job " +
           name +
           " and not sent again; look at the provider's dashboard before you do, "
           "'fal_client forget " +
           name + "' takes it off the list";
}

Json read_extra_json(const RemoteGroup& options) {
    Json extra = Json::object();
    if (!options.extra_json.empty()) {
        extra = parse_object(options.extra_json, "invalid --extra-json",
                             "--extra-json must decode to a JSON object");
    }
    if (options.extra_json_file) {
        const std::string& path = *options.extra_json_file;
        merge(extra, parse_object(read_text(path),
                                  "invalid JSON in --extra-json-file " + display_path(path),
                                  "--extra-json-file must contain a JSON object"));
    }
    return extra;
}

void merge(Json& object, const Json& members) {
    for (const auto& member : members.items()) {
        object[member.key()] = member.value();
    }
}

transport::Timeouts timeouts_of(const RemoteGroup& options) {
    const std::chrono::seconds timeout(std::max(options.timeout_seconds, 1));
    transport::Timeouts timeouts;
    timeouts.connect = timeout;
    timeouts.stall = timeout;
    return timeouts;
}

void finish_planning(const PlannedCall& call, const transport::Model* model,
                     const RemoteGroup& options, RemoteSession& session) {
    if (options.dry_run) {
        print_dry_run(call, session.provider(), model, session.context());
        throw ExitRequest{kDone};
    }
    if (options.max_cost_usd) {
        check_cost(call, model, options, session);
    }
}

}  // namespace editprep::tools
