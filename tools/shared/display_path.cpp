#include "tools/shared/display_path.hpp"

#include <algorithm>

namespace editprep::tools {

std::string display_path(std::string_view path) {
    const std::string root = path.starts_with('/') ? "/" : "";
    std::string cleaned;
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
        if (part.empty() || part == ".") {
            continue;
        }
        cleaned.append(cleaned.empty() ? "" : "/").append(part);
    }
    cleaned.insert(0, root);
    return cleaned.empty() ? "." : cleaned;
}

std::string join_path(std::string_view folder, std::string_view file) {
    // Cleaned first: an empty folder is the current one, and "/name" would lie in the root.
    return display_path(display_path(folder) + '/' + std::string(file));
}

}  // namespace editprep::tools
