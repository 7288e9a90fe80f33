#include "tools/provider_emulator/provider_emulator.hpp"
#include "tools/shared/imaging_error.hpp"
#include "tools/shared/run_tool.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::provider_emulator::run(tools::provider_emulator::parse(words), context);
    };
    return tools::run_tool(argument_count, arguments, command, tools::describe_imaging_error);
}
