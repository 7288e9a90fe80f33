#include "tools/provider_emulator/fault_answers.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include "tools/provider_emulator/answers.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::size_t kHugeBytes = std::size_t{2} << 30;
constexpr std::size_t kDeepLevels = 200'000;
/// Nobody is at home in this network (RFC 1918), and no client may go there from outside.
constexpr const char* kPrivateUrl = "http://10.255.255.1/";

void error_status(const Fault& fault, const httplib::Request& request,
                  httplib::Response& response) {
    const std::string message = "the emulator was told to answer " + std::to_string(fault.status);
    if (path_of(request).starts_with("/v1/")) {
        const bool busy = fault.status == 429;
        answer_openai_error(response, fault.status, message, busy ? "requests" : "server_error", {},
                            busy ? "rate_limit_exceeded" : "");
    } else {
        answer_detail(response, fault.status, message);
    }
    if (!fault.value.empty()) {
        response.set_header("Retry-After", fault.value);
    }
}

void huge_body(httplib::Response& response) {
    response.status = 200;
    response.set_content_provider(kHugeBytes, "application/json",
                                  [blanks = std::string(std::size_t{64} << 10, ' ')](
                                      std::size_t, std::size_t length, httplib::DataSink& sink) {
                                      return sink.write(blanks.data(),
                                                        std::min(length, blanks.size()));
                                  });
}

}  // namespace

void answer_for(const Fault& fault, const httplib::Request& request, httplib::Response& response) {
    switch (fault.kind) {
        case FaultKind::error_status:
            return error_status(fault, request, response);
        case FaultKind::html_error:
            response.status = 502;
            return response.set_content(
                "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
                "<body><h1>Bad Gateway</h1><p>The emulator was told so.</p></body></html>\n",
                "text/html");
        case FaultKind::invalid_json:
            response.status = 200;
            return response.set_content(R"({"request_id": "cut-off, "images": [)",
                                        "application/json");
        case FaultKind::deep_json:
            response.status = 200;
            return response.set_content(
                std::string(kDeepLevels, '[') + std::string(kDeepLevels, ']'), "application/json");
        case FaultKind::huge_body:
            return huge_body(response);
        case FaultKind::redirect_host:
            // The journal shows what came along.
            return response.set_redirect(other_host_of(request) + request.target, 307);
        case FaultKind::redirect_private:
            return response.set_redirect(kPrivateUrl, 307);
        default:
            return;
    }
}

}  // namespace editprep::tools::provider_emulator
