#pragma once

#include <algorithm>

#include "editprep/imaging/pixel_buffer.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

/// The rows of a decoder that writes them where it is told to.
class DecodedRows : public RowReader {
public:
    [[nodiscard]] std::span<const std::uint8_t> next() override {
        if (band_.empty()) {
            band_ = PixelBuffer(std::min(band_rows_, rows_left_) * stride());
        }
        return {band_.data(), read({band_.data(), band_.size()})};
    }

    [[nodiscard]] std::size_t read(std::span<std::uint8_t> out) override {
        const std::size_t count = std::min(out.size() / stride(), rows_left_);
        if (count == 0) {
            return 0;
        }
        decode(out.data(), count);
        rows_left_ -= count;
        if (rows_left_ == 0) {
            finish();
        }
        return count * stride();
    }

protected:
    /// @param band_rows what next() gives at a time
    DecodedRows(Size size, Channels channels, std::size_t band_rows)
        : RowReader(size, channels),
          band_rows_(band_rows),
          rows_left_(static_cast<std::size_t>(size.height)) {}

private:
    /// So many of the next rows; there are as many left.
    virtual void decode(std::uint8_t* out, std::size_t rows) = 0;
    /// After the last row: whether the rest of the file is as it should be.
    virtual void finish() = 0;

    std::size_t band_rows_;
    std::size_t rows_left_;
    PixelBuffer band_;
};

}  // namespace editprep::imaging
