#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "editprep/imaging/image.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

/// The rows of a picture by number. Those of a reader are decoded when they are first asked for, so
/// that what is made of the first rows does not wait for the last.
class SourceRows {
public:
    enum class Keep {
        /// Every row stays.
        all,
        /// Only the last row asked for does: rows are asked for one by one, from top to bottom.
        last,
    };

    /// The image must outlive this.
    explicit SourceRows(const Image& image);
    SourceRows(std::unique_ptr<RowReader> reader, Keep keep);
    SourceRows(const SourceRows&) = delete;
    SourceRows& operator=(const SourceRows&) = delete;

    [[nodiscard]] Size size() const noexcept { return size_; }
    [[nodiscard]] Channels channels() const noexcept { return channels_; }
    [[nodiscard]] bool has_alpha() const noexcept { return channels_ == Channels::rgba; }

    /// The packed rows [first, first + count), which follow each other in memory.
    [[nodiscard]] const std::uint8_t* rows(int first, int count);
    [[nodiscard]] const std::uint8_t* row(int y) { return rows(y, 1); }
    /// All of them; not with Keep::last.
    [[nodiscard]] const Image& whole();

    /// Reads what nobody asked for: only then it is known that the file is not damaged.
    void finish();

private:
    void read_band();

    Size size_;
    Channels channels_;
    std::unique_ptr<RowReader> reader_;
    /// What the reader gave and is kept.
    Image kept_;
    const Image* image_ = nullptr;
    /// The rows [band_begin_, read_until_) are the reader's last.
    std::span<const std::uint8_t> band_;
    int band_begin_ = 0;
    int read_until_ = 0;
};

}  // namespace editprep::imaging
