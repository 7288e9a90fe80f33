#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "os/part_file.hpp"

namespace editprep::transport {

/// A file that appears whole or not at all: written in the folder where it is to be, flushed to
/// disk, then given its name (os/part_file.hpp). Gone again when it never gets one. Every function
/// throws write_failed.
class NewMediaFile {
public:
    /// Makes the folder where it is missing, with its parents.
    explicit NewMediaFile(std::filesystem::path folder);

    void write(std::span<const std::byte> content);
    [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }

    /// To be called once, with a path in the same folder. Never replaces a file.
    void publish(const std::filesystem::path& path);

private:
    template <typename Work>
    void or_unwritable(const Work& work) const;

    std::filesystem::path folder_;
    std::optional<os::PartFile> part_;
    std::uint64_t size_bytes_ = 0;
};

}  // namespace editprep::transport
