#include "methods.hpp"

#include "baselines.hpp"
#include "editprep/imaging/object_selection.hpp"

namespace editprep::benchmarks {
namespace {

using imaging::Image;
using imaging::Mask;

Mask select_by_backdrop(const Image& image) {
    imaging::SelectionOptions options;
    options.mode = imaging::SelectionMode::backdrop;
    options.threads = 1;
    return imaging::select_object(image, options).mask;
}

Mask select_by_corners(const Image& image) {
    return imaging::select_object(image, {imaging::SelectionMode::corner_bg, 40, 8}).mask;
}

}  // namespace

const std::vector<Method>& all_methods() {
    static const std::vector<Method> methods{
        {"backdrop", "backdrop", select_by_backdrop},
        {"corner-bg", "corner-bg, threshold 40", select_by_corners},
        {"otsu", "corners, Otsu's threshold", select_by_otsu},
        {"flood-fill", "ImageMagick flood fill, 20 %", select_by_flood_fill},
        {"grab-cut", "OpenCV GrabCut, 0.1 MP", select_by_grab_cut},
    };
    return methods;
}

}  // namespace editprep::benchmarks
