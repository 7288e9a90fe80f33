#include "module_loader.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "os/shared_object.hpp"

namespace editprep::imaging {
namespace {

std::filesystem::path& chosen_folder() {
    static std::filesystem::path folder;
    return folder;
}

}  // namespace

void set_module_folder(std::filesystem::path folder) { chosen_folder() = std::move(folder); }

void* module_symbol(const char* module, const char* symbol) {
    try {
        return os::module_symbol(module, symbol, chosen_folder());
    } catch (const os::ModuleFailure& failure) {
        throw Error(Errc::module_unavailable, failure.what(), module, failure.next_step());
    }
}

}  // namespace editprep::imaging
