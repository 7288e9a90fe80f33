#pragma once

#include <cstdint>
#include <string>

namespace editprep::transport {

/// The process that sends a job, told apart from a later one of the same number.
struct JobOwner {
    std::int64_t pid = 0;
    /// Clock ticks since the machine started; 0 when unknown.
    std::int64_t started = 0;
    /// Of this run of the machine; empty when unknown.
    std::string boot_id;
};

[[nodiscard]] JobOwner this_process();

/// False once the process is gone, also for one that only waits to be collected by its parent, and
/// for one of another machine or an earlier run of this one.
[[nodiscard]] bool is_running(const JobOwner& owner);

}  // namespace editprep::transport
