#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "blanks.hpp"
#include "editprep/imaging/canvas.hpp"
#include "editprep/imaging/error.hpp"

namespace editprep::imaging {
namespace {

[[noreturn]] void refuse(std::string_view text) {
    throw Error(Errc::invalid_color, "invalid color: " + std::string(text), std::string(text),
                "write it as #RRGGBB or #RRGGBBAA");
}

}  // namespace

Color parse_color(std::string_view text) {
    const std::string_view digits = without_blanks(text);
    if ((digits.size() != 7 && digits.size() != 9) || digits.front() != '#') {
        refuse(text);
    }
    std::array<std::uint8_t, 4> channels{0, 0, 0, 255};
    for (std::size_t i = 0; 2 * i + 1 < digits.size(); ++i) {
        const char* first = digits.data() + 1 + 2 * i;
        const auto [end, error] = std::from_chars(first, first + 2, channels[i], 16);
        if (error != std::errc{} || end != first + 2) {
            refuse(text);
        }
    }
    return {channels[0], channels[1], channels[2], channels[3]};
}

}  // namespace editprep::imaging
