#include "editprep/imaging/cutout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "edge_colours.hpp"
#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "editprep/imaging/resize.hpp"
#include "fill_blur.hpp"
#include "gaussian.hpp"
#include "in_channels.hpp"
#include "membrane.hpp"
#include "over_pixel.hpp"
#include "premultiply.hpp"
#include "same_size.hpp"
#include "smooth_step.hpp"
#include "to_byte.hpp"

namespace editprep::imaging {
namespace {

/// Around the object, what is not taken for backdrop: lenses and JPEG smear that far.
constexpr int kClearance = 2;
/// How wide soft edges are thought to be, with the clearance.
constexpr int kSoftEdge = 8;
/// Size of the copies that the backdrop behind the object is filled on, and the shadow is measured
/// on: shadows have contacts, so they are kept finer.
constexpr std::int64_t kBackdropPixels = 512 * 512;
constexpr std::int64_t kShadowPixels = 1024 * 1024;
/// Of a copy's pixels: a blur of this sigma hides what the copy cannot show.
constexpr double kBlurOfCopy = 3.0;
/// A missing share of light below the first many standard deviations of the backdrop is noise,
/// above the second it is shadow.
constexpr float kNoiseEnd = 1.0F;
constexpr float kShadowBegin = 3.0F;
/// Of 255: the least noise that is reckoned with.
constexpr float kLeastNoise = 1.0F;
/// Of the shadow's copy, in its pixels.
constexpr double kShadowBlur = 1.0;

int factor_for(Size size, std::int64_t most_pixels) {
    int factor = 1;
    while (shrunk(size, factor).area() > most_pixels) {
        ++factor;
    }
    return factor;
}

bool is_anything_known(const Mask& unknown) {
    return std::ranges::find(unknown.bytes(), 0) != unknown.bytes().end();
}

/// 255 where the object is or touches; without clearance when nothing else would be left.
Mask object_zone(const Mask& matte) {
    Mask zone = grow(matte, kClearance);
    return is_anything_known(zone) ? zone : matte;
}

Mask united(const Mask& a, const Mask& b) {
    Mask both = a;
    std::ranges::transform(a.bytes(), b.bytes(), both.bytes().begin(),
                           [](std::uint8_t x, std::uint8_t y) { return std::max(x, y); });
    return both;
}

/// The same for what is not seen of a backdrop without its shadows.
Mask object_and_shadow(const Mask& matte, const Mask& shadow) {
    const Mask both = grow(united(matte, shadow), kClearance);
    return is_anything_known(both) ? both : object_zone(matte);
}

void check_shadow(const Image& picture, const Mask& shadow) {
    if (!shadow.empty()) {
        check_same_size(picture.size(), shadow.size(), "the shadow");
    }
}

float brightness(const std::uint8_t* rgb) {
    return static_cast<float>(rgb[0]) + static_cast<float>(rgb[1]) + static_cast<float>(rgb[2]);
}

/// Whether it is not as much darker in every channel, as in a shadow, but of another colour.
bool has_other_hue(const std::uint8_t* seen, const std::uint8_t* expected) {
    constexpr float kLargest = 0.3F;
    constexpr float kDarkest = 16;
    float least = 1;
    float most = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        const float share =
            static_cast<float>(seen[c]) / std::max(kDarkest, static_cast<float>(expected[c]));
        least = std::min(least, share);
        most = std::max(most, share);
    }
    return most - least > kLargest;
}

/// With the pixels beside them, which are mixed with the backdrop.
void hide_other_hues(const Image& plate, KnownCopy& copy) {
    Mask others(copy.unknown.size());
    const std::uint8_t* seen = copy.image.row(0);
    const std::uint8_t* expected = plate.row(0);
    for (std::uint8_t& other : others.bytes()) {
        other = has_other_hue(seen, expected) ? 255 : 0;
        seen += 3;
        expected += 3;
    }
    copy.unknown = united(copy.unknown, grow(others, kClearance));
}

/// For every known pixel of the copy the share of the plate's light that is missing, of 255;
/// negative where there is more light. 0 elsewhere.
std::vector<float> missing_light(const KnownCopy& copy, const Image& plate) {
    std::vector<float> missing(static_cast<std::size_t>(copy.image.size().area()));
    const std::uint8_t* light = copy.image.row(0);
    const std::uint8_t* expected = plate.row(0);
    for (std::size_t i = 0; i < missing.size(); ++i, light += 3, expected += 3) {
        if (copy.unknown.bytes()[i] == 0) {
            missing[i] = 255 * (1 - brightness(light) / std::max(1.0F, brightness(expected)));
        }
    }
    return missing;
}

/// Mean of the known values in the 3x3 window around each known one.
std::vector<float> smoothed(const std::vector<float>& values, const Mask& unknown) {
    std::vector<float> result(values.size());
    const Rect bounds = bounds_of(unknown.size());
    std::size_t i = 0;
    for (int y = 0; y < bounds.bottom; ++y) {
        for (int x = 0; x < bounds.right; ++x, ++i) {
            if (unknown.row(y)[x] != 0) {
                continue;
            }
            const Rect window = intersect({x - 1, y - 1, x + 2, y + 2}, bounds);
            float sum = 0;
            float count = 0;
            for (int row = window.top; row < window.bottom; ++row) {
                const std::size_t begin =
                    static_cast<std::size_t>(row) * static_cast<std::size_t>(bounds.right);
                for (int column = window.left; column < window.right; ++column) {
                    if (unknown.row(row)[column] == 0) {
                        sum += values[begin + static_cast<std::size_t>(column)];
                        ++count;
                    }
                }
            }
            result[i] = sum / count;
        }
    }
    return result;
}

/// Continues known values into the unknown, cell by cell, so that what follows has no dip at the
/// object's edge: under a soft edge the shadow is as strong as beside it.
void continue_inwards(Image& values, Mask& unknown, int cells) {
    const Rect bounds = bounds_of(unknown.size());
    for (int i = 0; i < cells; ++i) {
        const Mask before = unknown;
        for (int y = 0; y < bounds.bottom; ++y) {
            for (int x = 0; x < bounds.right; ++x) {
                if (before.row(y)[x] == 0) {
                    continue;
                }
                const Rect window = intersect({x - 1, y - 1, x + 2, y + 2}, bounds);
                int sum = 0;
                int count = 0;
                for (int row = window.top; row < window.bottom; ++row) {
                    for (int column = window.left; column < window.right; ++column) {
                        if (before.row(row)[column] == 0) {
                            sum += values.row(row)[column];
                            ++count;
                        }
                    }
                }
                if (count > 0) {
                    values.row(y)[x] = static_cast<std::uint8_t>((sum + count / 2) / count);
                    unknown.row(y)[x] = 0;
                }
            }
        }
    }
}

/// Shadows only take light away, so what is brighter than the plate tells the noise.
float noise_of(const std::vector<float>& missing) {
    std::vector<float> brighter;
    for (const float value : missing) {
        if (value < 0) {
            brighter.push_back(-value);
        }
    }
    if (brighter.empty()) {
        return kLeastNoise;
    }
    const auto middle = brighter.begin() + static_cast<std::ptrdiff_t>(brighter.size() / 2);
    std::ranges::nth_element(brighter, middle);
    constexpr float kDeviationsPerMedian = 1.4826F;
    return std::max(kLeastNoise, kDeviationsPerMedian * *middle);
}

std::uint8_t shadow_strength(float missing, float noise) {
    const float above_noise = (missing / noise - kNoiseEnd) / (kShadowBegin - kNoiseEnd);
    return to_byte(missing * smooth_step(above_noise));
}

/// Shadows are seen on opaque pixels beside the object.
Mask hidden_backdrop(const Image& picture, const Mask& matte) {
    Mask hidden = object_zone(matte);
    if (picture.has_alpha()) {
        const auto alpha = picture.bytes();
        const auto values = hidden.bytes();
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (alpha[4 * i + 3] < 255) {
                values[i] = 255;
            }
        }
    }
    return hidden;
}

