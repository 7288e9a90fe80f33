#include "measure_text.hpp"

#include <array>
#include <cstdio>

namespace editprep::video {

std::string number_text(double value, int decimals) {
    // The largest double has 309 digits before the point.
    std::array<char, 400> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    std::string text = buffer.data();
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') {
            text.pop_back();
        }
    }
    return text;
}

std::string seconds_text(std::chrono::microseconds duration) {
    return number_text(static_cast<double>(duration.count()) / 1e6, 6) + " s";
}

std::string size_text(FrameSize size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

std::string rate_text(double frames_per_second) {
    return number_text(frames_per_second, 3) + " fps";
}

std::string bytes_text(std::int64_t bytes) {
    constexpr double kMegabyte = 1024.0 * 1024.0;
    return number_text(static_cast<double>(bytes) / kMegabyte, 2) + " MB (" +
           std::to_string(bytes) + " bytes)";
}

}  // namespace editprep::video
