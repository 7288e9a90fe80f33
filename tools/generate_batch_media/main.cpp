#include "tools/clips/clip_error.hpp"
#include "tools/generate_batch_media/generate_batch_media.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/imaging_error.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    const auto command = [](const tools::Words& words, const tools::Context& context) {
        tools::generate_batch_media::run(tools::generate_batch_media::parse(words), context);
    };
    const auto describe = [](const std::exception& error) {
        const auto line = tools::describe_imaging_error(error);
        return line ? line : tools::describe_clip_error(error);
    };
    return tools::run_guarded_tool(argument_count, arguments, command, describe);
}
