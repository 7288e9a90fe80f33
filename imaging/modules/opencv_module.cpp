#include <exception>
#include <opencv2/photo.hpp>
#include <string>
#include <type_traits>

#include "inpaint_module.hpp"

/// The only source that knows OpenCV. Its signature is editprep::imaging::InpaintFunction.
extern "C" __attribute__((visibility("default"))) const char* editprep_inpaint(
    std::uint8_t* rgb, const std::uint8_t* unknown, int width, int height, double radius_px) {
    static thread_local std::string failure;
    try {
        // A pool of threads takes longer to start than most fills take.
        cv::setNumThreads(0);
        cv::Mat picture(height, width, CV_8UC3, rgb);
        // OpenCV has no view of const bytes; inpaint only reads its mask.
        const cv::Mat mask(height, width, CV_8UC1, const_cast<std::uint8_t*>(unknown));
        cv::Mat filled;
        cv::inpaint(picture, mask, filled, radius_px, cv::INPAINT_TELEA);
        filled.copyTo(picture);
        return nullptr;
    } catch (const std::exception& error) {
        failure = error.what();
    } catch (...) {
        failure = "unknown exception";
    }
    return failure.c_str();
}

static_assert(std::is_same_v<decltype(&editprep_inpaint), editprep::imaging::InpaintFunction>);
