#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "encoded_source.hpp"

/// The chunks of a PNG file: a length, a type, the data, a CRC.
/// Source: ISO/IEC 15948:2004 (PNG), section 5.
namespace editprep::imaging {

inline constexpr std::size_t kPngSignatureBytes = 8;
/// Length and type before a chunk's data, CRC after it.
inline constexpr std::size_t kPngChunkHead = 8;
inline constexpr std::size_t kPngChunkTail = 4;
inline constexpr std::size_t kPngHeaderBytes = 13;
/// A PNG has few chunks besides its pixels; a file of empty ones should not keep anybody waiting.
inline constexpr int kMaxPngChunks = 1 << 20;

struct PngChunk {
    /// Four letters; empty when the file ends within the head.
    std::string type;
    /// Of the data.
    std::size_t offset = 0;
    std::size_t size = 0;

    /// Where the next chunk starts.
    [[nodiscard]] std::size_t end() const noexcept { return offset + size + kPngChunkTail; }
    /// A reader that does not know a critical chunk cannot show the picture.
    [[nodiscard]] bool critical() const noexcept { return type[0] >= 'A' && type[0] <= 'Z'; }
};

[[nodiscard]] PngChunk png_chunk_at(const EncodedSource& source, std::size_t offset);

/// A chunk's data; empty when it is cut short or larger than `most`.
[[nodiscard]] std::vector<std::byte> png_chunk_data(const EncodedSource& source,
                                                    const PngChunk& chunk, std::size_t most);

/// Whether the CRC that follows a chunk's data is theirs.
[[nodiscard]] bool png_crc_holds(const EncodedSource& source, const PngChunk& chunk,
                                 std::span<const std::byte> data);

/// The picture's size in the data of IHDR. Throws damaged_image for one that cannot be.
[[nodiscard]] Size size_in_png_header(std::span<const std::byte> header, std::string_view subject);

/// The number in the four bytes from `offset` on.
[[nodiscard]] std::uint32_t big_endian_at(std::span<const std::byte> bytes, std::size_t offset);

}  // namespace editprep::imaging
