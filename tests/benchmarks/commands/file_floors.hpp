#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// Reading and writing alone. Failures of the system are std::system_error.
namespace editprep::benchmarks {

/// An open file or socket, closed at the end.
class Descriptor {
public:
    /// Throws when `number` is negative, with errno's reason and `subject`.
    Descriptor(int number, const std::string& subject);
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

[[nodiscard]] Descriptor open_to_read(const std::string& path);
[[nodiscard]] std::size_t size_of(const Descriptor& file);
[[nodiscard]] std::vector<std::byte> read_whole(const std::string& path);

/// Reads 64 KiB at each end.
void read_head_and_tail(const std::string& path);

/// Writes a file to standard output, through a small buffer.
void copy_to_standard_output(const std::string& path);

}  // namespace editprep::benchmarks
