#include "rows/row_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace editprep::imaging {
namespace {

/// A picture that is in memory already.
class HeldRows : public RowReader {
public:
    explicit HeldRows(Image image)
        : RowReader(image.size(), image.channels()), image_(std::move(image)) {}

    [[nodiscard]] bool held() const noexcept override { return true; }
    [[nodiscard]] std::span<const std::uint8_t> next() override {
        return std::exchange(done_, true) ? std::span<const std::uint8_t>() : image_.bytes();
    }

protected:
    [[nodiscard]] Image take_all() override { return std::move(image_); }

private:
    Image image_;
    bool done_ = false;
};

}  // namespace

std::size_t RowReader::read(std::span<std::uint8_t> out) {
    out = out.first(out.size() / stride() * stride());
    std::size_t done = 0;
    while (done < out.size()) {
        if (pending_.empty()) {
            pending_ = next();
        }
        const auto part = pending_.first(std::min(pending_.size(), out.size() - done));
        if (part.empty()) {
            break;
        }
        std::memcpy(out.data() + done, part.data(), part.size());
        done += part.size();
        pending_ = pending_.subspan(part.size());
    }
    return done;
}

Image RowReader::take_all() {
    Image image(size_, channels_);
    (void)read(image.bytes());
    return image;
}

std::unique_ptr<RowReader> rows_of(Image image) {
    return std::make_unique<HeldRows>(std::move(image));
}

Image read_all(RowReader& reader) { return reader.take_all(); }

}  // namespace editprep::imaging
