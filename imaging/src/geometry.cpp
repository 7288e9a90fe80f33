#include "editprep/imaging/geometry.hpp"

namespace editprep::imaging {

std::string to_string(Size size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

}  // namespace editprep::imaging
