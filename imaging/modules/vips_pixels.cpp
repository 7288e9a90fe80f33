#include "vips_pixels.hpp"

#include <cstddef>
#include <utility>

namespace editprep::imaging {
namespace {

using Kind = BandPlan::Kind;

/// Takes over what a libvips call returned; null when the call failed.
VipsImageRef result_of(int status, VipsImage* image) {
    return VipsImageRef(status == 0 ? image : nullptr);
}

VipsImageRef keep(VipsImage* image) {
    g_object_ref(image);
    return VipsImageRef(image);
}

VipsImageRef extract_bands(VipsImage* image, int first, int count) {
    VipsImage* out = nullptr;
    const int status = vips_extract_band(image, &out, first, "n", count, nullptr);
    return result_of(status, out);
}

bool has_fitting_profile(VipsImage* image) {
    const void* profile = nullptr;
    std::size_t size = 0;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 ||
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &size) != 0) {
        return false;
    }
    return vips_icc_is_compatible_profile(image, profile, size) != FALSE;
}

/// @param fallback libvips' own profile for pictures whose embedded one is missing or unfit
VipsImageRef apply_profile(VipsImage* image, const char* fallback) {
    VipsImage* out = nullptr;
    const int status = vips_icc_transform(image, &out, "srgb", "embedded", TRUE, "input_profile",
                                          fallback, "intent", VIPS_INTENT_RELATIVE,
                                          "black_point_compensation", TRUE, "depth", 8, nullptr);
    return result_of(status, out);
}

/// Samples of a known range, brought to [0, 255] and rounded.
VipsImageRef scale_to_8_bits(VipsImage* image, double largest) {
    VipsImage* scaled = nullptr;
    if (vips_linear1(image, &scaled, 255.0 / largest, 0.5, nullptr) != 0) {
        return nullptr;
    }
    const VipsImageRef owner(scaled);
    VipsImage* out = nullptr;
    const int status = vips_cast_uchar(scaled, &out, nullptr);
    return result_of(status, out);
}

VipsImageRef from_32_bits(VipsImage* image) {
    VipsImage* out = nullptr;
    const int status = vips_cast_ushort(image, &out, "shift", TRUE, nullptr);
    return result_of(status, out);
}

VipsImageRef convert_colours(VipsImage* image, const BandPlan& plan) {
    VipsImage* out = nullptr;
    const int status = vips_colourspace(
        image, &out, plan.kind == Kind::grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB,
        nullptr);
    return result_of(status, out);
}

/// The colours alone, by profile or by formula, in 8 bits.
VipsImageRef convert_to_8_bits(VipsImage* colours, const BandPlan& plan, bool use_profile) {
    if (plan.kind == Kind::cmyk) {
        return apply_profile(colours, "cmyk");
    }
    if (!use_profile) {
        return convert_colours(colours, plan);
    }
    VipsImageRef converted = apply_profile(colours, "srgb");
    // Bands that a profile made RGB of grey are equal, so one of them is the grey.
    return converted && plan.kind == Kind::grey ? extract_bands(converted.get(), 1, 1)
                                                : std::move(converted);
}

VipsImageRef alpha_in_8_bits(VipsImage* alpha) {
    switch (alpha->BandFmt) {
        case VIPS_FORMAT_UCHAR:
            return keep(alpha);
        case VIPS_FORMAT_USHORT:
            return scale_to_8_bits(alpha, 65535.0);
        case VIPS_FORMAT_FLOAT:
        case VIPS_FORMAT_DOUBLE:
            return scale_to_8_bits(alpha, 1.0);
        default:
            return nullptr;
    }
}

/// Alpha goes its own way: colour conversions do not bring it from 16 bits to 8.
VipsImageRef convert_beside_alpha(VipsImage* image, const BandPlan& plan, bool use_profile) {
    if (!plan.alpha) {
        return convert_to_8_bits(image, plan, use_profile);
    }
    const int colours = plan.bands() - 1;
    const VipsImageRef stored_colours = extract_bands(image, 0, colours);
    const VipsImageRef stored_alpha = extract_bands(image, colours, 1);
    if (!stored_colours || !stored_alpha) {
        return nullptr;
    }
    const VipsImageRef converted = convert_to_8_bits(stored_colours.get(), plan, use_profile);
    const VipsImageRef alpha = alpha_in_8_bits(stored_alpha.get());
    if (!converted || !alpha) {
        return nullptr;
    }
    VipsImage* out = nullptr;
    const int status = vips_bandjoin2(converted.get(), alpha.get(), &out, nullptr);
    return result_of(status, out);
}

/// To 8 or 16 bits without a profile.
VipsImageRef to_plain(VipsImage* image, const BandPlan& plan) {
    const VipsInterpretation space = image->Type;
    const bool nonlinear = space == VIPS_INTERPRETATION_B_W || space == VIPS_INTERPRETATION_sRGB ||
                           space == VIPS_INTERPRETATION_GREY16 ||
                           space == VIPS_INTERPRETATION_RGB16 || space == VIPS_INTERPRETATION_RGB;
    if (!nonlinear) {
        return convert_beside_alpha(image, plan, false);
    }
    switch (image->BandFmt) {
        case VIPS_FORMAT_UCHAR:
        case VIPS_FORMAT_USHORT:
            return keep(image);
        case VIPS_FORMAT_UINT:
            return from_32_bits(image);
        case VIPS_FORMAT_FLOAT:
        case VIPS_FORMAT_DOUBLE:
            // As image editors write them.
            return scale_to_8_bits(image, 1.0);
        default:
            return nullptr;
    }
}

