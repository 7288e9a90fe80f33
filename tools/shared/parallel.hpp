#pragma once

#include <cstddef>
#include <functional>

namespace editprep::tools {

/// More threads than any machine has only cost memory.
inline constexpr int kMostThreads = 256;

/// How many threads an option asks for: as many as it says, or as there are processors when that is
/// zero or less; from 1 to kMostThreads.
[[nodiscard]] int thread_count(int wanted);

/// Calls `work` with 0 to count - 1, in this order, on so many threads, and waits for all. Stops
/// handing out numbers when a call throws, and throws the first exception.
void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace editprep::tools
