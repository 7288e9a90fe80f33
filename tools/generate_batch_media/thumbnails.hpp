#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "editprep/imaging/image.hpp"
#include "editprep/video/media_info.hpp"

/// Pictures and clips as a page shows them.
namespace editprep::tools::generate_batch_media {

/// Memory that several threads share for pixels.
class PixelMemory {
public:
    explicit PixelMemory(std::int64_t bytes) : total_(bytes), free_(bytes) {}

    /// A part of it, given back when it goes out of scope.
    class Part {
    public:
        Part(PixelMemory& memory, std::int64_t bytes) : memory_(memory), bytes_(bytes) {}
        ~Part() { memory_.give_back(bytes_); }
        Part(const Part&) = delete;
        Part& operator=(const Part&) = delete;

    private:
        PixelMemory& memory_;
        std::int64_t bytes_;
    };

    /// Waits until so much is free. What is more than all of it waits until nobody else has any.
    [[nodiscard]] Part take(std::int64_t bytes);

private:
    void give_back(std::int64_t bytes);

    std::mutex mutex_;
    std::condition_variable freed_;
    std::int64_t total_;
    std::int64_t free_;
};

/// A small copy of a picture, or of a clip's first frame.
struct Thumbnail {
    /// `data:image/webp;base64,...`
    std::string uri;
    imaging::Size size{};
    /// Of the whole picture.
    imaging::Size full_size{};
    bool transparent = false;
};

/// What a page can show of a file.
struct MediumView {
    enum class Kind { picture, video, other };
    Kind kind = Kind::other;
    /// Absent when there is nothing to be seen.
    std::optional<Thumbnail> thumbnail{};
    /// One line: size, length, frames a second.
    std::string facts{};
    /// Why it cannot be shown; empty otherwise.
    std::string problem{};
};

/// Looks at files for a page. Several threads may use it at once; the pixels of all of them
/// together stay within the memory.
class MediumViewer {
public:
    /// @param longest_side of thumbnails, in pixels; smaller pictures are enlarged up to half of
    /// it,
    ///        so that something can be seen of them
    MediumViewer(int longest_side, std::int64_t pixel_memory_bytes)
        : longest_side_(longest_side), memory_(pixel_memory_bytes) {}

    /// Never throws for what is wrong with the file: that is the view's `problem`.
    [[nodiscard]] MediumView view_of(const std::string& path);
    /// The same for a picture inside a data URI.
    [[nodiscard]] MediumView view_of_data_uri(const std::string& uri);

private:
    [[nodiscard]] MediumView picture(std::span<const std::byte> content, const std::string& path);
    [[nodiscard]] MediumView clip(const std::string& path);
    /// Nothing where no frame can be had: the clip's facts are shown all the same.
    [[nodiscard]] std::optional<Thumbnail> poster(const std::string& path,
                                                  const video::MediaInfo& info);

    int longest_side_;
    PixelMemory memory_;
};

}  // namespace editprep::tools::generate_batch_media
