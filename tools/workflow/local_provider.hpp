#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "editprep/imaging/fill.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// The provider that is built in: what can be done to a region without a generative model.
namespace editprep::tools {

struct LocalAnswer {
    /// Differs from what went in only where the mask allows it.
    imaging::Image picture;
    /// What was put there, in the words of --fill; or `canvas`, see below.
    std::string fill;
    /// How a new canvas was painted, where that painting is the result.
    std::optional<std::string> canvas{};
    /// The picture as a PNG file, where that was made before; else empty.
    std::vector<std::byte> file{};
};

[[nodiscard]] LocalAnswer fill_locally(const imaging::Image& picture, const imaging::Mask& mask,
                                       const imaging::Fill& fill);

/// The answer in the place of a remote provider's response.
[[nodiscard]] nlohmann::ordered_json response_of(const LocalAnswer& answer);

}  // namespace editprep::tools
