#include "image_format.hpp"

#include <algorithm>
#include <array>

namespace editprep::imaging {
namespace {

using namespace std::string_view_literals;

std::string_view text_of(std::span<const std::byte> beginning) noexcept {
    return {reinterpret_cast<const char*>(beginning.data()),
            std::min(beginning.size(), kFormatBytes)};
}

bool is_tiff(std::string_view text) noexcept {
    // The last two are BigTIFF.
    return text.starts_with("II*\0"sv) || text.starts_with("MM\0*"sv) ||
           text.starts_with("II+\0"sv) || text.starts_with("MM\0+"sv);
}

/// HEIF and AVIF share a container with MP4 and are told apart by the brands in its first box: a
/// main brand, a version, further brands, four characters each.
std::optional<ImageFormat> iso_media_format(std::string_view text) noexcept {
    constexpr std::array kHeifBrands{"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv};
    if (text.size() < 12 || text.substr(4, 4) != "ftyp") {
        return std::nullopt;
    }
    const auto box = static_cast<std::size_t>(static_cast<unsigned char>(text[2])) << 8 |
                     static_cast<unsigned char>(text[3]);
    bool heif = false;
    for (std::size_t place = 8; place + 4 <= std::min(text.size(), box); place += 4) {
        const std::string_view brand = text.substr(place, 4);
        if (brand == "avif" || brand == "avis") {
            return ImageFormat::avif;
        }
        heif = heif || brand == "mif1" || brand == "msf1" || std::ranges::count(kHeifBrands, brand);
    }
    return heif ? std::optional(ImageFormat::heif) : std::nullopt;
}

struct Signature {
    std::string_view beginning;
    std::string_view description;
};

/// What people mistake for a readable picture most often.
constexpr std::array kForeign{
    Signature{"<svg"sv, "is an SVG drawing"sv},
    Signature{"%PDF"sv, "is a PDF document"sv},
    Signature{"<!DOCTYPE html"sv, "is a web page"sv},
    Signature{"<html"sv, "is a web page"sv},
    Signature{"BM"sv, "is a BMP picture"sv},
    Signature{"8BPS"sv, "is a Photoshop document"sv},
    Signature{"\xFF\x0A"sv, "is a JPEG XL picture"sv},
    Signature{"\0\0\0\x0CJXL "sv, "is a JPEG XL picture"sv},
    Signature{"\0\0\0\x0CjP  "sv, "is a JPEG 2000 picture"sv},
    Signature{"\0\0\1\0"sv, "is an icon"sv},
    Signature{"PK\3\4"sv, "is a ZIP archive"sv},
    Signature{"\x1A\x45\xDF\xA3"sv, "is a video"sv},
};

bool is_text(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return code >= 0x20 || c == '\n' || c == '\r' || c == '\t';
    });
}

}  // namespace

std::string_view name_of(ImageFormat format) noexcept {
    switch (format) {
        case ImageFormat::jpeg:
            return "JPEG";
        case ImageFormat::png:
            return "PNG";
        case ImageFormat::webp:
            return "WebP";
        case ImageFormat::tiff:
            return "TIFF";
        case ImageFormat::gif:
            return "GIF";
        case ImageFormat::heif:
            return "HEIF";
        case ImageFormat::avif:
            break;
    }
    return "AVIF";
}

std::optional<ImageFormat> format_of(std::span<const std::byte> beginning) noexcept {
    const std::string_view text = text_of(beginning);
    if (text.starts_with("\xFF\xD8\xFF"sv)) {
        return ImageFormat::jpeg;
    }
    if (text.starts_with("\x89PNG\r\n\x1A\n"sv)) {
        return ImageFormat::png;
    }
    if (text.starts_with("RIFF"sv) && text.size() >= 12 && text.substr(8, 4) == "WEBP") {
        return ImageFormat::webp;
    }
    if (text.starts_with("GIF87a"sv) || text.starts_with("GIF89a"sv)) {
        return ImageFormat::gif;
    }
    if (is_tiff(text)) {
        return ImageFormat::tiff;
    }
    return iso_media_format(text);
}

std::string_view describe_foreign(std::span<const std::byte> beginning) noexcept {
    const std::string_view text = text_of(beginning);
    for (const Signature& signature : kForeign) {
        if (text.starts_with(signature.beginning)) {
            return signature.description;
        }
    }
    if (text.size() >= 8 && text.substr(4, 4) == "ftyp") {
        return "is a video";
    }
    if (text.find("<svg") != std::string_view::npos) {
        return "is an SVG drawing";
    }
    return is_text(text) ? "starts like text" : "starts like nothing known";
}

}  // namespace editprep::imaging
