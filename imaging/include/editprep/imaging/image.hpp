#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/pixel_buffer.hpp"

/// Image: an owned raster of 8-bit sRGB pixels.
namespace editprep::imaging {

/// Number of interleaved channels.
enum class Channels : std::uint8_t { grey = 1, rgb = 3, rgba = 4 };

/// A straight-alpha sRGB colour.
struct Color {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    std::uint8_t alpha = 255;
    friend constexpr bool operator==(const Color&, const Color&) = default;
};

/// Rows are packed: `width * channels` bytes each, without padding. Copying copies the pixels.
class Image {
public:
    /// An empty image, 0x0; no function but assignment takes it.
    Image() = default;
    /// Pixels are not initialised. Sides must be positive.
    Image(Size size, Channels channels);

    [[nodiscard]] Size size() const noexcept { return size_; }
    [[nodiscard]] int width() const noexcept { return size_.width; }
    [[nodiscard]] int height() const noexcept { return size_.height; }
    [[nodiscard]] Channels channels() const noexcept { return channels_; }
    [[nodiscard]] int channel_count() const noexcept { return static_cast<int>(channels_); }
    [[nodiscard]] bool has_alpha() const noexcept { return channels_ == Channels::rgba; }
    [[nodiscard]] bool empty() const noexcept { return pixels_.empty(); }

    /// Bytes of one row.
    [[nodiscard]] std::size_t stride() const noexcept {
        return static_cast<std::size_t>(size_.width) * static_cast<std::size_t>(channels_);
    }
    [[nodiscard]] std::uint8_t* row(int y) noexcept { return pixels_.data() + offset(y); }
    [[nodiscard]] const std::uint8_t* row(int y) const noexcept {
        return pixels_.data() + offset(y);
    }
    [[nodiscard]] std::span<std::uint8_t> bytes() noexcept {
        return {pixels_.data(), pixels_.size()};
    }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
        return {pixels_.data(), pixels_.size()};
    }

    friend bool operator==(const Image& a, const Image& b) noexcept;

private:
    [[nodiscard]] std::size_t offset(int y) const noexcept {
        return static_cast<std::size_t>(y) * stride();
    }

    Size size_;
    Channels channels_ = Channels::rgb;
    PixelBuffer pixels_;
};

/// The image in RGB: grey is repeated, alpha is dropped (not blended).
[[nodiscard]] Image to_rgb(const Image& image);
/// The image in RGBA: missing alpha is 255.
[[nodiscard]] Image to_rgba(const Image& image);
/// True when there is an alpha channel and at least one pixel is not fully opaque.
[[nodiscard]] bool has_transparency(const Image& image) noexcept;
/// An image filled with one colour; RGB drops the colour's alpha.
[[nodiscard]] Image solid_image(Size size, Channels channels, Color color);

}  // namespace editprep::imaging
