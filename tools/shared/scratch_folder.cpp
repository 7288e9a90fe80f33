#include "tools/shared/scratch_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <system_error>

namespace editprep::tools {

ScratchFolder::ScratchFolder(const std::string& name) {
    // mkdtemp fills in the six letters.
    std::string folder = std::filesystem::temp_directory_path() / (name + "-XXXXXX");
    if (::mkdtemp(folder.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), folder);
    }
    path_ = folder;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace editprep::tools
