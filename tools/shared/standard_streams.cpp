#include "tools/shared/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

/// Returns 0 or the error number.
int write_all(int descriptor, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

}  // namespace

void reserve_standard_descriptors() noexcept {
    for (int descriptor = 0; descriptor <= 2; ++descriptor) {
        if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
            // The lowest free number is the one that is missing. The wrong direction on purpose.
            const int mode = descriptor == 0 ? O_WRONLY : O_RDONLY;
            if (::open("/dev/null", mode) == -1) {
                return;
            }
        }
    }
}

void write_to_stdout(std::string_view text) {
    if (const int error = write_all(STDOUT_FILENO, text); error != 0) {
        throw Failure("cannot write to standard output: " + std::generic_category().message(error));
    }
}

void write_to_stderr(std::string_view text) noexcept { write_all(STDERR_FILENO, text); }

}  // namespace editprep::tools
