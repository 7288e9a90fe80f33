#include "decode_webp.hpp"
#include "png/png_rows.hpp"
#include "rows/jpeg_rows.hpp"
#include "rows/row_reader.hpp"

namespace editprep::imaging {

std::unique_ptr<RowReader> open_rows(EncodedSource& source, const HeaderFacts& facts) {
    switch (facts.info.format) {
        case ImageFormat::jpeg:
            return jpeg_rows(source, facts);
        case ImageFormat::png:
            return png_rows(source, facts);
        default:
            return rows_of(decode_webp(source.whole(), facts, source.subject()));
    }
}

}  // namespace editprep::imaging
