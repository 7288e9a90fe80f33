#include "tools/generate_batch_media/report_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "editprep/transport/url.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

constexpr const char* kReplacement = "\xef\xbf\xbd";

/// U+2400 to U+2421 are pictures of the characters 0 to 32 and 127.
std::string control_picture(unsigned char letter) {
    const unsigned low = letter == 0x7f ? 0x21 : letter;
    return {'\xe2', '\x90', static_cast<char>(0x80 + low)};
}

bool is_shown_control(unsigned char letter) noexcept {
    return (letter < 0x20 && letter != '\n' && letter != '\t') || letter == 0x7f;
}

std::string escaped(char letter) {
    switch (letter) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return is_shown_control(static_cast<unsigned char>(letter))
                       ? control_picture(static_cast<unsigned char>(letter))
                       : std::string(1, letter);
    }
}

/// The length of a character at the beginning that must not reach a page: a control character
/// beyond ASCII, or one that turns the direction of what follows and so shows other words than are
/// there.
std::size_t forbidden_length(std::string_view text) noexcept {
    if (text.size() > 1 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0) {
        return 2;
    }
    return text.starts_with("\xe2\x80\xad") || text.starts_with("\xe2\x80\xae") ? 3 : 0;
}

/// Numbers of a fixed form, whatever the locale's decimal point.
std::string fixed(double number, int decimals) {
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
    std::string digits(text.data(),
                       std::min(static_cast<std::size_t>(std::max(length, 0)), text.size() - 1));
    std::ranges::replace(digits, ',', '.');
    return digits;
}

std::string two_digits(long long number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string html_text(std::string_view text) {
    const auto valid = read_json(json_string(text)).get<std::string>();
    std::string html;
    html.reserve(valid.size() + valid.size() / 8);
    for (std::size_t i = 0; i < valid.size();) {
        const std::size_t forbidden = forbidden_length(std::string_view(valid).substr(i));
        html += forbidden == 0 ? escaped(valid[i]) : kReplacement;
        i += std::max<std::size_t>(forbidden, 1);
    }
    return html;
}

std::string opening_tag(std::string_view name, std::initializer_list<Attribute> attributes) {
    std::string tag = '<' + std::string(name);
    for (const auto& [attribute, value] : attributes) {
        if (!value.empty()) {
            tag.append(1, ' ').append(attribute).append("=\"").append(html_text(value)) += '"';
        }
    }
    return tag + '>';
}

std::string element(std::string_view name, std::initializer_list<Attribute> attributes,
                    std::string_view html) {
    return opening_tag(name, attributes).append(html).append("</").append(name) + '>';
}

std::string relative_link(const std::string& page, const std::string& file) {
    namespace fs = std::filesystem;
    // By the names alone, as a browser goes from the page's address to the link's: folders that are
    // symbolic links stay what the user called them.
    const fs::path folder = fs::absolute(page).lexically_normal().parent_path();
    std::string link;
    for (const fs::path& part : fs::absolute(file).lexically_normal().lexically_relative(folder)) {
        link += (link.empty() ? "" : "/") + transport::percent_encode(part.string());
    }
    return link;
}

std::string cost_text(const std::optional<double>& cost_usd) {
    if (!cost_usd) {
        return "no price known";
    }
    if (*cost_usd == 0) {
        return "free";
    }
    std::string digits = fixed(*cost_usd, 4);
    while (digits.ends_with('0') && digits.find('.') + 3 < digits.size()) {
        digits.pop_back();
    }
    return '$' + digits;
}

std::string seconds_text(double seconds) {
    constexpr long long kMinute = 60;
    constexpr long long kHour = 60 * kMinute;
    if (seconds < 10) {
        return fixed(std::max(seconds, 0.0), 1) + " s";
    }
    const long long whole = std::llround(std::min(seconds, 1e12));
    if (whole < kMinute) {
        return std::to_string(whole) + " s";
    }
    if (whole < kHour) {
        return std::to_string(whole / kMinute) + " min " + two_digits(whole % kMinute) + " s";
    }
    return std::to_string(whole / kHour) + " h " + two_digits(whole % kHour / kMinute) + " min";
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string shell_quoted(std::string_view word) {
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+,-./:=@_";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
        return std::string(word);
    }
    std::string quoted = "'";
    for (const char letter : word) {
        quoted += letter == '\'' ? "'\\''" : std::string(1, letter);
    }
    return quoted + '\'';
}

}  // namespace editprep::tools::generate_batch_media
