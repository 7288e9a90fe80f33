#include "shadow.hpp"

#include <algorithm>
#include <cmath>

#include "filters.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Rect;
using imaging::Size;

/// Shadows are soft: they are drawn on a copy with at most this side.
constexpr int kSide = 480;

/// Rows and columns that the object covers; empty when there is none.
Rect covered_box(const Plane& alpha) {
    Rect box{alpha.width(), alpha.height(), 0, 0};
    for (int y = 0; y < alpha.height(); ++y) {
        for (int x = 0; x < alpha.width(); ++x) {
            if (alpha.at(x, y) > 0.05F) {
                box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1),
                       std::max(box.bottom, y + 1)};
            }
        }
    }
    return box;
}

float alpha_at(const Plane& alpha, double x, double y) {
    const bool inside = x >= 0 && y >= 0 && x <= alpha.width() && y <= alpha.height();
    return inside ? sample(alpha, x, y) : 0.0F;
}

Plane moved(const Plane& alpha, double dx, double dy) {
    Plane result(alpha.size());
    for (int y = 0; y < alpha.height(); ++y) {
        for (int x = 0; x < alpha.width(); ++x) {
            result.at(x, y) = alpha_at(alpha, x + 0.5 - dx, y + 0.5 - dy);
        }
    }
    return result;
}

/// Only what lies just above where each column of the object ends, squashed.
Plane contact_shadow(const Plane& alpha, const Rect& box) {
    const double height = box.height();
    Plane foot(alpha.size());
    for (int y = 0; y < alpha.height(); ++y) {
        const double above = (box.bottom - (y + 0.5)) / height;
        const double share = std::clamp(1 - above / 0.12, 0.0, 1.0);
        for (int x = 0; x < alpha.width(); ++x) {
            foot.at(x, y) = alpha.at(x, y) * static_cast<float>(share);
        }
    }
    return gaussian_blur(moved(foot, 0, 0.02 * height), std::max(1.0, 0.035 * height));
}

Plane cast_shadow(const Plane& alpha, const Rect& box, const ShadowPlan& plan) {
    const double base = box.bottom - 0.03 * box.height();
    Plane laid(alpha.size());
    for (int y = 0; y < alpha.height(); ++y) {
        for (int x = 0; x < alpha.width(); ++x) {
            // How high on the object the light that is missing here was stopped.
            const double up = (y + 0.5 - base) / plan.cast_height;
            if (up >= 0 && up <= box.height()) {
                laid.at(x, y) = alpha_at(alpha, x + 0.5 - plan.cast_reach * up, base - up);
            }
        }
    }
    const double blur = std::max(0.8, plan.cast_blur * box.height());
    const Plane sharp = gaussian_blur(laid, blur);
    const Plane soft = gaussian_blur(laid, blur * 4);
    for (int y = 0; y < alpha.height(); ++y) {
        const double up =
            std::clamp((y + 0.5 - base) / (plan.cast_height * box.height()), 0.0, 1.0);
        for (int x = 0; x < alpha.width(); ++x) {
            laid.at(x, y) = std::lerp(sharp.at(x, y), soft.at(x, y), static_cast<float>(up));
        }
    }
    return laid;
}

void darken(Plane& light, const Plane& shadow, double strength) {
    for (std::size_t i = 0; i < light.values().size(); ++i) {
        light.values()[i] *=
            1.0F - static_cast<float>(strength) * std::min(1.0F, shadow.values()[i]);
    }
}

}  // namespace

void add_shadows(Picture& backdrop, const Plane& alpha, const ShadowPlan& plan) {
    const double scale =
        std::min(1.0, static_cast<double>(kSide) / std::max(alpha.width(), alpha.height()));
    const Plane small = resample(
        alpha, {static_cast<int>(alpha.width() * scale), static_cast<int>(alpha.height() * scale)});
    const Rect box = covered_box(small);
    if (box.empty()) {
        return;
    }
    const double height = box.height();
    Plane light(small.size(), 1.0F);
    if (plan.contact > 0) {
        darken(light, contact_shadow(small, box), 1.6 * plan.contact);
    }
    if (plan.soft > 0) {
        const Plane shifted = moved(small, plan.soft_shift_x * height, plan.soft_shift_y * height);
        darken(light, gaussian_blur(shifted, std::max(1.0, plan.soft_blur * height)), plan.soft);
    }
    if (plan.cast > 0) {
        darken(light, cast_shadow(small, box, plan), plan.cast);
    }
    light = resample(light, backdrop.size());
    for (std::size_t i = 0; i < light.values().size(); ++i) {
        const float lost = 1.0F - light.values()[i];
        backdrop.values()[i] =
            backdrop.values()[i] * (Rgb{1, 1, 1} - plan.tint * std::max(0.0F, lost));
    }
}

}  // namespace editprep::benchmarks
