#pragma once

#include <optional>

#include "box_walk/fields.hpp"
#include "editprep/video/media_info.hpp"

namespace editprep::video::box_walk {

/// What the sequence parameter set in an HEVCDecoderConfigurationRecord tells.
struct HevcFacts {
    int profile = 0;
    int bit_depth = 8;
    /// TransferCharacteristics (ITU-T H.273, table 3); 2 when it tells nothing.
    int transfer = 2;
    std::optional<PixelAspect> pixel_aspect{};
};

/// Follows ISO/IEC 14496-15, section 8.3.3.1, and ITU-T H.265, section 7.3.2; Unsure of everything
/// that encoders of clips do not write.
[[nodiscard]] HevcFacts read_hevc_header(Bytes record);

}  // namespace editprep::video::box_walk
