#include "decode_png.hpp"

#include <libdeflate.h>
#include <spng.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "exif.hpp"
#include "icc_profile.hpp"
#include "read_error.hpp"

namespace editprep::imaging {
namespace {

constexpr std::size_t kSignatureSize = 8;
/// Length and type before a chunk's data, checksum after it.
constexpr std::size_t kChunkHead = 8;
constexpr std::size_t kChunkTail = 4;
constexpr std::size_t kHeaderSize = 13;
/// A PNG has few chunks besides its pixels; a file of empty ones should not keep anybody waiting.
constexpr int kMaxChunks = 1 << 20;
/// Metadata beyond these sizes is not looked at: the largest colour profiles have 3 MB.
constexpr std::size_t kMaxMetadata = std::size_t{8} << 20;
constexpr std::size_t kMaxProfile = std::size_t{16} << 20;
constexpr std::size_t kMaxKeyword = 79;

enum ColorType { kGrey = 0, kRgb = 2, kPalette = 3, kGreyAlpha = 4, kRgba = 6 };

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (const std::byte byte : bytes.subspan(offset, 4)) {
        value = value << 8 | std::to_integer<std::uint32_t>(byte);
    }
    return value;
}

struct Chunk {
    std::string type;
    std::size_t offset = 0;
    std::size_t size = 0;
};

/// The chunk that starts at `offset`; its type is empty when the file ends within its head.
Chunk chunk_at(const EncodedSource& source, std::size_t offset) {
    std::array<std::byte, kChunkHead> head{};
    if (source.read_at(offset, head) < head.size()) {
        return {};
    }
    std::string type(4, '\0');
    std::transform(head.begin() + 4, head.end(), type.begin(),
                   [](std::byte b) { return static_cast<char>(b); });
    return {std::move(type), offset + kChunkHead, number_at(head, 0)};
}

/// A chunk's data; empty when it is cut short or unreasonably large.
std::vector<std::byte> data_of(const EncodedSource& source, const Chunk& chunk) {
    if (chunk.size > std::min(kMaxMetadata, source.size())) {
        return {};
    }
    std::vector<std::byte> data(chunk.size);
    data.resize(source.read_at(chunk.offset, data) == chunk.size ? chunk.size : 0);
    return data;
}

struct DecompressorDeleter {
    void operator()(libdeflate_decompressor* d) const noexcept { libdeflate_free_decompressor(d); }
};

/// The profile in an iCCP chunk: a keyword, a zero, a method, a zlib stream. Empty when damaged,
/// which leaves a picture that is taken for sRGB, as other readers do.
std::vector<std::byte> inflate_profile(std::span<const std::byte> chunk) {
    const auto keyword = chunk.first(std::min(chunk.size(), kMaxKeyword + 1));
    const auto end = std::ranges::find(keyword, std::byte{0});
    const auto start = static_cast<std::size_t>(end - keyword.begin()) + 2;
    if (end == keyword.end() || start >= chunk.size()) {
        return {};
    }
    const std::unique_ptr<libdeflate_decompressor, DecompressorDeleter> inflater(
        libdeflate_alloc_decompressor());
    if (!inflater) {
        throw std::bad_alloc();
    }
    std::vector<std::byte> profile(std::size_t{64} << 10);
    for (;;) {
        std::size_t size = 0;
        const libdeflate_result result =
            libdeflate_zlib_decompress(inflater.get(), chunk.data() + start, chunk.size() - start,
                                       profile.data(), profile.size(), &size);
        if (result != LIBDEFLATE_INSUFFICIENT_SPACE || profile.size() == kMaxProfile) {
            profile.resize(result == LIBDEFLATE_SUCCESS ? size : 0);
            return profile;
        }
        profile.resize(std::min(8 * profile.size(), kMaxProfile));
    }
}

/// What the chunks say, gathered in the order in which they come.
class HeaderReader {
public:
    explicit HeaderReader(const EncodedSource& source) : source_(source) {}

