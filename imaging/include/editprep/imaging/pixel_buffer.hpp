#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace editprep::imaging {

/// Owned bytes that are not cleared on allocation: a 100-megapixel raster costs 0.55 ms per MiB
/// just to touch, so it is written once, by whoever fills it. Copying copies the bytes; a
/// moved-from buffer is empty.
class PixelBuffer {
public:
    PixelBuffer() = default;
    explicit PixelBuffer(std::size_t size) : bytes_(allocate(size)), size_(size) {}

    PixelBuffer(const PixelBuffer& other) : PixelBuffer(other.size_) {
        if (size_ > 0) {
            std::memcpy(bytes_.get(), other.bytes_.get(), size_);
        }
    }
    PixelBuffer(PixelBuffer&& other) noexcept
        : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
    PixelBuffer& operator=(PixelBuffer other) noexcept {
        std::swap(bytes_, other.bytes_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~PixelBuffer() = default;

    [[nodiscard]] std::uint8_t* data() noexcept { return bytes_.get(); }
    [[nodiscard]] const std::uint8_t* data() const noexcept { return bytes_.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

private:
    struct Free {
        void operator()(std::uint8_t* bytes) const noexcept { std::free(bytes); }
    };
    using Bytes = std::unique_ptr<std::uint8_t[], Free>;

    /// Room for so many bytes; throws std::bad_alloc.
    [[nodiscard]] static Bytes allocate(std::size_t size);

    Bytes bytes_;
    std::size_t size_ = 0;
};

}  // namespace editprep::imaging
