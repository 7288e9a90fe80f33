#include "png/png_chunks.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <utility>

#include "read_error.hpp"

namespace editprep::imaging {

PngChunk png_chunk_at(const EncodedSource& source, std::size_t offset) {
    std::array<std::byte, kPngChunkHead> head{};
    if (source.read_at(offset, head) < head.size()) {
        return {};
    }
    std::string type(4, '\0');
    std::transform(head.begin() + 4, head.end(), type.begin(),
                   [](std::byte b) { return static_cast<char>(b); });
    return {std::move(type), offset + kPngChunkHead, big_endian_at(head, 0)};
}

std::vector<std::byte> png_chunk_data(const EncodedSource& source, const PngChunk& chunk,
                                      std::size_t most) {
    if (chunk.size > std::min(most, source.size())) {
        return {};
    }
    std::vector<std::byte> data(chunk.size);
    data.resize(source.read_at(chunk.offset, data) == chunk.size ? chunk.size : 0);
    return data;
}

bool png_crc_holds(const EncodedSource& source, const PngChunk& chunk,
                   std::span<const std::byte> data) {
    std::array<std::byte, kPngChunkTail> tail{};
    if (source.read_at(chunk.offset + chunk.size, tail) < tail.size()) {
        return false;
    }
    const std::uint32_t of_type = libdeflate_crc32(0, chunk.type.data(), chunk.type.size());
    return libdeflate_crc32(of_type, data.data(), data.size()) == big_endian_at(tail, 0);
}

Size size_in_png_header(std::span<const std::byte> header, std::string_view subject) {
    const std::uint32_t width = big_endian_at(header, 0);
    const std::uint32_t height = big_endian_at(header, 4);
    if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX) {
        throw_damaged("PNG", subject, "its header claims an impossible size");
    }
    return {static_cast<int>(width), static_cast<int>(height)};
}

std::uint32_t big_endian_at(std::span<const std::byte> bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (const std::byte byte : bytes.subspan(offset, 4)) {
        value = value << 8 | std::to_integer<std::uint32_t>(byte);
    }
    return value;
}

}  // namespace editprep::imaging
