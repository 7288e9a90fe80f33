#pragma once

namespace editprep::video {

/// FFmpeg's libraries bring more than a hundred others with them, which costs a process tens of
/// milliseconds, so they sit in shared objects of our own that are opened on first use and kept
/// open.
///
/// Opens the module (for example "editprep_avformat") and returns the address of `symbol` in it.
/// Thread-safe. Throws module_unavailable with the loader's reason and the folder that was
/// searched.
[[nodiscard]] void* module_symbol(const char* module, const char* symbol);

}  // namespace editprep::video
