#include "fal_protocol.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <utility>

#include "ascii.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"
#include "failure_body.hpp"
#include "json_member.hpp"
#include "utc_time.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::json;

/// The segments of an endpoint id that come before owner and app.
constexpr auto kNamespaces = std::to_array<std::string_view>({"workflows", "comfy"});

/// `110602490-sdxl` -> the length of the digits; 0 for ids of other forms.
std::size_t numeric_owner(std::string_view id) {
    const std::size_t digits =
        static_cast<std::size_t>(std::ranges::find_if_not(id, is_digit) - id.begin());
    const bool old_form = digits != 0 && digits + 1 < id.size() && id[digits] == '-' &&
                          id.find('/') == std::string_view::npos;
    return old_form ? digits : 0;
}

std::string with_owner_apart(std::string_view id) {
    std::string path(id);
    if (const std::size_t digits = numeric_owner(id); digits != 0) {
        path[digits] = '/';
    }
    return path;
}

/// What needs no escape in a path and means nothing to a server.
bool is_plain(char c) {
    constexpr std::string_view kMarks = "-._~@:+";
    return is_letter_or_digit(c) || kMarks.find(c) != std::string_view::npos;
}

bool is_segment(std::string_view text) {
    return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, is_plain);
}

[[noreturn]] void refuse_id(const std::string& what, std::string_view id,
                            const std::string& next_step) {
    throw Error(Errc::invalid_argument, "not a fal " + what + ": " + shown_text(id), what,
                next_step);
}

void check_request_id(std::string_view id) {
    if (!is_segment(id)) {
        refuse_id("request id", id, "give the request id that submit printed");
    }
}

