#include "tools/shared/new_file.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

std::uint32_t random_number() {
    std::uint32_t number = 0;
    while (::getrandom(&number, sizeof number, 0) != sizeof number) {
        if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
    }
    return number;
}

std::string random_hex8() {
    std::string digits;
    for (std::uint32_t number = random_number(), i = 0; i < 8; ++i, number >>= 4) {
        digits += "0123456789abcdef"[number & 15];
    }
    return digits;
}

bool is_separator_or_control(char letter) noexcept {
    return letter == '/' || static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
}

}  // namespace

void check_prefix(const std::string& prefix) {
    if (prefix == "." || prefix == ".." || std::ranges::any_of(prefix, is_separator_or_control)) {
        throw Failure("invalid --prefix: '" + prefix +
                          "'; it begins a file name: no path separators, no control characters, "
                          "not '.' or '..'",
                      Failure::Form::verbatim);
    }
}

std::string new_file_path(std::string_view folder, std::string_view stem,
                          std::string_view extension) {
    for (;;) {
        std::string name(stem);
        name.append(1, '_').append(random_hex8()).append(extension);
        std::string path = join_path(folder, name);
        std::error_code unknown;
        if (!std::filesystem::exists(std::filesystem::symlink_status(path, unknown))) {
            return path;
        }
    }
}

}  // namespace editprep::tools
