#include "os/shared_object.hpp"

#include <dlfcn.h>

#include <mutex>
#include <system_error>

namespace editprep::os {
namespace {

namespace fs = std::filesystem;

/// Where the modules lie relative to the running program; empty when that cannot be told.
fs::path folder_beside_program() {
    std::error_code failure;
    const fs::path program = fs::read_symlink("/proc/self/exe", failure);
    return failure ? fs::path()
                   : (program.parent_path() / EDITPREP_MODULES_FROM_PROGRAM).lexically_normal();
}

/// A folder that was named is the only one: who names it does not want another build's module.
/// Beside the program the bare name stands for the loader's own path where the file is missing.
fs::path file_of(const char* module, const fs::path& folder) {
    const std::string name = std::string(module) + ".so";
    if (!folder.empty()) {
        return folder / name;
    }
    const fs::path file = folder_beside_program() / name;
    std::error_code ignored;
    return fs::exists(file, ignored) ? file : fs::path(name);
}

[[noreturn]] void throw_failure(const char* module, const fs::path& folder) {
    const char* reason = ::dlerror();
    throw ModuleFailure(
        "the module " + std::string(module) +
            " cannot be loaded: " + (reason != nullptr ? reason : "the loader gives no reason"),
        "install it in " + (folder.empty() ? folder_beside_program() : folder).string());
}

}  // namespace

void* module_symbol(const char* module, const char* symbol, const fs::path& folder,
                    Binding binding) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    const int mode = (binding == Binding::when_called ? RTLD_LAZY : RTLD_NOW) | RTLD_LOCAL;
    // Opening what is open already costs little, and nothing is ever closed.
    void* handle = ::dlopen(file_of(module, folder).c_str(), mode);
    void* address = handle != nullptr ? ::dlsym(handle, symbol) : nullptr;
    if (address == nullptr) {
        throw_failure(module, folder);
    }
    return address;
}

}  // namespace editprep::os