/// The object over one row of the new background, in RGB: both are opaque.
void lay_opaque(const std::uint8_t* object, const std::uint8_t* matte, std::uint8_t* back,
                std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i, object += 3, back += 3) {
        const std::uint32_t cover = matte[i];
        for (std::size_t c = 0; c < 3; ++c) {
            back[c] =
                static_cast<std::uint8_t>(divide_255(object[c] * cover + back[c] * (255 - cover)));
        }
    }
}

/// Black of the shadow's strength over a row.
void darken(const std::uint8_t* shadow, std::uint8_t* back, std::size_t pixels,
            std::size_t channels) {
    for (std::size_t i = 0; i < pixels; ++i, back += channels) {
        if (shadow[i] == 0) {
            continue;
        }
        if (channels == 4) {
            const std::array<std::uint8_t, 4> black{0, 0, 0, shadow[i]};
            over_pixel(black.data(), back);
            continue;
        }
        for (std::size_t c = 0; c < 3; ++c) {
            back[c] = static_cast<std::uint8_t>(multiply_255(back[c], 255U - shadow[i]));
        }
    }
}

/// The matte as alpha; a picture's own alpha multiplies.
void take_matte(Image& object, const Mask& matte) {
    const auto pixels = object.bytes();
    const auto values = matte.bytes();
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint8_t& alpha = pixels[4 * i + 3];
        alpha = static_cast<std::uint8_t>(multiply_255(alpha, values[i]));
    }
}

