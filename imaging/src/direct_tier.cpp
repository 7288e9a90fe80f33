#include "direct_tier.hpp"

#include <string>

#include "decode_webp.hpp"
#include "image_format.hpp"
#include "png/probe_png.hpp"
#include "read_error.hpp"
#include "rows/jpeg_rows.hpp"

namespace editprep::imaging {

ImageFormat require_format(EncodedSource& source) {
    const auto beginning = source.prefix(kFormatBytes);
    const auto format = format_of(beginning);
    if (!format) {
        throw_unsupported(source.subject(), "it " + std::string(describe_foreign(beginning)));
    }
    return *format;
}

bool has_direct_tier(ImageFormat format) noexcept {
    return format == ImageFormat::jpeg || format == ImageFormat::png || format == ImageFormat::webp;
}

HeaderFacts probe_direct(EncodedSource& source, ImageFormat format) {
    switch (format) {
        case ImageFormat::jpeg:
            return probe_jpeg(source);
        case ImageFormat::png:
            return probe_png(source);
        default:
            return probe_webp(source);
    }
}

}  // namespace editprep::imaging
