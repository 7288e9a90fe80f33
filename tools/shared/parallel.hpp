#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

namespace editprep::tools {

/// More threads than any machine has only cost memory.
inline constexpr int kMostThreads = 256;

/// How many threads an option asks for: as many as it says, or as there are processors when that is
/// zero or less; from 1 to kMostThreads.
[[nodiscard]] int thread_count(int wanted);

/// Starts so many threads, or as many as the system grants, perhaps none. They end with the vector,
/// which asks them to stop.
[[nodiscard]] std::vector<std::jthread> start_threads(
    std::size_t count, const std::function<void(const std::stop_token&)>& work);

/// Calls `work` with 0 to count - 1, in this order, on so many threads, and waits for all. Stops
/// handing out numbers when a call throws, and throws the first exception.
void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace editprep::tools
