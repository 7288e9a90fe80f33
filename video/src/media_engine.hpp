#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "editprep/video/error.hpp"
#include "editprep/video/media_info.hpp"

/// What the modules on FFmpeg do for the library. Errors cross the border as values, so that every
/// exception that a caller sees has the library's own type.
namespace editprep::video {

struct EngineFailure {
    Errc errc = Errc::damaged_media;
    std::string message{};
    std::string subject{};
    std::string next_step{};
};

/// Throws it as the exception that it stands for.
[[noreturn]] inline void throw_failure(const EngineFailure& failure) {
    throw Error(failure.errc, failure.message, failure.subject, failure.next_step);
}

[[nodiscard]] inline EngineFailure to_failure(const Error& error) {
    return {error.errc(), error.what(), error.subject(), error.next_step()};
}

/// A file, or a clip in memory.
struct ProbeSource {
    /// What messages call it.
    std::string name{};
    /// Empty for a clip in memory.
    std::filesystem::path path{};
    std::span<const std::byte> content{};
};

inline constexpr const char* kProbeModule = "editprep_avformat";
inline constexpr const char* kProbeSymbol = "editprep_probe_clip";
using ProbeFunction = std::optional<EngineFailure> (*)(const ProbeSource& source, MediaInfo& info);

}  // namespace editprep::video
