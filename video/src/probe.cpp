#include "editprep/video/probe.hpp"

#include "box_walk/box_walk.hpp"
#include "byte_source.hpp"
#include "media_engine.hpp"
#include "module_loader.hpp"

namespace editprep::video {
namespace {

MediaInfo probe_by_ffmpeg(const ProbeSource& source) {
    static const auto probe_clip =
        reinterpret_cast<ProbeFunction>(module_symbol(kProbeModule, kProbeSymbol));
    MediaInfo info;
    if (const auto failure = probe_clip(source, info)) {
        throw_failure(*failure);
    }
    return info;
}

MediaInfo probe_source(const ProbeSource& source) {
    ByteSource bytes(source);
    if (auto info = walk_boxes(bytes)) {
        return *std::move(info);
    }
    return probe_by_ffmpeg(source);
}

}  // namespace

MediaInfo probe(const std::filesystem::path& path) {
    if (path.empty()) {
        throw Error(Errc::file_not_found, "file not found: the name is empty");
    }
    return probe_source({.name = path.string(), .path = path});
}

MediaInfo probe(std::span<const std::byte> content, const std::string& name) {
    return probe_source({.name = name, .content = content});
}

}  // namespace editprep::video
