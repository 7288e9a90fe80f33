#include "editprep/transport/mask_convention.hpp"

namespace editprep::transport {
namespace {

constexpr std::string_view kWhiteEdits = "white-edits";
constexpr std::string_view kTransparentEdits = "transparent-edits";

}  // namespace

std::optional<MaskConvention> parse_mask_convention(std::string_view word) noexcept {
    if (word == kWhiteEdits) {
        return MaskConvention::white_edits;
    }
    if (word == kTransparentEdits) {
        return MaskConvention::transparent_edits;
    }
    return std::nullopt;
}

std::string_view name_of(MaskConvention convention) noexcept {
    return convention == MaskConvention::white_edits ? kWhiteEdits : kTransparentEdits;
}

}  // namespace editprep::transport
