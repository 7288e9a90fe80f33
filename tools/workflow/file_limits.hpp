#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "editprep/transport/model_registry.hpp"

/// Files held against what a model's fields state; no image code here.
namespace editprep::tools {

/// Image or sound, in one of the field's formats. False when it makes no sense to look closer.
/// @param name       what messages call the file
/// @param media_type by content
bool check_file_kind(const transport::ModelField& field, const std::string& name,
                     std::string_view media_type, std::vector<std::string>& errors);

void check_file_size(const transport::ModelField& field, const std::string& name,
                     std::uint64_t size_bytes, std::vector<std::string>& errors);

/// Sides, number of pixels and shape.
/// @param size as the picture is shown, upright
void check_picture_size(const transport::ModelField& field, const std::string& name,
                        imaging::Size size, std::vector<std::string>& errors);

}  // namespace editprep::tools
