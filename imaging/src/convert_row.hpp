#pragma once

#include <cstddef>
#include <cstdint>

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// Converts a run of packed pixels from one number of channels to another: grey is repeated, alpha
/// is dropped or becomes 255. To grey only from grey.
void convert_row(const std::uint8_t* from, Channels from_channels, std::uint8_t* to,
                 Channels to_channels, std::size_t pixels);

}  // namespace editprep::imaging
