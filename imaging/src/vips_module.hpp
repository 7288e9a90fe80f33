#pragma once

#include <cstddef>
#include <cstdint>

/// The contract between the library and its module editprep_vips, which alone knows libvips. Plain
/// C types and a table of functions: an exception must not cross a dlopen, and neither must a type
/// whose layout two compilers could see differently.
namespace editprep::imaging {

inline constexpr const char* kVipsModule = "editprep_vips";
inline constexpr const char* kVipsSymbol = "editprep_vips_table";
/// Grows with every change of what follows; library and module must agree.
inline constexpr int kVipsVersion = 1;

enum class VipsStatus : int {
    ok,
    /// libvips, or the part of it that reads this format, is missing or does not start.
    unavailable,
    /// The content is not of a kind that can be brought to 8-bit sRGB.
    unsupported,
    /// libvips refused the content.
    damaged,
    out_of_memory,
};

/// Values are those of ImageFormat.
using VipsFormat = int;

struct VipsFacts {
    /// As stored, before the orientation is applied.
    int width;
    int height;
    /// That decoding gives: 1, 3 or 4.
    int channels;
    int bits;
    int frames;
    int orientation;
    bool cmyk;
    /// The embedded ICC profile; null when there is none. Lives as long as the picture.
    const void* profile;
    std::size_t profile_size;
};

struct VipsPicture;

struct VipsTable {
    int version;
    /// Reads the header. On success `picture` must be closed, and `content` must live until then.
    VipsStatus (*open)(const void* content, std::size_t size, VipsFormat format,
                       VipsPicture** picture, VipsFacts* facts) noexcept;
    /// Decodes, once, to packed 8-bit sRGB rows as stored. With `use_profile` the embedded profile
    /// is applied, and `profile_used` tells whether it fitted the picture; CMYK always goes
    /// through a profile.
    VipsStatus (*decode)(VipsPicture* picture, bool use_profile, std::uint8_t* pixels,
                         bool* profile_used) noexcept;
    void (*close)(VipsPicture* picture) noexcept;
    /// What was wrong when the calling thread last got another status than ok. Never null.
    const char* (*message)() noexcept;
};

using VipsTableFunction = const VipsTable* (*)() noexcept;

}  // namespace editprep::imaging
