#include "module_loader.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"

namespace editprep::video {
namespace {

namespace fs = std::filesystem;

fs::path& chosen_folder() {
    static fs::path folder;
    return folder;
}

/// The chosen folder, else the one that belongs to the running program; empty when neither is
/// known.
fs::path module_folder() {
    if (!chosen_folder().empty()) {
        return chosen_folder();
    }
    std::error_code failure;
    const fs::path program = fs::read_symlink("/proc/self/exe", failure);
    return failure ? fs::path()
                   : (program.parent_path() / EDITPREP_MODULES_FROM_PROGRAM).lexically_normal();
}

/// The module's file, or its bare name for the loader's own path where the folder has none. A
/// chosen folder is the only one: whoever names it does not want another build's module.
fs::path file_of(const char* module) {
    const std::string name = std::string(module) + ".so";
    const fs::path file = module_folder() / name;
    std::error_code ignored;
    return !chosen_folder().empty() || fs::exists(file, ignored) ? file : fs::path(name);
}

[[noreturn]] void throw_unavailable(const char* module, const std::string& reason) {
    throw Error(Errc::module_unavailable,
                "the module " + std::string(module) + " cannot be loaded: " + reason, module,
                "install it in " + module_folder().string());
}

std::string loader_reason() {
    const char* text = ::dlerror();
    return text != nullptr ? text : "the loader gives no reason";
}

}  // namespace

void set_module_folder(std::string folder) { chosen_folder() = std::move(folder); }

void* module_symbol(const char* module, const char* symbol) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    // Opening what is open already costs little, and nothing is ever closed. Lazily, because
    // binding every function that FFmpeg's hundred libraries might call takes milliseconds.
    void* handle = ::dlopen(file_of(module).c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (handle == nullptr) {
        throw_unavailable(module, loader_reason());
    }
    void* address = ::dlsym(handle, symbol);
    if (address == nullptr) {
        throw_unavailable(module, loader_reason());
    }
    return address;
}

}  // namespace editprep::video
