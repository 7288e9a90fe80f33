#include "module_loader.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"

namespace editprep::imaging {
namespace {

namespace fs = std::filesystem;

fs::path& chosen_folder() {
    static fs::path folder;
    return folder;
}

/// Where the modules lie relative to the running program; empty when that cannot be told.
fs::path folder_beside_program() {
    std::error_code failure;
    const fs::path program = fs::read_symlink("/proc/self/exe", failure);
    if (failure) {
        return {};
    }
    return (program.parent_path() / EDITPREP_MODULES_FROM_PROGRAM).lexically_normal();
}

/// A chosen folder is the only one: whoever names it does not want another build's module.
std::vector<fs::path> candidates(const std::string& file_name) {
    if (!chosen_folder().empty()) {
        return {chosen_folder() / file_name};
    }
    std::vector<fs::path> result;
    const fs::path beside = folder_beside_program() / file_name;
    std::error_code ignored;
    if (fs::exists(beside, ignored)) {
        result.push_back(beside);
    }
    result.emplace_back(file_name);
    return result;
}

[[noreturn]] void throw_unavailable(const char* module, const std::string& reason) {
    std::string searched =
        chosen_folder().empty() ? folder_beside_program().string() : chosen_folder().string();
    throw Error(Errc::module_unavailable,
                "the module " + std::string(module) + " cannot be loaded: " + reason, module,
                "install it in " + searched);
}

void* open_module(const char* module) {
    std::string reason;
    for (const fs::path& file : candidates(std::string(module) + ".so")) {
        if (void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
            return handle;
        }
        const char* text = ::dlerror();
        reason += (reason.empty() ? "" : "; ") + std::string(text != nullptr ? text : file.c_str());
    }
    throw_unavailable(module, reason);
}

void* handle_of(const char* module) {
    static std::mutex mutex;
    static std::map<std::string, void*> opened;
    const std::lock_guard lock(mutex);
    const auto found = opened.find(module);
    if (found != opened.end()) {
        return found->second;
    }
    return opened.emplace(module, open_module(module)).first->second;
}

}  // namespace

void set_module_folder(std::filesystem::path folder) { chosen_folder() = std::move(folder); }

void* module_symbol(const char* module, const char* symbol) {
    void* address = ::dlsym(handle_of(module), symbol);
    if (address == nullptr) {
        throw_unavailable(module, "it has no " + std::string(symbol));
    }
    return address;
}

}  // namespace editprep::imaging
