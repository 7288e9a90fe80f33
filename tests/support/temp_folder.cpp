#include "temp_folder.hpp"

#include <stdlib.h>

#include <string>
#include <system_error>

namespace editprep::testing {

TempFolder::TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "editprep-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), name);
    }
    path_ = name;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace editprep::testing
