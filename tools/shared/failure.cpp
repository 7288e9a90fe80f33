#include "tools/shared/failure.hpp"

#include "tools/shared/story.hpp"

namespace editprep::tools {

std::string usage_error_text(std::string_view command, std::string_view reason) {
    const std::string name(command);
    return "All options: " + name + " --help\n" + name + ": error: " + one_line(reason) + '\n';
}

}  // namespace editprep::tools
