#include "utc_time.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string_view>

#include "ascii.hpp"

namespace editprep::transport {
namespace {

/// `+01:00` or `-0530`, how far ahead of UTC; nothing for another text.
std::optional<std::chrono::minutes> offset_from_utc(std::string_view text) {
    if (text.empty() || text == "Z") {
        return std::chrono::minutes(0);
    }
    const char sign = text.front();
    std::string digits(text.substr(1));
    std::erase(digits, ':');
    if ((sign != '+' && sign != '-') || digits.size() != 4 ||
        !std::ranges::all_of(digits, is_digit)) {
        return std::nullopt;
    }
    const int hours_minutes = std::stoi(digits);
    const std::chrono::minutes offset(hours_minutes / 100 * 60 + hours_minutes % 100);
    return sign == '-' ? -offset : offset;
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_utc_time(const std::string& text) {
    std::tm parts{};
    const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest == nullptr) {
        return std::nullopt;
    }
    double fraction = 0;
    if (*rest == '.') {
        rest = std::from_chars(rest, text.data() + text.size(), fraction).ptr;
    }
    const auto offset = offset_from_utc(rest);
    if (!offset) {
        return std::nullopt;
    }
    return std::chrono::system_clock::from_time_t(::timegm(&parts)) - *offset +
           std::chrono::microseconds(std::llround(fraction * 1e6));
}

}  // namespace editprep::transport