    HeaderFacts read() {
        std::size_t offset = kSignatureSize;
        read_header(chunk_at(source_, offset));
        for (int i = 0; i < kMaxChunks && offset < source_.size(); ++i) {
            const Chunk chunk = chunk_at(source_, offset);
            if (chunk.type.empty() || chunk.type == "IEND") {
                break;
            }
            read_chunk(chunk);
            offset = chunk.offset + chunk.size + kChunkTail;
        }
        return facts();
    }

private:
    void read_header(const Chunk& chunk) {
        std::array<std::byte, kHeaderSize> header{};
        if (chunk.type != "IHDR" || chunk.size != kHeaderSize ||
            source_.read_at(chunk.offset, header) < header.size()) {
            throw_damaged("PNG", source_.subject(), "it has no header");
        }
        const std::uint32_t width = number_at(header, 0);
        const std::uint32_t height = number_at(header, 4);
        if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX) {
            throw_damaged("PNG", source_.subject(), "its header claims an impossible size");
        }
        facts_.info.size = {static_cast<int>(width), static_cast<int>(height)};
        facts_.info.bits = std::to_integer<int>(header[8]);
        color_type_ = std::to_integer<int>(header[9]);
    }

    void read_chunk(const Chunk& chunk) {
        if (chunk.type == "tRNS") {
            transparent_ = true;
        } else if (chunk.type == "acTL") {
            const auto data = data_of(source_, chunk);
            const std::uint32_t frames = data.size() >= 8 ? number_at(data, 0) : 1;
            facts_.info.frames = static_cast<int>(std::clamp<std::uint32_t>(frames, 1, INT32_MAX));
        } else if (chunk.type == "eXIf") {
            facts_.info.orientation = exif_orientation(data_of(source_, chunk));
        } else if (chunk.type == "iCCP" && !std::exchange(profile_seen_, true)) {
            // A file may hold any number of them and only the first counts.
            profile_ = inflate_profile(data_of(source_, chunk));
        }
    }

    HeaderFacts facts() {
        const bool grey = color_type_ == kGrey || color_type_ == kGreyAlpha;
        const bool alpha = color_type_ == kGreyAlpha || color_type_ == kRgba || transparent_;
        ImageInfo& info = facts_.info;
        info.format = ImageFormat::png;
        info.channels = alpha ? Channels::rgba : grey ? Channels::grey : Channels::rgb;
        info.foreign_profile = !profile_.empty() && (grey || !is_srgb(profile_));
        if (color_type_ == kPalette) {
            info.bits = 8;
        }
        facts_.plain = info.bits <= 8 && !info.foreign_profile;
        return facts_;
    }

    const EncodedSource& source_;
    HeaderFacts facts_;
    int color_type_ = kGrey;
    bool transparent_ = false;
    bool profile_seen_ = false;
    std::vector<std::byte> profile_;
};

struct ContextDeleter {
    void operator()(spng_ctx* context) const noexcept { spng_ctx_free(context); }
};

void check(int result, std::string_view subject) {
    if (result == SPNG_EMEM) {
        throw std::bad_alloc();
    }
    if (result != SPNG_OK) {
        throw_damaged("PNG", subject, spng_strerror(result));
    }
}

spng_format layout_of(Channels channels) {
    switch (channels) {
        case Channels::grey:
            return SPNG_FMT_G8;
        case Channels::rgb:
            return SPNG_FMT_RGB8;
        case Channels::rgba:
            break;
    }
    return SPNG_FMT_RGBA8;
}

}  // namespace

HeaderFacts probe_png(EncodedSource& source) { return HeaderReader(source).read(); }

Image decode_png(std::span<const std::byte> content, const HeaderFacts& facts,
                 std::string_view subject) {
    const std::unique_ptr<spng_ctx, ContextDeleter> context(spng_ctx_new(0));
    if (!context) {
        throw std::bad_alloc();
    }
    const Size size = facts.info.size;
    check(spng_set_image_limits(context.get(), static_cast<std::uint32_t>(size.width),
                                static_cast<std::uint32_t>(size.height)),
          subject);
    check(spng_set_chunk_limits(context.get(), kMaxMetadata, kMaxMetadata), subject);
    // A damaged comment is no reason to refuse the pixels.
    check(spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_DISCARD), subject);
    check(spng_set_png_buffer(context.get(), content.data(), content.size()), subject);

    const spng_format layout = layout_of(facts.info.channels);
    std::size_t bytes = 0;
    check(spng_decoded_image_size(context.get(), layout, &bytes), subject);
    Image image(size, facts.info.channels);
    if (bytes != image.bytes().size()) {
        throw_damaged("PNG", subject, "its header contradicts itself");
    }
    check(spng_decode_image(context.get(), image.bytes().data(), bytes, layout, SPNG_DECODE_TRNS),
          subject);
    return image;
}

}  // namespace editprep::imaging
