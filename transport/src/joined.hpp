#pragma once

#include <span>
#include <string>

namespace editprep::transport {

/// `a, b, c`
[[nodiscard]] inline std::string joined(std::span<const std::string> words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

}  // namespace editprep::transport
