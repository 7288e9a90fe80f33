#include "png/probe_png.hpp"

#include <libdeflate.h>

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
#include "png/png_chunks.hpp"
#include "png/png_layout.hpp"
#include "png/png_transparency.hpp"
#include "read_error.hpp"

namespace editprep::imaging {
namespace {

/// Metadata beyond these sizes is not looked at: the largest colour profiles have 3 MB.
constexpr std::size_t kMaxMetadata = std::size_t{8} << 20;
constexpr std::size_t kMaxProfile = std::size_t{16} << 20;
constexpr std::size_t kMaxKeyword = 79;

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
        std::size_t offset = kPngSignatureBytes;
        read_header(png_chunk_at(source_, offset));
        for (int i = 0; i < kMaxPngChunks && offset < source_.size(); ++i) {
            const PngChunk chunk = png_chunk_at(source_, offset);
            if (chunk.type.empty() || chunk.type == "IEND") {
                break;
            }
            read_chunk(chunk);
            offset = chunk.end();
        }
        return facts();
    }

private:
    void read_header(const PngChunk& chunk) {
        std::array<std::byte, kPngHeaderBytes> header{};
        if (chunk.type != "IHDR" || chunk.size != kPngHeaderBytes ||
            source_.read_at(chunk.offset, header) < header.size()) {
            throw_damaged("PNG", source_.subject(), "it has no header");
        }
        facts_.info.size = size_in_png_header(header, source_.subject());
        facts_.info.bits = std::to_integer<int>(header[8]);
        color_ = static_cast<PngColor>(header[9]);
    }

    void read_chunk(const PngChunk& chunk) {
        if (chunk.type == "IDAT") {
            pixels_seen_ = true;
        } else if (chunk.type == "PLTE") {
            palette_colors_ = chunk.size / 3;
        } else if (chunk.type == "tRNS" && !pixels_seen_) {
            const auto data = png_transparency(source_, chunk, color_, palette_colors_);
            transparent_ = transparent_ || !data.empty();
        } else if (chunk.type == "acTL") {
            const auto data = png_chunk_data(source_, chunk, kMaxMetadata);
            const std::uint32_t frames = data.size() >= 8 ? big_endian_at(data, 0) : 1;
            facts_.info.frames = static_cast<int>(std::clamp<std::uint32_t>(frames, 1, INT32_MAX));
        } else if (chunk.type == "eXIf") {
            facts_.info.orientation =
                exif_orientation(png_chunk_data(source_, chunk, kMaxMetadata));
        } else if (chunk.type == "iCCP" && !std::exchange(profile_seen_, true)) {
            // A file may hold any number of them and only the first counts.
            profile_ = inflate_profile(png_chunk_data(source_, chunk, kMaxMetadata));
        }
    }

    HeaderFacts facts() {
        const bool grey = color_ == PngColor::grey || color_ == PngColor::grey_alpha;
        const bool alpha =
            color_ == PngColor::grey_alpha || color_ == PngColor::rgba || transparent_;
        ImageInfo& info = facts_.info;
        info.format = ImageFormat::png;
        info.channels = alpha ? Channels::rgba : grey ? Channels::grey : Channels::rgb;
        info.foreign_profile = !profile_.empty() && (grey || !is_srgb(profile_));
        if (color_ == PngColor::palette) {
            info.bits = 8;
        }
        facts_.plain = info.bits <= 8 && !info.foreign_profile;
        return facts_;
    }

    const EncodedSource& source_;
    HeaderFacts facts_;
    PngColor color_ = PngColor::grey;
    std::size_t palette_colors_ = 0;
    bool transparent_ = false;
    bool pixels_seen_ = false;
    bool profile_seen_ = false;
    std::vector<std::byte> profile_;
};

}  // namespace

HeaderFacts probe_png(const EncodedSource& source) { return HeaderReader(source).read(); }

}  // namespace editprep::imaging