std::uint8_t to_8_bits(std::uint8_t value) { return value; }
/// value / 257, rounded to nearest.
std::uint8_t to_8_bits(std::uint16_t value) {
    return static_cast<std::uint8_t>((value * 255U + 32895U) >> 16);
}

/// Samples in a row of the result.
std::size_t row_samples(int width, const BandPlan& plan) {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(plan.channels());
}

/// @tparam Sample what libvips holds; the row has plan.bands() of them a pixel
template <typename Sample>
void store_row(const Sample* in, int width, const BandPlan& plan, std::uint8_t* out) {
    if (plan.kind == Kind::grey && plan.alpha) {
        for (int x = 0; x < width; ++x, in += 2, out += 4) {
            out[0] = out[1] = out[2] = to_8_bits(in[0]);
            out[3] = to_8_bits(in[1]);
        }
        return;
    }
    const std::size_t samples = row_samples(width, plan);
    for (std::size_t i = 0; i < samples; ++i) {
        out[i] = to_8_bits(in[i]);
    }
}

struct Target {
    const BandPlan& plan;
    std::uint8_t* pixels;
    std::size_t stride;
};

/// Row y of a region that covers whole rows. (VIPS_REGION_ADDR mixes signed and unsigned.)
const void* row_of(const VipsRegion* region, int y) {
    return region->data +
           static_cast<std::size_t>(y - region->valid.top) * static_cast<std::size_t>(region->bpl);
}

int store_band(VipsRegion* region, VipsRect* area, void* argument) {
    const auto& target = *static_cast<const Target*>(argument);
    for (int y = area->top; y < area->top + area->height; ++y) {
        const void* in = row_of(region, y);
        std::uint8_t* out = target.pixels + static_cast<std::size_t>(y) * target.stride;
        if (region->im->BandFmt == VIPS_FORMAT_USHORT) {
            store_row(static_cast<const std::uint16_t*>(in), area->width, target.plan, out);
        } else {
            store_row(static_cast<const std::uint8_t*>(in), area->width, target.plan, out);
        }
    }
    return 0;
}

/// What store_row takes for granted.
bool is_storable(VipsImage* image, const BandPlan& plan) {
    const int bands = plan.kind == Kind::grey ? plan.bands() : plan.channels();
    return image->Bands == bands &&
           (image->BandFmt == VIPS_FORMAT_UCHAR || image->BandFmt == VIPS_FORMAT_USHORT);
}

}  // namespace

int BandPlan::bands() const noexcept {
    const int colours = kind == Kind::grey ? 1 : kind == Kind::cmyk ? 4 : 3;
    return colours + (alpha ? 1 : 0);
}

int BandPlan::channels() const noexcept { return alpha ? 4 : kind == Kind::grey ? 1 : 3; }

BandPlan plan_bands(VipsImage* image) noexcept {
    BandPlan plan;
    switch (image->Type) {
        case VIPS_INTERPRETATION_B_W:
        case VIPS_INTERPRETATION_GREY16:
            plan.kind = Kind::grey;
            break;
        case VIPS_INTERPRETATION_CMYK:
            plan.kind = Kind::cmyk;
            break;
        case VIPS_INTERPRETATION_sRGB:
        case VIPS_INTERPRETATION_RGB16:
        case VIPS_INTERPRETATION_RGB:
        case VIPS_INTERPRETATION_scRGB:
        case VIPS_INTERPRETATION_LAB:
        case VIPS_INTERPRETATION_LABS:
            plan.kind = Kind::rgb;
            break;
        default:
            return plan;
    }
    if (image->Bands < plan.bands()) {
        return {};
    }
    plan.alpha = image->Bands > plan.bands();
    return plan;
}

VipsImageRef to_srgb(VipsImage* image, const BandPlan& plan, bool use_profile,
                     bool& profile_used) noexcept {
    const VipsImageRef used = extract_bands(image, 0, plan.bands());
    if (!used) {
        return nullptr;
    }
    profile_used = use_profile && has_fitting_profile(used.get());
    return plan.kind == Kind::cmyk || profile_used
               ? convert_beside_alpha(used.get(), plan, profile_used)
               : to_plain(used.get(), plan);
}

bool store_pixels(VipsImage* image, const BandPlan& plan, std::uint8_t* pixels) noexcept {
    if (!is_storable(image, plan)) {
        vips_error("editprep", "%s", "samples of an unusual kind");
        return false;
    }
    Target target{plan, pixels, row_samples(image->Xsize, plan)};
    return vips_sink_disc(image, store_band, &target) == 0;
}

}  // namespace editprep::imaging
