#include "tools/workflow/local_provider.hpp"

#include <nlohmann/json.hpp>

#include "tools/workflow/provider_choice.hpp"

namespace editprep::tools {

LocalAnswer fill_locally(const imaging::Image& picture, const imaging::Mask& mask,
                         const imaging::Fill& fill) {
    return {imaging::fill_region(picture, mask, fill), imaging::to_string(fill)};
}

nlohmann::ordered_json response_of(const LocalAnswer& answer) {
    nlohmann::ordered_json response;
    response["provider"] = kLocalProvider;
    response["fill"] = answer.fill;
    if (answer.canvas) {
        response["canvas"] = *answer.canvas;
    }
    response["prompt_used"] = false;
    response["size"] = {answer.picture.width(), answer.picture.height()};
    return response;
}

}  // namespace editprep::tools
