#include "tools/shared/json_text.hpp"

#include <nlohmann/json.hpp>

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& value, int indent) {
    return value.dump(indent, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

void append(std::string& line, const Json& value) {
    if (!value.is_structured()) {
        line += dump(value, -1);
        return;
    }
    line += value.is_object() ? '{' : '[';
    const char* separator = "";
    for (const auto& member : value.items()) {
        line += separator;
        if (value.is_object()) {
            line += dump(member.key(), -1) + ": ";
        }
        append(line, member.value());
        separator = ", ";
    }
    line += value.is_object() ? '}' : ']';
}

}  // namespace

std::string indented_json(const Json& value) { return dump(value, 2); }

std::string one_line_json(const Json& value) {
    std::string line;
    append(line, value);
    return line;
}

}  // namespace editprep::tools
