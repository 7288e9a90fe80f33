#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/limits.hpp"
#include "editprep/imaging/mask.hpp"

/// Reading and writing pictures, from files and from memory.
///
/// The format is told from the content, never from the name. Plain JPEG, 8-bit PNG and still WebP
/// in sRGB (or untagged) are decoded by the formats' own libraries; everything else (16 bits, CMYK,
/// other colour profiles, TIFF, GIF, HEIF, AVIF) by libvips, which is loaded only then. Both ways
/// give the same pixels.
namespace editprep::imaging {

enum class ImageFormat { jpeg, png, webp, tiff, gif, heif, avif };
[[nodiscard]] std::string_view name_of(ImageFormat format) noexcept;

/// Facts from the header; no pixel is decoded.
struct ImageInfo {
    ImageFormat format = ImageFormat::png;
    /// Upright size, that is, after the EXIF orientation was applied.
    Size size;
    /// Channels that reading gives: grey, RGB or RGBA.
    Channels channels = Channels::rgb;
    /// EXIF orientation 1 to 8 as stored in the file; 1 = upright.
    int orientation = 1;
    /// Bits a channel in the file.
    int bits = 8;
    /// Frames or pages in the file; only the first is read.
    int frames = 1;
    bool cmyk = false;
    /// An embedded ICC profile that is not sRGB.
    bool foreign_profile = false;
    /// The file ends as a whole one of its format does. False does not mean damage (other data may
    /// follow, and not every format tells): only reading the picture shows whether it is cut short.
    bool complete = false;
};

struct ReadOptions {
    Limits limits;
};

/// A picture with what a user should be told about how it was read, one sentence each
/// (turned upright, converted from CMYK, first of 12 frames, ...).
struct LoadedImage {
    Image image;
    ImageInfo info;
    std::vector<std::string> notes;
};

/// Errors: file_not_found, file_unreadable, unsupported_format, damaged_image, limit_exceeded,
/// module_unavailable. Limits are checked against the header before memory for pixels is taken.
[[nodiscard]] ImageInfo probe_image(const std::filesystem::path& path,
                                    const ReadOptions& options = {});
[[nodiscard]] LoadedImage read_image(const std::filesystem::path& path,
                                     const ReadOptions& options = {});
/// The same from memory; `subject` is how messages call it.
[[nodiscard]] ImageInfo probe_image(std::span<const std::byte> content, std::string_view subject,
                                    const ReadOptions& options = {});
[[nodiscard]] LoadedImage read_image(std::span<const std::byte> content, std::string_view subject,
                                     const ReadOptions& options = {});

/// How long PNG's compression looks for pixels that come again. The figures are those of a
/// 20-megapixel RGBA canvas around a photo, against zlib's level 6 with adaptive filters.
enum class PngEffort {
    /// The same as balanced: looking for less takes no less time.
    fast,
    /// The last places of every pixel and pair of pixels: 9 % smaller in a tenth of the time.
    balanced,
    /// Those of three pixels, too: 12 % smaller, and a quarter slower than balanced.
    small,
};

struct WriteOptions {
    /// Empty: told from the file name (format_for).
    std::optional<ImageFormat> format;
    PngEffort png_effort = PngEffort::balanced;
    /// JPEG and lossy WebP, 1 to 100.
    int quality = 95;
    /// WebP without loss.
    bool lossless = false;
};

/// May an existing file be replaced?
enum class Overwrite {
    /// Only one that editprep wrote (its PNG files say so in a Software text chunk) or an empty
    /// one.
    own_files,
    always,
};

/// The format that a file name asks for by its extension: .png, .jpg, .jpeg or .webp in upper or
/// lower case, PNG without one. Throws unsupported_format for every other.
[[nodiscard]] ImageFormat format_for(const std::filesystem::path& path);

/// Encodes to memory. JPEG refuses an image that has transparency (invalid_argument).
[[nodiscard]] std::vector<std::byte> encode_image(const Image& image, ImageFormat format,
                                                  const WriteOptions& options = {});
[[nodiscard]] std::vector<std::byte> encode_mask_png(const Mask& mask);

/// Writes the whole file or none: without a name in the folder of the target (where the file system
/// has no such files, under a hidden one), flushed to disk, then named.
/// Missing parent folders are made. Devices and pipes (/dev/stdout) are written in place.
/// Errors: file_exists, file_unwritable, unsupported_format (an extension that is not written
/// here).
void write_image(const std::filesystem::path& path, const Image& image, Overwrite overwrite,
                 const WriteOptions& options = {});
/// The same for a mask: 8-bit grey PNG, or by extension as above.
void write_mask(const std::filesystem::path& path, const Mask& mask, Overwrite overwrite,
                const WriteOptions& options = {});
/// The same for bytes that are ready.
void write_file(const std::filesystem::path& path, std::span<const std::byte> content,
                Overwrite overwrite);

/// Throws file_exists or file_unwritable when writing there would be refused because of what lies
/// there: ask before the work, not after.
void check_may_write(const std::filesystem::path& path, Overwrite overwrite);

/// Where the parts that are loaded on demand (libvips, OpenCV) lie. Unset, they are searched
/// beside the running program (../lib/editprep as installed), then on the loader's own path.
/// Call it before the first picture is read; not thread-safe.
void set_module_folder(std::filesystem::path folder);

}  // namespace editprep::imaging
