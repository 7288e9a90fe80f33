#pragma once

#include <algorithm>
#include <thread>

namespace editprep::imaging {

/// How many threads an option asks for: as many as it says, or as there are processors when that is
/// zero or less. More than any machine has would only cost memory.
[[nodiscard]] inline int thread_count(int wanted) {
    constexpr int kMost = 256;
    const int here = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return std::min(wanted > 0 ? wanted : here, kMost);
}

}  // namespace editprep::imaging
