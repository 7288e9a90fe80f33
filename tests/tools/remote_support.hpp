#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tools/shared/context.hpp"

namespace editprep::tools {

/// An environment of these variables alone.
[[nodiscard]] inline Environment environment_of(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() || found->second.empty() ? std::nullopt
                                                                 : std::optional(found->second);
    };
}

/// What a command would have printed.
struct Printed {
    std::string out;
    std::string err;

    [[nodiscard]] Context context(Environment environment = environment_of({})) {
        return {std::move(environment), [this](std::string_view text) { out += text; },
                [this](std::string_view text) { err += text; }};
    }
};

}  // namespace editprep::tools
