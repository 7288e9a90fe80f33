#include "module_loader.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/http.hpp"
#include "os/shared_object.hpp"

namespace editprep::transport {
namespace {

std::filesystem::path& chosen_folder() {
    static std::filesystem::path folder;
    return folder;
}

}  // namespace

void set_module_folder(std::string folder) { chosen_folder() = std::move(folder); }

void* module_symbol(const char* module, const char* symbol) {
    try {
        return os::module_symbol(module, symbol, chosen_folder());
    } catch (const os::ModuleFailure& failure) {
        throw Error(Errc::module_unavailable, failure.what(), module, failure.next_step());
    }
}

}  // namespace editprep::transport
