#include "backdrop/matte_rows.hpp"

#include <algorithm>

#include "simd.hpp"

namespace editprep::imaging {
namespace {

/// Squared distance, in units of noise, that noise hardly ever reaches in three channels.
constexpr float kBeyondNoise = 27;
/// Brighter than the backdrop when the object is darker (or the other way round) by more than this
/// share of the contrast: no sharpening halo, but the object.
constexpr float kHalo = 0.35F;
/// A pixel counts as certain when its coverage is within 1 / kSteep of the end.
constexpr float kSteep = 4;
/// Weight of the neighbours' mean against a squared contrast in units of noise.
constexpr float kNeighbours = 80;
/// Weight of what lies beside the line between the local colours, deep in the object: a mixture of
/// the two lies on it, so that is a shade of the object's own, as on the far side of a tube.
constexpr float kOwnShade = 2;
/// Squared contrast at which a quarter of the range counts as noise in plain surroundings.
constexpr float kNoise = 20;
/// Share of the range that always counts as noise: rounding and JPEG.
constexpr float kFloor = 0.08F;

}  // namespace

EDITPREP_SIMD_CLONES
void subtract_from_pixels(const std::uint8_t* __restrict pixels, float* __restrict red,
                          float* __restrict green, float* __restrict blue, int count) {
    for (int i = 0; i < count; ++i) {
        red[i] = static_cast<float>(pixels[3 * i]) - red[i];
        green[i] = static_cast<float>(pixels[3 * i + 1]) - green[i];
        blue[i] = static_cast<float>(pixels[3 * i + 2]) - blue[i];
    }
}

EDITPREP_SIMD_CLONES
void guess_row(const float* __restrict d0, const float* __restrict d1, const float* __restrict d2,
               const float* __restrict c0, const float* __restrict c1, const float* __restrict c2,
               const std::uint8_t* __restrict undecided, std::uint8_t* __restrict mask, int count,
               float n0, float n1, float n2) {
    for (int x = 0; x < count; ++x) {
        const float a0 = d0[x] * n0;
        const float a1 = d1[x] * n1;
        const float a2 = d2[x] * n2;
        const float b0 = c0[x] * n0;
        const float b1 = c1[x] * n1;
        const float b2 = c2[x] * n2;
        const float size = b0 * b0 + b1 * b1 + b2 * b2 + 1.0F;
        const float along = (a0 * b0 + a1 * b1 + a2 * b2) / size;
        const float total = a0 * a0 + a1 * a1 + a2 * a2;
        const float beside = std::max(0.0F, total - along * along * size - kBeyondNoise) / size;
        const float against = std::max(0.0F, -along - kHalo);
        const float ahead = std::max(0.0F, along);
        const float value = ahead + std::min(1.0F, 2.0F * beside) + against;
        const int guess = static_cast<int>(std::min(1.0F, value) * 255 + 0.5F);
        mask[x] = undecided[x] != 0 ? static_cast<std::uint8_t>(guess) : mask[x];
    }
}

EDITPREP_SIMD_CLONES
void standout_row(const float* __restrict d0, const float* __restrict d1,
                  const float* __restrict d2, const std::uint8_t* __restrict undecided,
                  float* __restrict weight, int count, float n0, float n1, float n2) {
    for (int x = 0; x < count; ++x) {
        const float a0 = d0[x] * n0;
        const float a1 = d1[x] * n1;
        const float a2 = d2[x] * n2;
        const float distance = a0 * a0 + a1 * a1 + a2 * a2;
        weight[x] = undecided[x] != 0 ? distance * distance * distance : 0.0F;
    }
}

EDITPREP_SIMD_CLONES
void weigh_row(const int* __restrict columns, const std::uint8_t* __restrict mask,
               const std::uint8_t* __restrict undecided, float* __restrict object,
               float* __restrict backdrop, std::uint8_t* __restrict around, int count) {
    for (int x = 0; x < count; ++x) {
        const float own = static_cast<float>(mask[x]) * (kSteep / 255);
        const int sum =
            columns[x] + columns[x + 1] + columns[x + 2] + columns[x + 3] + columns[x + 4];
        around[x] = static_cast<std::uint8_t>(sum / 25);
        const float share = static_cast<float>(sum) * (2.0F / (25 * 255));
        const float in = std::max(0.0F, share - 1.0F) * static_cast<float>(undecided[x]);
        const float out = std::max(0.0F, 1.0F - share) * static_cast<float>(undecided[x]);
        const float is_object = std::max(0.0F, own - (kSteep - 1));
        const float is_backdrop = std::max(0.0F, 1 - own);
        object[x] = in * in * in * in * is_object;
        backdrop[x] = out * out * out * out * is_backdrop;
    }
}

EDITPREP_SIMD_CLONES
void add_bytes(const std::uint8_t* __restrict bytes, int* __restrict sums, int count) {
    for (int i = 0; i < count; ++i) {
        sums[i] += bytes[i];
    }
}

EDITPREP_SIMD_CLONES
void project_row(const float* __restrict d0, const float* __restrict d1, const float* __restrict d2,
                 const float* __restrict o0, const float* __restrict o1, const float* __restrict o2,
                 const float* __restrict b0, const float* __restrict b1, const float* __restrict b2,
                 const std::uint8_t* __restrict around, const std::uint8_t* __restrict undecided,
                 std::uint8_t* __restrict mask, int count, float n0, float n1, float n2) {
    for (int x = 0; x < count; ++x) {
        const float l0 = (o0[x] - b0[x]) * n0;
        const float l1 = (o1[x] - b1[x]) * n1;
        const float l2 = (o2[x] - b2[x]) * n2;
        const float a0 = (d0[x] - b0[x]) * n0;
        const float a1 = (d1[x] - b1[x]) * n1;
        const float a2 = (d2[x] - b2[x]) * n2;
        const float dot = l0 * a0 + l1 * a1 + l2 * a2;
        const float size = l0 * l0 + l1 * l1 + l2 * l2;
        const float total = a0 * a0 + a1 * a1 + a2 * a2;
        const float beside = std::max(0.0F, total - dot * dot / (size + 1) - kBeyondNoise);
        const float near = static_cast<float>(around[x]) * (1.0F / 255);
        const float cover =
            (dot + (kOwnShade * beside + kNeighbours) * near) / (size + kNeighbours);
        const float noise = kNoise / (size + 3 * kNoise);
        const float low = kFloor + noise * std::max(0.0F, 1 - 4 * near);
        const float high = kFloor + noise * std::max(0.0F, 4 * near - 3);
        const float clean = std::min(1.0F, std::max(0.0F, (cover - low) / (1 - low - high)));
        const int value = static_cast<int>(clean * 255 + 0.5F);
        mask[x] = undecided[x] != 0 ? static_cast<std::uint8_t>(value) : mask[x];
    }
}

}  // namespace editprep::imaging
