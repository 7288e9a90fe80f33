#pragma once

#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/geometry.hpp"

namespace editprep::imaging {

/// Throws invalid_argument unless the point, called `what` ("the object point"), is a pixel of a
/// picture of that size.
inline void check_point(Point point, Size picture, const char* what) {
    if (point.x < 0 || point.y < 0 || point.x >= picture.width || point.y >= picture.height) {
        const std::string place = std::to_string(point.x) + ':' + std::to_string(point.y);
        throw Error(Errc::invalid_argument,
                    std::string(what) + ' ' + place + " lies outside of the picture, which is " +
                        to_string(picture),
                    place);
    }
}

}  // namespace editprep::imaging
