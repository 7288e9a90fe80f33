#include "tools/workflow/edit_error.hpp"

#include "tools/remote/transport_error.hpp"
#include "tools/shared/imaging_error.hpp"

namespace editprep::tools {

std::optional<std::string> describe_edit_error(const std::exception& error) {
    auto described = describe_imaging_error(error);
    return described ? described : describe_transport_error(error);
}

}  // namespace editprep::tools
