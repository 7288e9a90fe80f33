#include <string>

#include "os/shared_object.hpp"
#include "tools/provider_emulator/emulator_module.hpp"
#include "tools/provider_emulator/provider_emulator.hpp"
#include "tools/remote/transport_error.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/run_tool.hpp"

namespace {

void* load_emulator() {
    namespace emulator = editprep::tools::provider_emulator;
    try {
        return editprep::os::module_symbol(emulator::kEmulatorModule, emulator::kEmulatorSymbol,
                                           {});
    } catch (const editprep::os::ModuleFailure& failure) {
        throw editprep::tools::Failure(std::string(failure.what()) + "; " + failure.next_step());
    }
}

}  // namespace

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    namespace emulator = tools::provider_emulator;
    // Help and wrong words end here, without the module.
    const auto command = [&](const tools::Words& words, const tools::Context&) {
        static_cast<void>(emulator::parse(words));
        const auto emulate = reinterpret_cast<emulator::EmulateFunction>(load_emulator());
        throw tools::ExitRequest{emulate(argument_count, arguments)};
    };
    return tools::run_tool(argument_count, arguments, command, tools::describe_transport_error);
}
