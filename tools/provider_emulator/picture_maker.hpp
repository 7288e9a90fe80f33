#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// Pictures in place of a model's: they follow the request's sizes and its mask, not its meaning.
namespace editprep::tools::provider_emulator {

/// What a picture is painted with.
struct Brush {
    imaging::Color color;
    std::uint32_t seed = 0;
};

/// The first colour that the prompt names, else one by chance; the same prompt and seed give the
/// same brush.
[[nodiscard]] Brush brush_for(std::string_view prompt, std::int64_t seed);

/// A picture out of nothing. RGB.
[[nodiscard]] imaging::Image draw_picture(imaging::Size size, const Brush& brush);

/// The whole picture changed so that anyone sees it, its shapes kept.
[[nodiscard]] imaging::Image repaint(const imaging::Image& picture, const Brush& brush);

/// The selected region painted over, and every other pixel disturbed by a few levels: real models
/// never give back what they were told to keep, and whoever relies on it must notice.
[[nodiscard]] imaging::Image paint_region(const imaging::Image& picture, const imaging::Mask& mask,
                                          const Brush& brush);

/// The picture without its backdrop. RGBA.
[[nodiscard]] imaging::Image cut_out(const imaging::Image& picture);

/// A file's content and what a service says of it.
struct PictureFile {
    std::string content;
    std::string media_type;
    /// Without the dot.
    std::string extension;
    imaging::Size size;
};

/// @param format `png`, `jpeg`, `jpg` or `webp`; transparency is lost where the format has none
[[nodiscard]] PictureFile encode_picture(const imaging::Image& picture, std::string_view format);

}  // namespace editprep::tools::provider_emulator
