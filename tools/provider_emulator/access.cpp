#include "tools/provider_emulator/access.hpp"

#include <string_view>

#include "tools/provider_emulator/answers.hpp"

namespace editprep::tools::provider_emulator {
namespace {

/// What follows the scheme; empty when the header has another or none.
std::string credentials(const httplib::Request& request, std::string_view scheme) {
    const std::string header = request.get_header_value("Authorization");
    return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string();
}

}  // namespace

bool Access::allow_fal(const httplib::Request& request, httplib::Response& response) const {
    const std::string given = credentials(request, "Key ");
    if (given.empty()) {
        answer_detail(response, 401,
                      "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'.");
        return false;
    }
    if (!accepts(given)) {
        answer_detail(response, 401, "No user found for Key ID and Secret");
        return false;
    }
    return true;
}

bool Access::allow_openai(const httplib::Request& request, httplib::Response& response) const {
    const std::string given = credentials(request, "Bearer ");
    if (given.empty()) {
        answer_openai_error(response, 401,
                            "No API key was given: send 'Authorization: Bearer KEY'");
        return false;
    }
    if (!accepts(given)) {
        answer_openai_error(response, 401, "Incorrect API key provided", "invalid_request_error",
                            {}, "invalid_api_key");
        return false;
    }
    return true;
}

}  // namespace editprep::tools::provider_emulator
