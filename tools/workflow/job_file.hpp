#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "editprep/imaging/geometry.hpp"
#include "editprep/transport/body_source.hpp"

/// Files as they are sent; no image code here.
namespace editprep::tools {

struct JobFile {
    transport::Body content;
    std::string file_name;
    std::string media_type;
    /// In pixels; 0x0 when unknown.
    imaging::Size size{};
};

/// The file's own bytes under its own name.
[[nodiscard]] JobFile unchanged_file(const std::string& path);

/// What may be shown and stored of a file: name, media type, size and SHA-256.
[[nodiscard]] nlohmann::ordered_json describe(const JobFile& file);

/// `data:image/png;base64,... (12345 bytes, sha256 0123456789abcdef...)`, above 16 MiB
/// with the SHA-256 of the file's pieces of a MiB each, so that none is in memory as a whole.
[[nodiscard]] std::string shown_data_uri(const JobFile& file);

/// The part behind the last slash.
[[nodiscard]] std::string base_name(const std::string& path);

}  // namespace editprep::tools
