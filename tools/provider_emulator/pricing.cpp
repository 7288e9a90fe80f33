#include "tools/provider_emulator/pricing.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/platform_request.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr double kDefaultPrice = 0.05;

Json price_of(const transport::Model& model) {
    const auto& price = model.price;
    return {{"endpoint_id", model.id},
            {"unit_price", price ? price->usd.value_or(kDefaultPrice) : kDefaultPrice},
            {"unit", price ? price->unit : "image"},
            {"currency", "USD"}};
}

}  // namespace

void Pricing::handle(const httplib::Request& request, httplib::Response& response) const {
    if (!access_.allow_fal(request, response)) {
        return;
    }
    const std::string_view path = path_of(request);
    if (path == "/api/v1/models/pricing" && request.method == "GET") {
        list(request, response);
    } else if (path == "/api/v1/models/pricing/estimate" && request.method == "POST") {
        estimate(request, response);
    } else {
        refuse_platform(response, 404, "not_found", "Not Found");
    }
}

void Pricing::list(const httplib::Request& request, httplib::Response& response) const {
    const auto ids = asked_endpoints(request, response);
    if (ids.empty()) {
        return;
    }
    Json prices = Json::array();
    for (const std::string& id : ids) {
        const transport::Model* model = registry_.find(id);
        if (model == nullptr) {
            return refuse_platform(response, 404, "not_found", "Endpoint not found: " + id);
        }
        prices.push_back(price_of(*model));
    }
    answer_json(response, 200,
                {{"prices", std::move(prices)}, {"next_cursor", nullptr}, {"has_more", false}});
}

void Pricing::estimate(const httplib::Request& request, httplib::Response& response) const {
    const auto wish = parse_object(request.body);
    const Json endpoints = wish ? wish->value("endpoints", Json()) : Json();
    if (!endpoints.is_object() || wish->value("estimate_type", Json()) != "unit_price") {
        return refuse_platform(response, 400, "validation_error",
                               "the emulator estimates by unit_price, from 'endpoints'");
    }
    double total = 0;
    for (const auto& [id, quantity] : endpoints.items()) {
        const transport::Model* model = registry_.find(id);
        const Json units = quantity.is_object() ? quantity.value("unit_quantity", Json()) : Json();
        if (model == nullptr || !units.is_number()) {
            return refuse_platform(response, 404, "not_found", "Endpoint not found: " + id);
        }
        total += price_of(*model)["unit_price"].get<double>() * units.get<double>();
    }
    answer_json(response, 200,
                {{"estimate_type", "unit_price"}, {"total_cost", total}, {"currency", "USD"}});
}

}  // namespace editprep::tools::provider_emulator
