#pragma once

#include <cstddef>
#include <functional>

namespace editprep::tools {

/// Calls `work` with 0 to count - 1, in this order, on so many threads, and waits for all. Stops
/// handing out numbers when a call throws, and throws the first exception.
void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace editprep::tools
