#pragma once

namespace editprep::imaging {

/// Parts of the library that cost more to load than most jobs take (libvips, OpenCV) are shared
/// objects of their own, opened on first use and kept open.
///
/// Opens the module (for example "editprep_vips") and returns the address of `symbol` in it.
/// Thread-safe. Throws module_unavailable with the loader's reason and the folders that were
/// searched.
[[nodiscard]] void* module_symbol(const char* module, const char* symbol);

}  // namespace editprep::imaging
