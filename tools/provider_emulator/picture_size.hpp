#pragma once

#include <optional>
#include <string_view>

#include "editprep/imaging/geometry.hpp"
#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/faults.hpp"

/// The sizes that requests ask for.
namespace editprep::tools::provider_emulator {

/// `WIDTHxHEIGHT`, each from 1 to 8192.
[[nodiscard]] std::optional<imaging::Size> parse_size(std::string_view text);

/// fal's `image_size` (a preset, a text like 1024x1024, or an object), else its `aspect_ratio` with
/// `resolution`; nothing where the input leaves the size open, with `auto` too.
[[nodiscard]] std::optional<imaging::Size> asked_size(const Json& input);

/// The size in which a picture goes out: the one that a fault or the emulator's user wants, else
/// its own.
[[nodiscard]] imaging::Size sent_size(imaging::Size own, const std::optional<Fault>& fault,
                                      const std::optional<imaging::Size>& wanted);

}  // namespace editprep::tools::provider_emulator
