#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "box_walk/boxes.hpp"
#include "editprep/video/media_info.hpp"

/// The one entry of a track's sample description (`stsd`, ISO/IEC 14496-12, section 8.5.2). Unsure
/// of several, of encrypted ones and of codecs that are not known by their entry.
namespace editprep::video::box_walk {

struct PictureEntry {
    /// FFmpeg's names.
    std::string codec{};
    std::string profile{};
    FrameSize coded_size{};
    std::optional<int> bit_depth{};
    std::optional<DynamicRange> dynamic_range{};
    /// The container's word, else the codec's.
    std::optional<PixelAspect> pixel_aspect{};
    bool container_states_aspect = false;
};

[[nodiscard]] PictureEntry read_picture_entry(Bytes stsd);

struct SoundEntry {
    /// FFmpeg's name.
    std::string codec{};
    /// Of one sample of uncompressed sound in all channels, else 0.
    std::int64_t sample_bytes = 0;
};

[[nodiscard]] SoundEntry read_sound_entry(Bytes stsd);

/// Checks that FFmpeg takes the track neither for picture nor for sound.
void be_sure_of_other_entry(Bytes stsd);

}  // namespace editprep::video::box_walk
