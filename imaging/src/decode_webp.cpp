#include "decode_webp.hpp"

#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <optional>

#include "exif.hpp"
#include "icc_profile.hpp"
#include "read_error.hpp"

namespace editprep::imaging {
namespace {

struct DemuxerDeleter {
    void operator()(WebPDemuxer* demuxer) const noexcept { WebPDemuxDelete(demuxer); }
};

const std::uint8_t* bytes_of(std::span<const std::byte> content) {
    return reinterpret_cast<const std::uint8_t*>(content.data());
}

/// Calls `use` with the first chunk of that name, if there is one.
template <typename Use>
void with_chunk(const WebPDemuxer* demuxer, const char* name, const Use& use) {
    WebPChunkIterator iterator{};
    if (WebPDemuxGetChunk(demuxer, name, 1, &iterator) != 0) {
        use(std::span(reinterpret_cast<const std::byte*>(iterator.chunk.bytes),
                      iterator.chunk.size));
    }
    WebPDemuxReleaseChunkIterator(&iterator);
}

}  // namespace

HeaderFacts probe_webp(EncodedSource& source) {
    const auto content = source.whole();
    const WebPData data{bytes_of(content), content.size()};
    const std::unique_ptr<WebPDemuxer, DemuxerDeleter> demuxer(WebPDemux(&data));
    if (!demuxer) {
        throw_damaged("WebP", source.subject(), {});
    }
    const auto fact = [&demuxer](WebPFormatFeature feature) {
        return static_cast<int>(WebPDemuxGetI(demuxer.get(), feature));
    };
    HeaderFacts facts;
    ImageInfo& info = facts.info;
    info.format = ImageFormat::webp;
    info.size = {fact(WEBP_FF_CANVAS_WIDTH), fact(WEBP_FF_CANVAS_HEIGHT)};
    const int flags = fact(WEBP_FF_FORMAT_FLAGS);
    info.channels = (flags & ALPHA_FLAG) != 0 ? Channels::rgba : Channels::rgb;
    const bool animated = (flags & ANIMATION_FLAG) != 0;
    info.frames = animated ? std::max(fact(WEBP_FF_FRAME_COUNT), 1) : 1;
    with_chunk(demuxer.get(), "EXIF", [&info](std::span<const std::byte> chunk) {
        info.orientation = exif_orientation(chunk);
    });
    with_chunk(demuxer.get(), "ICCP", [&info](std::span<const std::byte> chunk) {
        info.foreign_profile = !is_srgb(chunk);
    });
    facts.plain = !animated && !info.foreign_profile;
    return facts;
}

Image decode_webp(std::span<const std::byte> content, const HeaderFacts& facts,
                  std::string_view subject) {
    Image image(facts.info.size, facts.info.channels);
    const auto out = image.bytes();
    const auto decode = image.has_alpha() ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
    if (decode(bytes_of(content), content.size(), out.data(), out.size(),
               static_cast<int>(image.stride())) == nullptr) {
        throw_damaged("WebP", subject, {});
    }
    return image;
}

}  // namespace editprep::imaging
