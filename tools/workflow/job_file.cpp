#include "tools/workflow/job_file.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "editprep/transport/media_type.hpp"
#include "editprep/transport/redaction.hpp"

namespace editprep::tools {
namespace {

/// Enough for every signature that media_type_of knows.
constexpr std::size_t kSignatureBytes = 256;

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
    return "data:" + file.media_type + ";base64,... (" +
           std::to_string(file.content->size_bytes()) + " bytes, sha256 " +
           sha256_of(file.content).substr(0, 16) + "...)";
}

std::string base_name(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace editprep::tools
