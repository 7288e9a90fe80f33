#pragma once

#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/geometry.hpp"

namespace editprep::imaging {

/// Throws size_mismatch unless `what` ("the mask") has the picture's size.
inline void check_same_size(Size picture, Size other, const char* what) {
    if (picture != other) {
        throw Error(Errc::size_mismatch,
                    std::string(what) + " is " + to_string(other) + ", the picture is " +
                        to_string(picture),
                    what, "give both the same size");
    }
}

}  // namespace editprep::imaging
