#pragma once

#include <httplib.h>

#include <string>
#include <string_view>
#include <vector>

/// What the pages of fal's platform API have in common.
namespace editprep::tools::provider_emulator {

/// The shape of errors on that host.
void refuse_platform(httplib::Response& response, int status, std::string_view type,
                     std::string_view message);

/// The values of `endpoint_id`: repeated, or several in one with commas between. None after filling
/// in a 400, when there are not from 1 to 50.
[[nodiscard]] std::vector<std::string> asked_endpoints(const httplib::Request& request,
                                                       httplib::Response& response);

}  // namespace editprep::tools::provider_emulator
