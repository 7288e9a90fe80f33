#include "tools/fetch_generated_media/fetch_generated_media.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/remote/transport_error.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::fetch_generated_media::run(tools::fetch_generated_media::parse(words), context);
    };
    return tools::run_guarded_tool(argument_count, arguments, command, tools::describe_transport_error);
}
