#pragma once

#include <string>
#include <vector>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"
#include "tools/shared/story.hpp"

/// Reading what a command is given. Whatever a user should know about how a file was read (turned
/// upright, converted, first of several frames) goes to the story.
namespace editprep::tools {

/// Throws Failure `<kind> not found: <path>` when there is nothing at that path.
void require_existing(const std::string& path, const char* kind);

/// What a reader noted on a picture, as warnings that name it.
void tell_notes(const std::vector<std::string>& notes, const std::string& path, const Story& story);

[[nodiscard]] imaging::Image load_picture(const std::string& path, const Story& story);

/// The upright size alone, from the header: a region needs no pixels. A file that may have been cut
/// short is read all the same, so that it is refused like everywhere else.
[[nodiscard]] imaging::Size load_picture_size(const std::string& path, const Story& story);

/// A mask of the picture's size; resampled, with a note, when the file has another.
[[nodiscard]] imaging::Mask load_mask(const std::string& path, imaging::Size size,
                                      const Story& story);

}  // namespace editprep::tools
