#include "file_floors.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace editprep::benchmarks {
namespace {

constexpr std::size_t kEndBytes = std::size_t{64} << 10;
constexpr std::size_t kCopyBytes = std::size_t{96} << 10;

std::size_t require(ssize_t count, const std::string& subject) {
    if (count < 0) {
        throw std::system_error(errno, std::generic_category(), subject);
    }
    return static_cast<std::size_t>(count);
}

}  // namespace

Descriptor::Descriptor(int number, const std::string& subject) : number_(number) {
    require(number, subject);
}

Descriptor::~Descriptor() { ::close(number_); }

Descriptor open_to_read(const std::string& path) {
    return {::open(path.c_str(), O_RDONLY | O_CLOEXEC), path};
}

std::size_t size_of(const Descriptor& file) {
    struct stat facts {};
    require(::fstat(file.number(), &facts), "fstat");
    return static_cast<std::size_t>(facts.st_size);
}

std::vector<std::byte> read_whole(const std::string& path) {
    const Descriptor file = open_to_read(path);
    std::vector<std::byte> bytes(size_of(file));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const std::size_t count =
            require(::read(file.number(), bytes.data() + done, bytes.size() - done), path);
        if (count == 0) {
            bytes.resize(done);
        }
        done += count;
    }
    return bytes;
}

void read_head_and_tail(const std::string& path) {
    static std::array<char, kEndBytes> end;
    const Descriptor file = open_to_read(path);
    const std::size_t size = size_of(file);
    const std::size_t tail = size > end.size() ? size - end.size() : 0;
    require(::pread(file.number(), end.data(), end.size(), 0), path);
    require(::pread(file.number(), end.data(), end.size(), static_cast<off_t>(tail)), path);
}

void copy_to_standard_output(const std::string& path) {
    static std::array<char, kCopyBytes> piece;
    const Descriptor file = open_to_read(path);
    while (const std::size_t count =
               require(::read(file.number(), piece.data(), piece.size()), path)) {
        for (std::size_t done = 0; done < count;) {
            done += require(::write(STDOUT_FILENO, piece.data() + done, count - done), "output");
        }
    }
}

}  // namespace editprep::benchmarks
