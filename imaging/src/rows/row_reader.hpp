#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "editprep/imaging/image.hpp"
#include "encoded_source.hpp"
#include "header_facts.hpp"
#include "rows/word_verdicts.hpp"

namespace editprep::imaging {

/// The rows of a picture from top to bottom, as stored: no orientation is applied.
class RowReader {
public:
    RowReader(const RowReader&) = delete;
    RowReader& operator=(const RowReader&) = delete;
    virtual ~RowReader() = default;

    [[nodiscard]] Size size() const noexcept { return size_; }
    [[nodiscard]] Channels channels() const noexcept { return channels_; }

    /// Whether the whole picture is in memory already.
    [[nodiscard]] virtual bool held() const noexcept { return false; }

    /// The next rows, packed, as many as the decoder has ready: at least one, and none after the
    /// last. Valid until the next call. Throws damaged_image; then no further call is allowed.
    [[nodiscard]] virtual std::span<const std::uint8_t> next() = 0;

    /// The next rows into memory of the caller's, packed, as many as there are and fit. Returns
    /// their bytes. Throws damaged_image. Not to be mixed with next().
    [[nodiscard]] virtual std::size_t read(std::span<std::uint8_t> out);

    /// Whether judge_by() may be called.
    [[nodiscard]] virtual bool judges() const noexcept { return false; }

    /// From the next call of next() on, and before row `end`, pixels are judged, and the colours of
    /// words that are near or far are not made.
    virtual void judge_by(const DistanceBounds& /*bounds*/, int /*end*/) {}

    /// Those of the rows that next() gave, row after row; none where all colours are there.
    [[nodiscard]] virtual std::span<const WordVerdict> verdicts() const noexcept { return {}; }

protected:
    RowReader(Size size, Channels channels) : size_(size), channels_(channels) {}

    [[nodiscard]] std::size_t stride() const noexcept {
        return static_cast<std::size_t>(size_.width) * static_cast<std::size_t>(channels_);
    }

    /// All rows, of which none has been read yet. What is a picture already is handed over.
    [[nodiscard]] virtual Image take_all();
    friend Image read_all(RowReader& reader);

private:
    Size size_;
    Channels channels_;
    /// What read() has taken from next() and not given yet.
    std::span<const std::uint8_t> pending_;
};

/// Decodes a plain picture (facts.plain) without ever holding more of it than a few rows, and of
/// the file than a block. Progressive JPEG, interlaced PNG and WebP are not made for that: they are
/// held whole inside. The source must outlive the reader.
[[nodiscard]] std::unique_ptr<RowReader> open_rows(EncodedSource& source, const HeaderFacts& facts);

/// The rows of a picture that is in memory already, all at once.
[[nodiscard]] std::unique_ptr<RowReader> rows_of(Image image);

/// Lets another thread decode, a few bands ahead of the caller, where that pays: a picture of some
/// size, and a second processor. Else the reader itself. Same rows, same errors.
[[nodiscard]] std::unique_ptr<RowReader> read_ahead(std::unique_ptr<RowReader> reader);

/// Reads all rows into a picture; none may have been read before, and none is left.
[[nodiscard]] Image read_all(RowReader& reader);

}  // namespace editprep::imaging
