#include "rows/picture_rows.hpp"

#include "direct_tier.hpp"
#include "read_notes.hpp"

namespace editprep::imaging {

std::optional<PictureRows> open_upright_rows(EncodedSource& source, const Limits& limits) {
    const ImageFormat format = require_format(source);
    if (!has_direct_tier(format)) {
        return std::nullopt;
    }
    const HeaderFacts facts = probe_direct(source, format);
    check_size(facts.info.size, limits, source.subject().c_str());
    if (!facts.plain || facts.info.orientation != 1) {
        return std::nullopt;
    }
    return PictureRows{facts.info, notes_on(facts.info, false), open_rows(source, facts)};
}

}  // namespace editprep::imaging
