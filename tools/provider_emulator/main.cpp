#include "module_loader.hpp"
#include "tools/provider_emulator/emulator_module.hpp"
#include "tools/provider_emulator/provider_emulator.hpp"
#include "tools/remote/transport_error.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/run_tool.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    namespace emulator = tools::provider_emulator;
    // Help and wrong words end here, without the module.
    const auto command = [&](const tools::Words& words, const tools::Context&) {
        static_cast<void>(emulator::parse(words));
        const auto emulate =
            reinterpret_cast<emulator::EmulateFunction>(editprep::transport::module_symbol(
                emulator::kEmulatorModule, emulator::kEmulatorSymbol));
        throw tools::ExitRequest{emulate(argument_count, arguments)};
    };
    return tools::run_tool(argument_count, arguments, command, tools::describe_transport_error);
}
