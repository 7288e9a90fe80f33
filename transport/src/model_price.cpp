#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "editprep/transport/model_registry.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::json;

/// fal bills whole megapixels, and 1024x1024 as one of them.
/// https://fal.ai/models/fal-ai/flux-1/dev/playground, read 2026-11-21
constexpr double kPixelsPerMegapixel = 1024.0 * 1024.0;

constexpr std::string_view kMegapixel = "megapixel";
constexpr std::string_view kCharacter = "character";
constexpr const char* kSizeField = "image_size";

struct Preset {
    std::string_view name;
    double pixels;
};

/// fal's `image_size` words.
constexpr std::array<Preset, 6> kPresets{{{"square_hd", 1024.0 * 1024},
                                          {"square", 512.0 * 512},
                                          {"portrait_4_3", 768.0 * 1024},
                                          {"portrait_16_9", 576.0 * 1024},
                                          {"landscape_4_3", 1024.0 * 768},
                                          {"landscape_16_9", 1024.0 * 576}}};

/// The value of a field in the input, else its default; null when neither is there.
Json value_of(const Model& model, const Json& input, const std::string& name) {
    if (const auto found = input.find(name); found != input.end() && !found->is_null()) {
        return *found;
    }
    const ModelField* field = model.field(name);
    return field == nullptr || field->default_json.empty() ? Json()
                                                           : Json::parse(field->default_json);
}

/// A number, or one as text: durations are `"5"` on fal.
std::optional<double> number_in(const Json& value) {
    double number = 0;
    if (value.is_number()) {
        number = value.get<double>();
    } else if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc{} || stop != end) {
            return std::nullopt;
        }
    } else {
        return std::nullopt;
    }
    return std::isfinite(number) && number >= 0 ? std::optional(number) : std::nullopt;
}

std::optional<double> megapixels(const Json& size) {
    double pixels = 0;
    if (size.is_object()) {
        // Each edge left out counts 512 (wire protocol, section 3).
        const auto edge = [&](const char* name) {
            return number_in(size.contains(name) ? size[name] : Json(512));
        };
        const auto width = edge("width");
        const auto height = edge("height");
        if (!width || !height) {
            return std::nullopt;
        }
        pixels = *width * *height;
    } else {
        for (const Preset& preset : kPresets) {
            pixels = size.is_string() && size.get_ref<const std::string&>() == preset.name
                         ? preset.pixels
                         : pixels;
        }
    }
    return pixels > 0 ? std::optional(std::ceil(pixels / kPixelsPerMegapixel)) : std::nullopt;
}

/// How many megapixels one result counts; 1 where they do not matter.
std::optional<double> size_of_one(const Model& model, const ModelPrice& price, const Json& input) {
    return price.unit == kMegapixel ? megapixels(value_of(model, input, kSizeField)) : 1;
}

std::optional<double> quantity_in(const Model& model, const ModelPrice& price, const Json& input) {
    const Json quantity = value_of(model, input, price.quantity_field);
    if (price.unit == kCharacter && quantity.is_string()) {
        return static_cast<double>(quantity.get_ref<const std::string&>().size());
    }
    return number_in(quantity);
}

/// How many units one call makes; nothing when the input does not tell.
std::optional<double> units_of(const Model& model, const ModelPrice& price, const Json& input) {
    const auto size = size_of_one(model, price, input);
    if (price.quantity_field.empty()) {
        const bool told = price.unit == "image" || price.unit == "call" || price.unit == kMegapixel;
        return told ? size : std::nullopt;
    }
    const auto quantity = quantity_in(model, price, input);
    return size && quantity ? std::optional(*size * *quantity) : std::nullopt;
}

std::optional<double> factor_of(const Model& model, const ModelPrice& price, const Json& input) {
    if (price.factor_field.empty()) {
        return 1;
    }
    const Json word = value_of(model, input, price.factor_field);
    const auto found =
        word.is_string() ? price.factors.find(word.get<std::string>()) : price.factors.end();
    return found == price.factors.end() ? std::nullopt : std::optional(found->second);
}

/// Texts are counted by their letters, durations are texts on fal.
Json example_quantity(const ModelPrice& price) {
    if (price.unit == kCharacter) {
        return "text to speak";
    }
    return price.unit == "second" ? Json("5") : Json(1);
}

/// To millionths: 8.4 times 0.4 is 3.36, whatever binary fractions say.
double rounded(double usd) {
    constexpr double kParts = 1e6;
    return std::round(usd * kParts) / kParts;
}

}  // namespace

std::optional<PriceEstimate> estimate_price(const Model& model, std::string_view input_json) {
    const Json input = Json::parse(input_json, nullptr, /*allow_exceptions=*/false);
    if (!model.price || !model.price->usd || !input.is_object()) {
        return std::nullopt;
    }
    const ModelPrice& price = *model.price;
    const auto units = units_of(model, price, input);
    const auto factor = factor_of(model, price, input);
    if (!units || !factor) {
        return std::nullopt;
    }
    return PriceEstimate{.usd = rounded(*units * *factor * *price.usd),
                         .units = *units,
                         .unit = price.unit,
                         .basis = price.source + ", read " + price.date};
}

std::optional<UnpricedField> unpriced_field(const Model& model, std::string_view input_json) {
    const Json input = Json::parse(input_json, nullptr, /*allow_exceptions=*/false);
    if (!model.price || !input.is_object()) {
        return std::nullopt;
    }
    const ModelPrice& price = *model.price;
    const auto field = [](const std::string& name, const Json& value) {
        Json example;
        example[name] = value;
        return UnpricedField{name, example.dump()};
    };
    if (!size_of_one(model, price, input)) {
        return field(kSizeField, {{"width", 1024}, {"height", 1024}});
    }
    if (!price.quantity_field.empty() && !quantity_in(model, price, input)) {
        return field(price.quantity_field, example_quantity(price));
    }
    if (!price.factors.empty() && !factor_of(model, price, input)) {
        return field(price.factor_field, price.factors.begin()->first);
    }
    return std::nullopt;
}

}  // namespace editprep::transport
