#include "tools/object_select_edit/object_select_edit.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/workflow/edit_error.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::object_select_edit::run(tools::object_select_edit::parse(words), context);
    };
    return tools::run_guarded_tool(argument_count, arguments, command, tools::describe_edit_error);
}
