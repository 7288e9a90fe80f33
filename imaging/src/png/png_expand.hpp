#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "editprep/imaging/image.hpp"
#include "png/png_layout.hpp"

namespace editprep::imaging {

/// Turns the samples of a PNG into pixels of 8-bit channels: bits are spread over 0 to 255, indices
/// become colours, transparency becomes alpha.
class PngExpander {
public:
    /// Requires samples of up to 8 bits, and channels that hold what the layout tells: grey only
    /// for grey, RGB only for what has neither an alpha channel nor grey.
    PngExpander(const PngLayout& layout, Channels channels);

    /// Whether the samples are the pixels as they stand.
    [[nodiscard]] bool is_identity() const noexcept { return identity_; }

    void expand(const std::uint8_t* samples, std::uint8_t* pixels, std::size_t count) const;

private:
    using Table = std::array<std::array<std::uint8_t, 4>, 256>;

    void expand_levels(const std::uint8_t* samples, std::uint8_t* pixels, std::size_t count) const;
    void add_alpha(const std::uint8_t* samples, std::uint8_t* pixels, std::size_t count) const;

    PngColor color_;
    unsigned bits_;
    Channels channels_;
    bool identity_;
    /// The pixel of each grey level or index.
    Table table_{};
    std::optional<std::array<unsigned, 3>> transparent_;
};

}  // namespace editprep::imaging
