#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

/// Looking into JSON that came from elsewhere.
namespace editprep::transport {

/// The value; discarded (`is_discarded()`) when the text is not JSON. What is nested deeper than
/// any answer of a provider is left out: copying and writing it would recurse beyond the stack.
[[nodiscard]] inline nlohmann::json parsed_json(std::string_view text) {
    constexpr int kMaxDepth = 100;
    const auto within_depth = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        return depth < kMaxDepth;
    };
    return nlohmann::json::parse(text, within_depth, /*allow_exceptions=*/false);
}

/// Null where the value is no object or has no such member.
[[nodiscard]] inline const nlohmann::json& json_member(const nlohmann::json& value,
                                                       const char* name) {
    static const nlohmann::json none;
    if (!value.is_object()) {
        return none;
    }
    const auto found = value.find(name);
    return found != value.end() ? *found : none;
}

/// Empty where the member is no text.
[[nodiscard]] inline std::string text_member(const nlohmann::json& value, const char* name) {
    const nlohmann::json& member = json_member(value, name);
    return member.is_string() ? member.get<std::string>() : std::string();
}

}  // namespace editprep::transport
