#include "blurred_backdrop.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "convert_row.hpp"
#include "editprep/imaging/limits.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "premultiply.hpp"

namespace editprep::imaging {
namespace {

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

VirtualSize covering(Size picture, Size canvas) {
    const double scale = std::max(static_cast<double>(canvas.width) / picture.width,
                                  static_cast<double>(canvas.height) / picture.height);
    const auto scaled = [scale](int side, int least) {
        return std::max(std::int64_t{least},
                        static_cast<std::int64_t>(std::nearbyint(side * scale)));
    };
    return {scaled(picture.width, canvas.width), scaled(picture.height, canvas.height)};
}

/// A part [begin, end) of a long line with up to `reach` more on either side.
struct Span {
    std::int64_t from;
    int length;
};

Span with_reach(std::int64_t begin, std::int64_t end, int reach, std::int64_t whole) {
    const std::int64_t from = std::max<std::int64_t>(0, begin - reach);
    return {from, static_cast<int>(std::min(whole, end + reach) - from)};
}

}  // namespace

BlurredBackdrop::BlurredBackdrop(SourceRows& picture, Size canvas, double sigma_px)
    : picture_(&picture),
      has_transparency_(picture.has_alpha() && imaging::has_transparency(picture.whole())),
      sigma_px_(sigma_px),
      reach_px_(feather_reach(sigma_px)),
      cover_(covering(picture.size(), canvas)),
      left_((cover_.width - canvas.width) / 2),
      top_((cover_.height - canvas.height) / 2) {
    check_size(needed_for(bounds_of(canvas)).size, {.max_side = std::numeric_limits<int>::max()},
               "the blurred backdrop",
               "expand by fewer pixels, or choose another --mode than blur");
}

Channels BlurredBackdrop::channels() const noexcept {
    return picture_->has_alpha() && !has_transparency_ ? Channels::rgb : picture_->channels();
}

Window BlurredBackdrop::needed_for(const Rect& part) const {
    const Span across = with_reach(left_ + part.left, left_ + part.right, reach_px_, cover_.width);
    const Span down = with_reach(top_ + part.top, top_ + part.bottom, reach_px_, cover_.height);
    return {across.from, down.from, {across.length, down.length}};
}

BackdropPart::BackdropPart(const BlurredBackdrop& backdrop, const Rect& part)
    : picture_(backdrop.picture_),
      channels_(backdrop.channels()),
      channel_count_(index(static_cast<int>(channels_))),
      // A picture that keeps its size is copied.
      premultiplied_(backdrop.has_transparency() &&
                     (backdrop.cover_.width != picture_->size().width ||
                      backdrop.cover_.height != picture_->size().height)),
      window_(backdrop.needed_for(part)),
      across_(resize_axis(picture_->size().width, backdrop.cover_.width, window_.left,
                          window_.size.width, ResizeKernel::lanczos)),
      down_(resize_axis(picture_->size().height, backdrop.cover_.height, window_.top,
                        window_.size.height, ResizeKernel::lanczos)),
      scaled_([this](int first, int count) { return input_rows(first, count); }, channel_count_,
              picture_->size().width, across_, down_),
      scaled_row_(index(window_.size.width) * channel_count_),
      skipped_bytes_(index(backdrop.left_ + part.left - window_.left) * channel_count_),
      row_bytes_(index(part.width()) * channel_count_),
      rows_to_skip_(backdrop.top_ + part.top - window_.top),
      rows_to_take_(part.height()),
      newest_(row_bytes_) {
    if (backdrop.reach_px_ > 0) {
        blur_ = std::make_unique<GaussianRows>(window_.size, channel_count_, backdrop.sigma_px_,
                                               [this](const std::uint8_t* row) { take(row); });
    }
}

const std::uint8_t* BackdropPart::next() {
    while (ready_.empty()) {
        make_row();
    }
    handed_out_ = std::move(ready_.front());
    ready_.pop_front();
    return handed_out_.data();
}

/// The picture's rows as the filters take them.
const std::uint8_t* BackdropPart::input_rows(int first, int count) {
    const std::uint8_t* rows = picture_->rows(first, count);
    if (channels_ == picture_->channels() && !premultiplied_) {
        return rows;
    }
    const std::size_t pixels = index(picture_->size().width) * index(count);
    const std::size_t bytes = pixels * channel_count_;
    if (input_.size() < bytes) {
        input_ = PixelBuffer(bytes);
    }
    convert_row(rows, picture_->channels(), input_.data(), channels_, pixels);
    if (premultiplied_) {
        premultiply({input_.data(), bytes});
    }
    return input_.data();
}

void BackdropPart::make_row() {
    scaled_.next(scaled_row_.data());
    if (premultiplied_) {
        unpremultiply({scaled_row_.data(), scaled_row_.size()});
    }
    if (blur_) {
        blur_->push(scaled_row_.data());
    } else {
        take(scaled_row_.data());
    }
}

void BackdropPart::take(const std::uint8_t* row) {
    if (row != nullptr) {
        std::memcpy(newest_.data(), row + skipped_bytes_, row_bytes_);
    }
    if (rows_to_skip_ > 0) {
        --rows_to_skip_;
    } else if (rows_to_take_ > 0) {
        --rows_to_take_;
        ready_.push_back(newest_);
    }
}

}  // namespace editprep::imaging
