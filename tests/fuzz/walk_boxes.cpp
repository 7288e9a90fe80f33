#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "box_walk/box_walk.hpp"
#include "byte_source.hpp"
#include "editprep/video/probe.hpp"
#include "media_engine.hpp"
#include "module_loader.hpp"

namespace {

using namespace editprep::video;

bool tell_the_same(const MediaInfo& one, const MediaInfo& other) {
    return one.container == other.container && one.codec == other.codec &&
           one.codec_profile == other.codec_profile && one.bit_depth == other.bit_depth &&
           one.dynamic_range == other.dynamic_range && one.coded_size == other.coded_size &&
           one.display_size == other.display_size && one.mirrored == other.mirrored &&
           one.rotation_degrees == other.rotation_degrees &&
           one.pixel_aspect == other.pixel_aspect && one.duration == other.duration &&
           one.durations.container == other.durations.container &&
           one.durations.video == other.durations.video &&
           one.durations.audio == other.durations.audio && one.frame_rate == other.frame_rate &&
           one.nominal_frame_rate == other.nominal_frame_rate &&
           one.variable_frame_rate == other.variable_frame_rate &&
           one.audio_codec == other.audio_codec &&
           one.video_stream_count == other.video_stream_count &&
           one.audio_stream_count == other.audio_stream_count &&
           one.file_size_bytes == other.file_size_bytes &&
           one.index_at_front == other.index_at_front;
}

}  // namespace

/// Of any bytes the walk tells nothing, or exactly what FFmpeg's module tells.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto probe_clip =
        (set_module_folder(EDITPREP_MODULE_FOLDER),
         reinterpret_cast<ProbeFunction>(module_symbol(kProbeModule, kProbeSymbol)));
    const ProbeSource source{.name = "fuzz input", .content = std::as_bytes(std::span(data, size))};
    ByteSource bytes(source);
    const auto walked = walk_boxes(bytes);
    MediaInfo told;
    if (walked && (probe_clip(source, told) || !tell_the_same(*walked, told))) {
        std::abort();
    }
    return 0;
}
