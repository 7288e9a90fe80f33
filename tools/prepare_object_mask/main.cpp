#include "tools/prepare_object_mask/prepare_object_mask.hpp"
#include "tools/shared/imaging_error.hpp"
#include "tools/shared/run_tool.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::prepare_object_mask::run(tools::prepare_object_mask::parse(words), context);
    };
    return tools::run_tool(argument_count, arguments, command, tools::describe_imaging_error);
}
