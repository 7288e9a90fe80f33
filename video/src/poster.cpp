#include "editprep/video/poster.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "conform_engine.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"
#include "module_loader.hpp"

namespace editprep::video {
namespace {

constexpr int kLargestSide = 8192;

void check(const PosterOptions& options) {
    if (options.longest_side < 1 || options.longest_side > kLargestSide) {
        throw Error(Errc::invalid_argument,
                    "cannot make a poster: the longest side " +
                        std::to_string(options.longest_side) + " is not from 1 to " +
                        std::to_string(kLargestSide),
                    "longest_side");
    }
    if (options.at && options.at->count() < 0) {
        throw Error(Errc::invalid_argument, "cannot make a poster: the time is negative", "at");
    }
}

/// A header of some bytes can ask for gigabytes.
void check_memory_for(FrameSize frame, const std::string& name) {
    constexpr std::int64_t kMostPixels = std::int64_t{1} << 26;
    if (std::int64_t{frame.width} * frame.height > kMostPixels) {
        throw Error(Errc::too_complex,
                    "frames of " + std::to_string(frame.width) + 'x' +
                        std::to_string(frame.height) + " are too large: " + name,
                    name, "scale the clip down");
    }
}

/// Rounded, and never so thin that nothing is left.
int scaled(int side, int longest, int wanted) {
    const std::int64_t product = std::int64_t{side} * wanted;
    return std::max(static_cast<int>((product + longest / 2) / longest), 1);
}

FrameSize size_within(FrameSize displayed, int longest_side) {
    const int longest = std::max(displayed.width, displayed.height);
    if (longest <= longest_side) {
        return displayed;
    }
    return {scaled(displayed.width, longest, longest_side),
            scaled(displayed.height, longest, longest_side)};
}

}  // namespace

Poster poster_frame(const std::filesystem::path& path, const PosterOptions& options) {
    check(options);
    const MediaInfo info = probe(path);
    check_memory_for(info.coded_size, path.string());
    static const auto make_poster =
        reinterpret_cast<PosterFunction>(module_symbol(kConformModule, kPosterSymbol));
    Poster poster;
    if (const auto failure =
            make_poster({.input = path,
                         .input_container = info.container,
                         .at = options.at,
                         .size = size_within(info.display_size, options.longest_side),
                         .mirrored = info.mirrored,
                         .rotation_degrees = info.rotation_degrees,
                         .tones = info.dynamic_range.value_or(DynamicRange::sdr)},
                        poster)) {
        throw_failure(*failure, path.string());
    }
    return poster;
}

}  // namespace editprep::video
