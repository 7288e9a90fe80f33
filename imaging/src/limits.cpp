#include "editprep/imaging/limits.hpp"

#include <string>

#include "editprep/imaging/error.hpp"

namespace editprep::imaging {

void check_size(Size size, const Limits& limits, const char* subject, const char* next_step) {
    if (size.width <= 0 || size.height <= 0) {
        throw Error(Errc::damaged_image,
                    std::string(subject) + " claims a size of " + to_string(size), subject);
    }
    if (size.width > limits.max_side || size.height > limits.max_side) {
        throw Error(Errc::limit_exceeded,
                    std::string(subject) + " is " + to_string(size) + " pixels, the limit is " +
                        std::to_string(limits.max_side) + " a side",
                    subject, next_step);
    }
    if (size.area() > limits.max_pixels) {
        throw Error(Errc::limit_exceeded,
                    std::string(subject) + " is " + to_string(size) + ", " +
                        std::to_string(size.area()) + " pixels, the limit is " +
                        std::to_string(limits.max_pixels),
                    subject, next_step);
    }
}

}  // namespace editprep::imaging
