#include "inpaint.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/resize.hpp"
#include "inpaint_module.hpp"
#include "module_loader.hpp"
#include "premultiply.hpp"
#include "resize_window.hpp"

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
/// On each scale; the coarser scales have done most already.
constexpr int kMembraneSweeps = 16;

/// The hole with its surroundings, and by how much a copy of them is scaled down.
struct CopyPlan {
    Rect area;
    int factor = 1;
    [[nodiscard]] Size copy_size() const noexcept {
        return {(area.width() + factor - 1) / factor, (area.height() + factor - 1) / factor};
    }
};

CopyPlan plan_copy(const Rect& selected, Size picture) {
    for (CopyPlan plan;; ++plan.factor) {
        plan.area = intersect(outset(selected, kContext * plan.factor), bounds_of(picture));
        if (plan.copy_size().area() <= kCopyPixels) {
            return plan;
        }
    }
}

/// The copy: unknown pixels are 255 in `unknown` and undefined in `image`.
struct Scene {
    Image image;
    Mask unknown;
};

/// Sums of the known pixels in one row of blocks.
class BlockRow {
public:
    BlockRow(int blocks, int channels, int factor)
        : sums_(static_cast<std::size_t>(blocks * channels)),
          counts_(static_cast<std::size_t>(blocks)),
          channels_(static_cast<std::size_t>(channels)),
          factor_(static_cast<std::size_t>(factor)) {}

    void clear() {
        std::ranges::fill(sums_, 0);
        std::ranges::fill(counts_, 0);
    }

    void add(const std::uint8_t* pixels, const std::uint8_t* mask, std::size_t width) {
        for (std::size_t x = 0; x < width; ++x, pixels += channels_) {
            if (mask[x] == 0) {
                const std::size_t block = x / factor_;
                ++counts_[block];
                for (std::size_t c = 0; c < channels_; ++c) {
                    sums_[block * channels_ + c] += pixels[c];
                }
            }
        }
    }

    void store(std::uint8_t* pixels, std::uint8_t* unknown) const {
        for (std::size_t block = 0; block < counts_.size(); ++block) {
            const std::uint32_t count = counts_[block];
            unknown[block] = count == 0 ? 255 : 0;
            for (std::size_t c = 0; c < channels_; ++c) {
                const std::uint32_t sum = sums_[block * channels_ + c];
                *pixels++ = static_cast<std::uint8_t>(count == 0 ? 0 : (sum + count / 2) / count);
            }
        }
    }

private:
    std::vector<std::uint32_t> sums_;
    std::vector<std::uint32_t> counts_;
    std::size_t channels_;
    std::size_t factor_;
};

/// Every pixel of the copy is the mean of the known pixels in its block, so that what is to vanish
/// does not tint what remains; it is unknown when its block has none.
Scene shrink_known(const Image& picture, const Mask& mask, const CopyPlan& plan) {
    const Size size = plan.copy_size();
    Scene scene{Image(size, picture.channels()), Mask(size)};
    BlockRow blocks(size.width, picture.channel_count(), plan.factor);
    for (int y = 0; y < size.height; ++y) {
        blocks.clear();
        const int bottom = std::min((y + 1) * plan.factor, picture.height());
        for (int row = y * plan.factor; row < bottom; ++row) {
            blocks.add(picture.row(row), mask.row(row), static_cast<std::size_t>(picture.width()));
        }
        blocks.store(scene.image.row(y), scene.unknown.row(y));
    }
    return scene;
}

Image enlarge(const Image& copy, const CopyPlan& plan) {
    const VirtualSize size{std::int64_t{copy.width()} * plan.factor,
                           std::int64_t{copy.height()} * plan.factor};
    return resize_window(copy, size, {0, 0, plan.area.size()}, ResizeKernel::bicubic);
}

/// One sweep of Gauss and Seidel: every unknown value becomes the mean of its neighbours.
void relax_once(std::vector<float>& values, const Mask& unknown, std::size_t channels) {
    const auto width = static_cast<std::size_t>(unknown.width());
    const auto height = static_cast<std::size_t>(unknown.height());
    const std::size_t stride = width * channels;
    for (std::size_t y = 0; y < height; ++y) {
        const std::uint8_t* is_unknown = unknown.row(static_cast<int>(y));
        const std::size_t up = y > 0 ? stride : 0;
        const std::size_t down = y + 1 < height ? stride : 0;
        for (std::size_t x = 0; x < width; ++x) {
            if (is_unknown[x] == 0) {
                continue;
            }
            const std::size_t left = x > 0 ? channels : 0;
            const std::size_t right = x + 1 < width ? channels : 0;
            float* value = values.data() + y * stride + x * channels;
            for (std::size_t c = 0; c < channels; ++c, ++value) {
                *value = (*(value - up) + *(value + down) + *(value - left) + *(value + right)) / 4;
            }
        }
    }
}

void relax(Image& image, const Mask& unknown) {
    const auto bytes = image.bytes();
    std::vector<float> values(bytes.begin(), bytes.end());
    for (int i = 0; i < kMembraneSweeps; ++i) {
        relax_once(values, unknown, static_cast<std::size_t>(image.channel_count()));
    }
    std::ranges::transform(values, bytes.begin(), [](float value) {
        return static_cast<std::uint8_t>(std::lround(value));
    });
}

/// Solves Laplace's equation from coarse to fine: the solution at half the size is the start here.
void span_membrane(Image& image, const Mask& unknown) {
    if (selected_bounds(unknown).empty()) {
        return;
    }
    const CopyPlan half{bounds_of(image.size()), 2};
    Scene coarse = shrink_known(image, unknown, half);
    span_membrane(coarse.image, coarse.unknown);
    image = composite(image, enlarge(coarse.image, half), unknown);
    relax(image, unknown);
}

void telea_rgb(Image& rgb, const Mask& unknown) {
    const auto inpaint =
        reinterpret_cast<InpaintFunction>(module_symbol(kInpaintModule, kInpaintSymbol));
    const char* failure =
        inpaint(rgb.bytes().data(), unknown.bytes().data(), rgb.width(), rgb.height(), kRadius);
    if (failure != nullptr) {
        throw Error(Errc::module_unavailable, std::string("inpainting failed: ") + failure,
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
    const Scene scene = shrink_known(surroundings, crop(mask, plan.area), plan);
    Image continued = scene.image;
    telea(continued, scene.unknown);
    Image membrane = scene.image;
    span_membrane(membrane, scene.unknown);
    Image filled = composite(continued, membrane, membrane_share(scene.unknown));
    unpremultiply(filled);
    return {plan.area, enlarge(filled, plan)};
}

}  // namespace editprep::imaging
