#include "tools/generate_image/generate_image.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/remote/transport_error.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::generate_image::run(tools::generate_image::parse(words), context);
    };
    return tools::run_guarded_tool(argument_count, arguments, command,
                                   tools::describe_transport_error);
}
