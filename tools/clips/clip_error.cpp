#include "tools/clips/clip_error.hpp"

#include "editprep/video/error.hpp"
#include "tools/remote/transport_error.hpp"

namespace editprep::tools {

std::optional<std::string> describe_clip_error(const std::exception& error) {
    const auto* known = dynamic_cast<const video::Error*>(&error);
    if (known == nullptr) {
        return describe_transport_error(error);
    }
    const std::string& next_step = known->next_step();
    return std::string("ERROR: ") + known->what() + (next_step.empty() ? "" : "; " + next_step);
}

}  // namespace editprep::tools
