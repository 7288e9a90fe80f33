#pragma once

#include <cstdint>
#include <functional>

namespace editprep::imaging {

/// Takes rows from top to bottom, valid during the call. A null pointer stands for the row before
/// once more. What it throws ends the work.
using RowSink = std::function<void(const std::uint8_t* row)>;

}  // namespace editprep::imaging
