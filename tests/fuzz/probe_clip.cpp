#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "editprep/video/error.hpp"
#include "editprep/video/preflight.hpp"
#include "editprep/video/probe.hpp"

namespace {

using namespace editprep::video;

bool makes_sense(const MediaInfo& info, std::size_t size) {
    return !info.container.empty() && info.coded_size.width > 0 && info.coded_size.height > 0 &&
           info.display_size.width > 0 && info.display_size.height > 0 &&
           (!info.duration || info.duration->count() > 0) &&
           (!info.frame_rate || info.frame_rate->per_second() > 0) &&
           info.file_size_bytes == static_cast<std::int64_t>(size);
}

ClipLimits tight_limits() {
    ClipLimits limits;
    limits.containers = {"mp4"};
    limits.min_seconds = limits.max_seconds = 1;
    limits.min_side_px = limits.max_side_px = 720;
    limits.min_aspect = limits.max_aspect = 1;
    limits.min_fps = limits.max_fps = 24;
    limits.max_bytes = 1;
    return limits;
}

}  // namespace

/// Any bytes are either refused as no clip, or give facts that make sense and can be held against
/// limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool ready = (set_module_folder(EDITPREP_MODULE_FOLDER), true);
    try {
        const MediaInfo info = probe(std::as_bytes(std::span(data, size)), "fuzz input");
        if (!ready || !makes_sense(info, size) || preflight(info, tight_limits()).empty()) {
            std::abort();
        }
    } catch (const Error& error) {
        if (error.errc() == Errc::module_unavailable || error.errc() == Errc::file_unreadable) {
            std::abort();
        }
    }
    return 0;
}
