#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace editprep::imaging {

/// The encoded bytes of a picture. From a file only as much is read as is asked for, so that a
/// probe of a JPEG or a PNG does not pay for the pixels; nothing is mapped, because a file that
/// another process cuts short would then end this one with a signal.
class EncodedSource {
public:
    /// A view; the bytes must outlive the source. Throws limit_exceeded, damaged_image.
    EncodedSource(std::span<const std::byte> content, std::string_view subject,
                  std::int64_t max_bytes);
    /// Opens a file, a pipe or a device. Throws file_not_found, file_unreadable, limit_exceeded
    /// (more than `max_bytes`) or damaged_image (empty).
    EncodedSource(const std::filesystem::path& path, std::int64_t max_bytes);
    EncodedSource(const EncodedSource&) = delete;
    EncodedSource& operator=(const EncodedSource&) = delete;
    ~EncodedSource();

    /// How messages call it.
    [[nodiscard]] const std::string& subject() const noexcept { return subject_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Copies bytes from `offset` on; returns how many there were.
    [[nodiscard]] std::size_t read_at(std::size_t offset, std::span<std::byte> out) const;
    /// The first `count` bytes, or fewer if there are not so many. Valid until the next call.
    [[nodiscard]] std::span<const std::byte> prefix(std::size_t count);
    [[nodiscard]] std::span<const std::byte> whole() { return prefix(size_); }

private:
    void read_stream(std::int64_t max_bytes);
    [[nodiscard]] std::size_t read_some(std::size_t offset, std::span<std::byte> out) const;

    std::string subject_;
    int file_ = -1;
    std::size_t size_ = 0;
    std::unique_ptr<std::byte[]> buffer_;
    /// What is in memory: the beginning of the content, or all of it.
    std::span<const std::byte> loaded_;
};

}  // namespace editprep::imaging
