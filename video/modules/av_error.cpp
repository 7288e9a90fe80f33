#include "av_error.hpp"

#include <array>
#include <new>

extern "C" {
#include <libavutil/error.h>
}

namespace editprep::video {

std::string av_error_text(int result) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(result, text.data(), text.size());
    return text.data();
}

int av_check(int result, Errc errc, const std::string& what, const std::string& subject) {
    if (result == AVERROR(ENOMEM)) {
        throw std::bad_alloc();
    }
    if (result < 0) {
        throw Error(errc, what + ": " + av_error_text(result), subject);
    }
    return result;
}

}  // namespace editprep::video
