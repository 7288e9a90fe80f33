#pragma once

#include <filesystem>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

/// PNG by libpng: a reader and a writer that share no code with the product, so that a test of the
/// product's codec cannot agree with itself by mistake.
namespace editprep::testing {

/// Reads an 8-bit grey, RGB or RGBA file; throws std::runtime_error for anything else.
[[nodiscard]] imaging::Image read_png_reference(const std::filesystem::path& path);
void write_png_reference(const std::filesystem::path& path, const imaging::Image& image);
void write_png_reference(const std::filesystem::path& path, const imaging::Mask& mask);

}  // namespace editprep::testing
