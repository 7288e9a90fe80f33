#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <system_error>

/// What the three libraries ask of the operating system alike; each is built with it, as none
/// depends on another. Private to them: nothing here is installed.
namespace editprep::os {

/// Does the work. Where the system fails it, `refuse` is called with the reason, and throws in the
/// words of its library.
template <typename Work, typename Refuse>
void or_refuse(const Work& work, const Refuse& refuse) {
    try {
        work();
    } catch (const std::system_error& failure) {
        refuse(failure.code());
    }
}

/// Writes it all, however many calls that takes. Throws std::system_error.
void write_all(int descriptor, std::span<const std::byte> content);

/// A file in the making: nobody meets it before it is published. Where the file system can hold a
/// file without a name (O_TMPFILE of open(2)), a process killed before that leaves nothing
/// behind; elsewhere it lies in its folder under a hidden name, which goes with the object but
/// stays when the process is killed. Every function throws std::system_error with the system's
/// reason.
class PartFile {
public:
    enum class Naming { none_if_possible, hidden };

    /// Opens it in the folder where it is to be, for reading and writing, with the permissions of
    /// any new file.
    explicit PartFile(const std::filesystem::path& folder,
                      Naming naming = Naming::none_if_possible);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// By which this process can open the file once more, named or not.
    [[nodiscard]] std::filesystem::path path() const;

    void write(std::span<const std::byte> content) { write_all(descriptor_, content); }
    /// Returns when the content is on disk.
    void flush();

    /// Gives the file its name, in the same folder; once, as publish_over(). Never replaces another
    /// file: errc::file_exists.
    void publish(const std::filesystem::path& to);
    /// Takes the place of the file that has the name. Also a file without a name has a hidden one
    /// for the instant before, and keeps it where the process is killed in between.
    void publish_over(const std::filesystem::path& to);

private:
    [[nodiscard]] bool open_unnamed();
    void open_hidden();
    void close() noexcept;
    void link_hidden();
    void copy_to_hidden();

    const std::filesystem::path folder_;
    int descriptor_ = -1;
    /// The hidden name; empty while there is none.
    std::filesystem::path hidden_;
};

/// A new name survives a crash of the machine once its folder is on disk. Not every file system can
/// do that, and the file is complete either way.
void flush_folder(const std::filesystem::path& folder) noexcept;

}  // namespace editprep::os
