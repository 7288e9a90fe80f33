#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "editprep/imaging/image_file.hpp"

namespace editprep::imaging {

/// Writes a file that appears whole or not at all (image_file.hpp, write_file): in the same folder
/// without a name (os/part_file.hpp), flushed to disk, then given its name. A symbolic link stays
/// and its target is replaced; a replaced file's permissions are kept where the system lets us;
/// devices, pipes and open descriptors (/dev/stdout) are written in place.
///
/// The folder is not flushed, unlike that of clips and downloads, which cost money or minutes: it
/// would take as long as flushing the file. After a power cut the name may be missing, or mean the
/// file of before; it never means half a file.
void write_whole_file(const std::filesystem::path& path, std::span<const std::byte> content,
                      Overwrite overwrite);

/// The same for a file whose bytes come one after the other. Nothing appears before commit(), which
/// comes last; a writer that goes without it leaves nothing behind. Missing folders are made with
/// the first bytes. Devices and pipes get the bytes as they come.
class WholeFileWriter {
public:
    /// Errors as write_whole_file.
    WholeFileWriter(const std::filesystem::path& path, Overwrite overwrite);
    ~WholeFileWriter();
    WholeFileWriter(const WholeFileWriter&) = delete;
    WholeFileWriter& operator=(const WholeFileWriter&) = delete;

    void write(std::span<const std::byte> content);
    void commit();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

/// Throws what write_whole_file would throw because of what lies at `path` already.
void check_target(const std::filesystem::path& path, Overwrite overwrite);

}  // namespace editprep::imaging
