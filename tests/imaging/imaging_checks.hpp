#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image.hpp"

namespace editprep::testing {

inline constexpr imaging::Channels kAllChannels[] = {
    imaging::Channels::grey, imaging::Channels::rgb, imaging::Channels::rgba};

/// What the work ends with; a code of no meaning when it throws nothing.
template <class Work>
[[nodiscard]] imaging::Errc error_of(Work work) {
    try {
        static_cast<void>(work());
    } catch (const imaging::Error& error) {
        EXPECT_STRNE(error.what(), "");
        EXPECT_FALSE(error.next_step().empty()) << error.what();
        return error.errc();
    }
    return imaging::Errc{};
}

/// The colour of a pixel, whatever the channels.
[[nodiscard]] inline imaging::Color pixel(const imaging::Image& image, int x, int y) {
    const auto channels = static_cast<std::size_t>(image.channel_count());
    const std::uint8_t* values = image.row(y) + static_cast<std::size_t>(x) * channels;
    const std::size_t step = channels == 1 ? 0 : 1;
    return {values[0], values[step], values[2 * step],
            image.has_alpha() ? values[3] : std::uint8_t{255}};
}

}  // namespace editprep::testing
