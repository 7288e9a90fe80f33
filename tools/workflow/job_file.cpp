#include "tools/workflow/job_file.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "editprep/transport/media_type.hpp"
#include "editprep/transport/redaction.hpp"

namespace editprep::tools {
namespace {

/// Enough for every signature that media_type_of knows.
constexpr std::size_t kSignatureBytes = 256;

/// Larger files pass through without ever being in memory as a whole.
constexpr std::uint64_t kHashLimitBytes = 16 << 20;
constexpr std::size_t kPieceBytes = 1 << 20;

std::string whole_text(const transport::Body& content) {
    std::string text;
    content->rewind();
    std::vector<std::byte> buffer(std::size_t{1} << 16);
    while (const std::size_t count = content->read(buffer)) {
        for (std::size_t i = 0; i < count; ++i) {
            text += static_cast<char>(buffer[i]);
        }
    }
    content->rewind();
    return text;
}

std::string sha256_of(const transport::Body& content) {
    return transport::sha256_hex(whole_text(content));
}

std::string sha256_of_pieces(const transport::Body& content) {
    std::string digests;
    std::string piece(kPieceBytes, '\0');
    content->rewind();
    while (const std::size_t count = content->read(std::as_writable_bytes(std::span(piece)))) {
        digests += transport::sha256_hex(std::string_view(piece).substr(0, count));
    }
    content->rewind();
    return transport::sha256_hex(digests);
}

}  // namespace

JobFile unchanged_file(const std::string& path) {
    JobFile file{transport::file_body(path), base_name(path), {}, {}};
    std::array<std::byte, kSignatureBytes> first{};
    const std::size_t count = file.content->read(first);
    file.content->rewind();
    file.media_type = transport::media_type_of(std::span(first).first(count));
    return file;
}

nlohmann::ordered_json describe(const JobFile& file) {
    return {{"file_name", file.file_name},
            {"media_type", file.media_type},
            {"size_bytes", file.content->size_bytes()},
            {"sha256", sha256_of(file.content)}};
}

std::string shown_data_uri(const JobFile& file) {
    const std::uint64_t size_bytes = file.content->size_bytes();
    const bool is_large = size_bytes > kHashLimitBytes;
    const std::string digest = is_large ? sha256_of_pieces(file.content) : sha256_of(file.content);
    return "data:" + file.media_type + ";base64,... (" + std::to_string(size_bytes) + " bytes, " +
           (is_large ? "sha256 of MiB sums " : "sha256 ") + digest.substr(0, 16) + "...)";
}

std::string base_name(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace editprep::tools
