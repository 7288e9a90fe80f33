#pragma once

#include <optional>
#include <string>

#include "tools/shared/failure.hpp"
#include "tools/shared/run_tool.hpp"

namespace editprep::tools {

/// The reason why a command's parse() refuses the words; nothing when it takes them.
template <class Parse>
[[nodiscard]] std::optional<std::string> refusal(Parse parse, const Words& words) {
    try {
        static_cast<void>(parse(words));
        return std::nullopt;
    } catch (const UsageError& error) {
        return error.what();
    }
}

}  // namespace editprep::tools
