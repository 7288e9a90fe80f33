#include "backdrop/mixing.hpp"

#include <algorithm>

#include "to_byte.hpp"

namespace editprep::imaging {

void MixingEvidence::add(const std::array<float, 3>& pixel, const std::array<float, 3>& backdrop,
                         const std::array<float, 3>& object) {
    constexpr float kLeastContrast = 30;
    constexpr float kMixed = 0.1F;
    std::array<float, 3> line{};
    float length = 0;
    float share = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        line[c] = object[c] - backdrop[c];
        length += line[c] * line[c];
        share += (pixel[c] - backdrop[c]) * line[c];
    }
    share /= std::max(1.0F, length);
    if (length < kLeastContrast * kLeastContrast || share < kMixed || share > 1 - kMixed) {
        return;
    }
    std::array<float, 3> rise{};
    float along = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        rise[c] = share * (1 - share) * line[c] * line[c] / std::max(1.0F, object[c] + backdrop[c]);
        along += rise[c] * line[c] / length;
    }
    for (std::size_t c = 0; c < 3; ++c) {
        const float beside = rise[c] - along * line[c];
        bowed += double{beside} * double{pixel[c] - backdrop[c] - share * line[c]};
        bow += double{beside} * double{beside};
    }
    pixels += 1;
}

void MixingEvidence::add(const MixingEvidence& other) {
    bowed += other.bowed;
    bow += other.bow;
    pixels += other.pixels;
}

float MixingEvidence::light_share() const {
    constexpr double kUnknown = 0.5;
    constexpr double kFewPixels = 100;
    // JPEG blurs the colours, which flattens the bow.
    constexpr double kStraight = 0.08;
    constexpr double kBowed = 0.35;
    // Squared height of a bow that is half believed.
    constexpr double kDoubted = 4;
    if (pixels < kFewPixels || bow <= 0) {
        return static_cast<float>(kUnknown);
    }
    const double seen = std::clamp((bowed / bow - kStraight) / (kBowed - kStraight), 0.0, 1.0);
    const double height = bow / pixels;
    return static_cast<float>(kUnknown + (seen - kUnknown) * height / (height + kDoubted));
}

std::uint8_t cover_of_light(std::uint8_t cover, float bend) {
    const float share = static_cast<float>(cover) / 255;
    return to_byte(255 * (share + bend * share * (1 - share)));
}

}  // namespace editprep::imaging
