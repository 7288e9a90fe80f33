#include "editprep/transport/media_type.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace editprep::transport {
namespace {

using namespace std::string_view_literals;

struct Signature {
    std::string_view bytes;
    std::string_view media_type;
};

constexpr std::array kSignatures{
    Signature{"\x89PNG\r\n\x1A\n"sv, "image/png"sv},
    Signature{"\xFF\xD8\xFF"sv, "image/jpeg"sv},
    Signature{"GIF87a"sv, "image/gif"sv},
    Signature{"GIF89a"sv, "image/gif"sv},
    Signature{"II*\0"sv, "image/tiff"sv},
    Signature{"MM\0*"sv, "image/tiff"sv},
    // BigTIFF
    Signature{"II+\0"sv, "image/tiff"sv},
    Signature{"MM\0+"sv, "image/tiff"sv},
};

/// ISO 14496-12 brands (registered at https://mp4ra.org/registered-types/brands) that decide the
/// type; every other brand is video/mp4.
constexpr std::array kBrands{
    Signature{"avif"sv, "image/avif"sv},      Signature{"avis"sv, "image/avif"sv},
    Signature{"heic"sv, "image/heic"sv},      Signature{"heix"sv, "image/heic"sv},
    Signature{"heim"sv, "image/heic"sv},      Signature{"heis"sv, "image/heic"sv},
    Signature{"hevc"sv, "image/heic"sv},      Signature{"hevx"sv, "image/heic"sv},
    Signature{"M4A "sv, "audio/mp4"sv},       Signature{"M4B "sv, "audio/mp4"sv},
    Signature{"qt  "sv, "video/quicktime"sv},
};
/// HEIF brands that leave the codec open: the compatible brands tell it.
constexpr std::array kGeneralImageBrands{"mif1"sv, "msf1"sv};
/// First boxes of QuickTime files from before there were brands.
constexpr std::array kQuickTimeBoxes{"moov"sv, "mdat"sv, "wide"sv, "pnot"sv};

std::optional<std::string_view> type_of_brand(std::string_view brand) {
    const auto* const found = std::ranges::find(kBrands, brand, &Signature::bytes);
    return found == kBrands.end() ? std::nullopt : std::optional(found->media_type);
}

std::uint32_t big_endian_32(std::string_view text) {
    std::uint32_t value = 0;
    for (const char c : text.substr(0, 4)) {
        value = value << 8 | static_cast<std::uint8_t>(c);
    }
    return value;
}

/// A `ftyp` box: size, "ftyp", major brand, version, compatible brands.
std::string_view type_of_ftyp(std::string_view text) {
    const std::string_view box = text.substr(0, big_endian_32(text));
    if (box.size() < 12) {
        return kUnknownMediaType;
    }
    const std::string_view major = box.substr(8, 4);
    if (const auto type = type_of_brand(major)) {
        return *type;
    }
    if (std::ranges::find(kGeneralImageBrands, major) == kGeneralImageBrands.end()) {
        return "video/mp4"sv;
    }
    for (std::size_t at = 16; at + 4 <= box.size(); at += 4) {
        const auto type = type_of_brand(box.substr(at, 4));
        if (type && type->starts_with("image/")) {
            return *type;
        }
    }
    return "image/heif"sv;
}

/// A variable-length size (RFC 8794, section 4) taken off the front; nothing when it is cut short.
std::optional<std::uint64_t> take_vint(std::string_view& text) {
    if (text.empty() || text.front() == 0) {
        return std::nullopt;
    }
    auto first = static_cast<std::uint8_t>(text.front());
    std::size_t length = 1;
    std::uint8_t marker = 0x80;
    while ((first & marker) == 0) {
        marker = static_cast<std::uint8_t>(marker >> 1);
        ++length;
    }
    if (text.size() < length) {
        return std::nullopt;
    }
    std::uint64_t value = first & static_cast<std::uint8_t>(marker - 1);
    for (const char c : text.substr(1, length - 1)) {
        value = value << 8 | static_cast<std::uint8_t>(c);
    }
    text.remove_prefix(length);
    return value;
}

/// Walks the EBML header (RFC 8794, section 11.2) to its DocType, element 0x4282.
std::string_view type_of_ebml(std::string_view text) {
    constexpr std::string_view kDocType = "\x42\x82"sv;
    text.remove_prefix(4);
    const auto header_size = take_vint(text);
    if (!header_size) {
        return kUnknownMediaType;
    }
    text = text.substr(0, *header_size);
    while (text.size() > 2) {
        // Every element of this header has an identifier of two bytes, 0x42xx, except padding.
        const std::string_view identifier = text.substr(0, text.front() == '\x42' ? 2 : 1);
        text.remove_prefix(identifier.size());
        const auto size = take_vint(text);
        if (!size) {
            break;
        }
        const std::string_view value = text.substr(0, *size);
        if (identifier == kDocType) {
            if (value == "webm"sv) {
                return "video/webm"sv;
            }
            return value == "matroska"sv ? "video/x-matroska"sv : kUnknownMediaType;
        }
        text.remove_prefix(value.size());
    }
    return kUnknownMediaType;
}

}  // namespace

std::string_view media_type_of(std::span<const std::byte> content) noexcept {
    const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
    for (const Signature& signature : kSignatures) {
        if (text.starts_with(signature.bytes)) {
            return signature.media_type;
        }
    }
    if (text.starts_with("\x1A\x45\xDF\xA3"sv)) {
        return type_of_ebml(text);
    }
    if (text.size() < 12) {
        return kUnknownMediaType;
    }
    if (text.starts_with("RIFF"sv) && text.substr(8, 4) == "WEBP"sv) {
        return "image/webp"sv;
    }
    const std::string_view box = text.substr(4, 4);
    if (box == "ftyp"sv) {
        return type_of_ftyp(text);
    }
    if (std::ranges::find(kQuickTimeBoxes, box) != kQuickTimeBoxes.end()) {
        return "video/quicktime"sv;
    }
    return kUnknownMediaType;
}

}  // namespace editprep::transport
