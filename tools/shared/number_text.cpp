#include "tools/shared/number_text.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace editprep::tools {
namespace {

std::string_view without_blanks(std::string_view text) noexcept {
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// std::from_chars knows no leading plus.
std::string_view without_plus(std::string_view text) noexcept {
    const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
    return plus ? text.substr(1) : text;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    using Limits = std::numeric_limits<std::int64_t>;
    text = without_plus(without_blanks(text));
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
        return std::nullopt;
    }
    if (error == std::errc::result_out_of_range) {
        return text.front() == '-' ? Limits::min() : Limits::max();
    }
    return value;
}

std::optional<double> parse_number(std::string_view text) noexcept {
    text = without_plus(without_blanks(text));
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

}  // namespace editprep::tools
