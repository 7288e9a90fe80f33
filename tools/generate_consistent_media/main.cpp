#include "tools/clips/clip_error.hpp"
#include "tools/reference_media/reference_media.hpp"
#include "tools/remote/key_guard.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::reference_media::run(
            tools::reference_media::parse(words, "generate_consistent_media"), context);
    };
    return tools::run_guarded_tool(argument_count, arguments, command, tools::describe_clip_error);
}
