#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "direct_tier.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "encoded_source.hpp"
#include "image_format.hpp"
#include "orientation.hpp"
#include "read_error.hpp"
#include "read_notes.hpp"
#include "read_tier.hpp"
#include "rows/row_reader.hpp"
#include "vips_reader.hpp"

namespace editprep::imaging {
namespace {

LoadedImage finish(Image stored, ImageInfo info, bool profile_ignored) {
    LoadedImage result;
    result.notes = notes_on(info, profile_ignored);
    result.image = turn_upright(std::move(stored), info.orientation);
    info.size = result.image.size();
    result.info = info;
    return result;
}

LoadedImage finish(VipsReader& reader, const ImageInfo& info) {
    auto decoded = reader.decode(info.foreign_profile);
    return finish(std::move(decoded.image), info, decoded.profile_ignored);
}

/// The two headers of one file, read by two libraries, must agree before its pixels are trusted.
void check_agreement(const ImageInfo& a, const ImageInfo& b, const std::string& subject) {
    if (a.size != b.size || a.channels != b.channels) {
        throw_damaged(name_of(a.format), subject, "its header contradicts itself");
    }
}

}  // namespace

LoadedImage read_image(EncodedSource& source, const Limits& limits, ReadTier tier) {
    const ImageFormat format = require_format(source);
    if (!has_direct_tier(format)) {
        VipsReader reader(source.whole(), format, source.subject());
        check_size(reader.facts().info.size, limits, source.subject().c_str());
        return finish(reader, reader.facts().info);
    }
    const HeaderFacts facts = probe_direct(source, format);
    check_size(facts.info.size, limits, source.subject().c_str());
    if (facts.plain && tier != ReadTier::vips) {
        return finish(read_all(*open_rows(source, facts)), facts.info, false);
    }
    if (tier == ReadTier::direct) {
        throw_unsupported(source.subject(), "it needs a conversion");
    }
    VipsReader reader(source.whole(), format, source.subject());
    check_agreement(facts.info, reader.facts().info, source.subject());
    return finish(reader, facts.info);
}

namespace {

std::uint32_t little_endian(std::span<const std::byte, 4> bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
    }
    return value;
}

bool ends_with(const EncodedSource& source, std::string_view ending) {
    std::array<std::byte, 8> tail{};
    const auto out = std::span(tail).first(ending.size());
    return source.size() >= ending.size() &&
           source.read_at(source.size() - ending.size(), out) == ending.size() &&
           std::memcmp(tail.data(), ending.data(), ending.size()) == 0;
}

/// Whether the last bytes are those of a whole file: JPEG's end marker, PNG's last chunk with its
/// CRC, as many bytes as WebP's first chunk announces.
bool ends_as_format(const EncodedSource& source, ImageFormat format) {
    std::array<std::byte, 4> size{};
    switch (format) {
        case ImageFormat::jpeg:
            return ends_with(source, "\xFF\xD9");
        case ImageFormat::png:
            return ends_with(source, "IEND\xAE\x42\x60\x82");
        case ImageFormat::webp:
            return source.read_at(4, size) == size.size() &&
                   std::uint64_t{little_endian(size)} + 8 <= source.size();
        default:
            return false;
    }
}

ImageInfo probe(EncodedSource& source, const Limits& limits) {
    const ImageFormat format = require_format(source);
    ImageInfo info = has_direct_tier(format)
                         ? probe_direct(source, format).info
                         : VipsReader(source.whole(), format, source.subject()).facts().info;
    check_size(info.size, limits, source.subject().c_str());
    info.complete = ends_as_format(source, format);
    info.size = upright_size(info.size, info.orientation);
    return info;
}

}  // namespace

ImageInfo probe_image(const std::filesystem::path& path, const ReadOptions& options) {
    EncodedSource source(path, options.limits.max_file_bytes);
    return probe(source, options.limits);
}

LoadedImage read_image(const std::filesystem::path& path, const ReadOptions& options) {
    EncodedSource source(path, options.limits.max_file_bytes);
    return read_image(source, options.limits, ReadTier::automatic);
}

ImageInfo probe_image(std::span<const std::byte> content, std::string_view subject,
                      const ReadOptions& options) {
    EncodedSource source(content, subject, options.limits.max_file_bytes);
    return probe(source, options.limits);
}

LoadedImage read_image(std::span<const std::byte> content, std::string_view subject,
                       const ReadOptions& options) {
    return read_image(content, subject, options, ReadTier::automatic);
}

LoadedImage read_image(std::span<const std::byte> content, std::string_view subject,
                       const ReadOptions& options, ReadTier tier) {
    EncodedSource source(content, subject, options.limits.max_file_bytes);
    return read_image(source, options.limits, tier);
}

}  // namespace editprep::imaging
