#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "editprep/transport/http.hpp"

/// What the body of an error response says, whoever sent it: fal, OpenAI, a compatible server, a
/// proxy or a load balancer on the way.
namespace editprep::transport {

struct FailureBody {
    /// One line, ready to be shown: payloads shortened, at most some hundred characters. "HTTP
    /// status 502" where the body says nothing.
    std::string message;
    /// `error_type`, the `type` of the error, or the first one of a validation body.
    std::string type;
    std::string code;
    /// A list of what is wrong with the input: an answer of the model, not of the servers before
    /// it.
    bool judges_input = false;
};

[[nodiscard]] FailureBody read_failure_body(const HttpResponse& response);

/// Whatever stands where a message belongs: a text, a list of faults, or an object around one.
/// Empty where there is none; as it came otherwise, but without the `input` that faults echo.
[[nodiscard]] std::string message_in_failure(const nlohmann::json& value);

/// A text of a server's for a message: one line of valid UTF-8, payloads shortened, not too long.
[[nodiscard]] std::string shown_text(std::string_view text);

}  // namespace editprep::transport
