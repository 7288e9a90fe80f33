#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "editprep/transport/fal.hpp"
#include "editprep/transport/model_registry.hpp"

/// What a call at fal costs.
namespace editprep::tools {

/// From the registry alone; `model` may be null.
[[nodiscard]] std::optional<transport::PriceEstimate> offline_price(const transport::Model* model,
                                                                    std::string_view input_json);

/// From fal's price list. The number of units is the registry's where it counts in the same unit,
/// else the input's `num_images` (1 where that is absent) for prices by image, and 1 for prices by
/// call; nothing where neither tells.
/// @param patience as of FalClient::prices
[[nodiscard]] std::optional<transport::PriceEstimate> online_price(
    transport::FalClient& fal, const std::string& model_id, const transport::Model* model,
    std::string_view input_json, const std::optional<transport::FalPatience>& patience = {});

}  // namespace editprep::tools
