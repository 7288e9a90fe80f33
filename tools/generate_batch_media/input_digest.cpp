#include "tools/generate_batch_media/input_digest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "editprep/transport/redaction.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

/// Clips need not fit into memory.
constexpr std::size_t kPiece = std::size_t{1} << 20;

/// Options whose file the command writes.
constexpr std::array<std::string_view, 3> kOutputs{"--out", "--mask-out", "--preview"};

std::string digest_of_pieces(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return {};
    }
    std::string digests;
    std::string piece(kPiece, '\0');
    do {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        const auto count = static_cast<std::size_t>(file.gcount());
        digests += transport::sha256_hex(std::string_view(piece).substr(0, count));
    } while (file);
    return file.bad() ? std::string() : transport::sha256_hex(digests);
}

}  // namespace

std::map<std::string, std::string> InputDigests::of(const Words& words) {
    std::map<std::string, std::string> digests;
    const auto add = [&](const std::string& path) {
        if (std::string digest = digest_of(path); !digest.empty()) {
            digests[path] = std::move(digest);
        }
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (i > 0 && std::ranges::find(kOutputs, words[i - 1]) != kOutputs.end()) {
            continue;
        }
        add(word);
        // JSON in a file, and references with a role, have something in front of the path.
        if (word.starts_with('@')) {
            add(word.substr(1));
        }
        if (const std::size_t at = word.find('='); at != std::string::npos) {
            add(word.substr(at + 1));
        }
    }
    return digests;
}

std::string InputDigests::digest_of(const std::string& path) {
    const auto [known, is_new] = known_.try_emplace(path);
    std::error_code unknown;
    if (is_new && std::filesystem::is_regular_file(path, unknown)) {
        known->second = digest_of_pieces(path);
    }
    return known->second;
}

}  // namespace editprep::tools::generate_batch_media
