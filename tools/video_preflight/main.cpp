#include "tools/clips/clip_error.hpp"
#include "tools/video_preflight/video_preflight.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::video_preflight::run(tools::video_preflight::parse(words), context);
    };
    return tools::run_tool(argument_count, arguments, command, tools::describe_clip_error);
}
