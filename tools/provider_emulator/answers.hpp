#pragma once

#include <httplib.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

/// Answers as JSON, and what all services need to know of a request.
namespace editprep::tools::provider_emulator {

using Json = nlohmann::ordered_json;

void answer_json(httplib::Response& response, int status, const Json& body);
/// `{"detail": text}`, fal's plain error.
void answer_detail(httplib::Response& response, int status, std::string_view text);
/// `{"error": {...}}` as OpenAI writes it; empty `param` and `code` become null.
void answer_openai_error(httplib::Response& response, int status, std::string_view message,
                         std::string_view type = "invalid_request_error",
                         std::string_view param = {}, std::string_view code = {});

/// Nothing unless the text is a JSON object.
[[nodiscard]] std::optional<Json> parse_object(std::string_view text);

/// `http://127.0.0.1:43125`, as the client called this server.
[[nodiscard]] std::string base_url_of(const httplib::Request& request);

/// The same server under another host name: `http://localhost:43125`, or the address for the name.
[[nodiscard]] std::string other_host_of(const httplib::Request& request);

/// Path without query, as it was sent: not decoded.
[[nodiscard]] std::string_view path_of(const httplib::Request& request);
/// What stands behind the question mark, byte for byte.
[[nodiscard]] std::string_view query_of(const httplib::Request& request);

/// The `expiration_duration_seconds` of a lifecycle header; nothing without one above 0.
[[nodiscard]] std::optional<std::chrono::seconds> lifetime_in(const httplib::Request& request,
                                                              const char* header);

/// 128 random bits in the form of a UUID.
[[nodiscard]] std::string new_id();

/// UTC, ISO 8601, microseconds, no zone suffix.
[[nodiscard]] std::string timestamp(std::chrono::system_clock::time_point when);
[[nodiscard]] std::string timestamp();

}  // namespace editprep::tools::provider_emulator
