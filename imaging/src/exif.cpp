#include "exif.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace editprep::imaging {
namespace {

constexpr std::array<std::byte, 6> kMarker{std::byte{'E'}, std::byte{'x'}, std::byte{'i'},
                                           std::byte{'f'}, std::byte{0},   std::byte{0}};
constexpr std::size_t kEntrySize = 12;
constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kShort = 3;
constexpr std::uint32_t kLong = 4;

/// Numbers of either byte order. Whatever lies beyond the block reads as zero, which no check below
/// takes for something valid.
class TiffReader {
public:
    explicit TiffReader(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {
        const int first = bytes.size() < 8 ? 0 : std::to_integer<int>(bytes[0]);
        const bool doubled = first != 0 && bytes[1] == bytes[0];
        little_endian_ = first == 'I';
        valid_ = doubled && (first == 'I' || first == 'M') && number_at(2, 2) == 42;
    }

    [[nodiscard]] bool valid() const noexcept { return valid_; }

    [[nodiscard]] std::uint32_t number_at(std::size_t offset, std::size_t size) const noexcept {
        if (offset > bytes_.size() || size > bytes_.size() - offset) {
            return 0;
        }
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t place = offset + (little_endian_ ? size - 1 - i : i);
            value = value << 8 | std::to_integer<std::uint32_t>(bytes_[place]);
        }
        return value;
    }

private:
    std::span<const std::byte> bytes_;
    bool little_endian_ = false;
    bool valid_ = false;
};

int orientation_in_entry(const TiffReader& tiff, std::size_t entry) noexcept {
    const std::uint32_t type = tiff.number_at(entry + 2, 2);
    const std::uint32_t count = tiff.number_at(entry + 4, 4);
    if (count != 1 || (type != kShort && type != kLong)) {
        return 1;
    }
    const std::uint32_t value = tiff.number_at(entry + 8, type == kShort ? 2 : 4);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace

int exif_orientation(std::span<const std::byte> block) noexcept {
    if (block.size() >= kMarker.size() &&
        std::equal(kMarker.begin(), kMarker.end(), block.begin())) {
        block = block.subspan(kMarker.size());
    }
    const TiffReader tiff(block);
    if (!tiff.valid()) {
        return 1;
    }
    const std::size_t directory = tiff.number_at(4, 4);
    const std::size_t entries = tiff.number_at(directory, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t entry = directory + 2 + i * kEntrySize;
        if (tiff.number_at(entry, 2) == kOrientationTag) {
            return orientation_in_entry(tiff, entry);
        }
    }
    return 1;
}

}  // namespace editprep::imaging
