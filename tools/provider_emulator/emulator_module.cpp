#include "tools/provider_emulator/emulator_module.hpp"

#include <type_traits>

#include "tools/clips/clip_error.hpp"
#include "tools/provider_emulator/provider_emulator.hpp"
#include "tools/shared/imaging_error.hpp"
#include "tools/shared/run_tool.hpp"

extern "C" [[gnu::visibility("default")]] int editprep_emulate(int argument_count,
                                                               char** arguments) noexcept {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::provider_emulator::run(tools::provider_emulator::parse(words), context);
    };
    const auto describe = [](const std::exception& error) {
        const auto line = tools::describe_imaging_error(error);
        return line ? line : tools::describe_clip_error(error);
    };
    return tools::run_tool(argument_count, arguments, command, describe);
}

static_assert(std::is_same_v<decltype(&editprep_emulate),
                             editprep::tools::provider_emulator::EmulateFunction>);
