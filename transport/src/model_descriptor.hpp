#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/model_registry.hpp"

namespace editprep::transport {

/// Reads the descriptors of one text (transport/models/README.md says what they look like) and puts
/// them among the others; one with a known id takes its place. Throws invalid_model, and then
/// changes nothing.
void add_descriptors(std::vector<Model>& models, std::string_view json, const std::string& origin);

}  // namespace editprep::transport
