#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace editprep::imaging {

/// Takes the next bytes of a file that is being made. What it throws ends the making.
using ByteSink = std::function<void(std::span<const std::byte>)>;

}  // namespace editprep::imaging
