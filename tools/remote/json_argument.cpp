#include "tools/remote/json_argument.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

constexpr std::size_t kLargestText = std::size_t{1} << 30;

class OpenFile {
public:
    explicit OpenFile(const std::string& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~OpenFile() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

[[noreturn]] void fail(const std::string& name, int error) {
    throw Failure("cannot read the JSON from " + name + ": " +
                  std::generic_category().message(error));
}

std::string read_all(int descriptor, const std::string& name) {
    std::string text;
    std::array<char, 65536> piece;
    for (;;) {
        const ssize_t count = ::read(descriptor, piece.data(), piece.size());
        if (count == 0) {
            return text;
        }
        if (count > 0) {
            text.append(piece.data(), static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            fail(name, errno);
        }
        if (text.size() > kLargestText) {
            throw Failure("the JSON in " + name + " passes 1 GiB; name the files in it instead");
        }
    }
}

}  // namespace

std::string read_json_argument(const std::string& argument) {
    if (argument == "-") {
        return read_all(STDIN_FILENO, "standard input");
    }
    if (!argument.starts_with('@')) {
        return argument;
    }
    const std::string path = argument.substr(1);
    const OpenFile file(path);
    if (file.descriptor() < 0) {
        fail(path, errno);
    }
    return read_all(file.descriptor(), path);
}

}  // namespace editprep::tools
