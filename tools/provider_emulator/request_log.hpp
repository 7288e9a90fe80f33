#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tools/provider_emulator/model_call.hpp"

/// The requests that fal's models took, as its platform tells of them later.
namespace editprep::tools::provider_emulator {

using UtcTime = std::chrono::system_clock::time_point;

/// How far a request has come.
struct RequestProgress {
    std::optional<UtcTime> started_at{};
    std::optional<UtcTime> ended_at{};
    /// Once it has ended.
    std::optional<ModelAnswer> answer{};
};

struct LoggedRequest {
    std::string request_id;
    std::string endpoint_id;
    UtcTime sent_at;
    /// As it was sent; null when there was no room for it any more.
    std::shared_ptr<const std::string> input;
    /// Tells the present state; may take as long as the work does.
    std::function<RequestProgress()> progress;
};

/// Holds the last requests, and the inputs of those that came last. Several threads may use it at
/// once.
class RequestLog {
public:
    void add(LoggedRequest request);

    /// The newest first.
    [[nodiscard]] std::vector<LoggedRequest> all() const;

private:
    mutable std::mutex mutex_;
    std::deque<LoggedRequest> requests_;
    /// How many at the front have lost their inputs.
    std::size_t without_input_ = 0;
    std::size_t input_bytes_ = 0;
};

}  // namespace editprep::tools::provider_emulator
