#include "tools/remote/fal_price.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace editprep::tools {
namespace {

using transport::PriceEstimate;

/// Units are free text: "image", "images", "processed megapixels".
bool mentions(std::string_view unit, std::string_view word) {
    const auto equal = [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    };
    return !std::ranges::search(unit, word, equal).empty();
}

/// The registry may know how calls are counted, and with it what this one comes to.
std::optional<PriceEstimate> counted_by_registry(const transport::FalPrice& price,
                                                 const transport::Model* model,
                                                 std::string_view input_json) {
    if (model == nullptr || !model->price || !mentions(price.unit, model->price->unit)) {
        return std::nullopt;
    }
    transport::Model priced = *model;
    priced.price->usd = price.unit_price;
    return transport::estimate_price(priced, input_json);
}

std::optional<double> units_of(const std::string& unit, std::string_view input_json) {
    if (mentions(unit, "image")) {
        const auto input = nlohmann::json::parse(input_json, nullptr, /*allow_exceptions=*/false);
        const auto count = input.is_object() ? input.find("num_images") : input.end();
        return count != input.end() && count->is_number() ? count->get<double>() : 1;
    }
    if (mentions(unit, "call") || mentions(unit, "request") || mentions(unit, "generation")) {
        return 1;
    }
    return std::nullopt;
}

}  // namespace

std::optional<PriceEstimate> offline_price(const transport::Model* model,
                                           std::string_view input_json) {
    return model == nullptr ? std::nullopt : transport::estimate_price(*model, input_json);
}

std::optional<PriceEstimate> online_price(transport::FalClient& fal, const std::string& model_id,
                                          const transport::Model* model,
                                          std::string_view input_json,
                                          const std::optional<transport::FalPatience>& patience) {
    const auto prices = fal.prices({model_id}, patience);
    const auto price = std::ranges::find(prices, model_id, &transport::FalPrice::endpoint_id);
    if (price == prices.end() || (!price->currency.empty() && price->currency != "USD")) {
        return std::nullopt;
    }
    constexpr const char* kBasis = "fal's price list, now";
    if (auto counted = counted_by_registry(*price, model, input_json)) {
        counted->basis = kBasis;
        return counted;
    }
    const auto units = units_of(price->unit, input_json);
    if (!units) {
        return std::nullopt;
    }
    return PriceEstimate{
        .usd = price->unit_price * *units, .units = *units, .unit = price->unit, .basis = kBasis};
}

}  // namespace editprep::tools
