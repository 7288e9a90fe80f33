#include "os/shared_object.hpp"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "planted_files.hpp"
#include "temp_folder.hpp"

namespace editprep::os {
namespace {

namespace fs = std::filesystem;
using testing::plant;
using ::testing::StartsWith;
using testing::TempFolder;

/// Any shared object will do: the one that this function of the C library is in.
fs::path any_shared_object() {
    Dl_info info{};
    EXPECT_NE(::dladdr(reinterpret_cast<const void*>(&std::getenv), &info), 0);
    return fs::canonical(info.dli_fname);
}

void expect_failure(const char* module, const char* symbol, const fs::path& folder) {
    try {
        static_cast<void>(module_symbol(module, symbol, folder));
        ADD_FAILURE() << module << " was loaded";
    } catch (const ModuleFailure& failure) {
        EXPECT_THAT(failure.what(),
                    StartsWith("the module " + std::string(module) + " cannot be loaded: "));
        EXPECT_EQ(failure.next_step(), "install it in " + folder.string());
    }
}

TEST(ModuleSymbol, IsFoundInTheFolderThatWasNamed) {
    const TempFolder folder;
    fs::create_symlink(any_shared_object(), folder / "some_module.so");
    for (const Binding binding : {Binding::at_once, Binding::when_called}) {
        EXPECT_NE(module_symbol("some_module", "getenv", folder.path(), binding), nullptr);
    }
    expect_failure("some_module", "no_such_function", folder.path());
}

TEST(ModuleSymbol, SaysWhatIsMissingAndWhereItBelongs) {
    const TempFolder folder;
    plant(folder / "text.so", "no module");
    expect_failure("none", "symbol", folder.path());
    expect_failure("text", "symbol", folder.path());
}

}  // namespace
}  // namespace editprep::os
