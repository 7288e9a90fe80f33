#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "editprep/imaging/image.hpp"
#include "header_facts.hpp"
#include "vips_module.hpp"

namespace editprep::imaging {

/// A picture opened by libvips, through the module editprep_vips. Only the header is read at first.
class VipsReader {
public:
    /// The content must outlive the reader. Throws module_unavailable, unsupported_format,
    /// damaged_image.
    VipsReader(std::span<const std::byte> content, ImageFormat format, std::string_view subject);

    [[nodiscard]] const HeaderFacts& facts() const noexcept { return facts_; }

    struct Decoded {
        Image image;
        /// The embedded profile was asked for and did not fit the picture.
        bool profile_ignored = false;
    };
    /// The pixels as stored, in sRGB. May be called once.
    [[nodiscard]] Decoded decode(bool use_profile);

private:
    void check(VipsStatus status) const;

    const VipsTable* table_;
    std::string subject_;
    HeaderFacts facts_;
    std::unique_ptr<VipsPicture, void (*)(VipsPicture*) noexcept> picture_;
};

}  // namespace editprep::imaging
