#include "tools/mask_inpaint/mask_inpaint.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/workflow/edit_error.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::mask_inpaint::run(tools::mask_inpaint::parse(words), context);
    };
    return tools::run_guarded_tool(argument_count, arguments, command, tools::describe_edit_error);
}
