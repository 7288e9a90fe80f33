#include "icc_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

namespace editprep::imaging {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t kHeaderSize = 128;
constexpr std::size_t kTagEntrySize = 12;
constexpr std::uint32_t kMaxTags = 200;
constexpr double kColorantTolerance = 0.003;
/// In linear light; a plain power of 2.2 is 0.009 off, a curve of 26 samples 0.001.
constexpr double kCurveTolerance = 0.002;
constexpr int kCurveProbes = 64;

constexpr std::uint32_t signature(const char (&text)[5]) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        value = value << 8 | static_cast<unsigned char>(text[i]);
    }
    return value;
}

struct Colorant {
    std::uint32_t tag;
    std::array<double, 3> xyz;
};

/// sRGB's primaries adapted to D50 with the Bradford transform.
constexpr std::array<Colorant, 3> kColorants{{
    {signature("rXYZ"), {0.43607, 0.22249, 0.01392}},
    {signature("gXYZ"), {0.38515, 0.71687, 0.09708}},
    {signature("bXYZ"), {0.14307, 0.06061, 0.71410}},
}};
constexpr std::array<std::uint32_t, 3> kCurves{signature("rTRC"), signature("gTRC"),
                                               signature("bTRC")};
/// Conversion tables, which take precedence over colorants and curves.
constexpr std::array<std::uint32_t, 4> kTables{signature("A2B0"), signature("A2B1"),
                                               signature("D2B0"), signature("D2B1")};

/// Big-endian; nothing when it lies beyond the bytes.
std::optional<std::uint32_t> number_at(Bytes bytes, std::size_t offset, std::size_t size) {
    if (offset > bytes.size() || size > bytes.size() - offset) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
    }
    return value;
}

std::optional<double> fixed_at(Bytes bytes, std::size_t offset) {
    const auto value = number_at(bytes, offset, 4);
    if (!value) {
        return std::nullopt;
    }
    return static_cast<double>(static_cast<std::int32_t>(*value)) / 65536.0;
}

/// The content of a tag; nothing when the profile has none or it lies beyond its end.
std::optional<Bytes> find_tag(Bytes profile, std::uint32_t wanted) {
    const std::uint32_t tags = number_at(profile, kHeaderSize, 4).value_or(0);
    for (std::size_t i = 0; i < std::min(tags, kMaxTags); ++i) {
        const std::size_t entry = kHeaderSize + 4 + i * kTagEntrySize;
        if (number_at(profile, entry, 4) != wanted) {
            continue;
        }
        const auto offset = number_at(profile, entry + 4, 4);
        const auto size = number_at(profile, entry + 8, 4);
        if (!offset || !size || *offset > profile.size() || *size > profile.size() - *offset) {
            return std::nullopt;
        }
        return profile.subspan(*offset, *size);
    }
    return std::nullopt;
}

bool matches(Bytes profile, const Colorant& colorant) {
    const auto tag = find_tag(profile, colorant.tag);
    if (!tag || number_at(*tag, 0, 4) != signature("XYZ ")) {
        return false;
    }
    for (std::size_t i = 0; i < colorant.xyz.size(); ++i) {
        const auto value = fixed_at(*tag, 8 + 4 * i);
        if (!value || std::abs(*value - colorant.xyz[i]) > kColorantTolerance) {
            return false;
        }
    }
    return true;
}

double srgb_to_linear(double value) {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

/// A sampled curve ("curv"), interpolated between its samples.
std::optional<double> evaluate_samples(Bytes tag, double x) {
    const std::uint32_t count = number_at(tag, 8, 4).value_or(0);
    if (count == 0) {
        return x;
    }
    if (count == 1) {
        const auto gamma = number_at(tag, 12, 2);
        return gamma ? std::optional(std::pow(x, *gamma / 256.0)) : std::nullopt;
    }
    const double place = x * (count - 1);
    const auto below = std::min(static_cast<std::size_t>(place), std::size_t{count} - 2);
    const auto low = number_at(tag, 12 + 2 * below, 2);
    const auto high = number_at(tag, 14 + 2 * below, 2);
    if (!low || !high) {
        return std::nullopt;
    }
    const double share = place - static_cast<double>(below);
    return (*low * (1.0 - share) + *high * share) / 65535.0;
}

/// A formula ("para") of type 0 to 4; the parameters that a type lacks are zero.
std::optional<double> evaluate_formula(Bytes tag, double x) {
    constexpr std::array<std::size_t, 5> kParameters{1, 3, 4, 5, 7};
    const auto type = number_at(tag, 8, 2);
    if (!type || *type >= kParameters.size()) {
        return std::nullopt;
    }
    std::array<double, 7> values{0, 1, 0, 0, 0, 0, 0};
    for (std::size_t i = 0; i < kParameters[*type]; ++i) {
        const auto value = fixed_at(tag, 12 + 4 * i);
        if (!value) {
            return std::nullopt;
        }
        values[i] = *value;
    }
    const auto [g, a, b, c, d, e, f] = values;
    const double power = std::pow(std::max(a * x + b, 0.0), g);
    switch (*type) {
        case 0:
            return power;
        case 1:
            return a * x + b >= 0 ? power : 0.0;
        case 2:
            return a * x + b >= 0 ? power + c : c;
        case 3:
            return x >= d ? power : c * x;
        default:
            return x >= d ? power + e : c * x + f;
    }
}

std::optional<double> evaluate(Bytes tag, double x) {
    const auto type = number_at(tag, 0, 4);
    if (type == signature("curv")) {
        return evaluate_samples(tag, x);
    }
    return type == signature("para") ? evaluate_formula(tag, x) : std::nullopt;
}

bool is_srgb_curve(Bytes profile, std::uint32_t tag_name) {
    const auto tag = find_tag(profile, tag_name);
    if (!tag) {
        return false;
    }
    for (int i = 0; i <= kCurveProbes; ++i) {
        const double x = static_cast<double>(i) / kCurveProbes;
        const auto value = evaluate(*tag, x);
        // Written so that NaN fails.
        if (!value || !(std::abs(*value - srgb_to_linear(x)) <= kCurveTolerance)) {
            return false;
        }
    }
    return true;
}

bool is_matrix_rgb(Bytes profile) {
    return number_at(profile, 16, 4) == signature("RGB ") &&
           number_at(profile, 20, 4) == signature("XYZ ") &&
           number_at(profile, 36, 4) == signature("acsp") &&
           std::ranges::none_of(kTables, [profile](std::uint32_t table) {
               return find_tag(profile, table).has_value();
           });
}

}  // namespace

bool is_srgb(std::span<const std::byte> profile) noexcept {
    return is_matrix_rgb(profile) &&
           std::ranges::all_of(kColorants,
                               [profile](const Colorant& c) { return matches(profile, c); }) &&
           std::ranges::all_of(
               kCurves, [profile](std::uint32_t curve) { return is_srgb_curve(profile, curve); });
}

}  // namespace editprep::imaging
