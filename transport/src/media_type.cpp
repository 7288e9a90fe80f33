#include "editprep/transport/media_type.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "ascii.hpp"

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
    // ISO 18181-2: a container, whose beginning is spelled out, or the bare codestream.
    Signature{"\0\0\0\x0CJXL \r\n\x87\n"sv, "image/jxl"sv},
    Signature{"\xFF\x0A"sv, "image/jxl"sv},
    Signature{"OggS"sv, "audio/ogg"sv},
    Signature{"fLaC"sv, "audio/flac"sv},
    // Tags before the sound; nearly always MPEG audio follows.
    Signature{"ID3\x02"sv, "audio/mpeg"sv},
    Signature{"ID3\x03"sv, "audio/mpeg"sv},
    Signature{"ID3\x04"sv, "audio/mpeg"sv},
};
/// What stands behind the size of a RIFF file.
constexpr std::array kRiffForms{
    Signature{"WEBP"sv, "image/webp"sv},
    Signature{"WAVE"sv, "audio/wav"sv},
    Signature{"AVI "sv, "video/x-msvideo"sv},
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

template <std::size_t Count>
std::optional<std::string_view> find_type(const std::array<Signature, Count>& table,
                                          std::string_view bytes) {
    const auto found = std::ranges::find(table, bytes, &Signature::bytes);
    return found == table.end() ? std::nullopt : std::optional(found->media_type);
}

std::optional<std::string_view> type_of_brand(std::string_view brand) {
    return find_type(kBrands, brand);
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

std::uint8_t byte_at(std::string_view text, std::size_t index) {
    return static_cast<std::uint8_t>(text[index]);
}

/// The header of a frame (ISO 11172-3 and 13818-3, section 2.4.1.3; ADTS: ISO 13818-7, section
/// 6.2): eleven or twelve bits of sync, then fields of which some values are reserved.
std::optional<std::string_view> type_of_audio_frame(std::string_view text) {
    if (text.size() < 4 || byte_at(text, 0) != 0xFF || (byte_at(text, 1) & 0xE0) != 0xE0) {
        return std::nullopt;
    }
    const int version = byte_at(text, 1) >> 3 & 3;
    const int layer = byte_at(text, 1) >> 1 & 3;
    if (layer == 0) {
        const int rate = byte_at(text, 2) >> 2 & 15;
        return version >= 2 && rate <= 12 ? std::optional("audio/aac"sv) : std::nullopt;
    }
    const int bit_rate = byte_at(text, 2) >> 4;
    const int sampling = byte_at(text, 2) >> 2 & 3;
    const bool reserved = version == 1 || bit_rate == 0 || bit_rate == 15 || sampling == 3;
    return reserved ? std::nullopt : std::optional("audio/mpeg"sv);
}

/// "BM", the file's size, two reserved words that are zero, the offset of the pixels, the size of
/// the header that follows.
bool is_bmp(std::string_view text) {
    constexpr std::array<std::uint8_t, 6> kHeaderSizes{12, 40, 52, 56, 108, 124};
    return text.size() >= 18 && text.starts_with("BM"sv) && text.substr(6, 4) == "\0\0\0\0"sv &&
           std::ranges::find(kHeaderSizes, byte_at(text, 14)) != kHeaderSizes.end() &&
           text.substr(15, 3) == "\0\0\0"sv;
}

/// Without a byte order mark and white space in front.
std::string_view beginning_of_text(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return text;
}

bool is_json_page(std::string_view text) {
    if (text.empty() || (text.front() != '{' && text.front() != '[')) {
        return false;
    }
    const bool object = text.front() == '{';
    const std::string_view rest = beginning_of_text(text.substr(1));
    return !rest.empty() &&
           (object ? "\"}"sv : "\"[{]"sv).find(rest.front()) != std::string_view::npos;
}

bool is_html_page(std::string_view text) {
    constexpr std::array kBeginnings{"<!doctype html"sv, "<html"sv,   "<head"sv,
                                     "<body"sv,          "<script"sv, "<title"sv};
    // SVG may begin with comments, too.
    while (text.starts_with("<!--"sv) && text.find("-->"sv) != std::string_view::npos) {
        text = beginning_of_text(text.substr(text.find("-->"sv) + 3));
    }
    return std::ranges::any_of(kBeginnings, [&](std::string_view beginning) {
        return equal_ignoring_case(text.substr(0, beginning.size()), beginning);
    });
}

}  // namespace

std::string_view page_type_of(std::span<const std::byte> content) noexcept {
    const std::string_view text =
        beginning_of_text({reinterpret_cast<const char*>(content.data()), content.size()});
    if (is_html_page(text)) {
        return "text/html"sv;
    }
    return is_json_page(text) ? "application/json"sv : kUnknownMediaType;
}

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
    if (const auto type = type_of_audio_frame(text)) {
        return *type;
    }
    if (text.size() < 12) {
        return kUnknownMediaType;
    }
    if (text.starts_with("RIFF"sv)) {
        return find_type(kRiffForms, text.substr(8, 4)).value_or(kUnknownMediaType);
    }
    if (is_bmp(text)) {
        return "image/bmp"sv;
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
