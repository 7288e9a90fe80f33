#include "inpaint.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>

#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/resize.hpp"
#include "inpaint_module.hpp"
#include "membrane.hpp"
#include "module_loader.hpp"
#include "premultiply.hpp"

namespace editprep::imaging {
namespace {

/// How far Telea's method looks around an unknown pixel. Larger radii smear more and cost their
/// square. This and the next three are in pixels of the copy that is worked on.
constexpr double kRadius = 5.0;
/// Known pixels around the hole.
constexpr int kContext = 32;
/// Where the membrane takes over, as the sigma of a feather.
constexpr double kMembraneSigma = 8.0;
/// Size of the copy; the time grows with it, and so does the blur with its lack.
constexpr std::int64_t kCopyPixels = 512 * 512;

/// The hole with its surroundings, and by how much a copy of them is scaled down.
struct CopyPlan {
    Rect area;
    int factor = 1;
    [[nodiscard]] Size copy_size() const noexcept { return shrunk(area.size(), factor); }
};

CopyPlan plan_copy(const Rect& selected, Size picture) {
    for (CopyPlan plan;; ++plan.factor) {
        plan.area = intersect(outset(selected, kContext * plan.factor), bounds_of(picture));
        if (plan.copy_size().area() <= kCopyPixels) {
            return plan;
        }
    }
}

void telea_rgb(Image& rgb, const Mask& unknown) {
    const auto inpaint =
        reinterpret_cast<InpaintFunction>(module_symbol(kInpaintModule, kInpaintSymbol));
    const char* message = nullptr;
    switch (inpaint(rgb.bytes().data(), unknown.bytes().data(), rgb.width(), rgb.height(), kRadius,
                    &message)) {
        case InpaintStatus::ok:
            return;
        case InpaintStatus::out_of_memory:
            throw std::bad_alloc();
        case InpaintStatus::failed:
            throw Error(Errc::module_unavailable, std::string("inpainting failed: ") + message,
                        kInpaintModule);
    }
}

Image alpha_as_rgb(const Image& rgba) {
    Image result(rgba.size(), Channels::rgb);
    const auto from = rgba.bytes();
    const auto to = result.bytes();
    for (std::size_t i = 0; i < from.size() / 4; ++i) {
        std::fill_n(to.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, from[4 * i + 3]);
    }
    return result;
}

/// Premultiplied colours whose alpha is any channel of `alpha`.
Image with_alpha(const Image& rgb, const Image& alpha) {
    Image result = to_rgba(rgb);
    const auto bytes = result.bytes();
    for (std::size_t i = 0; i < bytes.size() / 4; ++i) {
        bytes[4 * i + 3] = alpha.bytes()[3 * i];
    }
    return result;
}

/// Alpha is a colour like the others: where the surroundings are transparent, so is the filling.
void telea(Image& image, const Mask& unknown) {
    if (!image.has_alpha()) {
        telea_rgb(image, unknown);
        return;
    }
    Image colors = to_rgb(image);
    Image alpha = alpha_as_rgb(image);
    telea_rgb(colors, unknown);
    telea_rgb(alpha, unknown);
    image = with_alpha(colors, alpha);
}

/// 0 at the hole's edge, 255 from about two kMembraneSigma inwards.
Mask membrane_share(const Mask& unknown) {
    Mask share = feather(unknown, kMembraneSigma);
    for (std::uint8_t& value : share.bytes()) {
        value = static_cast<std::uint8_t>(std::max(0, 2 * value - 255));
    }
    return share;
}

}  // namespace

Filling inpaint(const Image& picture, const Mask& mask, const Rect& selected) {
    const CopyPlan plan = plan_copy(selected, picture.size());
    Image surroundings = crop(picture, plan.area);
    premultiply(surroundings);
    const KnownCopy scene = shrink_known(surroundings, crop(mask, plan.area), plan.factor);
    Image continued = scene.image;
    telea(continued, scene.unknown);
    Image membrane = scene.image;
    span_membrane(membrane, scene.unknown);
    Image filled = composite(continued, membrane, membrane_share(scene.unknown));
    unpremultiply(filled);
    return {plan.area, enlarge(filled, plan.factor, plan.area.size())};
}

}  // namespace editprep::imaging
