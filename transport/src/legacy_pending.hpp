#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/job_store.hpp"

namespace editprep::transport {

struct LegacyPending {
    /// In the file's order, in the state `waiting`, payloads redacted.
    std::vector<Job> jobs;
    /// Why an entry cannot be a job.
    std::vector<std::string> skipped;
};

/// The older client's `{"requests": [...]}`. Nothing for a missing or an empty file: that client
/// empties it before it writes. Throws store_failed, naming the file, when it cannot be read or is
/// not whole.
[[nodiscard]] LegacyPending read_legacy_pending(const std::string& path);

/// The same for the content of the file.
[[nodiscard]] LegacyPending parse_legacy_pending(std::string_view content, const std::string& path);

}  // namespace editprep::transport
