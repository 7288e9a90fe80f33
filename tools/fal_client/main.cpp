#include "tools/clips/clip_error.hpp"
#include "tools/fal_client/fal_client.hpp"
#include "tools/remote/key_guard.hpp"

int main(int argument_count, char** arguments) {
    namespace tools = editprep::tools;
    return tools::run_guarded_tool(argument_count, arguments, tools::fal_client::run,
                                   tools::describe_clip_error);
}
