#pragma once

#include <vips/vips.h>

#include <cstdint>
#include <memory>

namespace editprep::imaging {

struct UnrefImage {
    void operator()(VipsImage* image) const noexcept { g_object_unref(image); }
};
using VipsImageRef = std::unique_ptr<VipsImage, UnrefImage>;

/// How libvips' bands are to be understood, told from the header.
struct BandPlan {
    enum class Kind { unsupported, grey, rgb, cmyk };
    Kind kind = Kind::unsupported;
    bool alpha = false;

    /// The bands that are used: colour, then alpha.
    [[nodiscard]] int bands() const noexcept;
    /// Channels of the result: 1, 3 or 4.
    [[nodiscard]] int channels() const noexcept;
};

[[nodiscard]] BandPlan plan_bands(VipsImage* image) noexcept;

/// A pipeline that gives the picture in sRGB with 8 or 16 unsigned bits, grey and RGB kept apart;
/// null when libvips refuses. `profile_used` tells whether the embedded profile was applied.
[[nodiscard]] VipsImageRef to_srgb(VipsImage* image, const BandPlan& plan, bool use_profile,
                                   bool& profile_used) noexcept;

/// Runs the pipeline from top to bottom and stores packed 8-bit rows of plan.channels() channels.
/// False when libvips refuses.
[[nodiscard]] bool store_pixels(VipsImage* image, const BandPlan& plan,
                                std::uint8_t* pixels) noexcept;

}  // namespace editprep::imaging
