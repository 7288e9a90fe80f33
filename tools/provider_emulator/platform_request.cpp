#include "tools/provider_emulator/platform_request.hpp"

#include <cstddef>
#include <sstream>

#include "tools/provider_emulator/answers.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::size_t kMaxIds = 50;

}  // namespace

void refuse_platform(httplib::Response& response, int status, std::string_view type,
                     std::string_view message) {
    answer_json(response, status,
                {{"error",
                  {{"type", type},
                   {"message", message},
                   {"docs_url", nullptr},
                   {"request_id", new_id()}}}});
}

std::vector<std::string> asked_endpoints(const httplib::Request& request,
                                         httplib::Response& response) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < request.get_param_value_count("endpoint_id"); ++i) {
        std::istringstream values(request.get_param_value("endpoint_id", i));
        for (std::string id; std::getline(values, id, ',');) {
            ids.push_back(id);
        }
    }
    if (ids.empty() || ids.size() > kMaxIds) {
        refuse_platform(response, 400, "validation_error", "from 1 to 50 endpoint_id are needed");
        ids.clear();
    }
    return ids;
}

}  // namespace editprep::tools::provider_emulator
