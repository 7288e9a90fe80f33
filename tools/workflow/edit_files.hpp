#pragma once

#include <string>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "tools/workflow/job_file.hpp"

/// Pictures and masks as they are sent.
namespace editprep::tools {

/// For an edit under a mask, which must lie over the picture as the provider sees it: the file's
/// own bytes if every reader gets `picture` from them, else `picture` as PNG.
[[nodiscard]] JobFile picture_file(const std::string& path, const imaging::Image& picture);

/// The file's own bytes, with their size in pixels as the header says it. Throws Failure for a file
/// that is no picture.
[[nodiscard]] JobFile probed_file(const std::string& path);

[[nodiscard]] JobFile mask_file(const imaging::Mask& mask, imaging::MaskEncoding encoding,
                                const std::string& file_name);

/// A part of the picture `file_name`, and of its mask, as PNG under that name with `_focus`.
[[nodiscard]] JobFile picture_part_file(const imaging::Image& part, const std::string& file_name);
[[nodiscard]] JobFile mask_part_file(const imaging::Mask& part, imaging::MaskEncoding encoding,
                                     const std::string& file_name);

/// A mask that a user made, at `path`: its own bytes if it is in that encoding already, else newly
/// encoded from `mask`.
[[nodiscard]] JobFile given_mask_file(const std::string& path, const imaging::Mask& mask,
                                      imaging::MaskEncoding encoding);

}  // namespace editprep::tools
