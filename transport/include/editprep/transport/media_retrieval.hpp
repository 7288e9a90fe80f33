#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/http.hpp"
#include "editprep/transport/media_reference.hpp"
#include "editprep/transport/retry.hpp"

/// Saving media: decoded or downloaded, checked by content, whole or not at all.
namespace editprep::transport {

/// The file name's extension with its dot. The content speaks where the media type is absent or
/// `application/octet-stream`; then come the common media types, the URL's path, the other media
/// types, the content again, and `.bin`.
/// @param media_type     as the server or the data URI gave it; empty where there is none
/// @param url_path       empty where there is none
/// @param first_bytes    the file's beginning, 256 of them if there are so many
[[nodiscard]] std::string extension_for(std::string_view media_type, std::string_view url_path,
                                        std::string_view first_bytes);

struct RetrievalOptions {
    /// Gives a path that nobody has for an extension with its dot. Asked with `.part` for the
    /// folder alone (which is made where it is missing) and again once the extension is known.
    std::function<std::string(const std::string& extension)> name_file;
    /// What relative references are resolved against; empty when there is none.
    std::string origin{};
    std::vector<Header> headers{};
    /// Sent when, and only when, the URL has the origin of `credential_origin`.
    std::optional<Credential> credential{};
    std::string credential_origin{};
    Reach reach{};
    Timeouts timeouts{};
    std::uint64_t max_bytes = std::uint64_t{2} << 30;
    std::function<void(const Progress&)> progress{};
};

struct SavedMedia {
    std::string path;
    std::string media_type;
    std::uint64_t size_bytes = 0;
};

/// Base64 and data URIs are decoded, URLs downloaded with retries; what breaks off begins anew. The
/// folder is made once something arrives, and the file appears whole. Throws invalid_base64 and
/// invalid_data_uri (with the position), invalid_url, no_media (relative, and no origin),
/// http_status, not_media, too_large, write_failed (the disk is full), and what HttpClient::send
/// throws; then no file is left.
[[nodiscard]] SavedMedia save_media(const MediaReference& reference,
                                    const RetrievalOptions& options, HttpClient& http,
                                    const Clock& clock);

}  // namespace editprep::transport