Image new_background(const Image& picture, const Mask& matte, const BackgroundOptions& options,
                     Channels channels) {
    const Fill& fill = options.fill;
    switch (fill.kind) {
        case FillKind::blur:
            return in_channels(blurred_backdrop(picture, matte, fill.blur_sigma_px, options.shadow),
                               channels);
        case FillKind::solid:
            return solid_image(picture.size(), channels, fill.color);
        case FillKind::transparent:
            return solid_image(picture.size(), channels, {0, 0, 0, 0});
        case FillKind::inpaint:
            break;
    }
    throw Error(Errc::invalid_argument, "inpaint is no background to put an object before", "fill",
                "give transparent, blur, white, black or a colour");
}

}  // namespace

Image decontaminate(const Image& picture, const Mask& matte) {
    check_same_size(picture.size(), matte.size(), "the mask");
    return without_backdrop(picture, matte);
}

Mask shadow_layer(const Image& picture, const Mask& matte, const Image& plate, const Mask& others) {
    check_same_size(picture.size(), matte.size(), "the mask");
    if (plate.empty()) {
        throw Error(Errc::invalid_argument, "shadows need a backdrop to be measured against",
                    "plate", "give the plate of a selection by backdrop");
    }
    if (!others.empty()) {
        check_same_size(picture.size(), others.size(), "the mask of other objects");
    }
    const Mask objects = others.empty() ? matte : united(matte, others);
    const int factor = factor_for(picture.size(), kShadowPixels);
    KnownCopy copy = shrink_known(to_rgb(picture), hidden_backdrop(picture, objects), factor);
    const Image light = resize(to_rgb(plate), copy.image.size(), ResizeKernel::bicubic);
    hide_other_hues(light, copy);
    if (!is_anything_known(copy.unknown)) {
        return Mask(picture.size(), 0);
    }
    const std::vector<float> missing = smoothed(missing_light(copy, light), copy.unknown);
    const float noise = noise_of(missing);
    Image strength(copy.image.size(), Channels::grey);
    std::ranges::transform(missing, strength.bytes().begin(),
                           [noise](float value) { return shadow_strength(value, noise); });
    continue_inwards(strength, copy.unknown, kSoftEdge / factor + 1);
    span_membrane(strength, copy.unknown);
    strength = enlarge(gaussian_blur(strength, kShadowBlur), factor, picture.size());

    Mask shadow(picture.size());
    std::ranges::transform(strength.bytes(), matte.bytes(), shadow.bytes().begin(),
                           [](std::uint8_t value, std::uint8_t cover) {
                               return cover == 255 ? std::uint8_t{0} : value;
                           });
    return shadow;
}

Image blurred_backdrop(const Image& picture, const Mask& matte, double sigma_px,
                       const Mask& shadow) {
    check_same_size(picture.size(), matte.size(), "the mask");
    check_shadow(picture, shadow);
    const double sigma = blur_sigma(sigma_px, picture.size());
    const int factor = factor_for(picture.size(), kBackdropPixels);
    const Mask object = shadow.empty() ? object_zone(matte) : object_and_shadow(matte, shadow);
    Image surroundings = picture.channels() == Channels::grey ? to_rgb(picture) : picture;
    premultiply(surroundings);
    if (is_anything_known(object)) {
        KnownCopy copy = shrink_known(surroundings, object, factor);
        span_membrane(copy.image, copy.unknown);
        if (sigma >= kBlurOfCopy * factor) {
            gaussian_blur(raster_of(copy.image), sigma / factor);
            Image blurred = enlarge(copy.image, factor, picture.size());
            unpremultiply(blurred);
            return blurred;
        }
        Mask everywhere = object;
        std::ranges::transform(object.bytes(), everywhere.bytes().begin(), [](std::uint8_t value) {
            return value > 0 ? std::uint8_t{255} : std::uint8_t{0};
        });
        surroundings =
            composite(surroundings, enlarge(copy.image, factor, picture.size()), everywhere);
    }
    gaussian_blur(raster_of(surroundings), sigma);
    unpremultiply(surroundings);
    return surroundings;
}

Image replace_background(const Image& picture, const Mask& matte,
                         const BackgroundOptions& options) {
    check_same_size(picture.size(), matte.size(), "the mask");
    check_shadow(picture, options.shadow);
    const Fill& fill = options.fill;
    const bool is_opaque = !picture.has_alpha() && fill.kind != FillKind::transparent &&
                           !(fill.kind == FillKind::solid && fill.color.alpha < 255);
    const Channels channels = is_opaque ? Channels::rgb : Channels::rgba;
    Image result = new_background(picture, matte, options, channels);
    Image object = in_channels(without_backdrop(picture, matte), channels);
    if (!is_opaque) {
        take_matte(object, matte);
    }
    const auto width = static_cast<std::size_t>(picture.width());
    for (int y = 0; y < picture.height(); ++y) {
        if (!options.shadow.empty()) {
            darken(options.shadow.row(y), result.row(y), width,
                   static_cast<std::size_t>(result.channel_count()));
        }
        if (is_opaque) {
            lay_opaque(object.row(y), matte.row(y), result.row(y), width);
        } else {
            over_row(object.row(y), result.row(y), width);
        }
    }
    return result;
}

}  // namespace editprep::imaging
