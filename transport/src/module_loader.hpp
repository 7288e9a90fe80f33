#pragma once

namespace editprep::transport {

/// Libraries that cost more to load than most runs of a command take (libcurl, SQLite) sit in
/// shared objects of their own, opened on first use and kept open.
///
/// Opens the module (for example "editprep_curl") and returns the address of `symbol` in it.
/// Thread-safe. Throws module_unavailable with the loader's reason and the folder that was
/// searched.
[[nodiscard]] void* module_symbol(const char* module, const char* symbol);

}  // namespace editprep::transport
