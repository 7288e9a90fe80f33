#include "tools/provider_emulator/picture_size.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace editprep::tools::provider_emulator {
namespace {

using imaging::Size;

constexpr int kMaxSide = 8192;
/// What fal takes for a side that an image_size object leaves out.
constexpr int kDefaultSide = 512;

constexpr std::array<std::pair<std::string_view, Size>, 6> kPresets{{
    {"square_hd", {1024, 1024}},
    {"square", {512, 512}},
    {"portrait_4_3", {768, 1024}},
    {"portrait_16_9", {576, 1024}},
    {"landscape_4_3", {1024, 768}},
    {"landscape_16_9", {1024, 576}},
}};

/// Two whole numbers with a letter between.
std::optional<Size> parse_pair(std::string_view text, char between) {
    Size size;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, size.width);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != between) {
        return std::nullopt;
    }
    const auto second = std::from_chars(first.ptr + 1, end, size.height);
    const bool fits = second.ec == std::errc() && second.ptr == end && size.width >= 1 &&
                      size.height >= 1 && size.width <= kMaxSide && size.height <= kMaxSide;
    return fits ? std::optional(size) : std::nullopt;
}

int side_of(const Json& object, const char* name) {
    const Json side = object.value(name, Json(kDefaultSide));
    return side.is_number_integer() ? side.get<int>() : 0;
}

std::optional<Size> size_from(const Json& image_size) {
    if (image_size.is_object()) {
        const Size size{side_of(image_size, "width"), side_of(image_size, "height")};
        return parse_size(imaging::to_string(size));
    }
    if (!image_size.is_string()) {
        return std::nullopt;
    }
    const auto name = image_size.get<std::string>();
    for (const auto& [preset, size] : kPresets) {
        if (name == preset) {
            return size;
        }
    }
    return parse_size(name);
}

/// The sides of so many pixels in that ratio, as multiples of 8.
Size size_in(Size ratio, int edge) {
    const double shape = static_cast<double>(ratio.width) / ratio.height;
    const auto side = [edge](double factor) {
        return std::clamp(static_cast<int>(std::lround(edge * factor / 8)) * 8, 8, kMaxSide);
    };
    return {side(std::sqrt(shape)), side(1 / std::sqrt(shape))};
}

}  // namespace

std::optional<Size> parse_size(std::string_view text) { return parse_pair(text, 'x'); }

std::optional<Size> asked_size(const Json& input) {
    if (const auto found = input.find("image_size"); found != input.end()) {
        return size_from(*found);
    }
    const auto ratio = input.find("aspect_ratio");
    if (ratio == input.end() || !ratio->is_string()) {
        return std::nullopt;
    }
    const auto sides = parse_pair(ratio->get<std::string>(), ':');
    if (!sides) {
        return std::nullopt;
    }
    const Json resolution = input.value("resolution", Json("1K"));
    const int edge = resolution == "4K" ? 4096 : resolution == "2K" ? 2048 : 1024;
    return size_in(*sides, edge);
}

Size sent_size(Size own, const std::optional<Fault>& fault, const std::optional<Size>& wanted) {
    if (fault && fault->kind == FaultKind::other_size) {
        const Size smaller{std::max(1, own.width * 3 / 4), std::max(1, own.height * 3 / 4)};
        return parse_size(fault->value).value_or(smaller);
    }
    return wanted.value_or(own);
}

}  // namespace editprep::tools::provider_emulator
