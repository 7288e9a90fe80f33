#include "tools/remote/shown_json.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "editprep/transport/redaction.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

/// The name decides with the text: what is called `api_key` is one, whatever it looks like. Looking
/// for keys knows no JSON and may cut through an escape, so that it is given one text at a time.
Json shown_text(const std::string& name, const Json& text) {
    const Json member{{name, text}};
    const std::string shown =
        transport::redact_keys(process_keys().without_keys(one_line_json(member)));
    const Json read = Json::parse(shown, nullptr, /*allow_exceptions=*/false);
    const auto found = read.is_object() ? read.find(name) : read.end();
    return found != read.end() ? *found : Json("***");
}

void hide_keys(Json& value, const std::string& name) {
    if (value.is_string()) {
        value = shown_text(name, value);
    } else if (value.is_array()) {
        for (Json& item : value) {
            hide_keys(item, name);
        }
    } else if (value.is_object()) {
        for (const auto& member : value.items()) {
            hide_keys(member.value(), member.key());
        }
    }
}

}  // namespace

Json shown_json(const Json& value) {
    Json shown = Json::parse(transport::redact_payloads(one_line_json(value)));
    hide_keys(shown, "");
    return shown;
}

}  // namespace editprep::tools
