#include "tools/provider_emulator/pricing.hpp"

#include <sstream>
#include <string_view>
#include <vector>

#include "tools/provider_emulator/answers.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::size_t kMaxIds = 50;
constexpr double kDefaultPrice = 0.05;

/// The shape of errors on this host.
void refuse(httplib::Response& response, int status, const std::string& type,
            const std::string& message) {
    answer_json(response, status,
                {{"error",
                  {{"type", type},
                   {"message", message},
                   {"docs_url", nullptr},
                   {"request_id", new_id()}}}});
}

/// Repeated, or several in one with commas between.
std::vector<std::string> asked_ids(const httplib::Request& request) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < request.get_param_value_count("endpoint_id"); ++i) {
        std::istringstream values(request.get_param_value("endpoint_id", i));
        for (std::string id; std::getline(values, id, ',');) {
            ids.push_back(id);
        }
    }
    return ids;
}

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
        refuse(response, 404, "not_found", "Not Found");
    }
}

void Pricing::list(const httplib::Request& request, httplib::Response& response) const {
    const auto ids = asked_ids(request);
    if (ids.empty() || ids.size() > kMaxIds) {
        return refuse(response, 400, "validation_error", "from 1 to 50 endpoint_id are needed");
    }
    Json prices = Json::array();
    for (const std::string& id : ids) {
        const transport::Model* model = registry_.find(id);
        if (model == nullptr) {
            return refuse(response, 404, "not_found", "Endpoint not found: " + id);
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
        return refuse(response, 400, "validation_error",
                      "the emulator estimates by unit_price, from 'endpoints'");
    }
    double total = 0;
    for (const auto& [id, quantity] : endpoints.items()) {
        const transport::Model* model = registry_.find(id);
        const Json units = quantity.is_object() ? quantity.value("unit_quantity", Json()) : Json();
        if (model == nullptr || !units.is_number()) {
            return refuse(response, 404, "not_found", "Endpoint not found: " + id);
        }
        total += price_of(*model)["unit_price"].get<double>() * units.get<double>();
    }
    answer_json(response, 200,
                {{"estimate_type", "unit_price"}, {"total_cost", total}, {"currency", "USD"}});
}

}  // namespace editprep::tools::provider_emulator
