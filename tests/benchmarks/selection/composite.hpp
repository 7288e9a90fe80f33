#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask.hpp"

/// Pictures of something before a backdrop, with the share of every pixel that it covers.
namespace editprep::benchmarks {

/// What users bring, one class for each thing that goes wrong.
inline constexpr std::array<std::string_view, 15> kClasses{
    "flat_white", "flat_grey", "chroma", "gradient",        "sweep",
    "texture",    "noise",     "shadow", "near_colour",     "holes",
    "thin",       "glass",     "border", "high_resolution", "mixed"};

struct Composite {
    /// `<class>_<number>`.
    std::string name;
    std::string class_name;
    /// The encoded picture, as a user would bring it.
    std::vector<std::byte> file;
    imaging::ImageFormat format = imaging::ImageFormat::jpeg;
    imaging::Mask truth;
};

enum class SetSize {
    /// For every run: 4 pictures a class, at most 3 megapixels.
    small,
    /// For decisions: 12 a class, at most 12 megapixels. No picture is in both.
    large,
};
[[nodiscard]] int pictures_per_class(SetSize set) noexcept;

/// Draws one picture; one build draws the same every time. Compilers differ in the order in which
/// they draw random numbers, so another one draws other pictures of the same kind.
/// @param class_name one of kClasses
/// @param series other pictures of the same kind for every number; the figures in the README are
/// of series 0
[[nodiscard]] Composite draw_composite(std::string_view class_name, int number, SetSize set,
                                       int series = 0);

}  // namespace editprep::benchmarks
