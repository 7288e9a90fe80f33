#pragma once

#include "editprep/imaging/image_file.hpp"

namespace editprep::imaging {

/// What a picture's header says, before anything is decoded.
struct HeaderFacts {
    /// `info.size` is the size as stored, that is, before the EXIF orientation is applied.
    ImageInfo info;
    /// Whether the format's own library gives the right pixels without help: 8 bits or fewer, one
    /// frame, grey or RGB, no colour profile but sRGB.
    bool plain = false;
};

}  // namespace editprep::imaging
