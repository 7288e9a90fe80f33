#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace editprep::testing {

/// All bytes of a file; empty when it cannot be read.
[[nodiscard]] inline std::string content_of(const std::filesystem::path& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

}  // namespace editprep::testing
