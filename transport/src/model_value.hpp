#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/model_registry.hpp"

/// One value held against one field of a model.
namespace editprep::transport {

/// JSON's words, in the order of FieldType.
[[nodiscard]] std::span<const std::string> field_type_names();
/// @param name one of field_type_names()
[[nodiscard]] FieldType field_type_of(std::string_view name);
[[nodiscard]] const std::string& name_of(FieldType type);
/// `image`, `video`, `audio`; empty for none.
[[nodiscard]] std::string_view name_of(FileKind kind) noexcept;

/// What is wrong with a value that is not null: type, choices, range, length, counts, URLs, and the
/// same inside. Each text begins with the label, such as `elements[0].frontal_image_url`.
[[nodiscard]] std::vector<std::string> value_faults(const ModelField& field,
                                                    const nlohmann::json& value,
                                                    const std::string& label);

/// What is wrong with the text of a file field: neither URL nor data URI, another kind of media, a
/// format that is not accepted, too large. Empty when nothing is.
[[nodiscard]] std::string media_fault(const ModelField& field, std::string_view text,
                                      const std::string& label);

/// `Unknown field: x`, with a suggestion where a known name is near.
[[nodiscard]] std::string unknown_field(const std::string& label, const std::string& name,
                                        std::span<const ModelField> known);

}  // namespace editprep::transport