/// Nothing for URLs that would carry the key elsewhere.
std::optional<Url> url_of_queue(const std::string& given, const Url& queue) {
    try {
        Url url = parse_url(given);
        return same_origin(url, queue) ? std::optional(std::move(url)) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

const std::string& given_url(const FalRequest& request, FalStep step) {
    switch (step) {
        case FalStep::result:
            return request.response_url;
        case FalStep::cancel:
            return request.cancel_url;
        default:
            return request.status_url;
    }
}

/// Behind `/requests/{id}`.
std::string_view path_of(FalStep step) {
    switch (step) {
        case FalStep::status:
            return "/status";
        case FalStep::status_stream:
            return "/status/stream";
        case FalStep::cancel:
            return "/cancel";
        default:
            return "";
    }
}

/// An object; anything else is no answer of fal's.
Json object_from(std::string_view body, const std::string& what, const std::string& next_step) {
    Json value = parsed_json(body);
    if (!value.is_object()) {
        throw Error(Errc::invalid_response, what + " is not a JSON object", what, next_step);
    }
    return value;
}

/// The reason of a failure in a member that is a text or an error object; nothing for null, "" and
/// the like.
std::optional<std::string> reason_in(const Json& status, const char* name) {
    const Json& member = json_member(status, name);
    const std::string text = shown_text(message_in_failure(member));
    if (text.empty() && member.is_structured() && !member.empty()) {
        return "the job failed without a message";
    }
    return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<std::string> lines_in(const Json& status) {
    std::vector<std::string> lines;
    const Json& logs = json_member(status, "logs");
    for (std::size_t i = 0; logs.is_array() && i < logs.size(); ++i) {
        lines.push_back(logs[i].is_string() ? logs[i].get<std::string>()
                                            : text_member(logs[i], "message"));
    }
    return lines;
}

std::string upper_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool has_word(const HttpResponse& response, std::string_view header, std::string_view word) {
    const auto value = response.header(header);
    return value && equal_ignoring_case(trimmed(*value), word);
}

/// What the server says itself; its documents disagree on the header's name.
std::optional<bool> announced_retryable(const HttpResponse& response) {
    for (const std::string_view header : {"x-fal-retryable", "x-fal-needs-retry"}) {
        if (has_word(response, header, "true")) {
            return true;
        }
        if (has_word(response, header, "false")) {
            return false;
        }
    }
    return std::nullopt;
}

/// The infrastructure errors that fal's documentation calls worth another attempt (2026-11).
bool passes_by_itself(std::string_view type) {
    constexpr auto kTypes = std::to_array<std::string_view>({
        "request_timeout",
        "startup_timeout",
        "runner_scheduling_failure",
        "runner_connection_timeout",
        "runner_disconnected",
        "runner_connection_refused",
        "runner_connection_error",
        "runner_incomplete_response",
        "runner_server_error",
        "concurrent_requests_limit",
    });
    return is_one_of(kTypes, type);
}

bool by_own_deadline(const HttpResponse& response) {
    return has_word(response, "x-fal-request-timeout-type", "user");
}

bool is_worth_retrying(const HttpResponse& response, const FalFailure& failure, bool judges_input) {
    if (by_own_deadline(response)) {
        return false;
    }
    if (const auto announced = announced_retryable(response)) {
        return *announced;
    }
    if (passes_by_itself(failure.type)) {
        return true;
    }
    return !judges_input && (response.status == 408 || fal_is_busy(response));
}

/// @param entry an element of `items`
FalPastRequest past_request_from(const Json& entry) {
    FalPastRequest request{.request_id = text_member(entry, "request_id"),
                           .endpoint_id = text_member(entry, "endpoint_id"),
                           .sent_at = parse_utc_time(text_member(entry, "sent_at"))};
    if (const Json& input = json_member(entry, "json_input"); !input.is_null()) {
        request.input_json = input.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return request;
}

/// @param entry an element of `prices`
std::optional<FalPrice> price_from(const Json& entry) {
    FalPrice price{.endpoint_id = text_member(entry, "endpoint_id"),
                   .unit = text_member(entry, "unit"),
                   .currency = text_member(entry, "currency")};
    const Json& unit_price = json_member(entry, "unit_price");
    if (price.endpoint_id.empty() || !unit_price.is_number()) {
        return std::nullopt;
    }
    price.unit_price = unit_price.get<double>();
    return price;
}

}  // namespace

std::optional<std::chrono::seconds> parse_fal_expiry(std::string_view text) {
    using std::chrono::seconds;
    // As @fal-ai/client 1.10.1 understands them.
    constexpr auto kWords = std::to_array<std::pair<std::string_view, std::int64_t>>({
        {"immediate", 60},
        {"1h", 3'600},
        {"1d", 86'400},
        {"7d", 604'800},
        {"30d", 2'592'000},
        {"1y", 31'536'000},
    });
    if (text == "never") {
        return std::nullopt;
    }
    for (const auto& [word, value] : kWords) {
        if (text == word) {
            return seconds(value);
        }
    }
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || value <= 0) {
        throw Error(Errc::invalid_argument, "not an expiry: " + shown_text(text), "expiry",
                    "use immediate, 1h, 1d, 7d, 30d, 1y, never or a number of seconds above 0");
    }
    return seconds(value);
}

void check_fal_endpoint_id(std::string_view endpoint_id) {
    std::size_t begin = 0;
    while (begin <= endpoint_id.size()) {
        const std::size_t end = std::min(endpoint_id.find('/', begin), endpoint_id.size());
        if (!is_segment(endpoint_id.substr(begin, end - begin))) {
            refuse_id("endpoint id", endpoint_id,
                      "write it as on the model's page, for example fal-ai/flux/dev");
        }
        begin = end + 1;
    }
}

std::string fal_endpoint_path(std::string_view endpoint_id) {
    check_fal_endpoint_id(endpoint_id);
    return with_owner_apart(endpoint_id);
}

std::string fal_base_model(std::string_view endpoint_id) {
    const std::string path = with_owner_apart(endpoint_id);
    const std::string_view first = std::string_view(path).substr(0, path.find('/'));
    std::size_t end = 0;
    for (int segments = is_one_of(kNamespaces, first) ? 3 : 2; segments > 0; --segments) {
        end = std::min(path.find('/', end == 0 ? 0 : end + 1), path.size());
    }
    return path.substr(0, end);
}

std::string fal_step_url(const std::string& queue_url, const FalRequest& request, FalStep step) {
    const Url queue = parse_url(queue_url);
    if (auto url = url_of_queue(given_url(request, step), queue)) {
        if (step == FalStep::status_stream) {
            url->path += "/stream";
        }
        return url->text();
    }
    check_request_id(request.request_id);
    return queue_url + "/" + fal_base_model(fal_endpoint_path(request.model)) + "/requests/" +
           request.request_id + std::string(path_of(step));
}

std::string with_parameter(const std::string& url, std::string_view name, std::string_view value) {
    const char separator = url.find('?') == std::string::npos ? '?' : '&';
    return url + separator + std::string(name) + "=" + percent_encode(value);
}

void set_header(std::vector<Header>& headers, const std::string& name, const std::string& value) {
    std::erase_if(headers,
                  [&](const Header& header) { return equal_ignoring_case(header.name, name); });
    headers.push_back({name, value});
}

void set_default_header(std::vector<Header>& headers, const std::string& name,
                        const std::string& value) {
    if (std::ranges::none_of(headers, [&](const Header& header) {
            return equal_ignoring_case(header.name, name);
        })) {
        headers.push_back({name, value});
    }
}

std::vector<Header> fal_common_headers() {
    return {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
}

std::string fal_lifecycle(std::chrono::seconds expires_in) {
    if (expires_in <= std::chrono::seconds::zero()) {
        throw Error(Errc::invalid_argument, "an expiry must be above 0 seconds", "expiry");
    }
    return "{\"expiration_duration_seconds\":" + std::to_string(expires_in.count()) + "}";
}

std::vector<Header> fal_call_headers(const FalCallOptions& options) {
    std::vector<Header> headers = fal_common_headers();
    for (const Header& header : options.headers) {
        set_header(headers, header.name, header.value);
    }
    if (options.priority) {
        set_header(headers, "X-Fal-Queue-Priority",
                   *options.priority == FalPriority::low ? "low" : "normal");
    }
    if (options.hint) {
        set_header(headers, "X-Fal-Runner-Hint", *options.hint);
    }
    if (const auto timeout = options.start_timeout_seconds) {
        if (!std::isfinite(*timeout) || *timeout <= 1) {
            throw Error(Errc::invalid_argument, "a start deadline must be above 1 second",
                        "start deadline");
        }
        std::array<char, 32> text{};
        const auto written = std::to_chars(text.data(), text.data() + text.size(), *timeout);
        set_header(headers, "X-Fal-Request-Timeout", std::string(text.data(), written.ptr));
    }
    if (options.expires_in) {
        set_header(headers, "X-Fal-Object-Lifecycle-Preference",
                   fal_lifecycle(*options.expires_in));
    }
    return headers;
}

bool fal_is_busy(const HttpResponse& response) {
    constexpr auto kStatuses = std::to_array({429, 502, 503, 504});
    return std::ranges::find(kStatuses, response.status) != kStatuses.end() &&
           !by_own_deadline(response);
}

CancelOutcome fal_cancel_outcome(const HttpResponse& response) {
    const Json body = parsed_json(response.body);
    if (text_member(body, "status") == "ALREADY_COMPLETED") {
        return CancelOutcome::already_completed;
    }
    if (body.is_object() && response.status == 404) {
        return CancelOutcome::not_found;
    }
    if (response.status < 200 || response.status >= 300) {
        throw_fal_status(response, "fal does not cancel the job");
    }
    return CancelOutcome::requested;
}

std::vector<FalPrice> parse_fal_prices(std::string_view body) {
    const std::string what = "fal's answer about prices";
    const Json object = object_from(body, what, "");
    const Json& entries = json_member(object, "prices");
    if (!entries.is_array()) {
        throw Error(Errc::invalid_response, what + " holds no list of prices", "prices");
    }
    std::vector<FalPrice> prices;
    for (const Json& entry : entries) {
        if (auto price = price_from(entry)) {
            prices.push_back(*std::move(price));
        }
    }
    return prices;
}

FalRequestPage parse_fal_request_page(std::string_view body) {
    const std::string what = "fal's list of requests";
    const Json object = object_from(body, what, "");
    const Json& entries = json_member(object, "items");
    if (!entries.is_array()) {
        throw Error(Errc::invalid_response, what + " holds no items", "items");
    }
    FalRequestPage page{.requests = {}, .next_cursor = text_member(object, "next_cursor")};
    for (const Json& entry : entries) {
        if (FalPastRequest request = past_request_from(entry); !request.request_id.empty()) {
            page.requests.push_back(std::move(request));
        }
    }
    if (json_member(object, "has_more") == false) {
        page.next_cursor.clear();
    }
    return page;
}

std::string fal_time(std::chrono::system_clock::time_point time) {
    const std::time_t whole = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::gmtime_r(&whole, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

void throw_fal_status(const HttpResponse& response, const std::string& what) {
    const bool refuses_key = response.status == 401 || response.status == 403;
    throw Error(Errc::http_status,
                what + ": HTTP " + std::to_string(response.status) + ", " +
                    describe_fal_failure(response).message,
                what, refuses_key ? "check the fal key and the account's balance" : "");
}

bool FalStatus::waiting() const {
    // fal documents the first two; gateways before it are known to say the others.
    constexpr auto kWords = std::to_array<std::string_view>(
        {"IN_QUEUE", "IN_PROGRESS", "PROCESSING", "QUEUED", "STARTED", "PENDING"});
    return is_one_of(kWords, status);
}

bool FalStatus::failed() const {
    constexpr auto kWords =
        std::to_array<std::string_view>({"FAILED", "CANCELLED", "CANCELED", "ERROR"});
    return is_one_of(kWords, status) || (status == "COMPLETED" && error);
}

FalStatus parse_fal_status(std::string_view body) {
    const Json object = object_from(body, "the status of the job", "");
    FalStatus status{.status = upper_case(text_member(object, "status"))};
    if (status.status.empty()) {
        status.status = "UNKNOWN";
    }
    if (const Json& position = json_member(object, "queue_position");
        position.is_number_integer()) {
        status.queue_position = position.get<std::int64_t>();
    }
    if (std::string type = text_member(object, "error_type"); !type.empty()) {
        status.error_type = std::move(type);
    }
    status.error = reason_in(object, "error");
    if (!status.error && status.status == "COMPLETED") {
        status.error = status.error_type;
    } else if (!status.error && status.failed()) {
        status.error = reason_in(object, "detail");
    }
    status.log_lines = lines_in(object);
    return status;
}

FalRequest parse_fal_submission(std::string_view model, std::string_view body) {
    const std::string what = "the queue's answer to the submit";
    const std::string next_step =
        "the job may be running: look for it at https://fal.ai/dashboard before another submit";
    const Json object = object_from(body, what, next_step);
    FalRequest request{.model = std::string(model),
                       .request_id = text_member(object, "request_id"),
                       .status_url = text_member(object, "status_url"),
                       .response_url = text_member(object, "response_url"),
                       .cancel_url = text_member(object, "cancel_url")};
    if (request.request_id.empty()) {
        throw Error(Errc::invalid_response, what + " holds no request_id", "request_id", next_step);
    }
    return request;
}

FalFailure describe_fal_failure(const HttpResponse& response) {
    const FailureBody body = read_failure_body(response);
    FalFailure failure{.message = body.message, .type = body.type};
    if (response.status >= 300 && response.status < 400) {
        failure.message = "a redirect, which was not followed";
    }
    if (failure.type.empty()) {
        failure.type = shown_text(response.header("x-fal-error-type").value_or(""));
    }
    failure.worth_retrying = is_worth_retrying(response, failure, body.judges_input);
    return failure;
}

}  // namespace editprep::transport
