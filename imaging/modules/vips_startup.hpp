#pragma once

namespace editprep::imaging {

/// Starts libvips once per process: no plug-in, no cache, nothing on stderr, and no operation that
/// libvips itself finds unfit for untrusted content. Returns null, or what went wrong; thread-safe.
[[nodiscard]] const char* start_vips() noexcept;

/// Loads the one plug-in that is wanted, for HEIF and AVIF. Requires that libvips was started.
/// Returns null, or what went wrong; thread-safe.
[[nodiscard]] const char* load_heif_plugin() noexcept;

}  // namespace editprep::imaging
