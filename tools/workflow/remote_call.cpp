#include "tools/workflow/remote_call.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "editprep/transport/error.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/fal_price.hpp"
#include "tools/remote/json_argument.hpp"
#include "tools/remote/network.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/run_tool.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

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

/// From fal's price list; nothing where it does not tell, or cannot be had.
std::optional<transport::PriceEstimate> listed_cost(const PlannedCall& call,
                                                    const RemoteProvider& provider,
                                                    const transport::Model* model,
                                                    const Context& context) {
    if (!provider.is_fal()) {
        return std::nullopt;
    }
    Network network(context.environment);
    transport::FalClient fal(network.http, network.clock, fal_endpoints(context.environment),
                             provider.key());
    try {
        return online_price(fal, call.endpoint, model, priced_input(call));
    } catch (const transport::Error& error) {
        if (error.errc() == transport::Errc::cancelled) {
            throw;
        }
        return std::nullopt;
    }
}

void check_cost(const PlannedCall& call, const RemoteProvider& provider,
                const transport::Model* model, double max_cost_usd, const Context& context) {
    auto estimate = estimate_cost(call, model);
    if (!estimate) {
        estimate = listed_cost(call, provider, model, context);
    }
    if (!estimate) {
        pass_limit(no_price_of(call) + (provider.is_fal() ? ", also not by fal's price list" : "") +
                       ", so --max-cost cannot be kept; state the price in the file "
                       "$EDITPREP_MODELS, or leave --max-cost out to send all the same",
                   context);
    }
    if (estimate->usd > max_cost_usd) {
        pass_limit("the call would cost about " + dollars(estimate->usd) + " (" + estimate->basis +
                       "), more than --max-cost " + dollars(max_cost_usd),
                   context);
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

void finish_planning(const PlannedCall& call, const RemoteProvider& provider,
                     const transport::Model* model, const RemoteGroup& options,
                     const Context& context) {
    if (options.dry_run) {
        print_dry_run(call, provider, model, context);
        throw ExitRequest{kDone};
    }
    if (options.max_cost_usd) {
        check_cost(call, provider, model, *options.max_cost_usd, context);
    }
}

}  // namespace editprep::tools
