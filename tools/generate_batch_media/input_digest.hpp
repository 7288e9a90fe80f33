#pragma once

#include <map>
#include <string>

#include "tools/shared/run_tool.hpp"

namespace editprep::tools::generate_batch_media {

/// Digests of the files that a command line reads.
class InputDigests {
public:
    /// By the path as it was given; of files that are there alone. Files that the command writes do
    /// not count. A file is read once, however often it is named.
    [[nodiscard]] std::map<std::string, std::string> of(const Words& words);

private:
    [[nodiscard]] std::string digest_of(const std::string& path);

    /// Empty for what is no readable file.
    std::map<std::string, std::string> known_;
};

}  // namespace editprep::tools::generate_batch_media
