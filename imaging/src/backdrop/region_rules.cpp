#include "backdrop/region_rules.hpp"

#include <cmath>

namespace editprep::imaging {
namespace {

/// What shares more than this of its outline with the open backdrop is not enclosed.
constexpr double kMostlyOpen = 0.3;

/// Of a shadow whose edge is narrow in the copy and blurred in the picture all the same. Where it
/// has the light's very hue and lies in the open it need not be as blurred, and hardly if it is of
/// one tone, as the core of a shadow is.
bool is_blurred_shadow(const RegionLook& look, const OpenSide& side) {
    constexpr float kOff = 0.042F;
    constexpr float kDeep = 0.6F;
    constexpr float kBlurred = 0.3F;
    constexpr double kSharp = 0.33;
    constexpr float kSameHue = 0.012F;
    constexpr double kInTheOpen = 0.5;
    constexpr float kLessBlurred = 0.43F;
    constexpr double kOneTone = 0.1;
    constexpr float kLeastBlurred = 0.6F;
    const float off = look.shadow.off / look.shadow.light;
    const bool is_plain = off < kSameHue && side.share > kInTheOpen;
    const float limit_if_plain = look.varied < kOneTone ? kLeastBlurred : kLessBlurred;
    const float limit = is_plain ? limit_if_plain : kBlurred;
    return look.shadow.depth < kDeep && off < kOff && !is_enclosed(side) &&
           side.sharpness < kSharp && side.crispness.value_or(1) < limit;
}

/// Darker, of the light's colour, and with a soft edge to the open backdrop. The less it borders on
/// the open, the softer and the less deep it must be. Where the picture itself can be measured it
/// has the last word.
bool is_soft_shadow(const RegionLook& look, const OpenSide& side) {
    constexpr float kOff = 0.037F;
    constexpr float kDeep = 0.5F;
    constexpr float kDeepest = 0.68F;
    constexpr double kLeastOpen = 0.08;
    constexpr double kOpenEnoughForDeep = 0.4;
    constexpr double kVerySoft = 0.13;
    constexpr double kSoft = 0.2;
    constexpr float kCrisp = 0.45F;
    const ShadowPart& shadow = look.shadow;
    if (shadow.depth <= 0 || side.share <= kLeastOpen) {
        return false;
    }
    if (shadow.depth < (side.share > kOpenEnoughForDeep ? kDeepest : kDeep) &&
        shadow.off < kOff * shadow.light &&
        side.sharpness < (is_enclosed(side) ? kVerySoft : kSoft)) {
        return side.crispness.value_or(0) < kCrisp;
    }
    return is_blurred_shadow(look, side);
}

/// Something stands between the region and the open backdrop that differs much more from both than
/// they do from each other.
bool is_alike(const RegionLook& look, const OpenSide& side) {
    constexpr double kLeastOpen = 0.05;
    constexpr double kSharp = 3;
    constexpr float kOffUnits = 6;
    return side.share > kLeastOpen && side.sharpness > kSharp && look.slight &&
           look.off_units < kOffUnits;
}

/// Of a region that borders mostly on the open backdrop: it looks like it, or is the same in shade,
/// with something thin between.
bool is_behind_something_thin(const RegionLook& look, double sharpness) {
    constexpr float kSameColorUnits = 1.6F;
    constexpr double kThin = 1;
    constexpr double kThinOverShade = 0.5;
    constexpr double kShadeVaries = 0.4;
    return look.off_units < kSameColorUnits && !look.lit_and_shaded &&
           (look.units < kSameUnits || sharpness > kThin ||
            (sharpness > kThinOverShade && look.varied > kShadeVaries));
}

/// Shade ends, or deepens, somewhere in a region: all the more in a wide one. What is as dark all
/// over is painted so.
bool is_of_one_tone(const RegionLook& look, int cells) {
    constexpr int kWide = 2500;
    constexpr double kWideShadeVaries = 0.3;
    constexpr int kNotTiny = 100;
    constexpr double kShadeVaries = 0.06;
    constexpr float kPlainUnits = 8;
    return (cells > kWide && look.units > kSameUnits && look.varied < kWideShadeVaries) ||
           (cells > kNotTiny && look.units > kPlainUnits && look.varied < kShadeVaries);
}

/// Of an enclosed region: it has the backdrop's colour, perhaps a little in shade. In a small one,
/// as between the threads of a net, JPEG leaves some of its outline's colour.
bool is_seen_through(const RegionLook& look, int cells) {
    constexpr float kSameColorUnits = 2.1F;
    constexpr float kSameInNetUnits = 3.6F;
    constexpr int kSmall = 150;
    constexpr float kHardlyDifferentUnits = 2.6F;
    const bool may_be_in_net = cells < kSmall && look.units < kHardlyDifferentUnits;
    return look.off_units < (may_be_in_net ? kSameInNetUnits : kSameColorUnits) && look.slight &&
           !look.lit_and_shaded && !is_of_one_tone(look, cells);
}

/// Whether one colour ends at an outline and another one begins, at once: a shadow's does so
/// slowly, and across something thin, or a rim, it goes on as it was.
bool is_step(const RegionLook& look, const OpenSide& side) {
    constexpr double kSeen = 0.25;
    constexpr double kThin = 0.65;
    constexpr float kCrisp = 0.45F;
    constexpr float kRim = 1.25F;
    return side.seen > kSeen && side.sharpness < kThin && side.crispness.value_or(0) > kCrisp &&
           (look.units > kSameUnits || side.steepness < kRim);
}

/// As what is behind the rim of glass may be: slightly darker or tinted, or brighter without a
/// tint, before black much so. The more of it there is, the less it need resemble the backdrop.
bool is_slightly_off(const RegionLook& look, int cells) {
    constexpr int kLarge = 1000;
    constexpr int kLargeIfTinted = 1500;
    constexpr float kSameColorUnits = 2.1F;
    constexpr float kShade = 0.18F;
    constexpr float kBrighter = -0.02F;
    constexpr float kTint = 0.125F;
    const ShadowPart& shadow = look.shadow;
    if (shadow.depth > kShade || look.lit_and_shaded) {
        return false;
    }
    return look.off_units < kSameColorUnits ? cells >= kLarge
                                            : cells >= kLargeIfTinted && shadow.depth > kBrighter &&
                                                  shadow.off < kTint * shadow.light;
}

/// Its outline is steeper than the step across it, as only something thin that differs from both
/// sides is: a rim, where the way through glass is longest. No gloss or shading of an object is so
/// even on so many cells, but what is of one tone is painted so. Where it is flat, a rim that is
/// steeper than other edges is enough.
bool is_rimmed(const RegionLook& look, int cells, const OpenSide& side) {
    constexpr double kSeen = 0.25;
    constexpr float kRim = 1.4F;
    constexpr double kVaries = 1.5;
    constexpr double kLeastVaries = 0.12;
    constexpr int kVeryLarge = 2500;
    constexpr float kFaintRim = 0.7F;
    constexpr float kCrispRim = 1.6F;
    constexpr double kFlat = 0.4;
    if (is_enclosed(side) || side.seen <= kSeen || look.varied < kLeastVaries) {
        return false;
    }
    return (side.steepness > kRim && look.varied < kVaries) ||
           (cells >= kVeryLarge && side.steepness > kFaintRim &&
            side.crispness.value_or(0) > kCrispRim && look.varied < kFlat);
}

}  // namespace

bool is_enclosed(const OpenSide& side) { return side.share <= kMostlyOpen; }

bool is_backdrop(const RegionLook& look, int cells, const OpenSide& side) {
    if (is_soft_shadow(look, side) || is_alike(look, side)) {
        return true;
    }
    return is_enclosed(side) ? is_seen_through(look, cells)
                             : is_behind_something_thin(look, side.sharpness);
}

bool may_be_paper(const RegionLook& look, const OpenSide& side) {
    // In the middle of a wide rim it is flat, where a shadow's edge rises.
    constexpr double kFlat = 0.05;
    return look.slight && (side.sharpness < kFlat || !is_soft_shadow(look, side));
}

bool is_pane(const RegionLook& look, int cells, const OpenSide& side) {
    return is_slightly_off(look, cells) && is_rimmed(look, cells, side);
}

bool is_mostly_outlined(const Pocket& pocket) {
    constexpr std::size_t kFewCells = 30;
    constexpr double kMostGap = 0.25;
    return pocket.cells.size() >= kFewCells &&
           pocket.gap <= kMostGap * (pocket.gap + pocket.outline);
}

bool is_partly_outlined(const Pocket& plateau) {
    constexpr double kLeastOutline = 0.25;
    return plateau.outline >= kLeastOutline * (plateau.gap + plateau.outline);
}

bool is_of_other_color(const RegionLook& look) {
    constexpr float kOtherColorUnits = 2.6F;
    constexpr float kBrighter = -0.02F;
    constexpr float kSurelyBrighterUnits = 4;
    constexpr float kDeep = 0.3F;
    return look.units > kSameUnits &&
           (look.off_units > kOtherColorUnits || look.shadow.depth > kDeep ||
            (look.shadow.depth < kBrighter && look.units > kSurelyBrighterUnits));
}

bool is_no_hard_shadow(const Pocket& pocket, const RegionLook& look) {
    constexpr double kMostGap = 0.2;
    constexpr double kMoreThanNoise = 4;
    constexpr double kOneTone = 0.15;
    constexpr std::size_t kLarge = 500;
    constexpr float kHardlyDarker = 0.15F;
    const bool is_large_and_slight =
        pocket.cells.size() >= kLarge && std::abs(look.shadow.depth) < kHardlyDarker;
    return pocket.gap <= kMostGap * (pocket.gap + pocket.outline) &&
           look.strength > kMoreThanNoise && (look.varied > kOneTone || is_large_and_slight);
}

bool is_outline_only(const Pocket& pocket, const RegionLook& look, double equal_share) {
    constexpr std::size_t kLarge = 1000;
    constexpr double kMostly = 0.6;
    constexpr double kMuchVaried = 1.4;
    return pocket.cells.size() >= kLarge && equal_share > kMostly && look.varied > kMuchVaried;
}

bool is_set_off(const Pocket& pocket, const RegionLook& look, const Surround& surround,
                const OpenSide& side) {
    constexpr double kLeastOpen = 0.25;
    constexpr double kMostGap = 0.5;
    const int outlined = surround.to_open.length - pocket.gap;
    return outlined > kLeastOpen * (surround.length - pocket.gap) &&
           pocket.gap < kMostGap * outlined && is_step(look, side);
}

bool is_crisply_set_off(const RegionLook& look, const OpenSide& side) {
    constexpr float kCrisp = 0.85F;
    constexpr float kVeryCrisp = 1.2F;
    constexpr double kLeastSeen = 0.1;
    constexpr double kThin = 0.65;
    constexpr float kPlainUnits = 12;
    constexpr double kEven = 0.2;
    const float crispness = side.crispness.value_or(0);
    const bool is_even_face = side.seen > kLeastSeen && side.sharpness < kThin &&
                              look.units > kPlainUnits && look.varied < kEven;
    return (is_step(look, side) && crispness > kCrisp) || (is_even_face && crispness > kVeryCrisp);
}

}  // namespace editprep::imaging
