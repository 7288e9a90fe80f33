#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace editprep::transport {

/// `2026-11-21T21:33:15`, with or without a fraction, and behind it `Z`, an offset such as `+01:00`
/// or nothing, which means UTC too. Nothing for another text.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_utc_time(
    const std::string& text);

}  // namespace editprep::transport
