#include "tools/shared/story.hpp"

namespace editprep::tools {
namespace {

bool is_control(char letter) noexcept {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
}

std::string escaped(char letter) {
    constexpr char kDigits[] = "0123456789abcdef";
    switch (letter) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            return {'\\', 'x', kDigits[letter >> 4], kDigits[letter & 15]};
    }
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (const char letter : text) {
        line += is_control(letter) ? escaped(letter) : std::string(1, letter);
    }
    return line;
}

void Story::tell(std::string_view kind, std::string_view text) const {
    if (!quiet_) {
        sink_(std::string(kind) + one_line(text) + '\n');
    }
}

}  // namespace editprep::tools
