#pragma once

#include <cstddef>
#include <exception>
#include <filesystem>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "editprep/video/error.hpp"
#include "editprep/video/media_info.hpp"

/// What the modules on FFmpeg do for the library. Errors cross the border as values, in both
/// directions: a program may have a C++ runtime of its own, and every exception that a caller sees
/// has the library's own type.
namespace editprep::video {

struct EngineFailure {
    Errc errc = Errc::damaged_media;
    std::string message{};
    std::string subject{};
    std::string next_step{};
    /// Then the rest says nothing.
    bool out_of_memory = false;
};

/// Throws it as the exception that it stands for.
/// @param subject where it names none
[[noreturn]] inline void throw_failure(const EngineFailure& failure,
                                       const std::string& subject = {}) {
    if (failure.out_of_memory) {
        throw std::bad_alloc();
    }
    throw Error(failure.errc, failure.message, failure.subject.empty() ? subject : failure.subject,
                failure.next_step);
}

[[nodiscard]] inline EngineFailure to_failure(const Error& error) {
    return {error.errc(), error.what(), error.subject(), error.next_step()};
}

/// What the exception says that is being handled.
[[nodiscard]] inline EngineFailure failure_at_hand() {
    try {
        throw;
    } catch (const Error& error) {
        return to_failure(error);
    } catch (const std::bad_alloc&) {
        return {.out_of_memory = true};
    } catch (const std::length_error&) {
        // More memory wanted than there can be.
        return {.out_of_memory = true};
    } catch (const std::exception& error) {
        return {.errc = Errc::decode_failed,
                .message = std::string("cannot work on the clip: ") + error.what()};
    }
}

/// What `work` throws, on the module's side of the border.
template <class Work>
[[nodiscard]] std::optional<EngineFailure> failure_of(const Work& work) noexcept {
    try {
        try {
            work();
            return std::nullopt;
        } catch (const std::exception&) {
            return failure_at_hand();
        }
    } catch (const std::bad_alloc&) {
        // Not even for the words.
        return EngineFailure{.out_of_memory = true};
    }
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
using ProbeFunction = std::optional<EngineFailure> (*)(const ProbeSource& source,
                                                       MediaInfo& info) noexcept;

}  // namespace editprep::video
