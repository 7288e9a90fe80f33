#pragma once

#include <httplib.h>

#include <string_view>

#include "tools/provider_emulator/access.hpp"
#include "tools/provider_emulator/request_log.hpp"

namespace editprep::tools::provider_emulator {

/// fal's `/v1/models/requests/by-endpoint`: what was sent to a model, so that a client whose
/// connection broke can find out whether its request arrived. The newest first; requests in the
/// queue are listed too.
class RequestList {
public:
    /// Both must outlive this.
    RequestList(const Access& access, const RequestLog& log) : access_(access), log_(log) {}

    [[nodiscard]] static bool serves(std::string_view path);

    void handle(const httplib::Request& request, httplib::Response& response) const;

private:
    const Access& access_;
    const RequestLog& log_;
};

}  // namespace editprep::tools::provider_emulator
