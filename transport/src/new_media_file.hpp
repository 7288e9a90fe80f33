#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace editprep::transport {

/// A file that appears whole or not at all: written under a hidden name in the folder where it is
/// to be, flushed to disk, then given its name. Removed again when it never gets one. Every
/// function throws write_failed.
class NewMediaFile {
public:
    /// Makes the folder where it is missing, with its parents.
    explicit NewMediaFile(std::filesystem::path folder);
    ~NewMediaFile();
    NewMediaFile(const NewMediaFile&) = delete;
    NewMediaFile& operator=(const NewMediaFile&) = delete;

    void write(std::span<const std::byte> content);
    [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }

    /// To be called once, with a path in the same folder. Never replaces a file.
    void publish(const std::filesystem::path& path);

private:
    void create();

    std::filesystem::path folder_;
    std::filesystem::path hidden_path_;
    int descriptor_ = -1;
    std::uint64_t size_bytes_ = 0;
};

}  // namespace editprep::transport
