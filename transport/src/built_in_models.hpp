#pragma once

#include <string_view>
#include <vector>

namespace editprep::transport {

/// A file of transport/models, compiled in.
struct BuiltInModels {
    std::string_view file_name;
    std::string_view json;
};

[[nodiscard]] const std::vector<BuiltInModels>& built_in_models();

}  // namespace editprep::transport
