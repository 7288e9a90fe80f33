#include "source_rows.hpp"

#include <cstring>
#include <utility>

namespace editprep::imaging {

SourceRows::SourceRows(const Image& image)
    : size_(image.size()),
      channels_(image.channels()),
      image_(&image),
      read_until_(image.height()) {}

SourceRows::SourceRows(std::unique_ptr<RowReader> reader, Keep keep)
    : size_(reader->size()), channels_(reader->channels()), reader_(std::move(reader)) {
    if (keep == Keep::last) {
        return;
    }
    image_ = &kept_;
    if (reader_->held()) {
        kept_ = read_all(*reader_);
        read_until_ = size_.height;
    } else {
        kept_ = Image(size_, channels_);
    }
}

const std::uint8_t* SourceRows::rows(int first, int count) {
    while (read_until_ < first + count) {
        read_band();
    }
    if (image_ != nullptr) {
        return image_->row(first);
    }
    const std::size_t stride =
        static_cast<std::size_t>(size_.width) * static_cast<std::size_t>(channels_);
    return band_.data() + static_cast<std::size_t>(first - band_begin_) * stride;
}

const Image& SourceRows::whole() {
    finish();
    return *image_;
}

void SourceRows::finish() {
    while (read_until_ < size_.height) {
        read_band();
    }
}

void SourceRows::read_band() {
    const std::size_t stride =
        static_cast<std::size_t>(size_.width) * static_cast<std::size_t>(channels_);
    band_ = reader_->next();
    band_begin_ = read_until_;
    read_until_ += static_cast<int>(band_.size() / stride);
    if (image_ != nullptr) {
        std::memcpy(kept_.row(band_begin_), band_.data(), band_.size());
    }
}

}  // namespace editprep::imaging
