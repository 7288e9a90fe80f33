#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "editprep/imaging/image.hpp"

/// Files of kinds that the product reads and does not write, encoded by libvips.
namespace editprep::testing {

struct VipsRecipe {
    /// Format and options as libvips spells them: ".tif[compression=lzw]", ".png[interlace]".
    std::string suffix = ".png";
    /// EXIF orientation; 0 writes none.
    int orientation = 0;
    /// A profile that libvips has built in ("srgb", "p3", "cmyk"); empty embeds none.
    std::string profile{};
    /// A profile by its bytes, instead.
    std::vector<std::byte> profile_bytes{};
    /// The four channels are cyan, magenta, yellow and black.
    bool cmyk = false;
    /// Only red and alpha are written, as grey and alpha.
    bool grey_alpha = false;
    /// The rows are this many frames, one below the other.
    int frames = 1;
};

/// Throws std::runtime_error with libvips' message.
[[nodiscard]] std::vector<std::byte> encode_with_vips(const imaging::Image& image,
                                                      const VipsRecipe& recipe);
/// The same from 16-bit samples, `bands` of them a pixel.
[[nodiscard]] std::vector<std::byte> encode_with_vips(imaging::Size size, int bands,
                                                      std::span<const std::uint16_t> samples,
                                                      const VipsRecipe& recipe);
/// The same from floating-point samples.
[[nodiscard]] std::vector<std::byte> encode_with_vips(imaging::Size size, int bands,
                                                      std::span<const float> samples,
                                                      const VipsRecipe& recipe);

/// Whether the installed libvips writes files of that suffix.
[[nodiscard]] bool vips_can_write(const std::string& suffix);

/// Whether this process uses libvips already, through these functions or through the product.
[[nodiscard]] bool vips_has_started();

/// The bytes of a profile that libvips has built in.
[[nodiscard]] std::vector<std::byte> vips_profile(const std::string& name);

}  // namespace editprep::testing
