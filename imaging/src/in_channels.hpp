#pragma once

#include "editprep/imaging/image.hpp"

namespace editprep::imaging {

/// The picture in RGB or RGBA; one that has the channels already is not copied.
[[nodiscard]] inline Image in_channels(Image image, Channels channels) {
    if (image.channels() == channels) {
        return image;
    }
    return channels == Channels::rgba ? to_rgba(image) : to_rgb(image);
}

}  // namespace editprep::imaging
