#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// Texts with variables in them (contract, section 14.2).
namespace editprep::tools::generate_batch_media {

/// `{name}` becomes the variable's text, `{name:03d}` an integer padded with zeros, `{{` and `}}`
/// single braces; a name that no variable has, and every other use of braces, stays as it is. JSON
/// stays too, whatever braces it ends with. Texts of values: of true, false and null `True`,
/// `False` and `None`, of lists and objects their JSON in one line. Takes time in proportion to the
/// text and what comes of it.
/// @param variables an object; what is put in is not looked at again
[[nodiscard]] std::string render(const std::string& text, const nlohmann::ordered_json& variables);

/// The names in braces that render leaves as they are because no variable has them, each once. Of
/// every text in the value, at any depth, as render_all goes through it.
[[nodiscard]] std::vector<std::string> unknown_names(const nlohmann::ordered_json& value,
                                                     const nlohmann::ordered_json& variables);

/// Every text in the value, at any depth; keys stay, and members called `vars` are left out.
[[nodiscard]] nlohmann::ordered_json render_all(const nlohmann::ordered_json& value,
                                                const nlohmann::ordered_json& variables);

}  // namespace editprep::tools::generate_batch_media
