#include <array>
#include <cstdio>
#include <exception>
#include <new>
#include <opencv2/photo.hpp>
#include <type_traits>

#include "inpaint_module.hpp"

using editprep::imaging::InpaintStatus;

namespace {

/// Kept without allocation, so that setting it cannot fail.
thread_local std::array<char, 256> last_message{};

const char* keep(const char* message) noexcept {
    std::snprintf(last_message.data(), last_message.size(), "%s", message);
    return last_message.data();
}

void fill(std::uint8_t* rgb, const std::uint8_t* unknown, cv::Size size, double radius_px) {
    // A pool of threads takes longer to start than most fills take.
    cv::setNumThreads(0);
    cv::Mat picture(size, CV_8UC3, rgb);
    // OpenCV has no view of const bytes; inpaint only reads its mask.
    const cv::Mat mask(size, CV_8UC1, const_cast<std::uint8_t*>(unknown));
    cv::Mat filled;
    cv::inpaint(picture, mask, filled, radius_px, cv::INPAINT_TELEA);
    filled.copyTo(picture);
}

}  // namespace

/// The only source that knows OpenCV. Its signature is editprep::imaging::InpaintFunction.
extern "C" __attribute__((visibility("default"))) InpaintStatus editprep_inpaint(
    std::uint8_t* rgb, const std::uint8_t* unknown, int width, int height, double radius_px,
    const char** message) noexcept {
    try {
        fill(rgb, unknown, {width, height}, radius_px);
        return InpaintStatus::ok;
    } catch (const std::bad_alloc&) {
        return InpaintStatus::out_of_memory;
    } catch (const cv::Exception& error) {
        if (error.code == cv::Error::StsNoMem) {
            return InpaintStatus::out_of_memory;
        }
        *message = keep(error.what());
    } catch (const std::exception& error) {
        *message = keep(error.what());
    } catch (...) {
        *message = keep("unknown exception");
    }
    return InpaintStatus::failed;
}

static_assert(std::is_same_v<decltype(&editprep_inpaint), editprep::imaging::InpaintFunction>);
