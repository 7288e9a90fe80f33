#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/fal.hpp"

/// The words of fal's protocol: paths, headers, which answers mean what.
namespace editprep::transport {

/// The id as it is called: `<digits>-<name>` is an older way to write `<digits>/<name>`. Throws
/// invalid_argument as check_fal_endpoint_id.
[[nodiscard]] std::string fal_endpoint_path(std::string_view endpoint_id);

enum class FalStep { status, status_stream, result, cancel };

/// The URL that the queue gave for a step where it has the queue's own origin, else the one made
/// from model and request id. Throws invalid_argument where that takes an id that is none.
[[nodiscard]] std::string fal_step_url(const std::string& queue_url, const FalRequest& request,
                                       FalStep step);

/// `text` as one more parameter of a URL's query.
[[nodiscard]] std::string with_parameter(const std::string& url, std::string_view name,
                                         std::string_view value);

/// Replaces headers of that name in any letter case.
void set_header(std::vector<Header>& headers, const std::string& name, const std::string& value);

/// The same unless there is one of that name.
void set_default_header(std::vector<Header>& headers, const std::string& name,
                        const std::string& value);

/// What the official client sends with everything, also where there is no body.
[[nodiscard]] std::vector<Header> fal_common_headers();

/// The same and those of the options. Throws invalid_argument for options outside their range.
[[nodiscard]] std::vector<Header> fal_call_headers(const FalCallOptions& options);

/// The value of the two lifecycle headers. Throws invalid_argument unless above 0: a 0 would mean
/// for ever.
[[nodiscard]] std::string fal_lifecycle(std::chrono::seconds expires_in);

/// 429, 502, 503 and 504, unless it was the caller's own deadline that passed.
[[nodiscard]] bool fal_is_busy(const HttpResponse& response);

/// Throws http_status for any other answer than the three.
[[nodiscard]] CancelOutcome fal_cancel_outcome(const HttpResponse& response);

/// Throws invalid_response unless the answer of fal's holds the list.
[[nodiscard]] std::vector<FalPrice> parse_fal_prices(std::string_view body);

/// A page of the list of requests.
struct FalRequestPage {
    std::vector<FalPastRequest> requests;
    /// Empty on the last page.
    std::string next_cursor;
};

/// Entries without an id are left out. Throws invalid_response unless the answer holds the list.
[[nodiscard]] FalRequestPage parse_fal_request_page(std::string_view body);

/// `2026-11-21T21:33:15Z`, as fal's platform takes and tells times; whole seconds.
[[nodiscard]] std::string fal_time(std::chrono::system_clock::time_point time);

/// Throws http_status: `what` went wrong, and why.
[[noreturn]] void throw_fal_status(const HttpResponse& response, const std::string& what);

}  // namespace editprep::transport
