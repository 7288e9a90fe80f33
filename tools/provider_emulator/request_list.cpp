#include "tools/provider_emulator/request_list.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "editprep/transport/base64.hpp"
#include "editprep/transport/error.hpp"
#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/platform_request.hpp"

namespace editprep::tools::provider_emulator {
namespace {

using std::chrono::hours;

// fal's platform API, read 2026-11.
constexpr std::size_t kDefaultLimit = 50;
constexpr std::size_t kMaxLimit = 100;
constexpr hours kDefaultPast{24};
constexpr hours kDefaultPastOfOneRequest{24 * 90};

/// A query that cannot be answered, and why.
struct BadQuery {
    std::string reason;
};

struct Query {
    std::vector<std::string> endpoints;
    UtcTime start;
    std::optional<UtcTime> end;
    std::string request_id;
    /// `success`, `error`, `user_error`, or empty for all.
    std::string status;
    bool payloads = false;
    std::size_t limit = kDefaultLimit;
    /// From 1.
    std::size_t page = 1;
};

std::optional<std::size_t> number_in(std::string_view text, std::size_t most) {
    std::size_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    const bool good = error == std::errc() && stopped == end && number >= 1 && number <= most;
    return good ? std::optional(number) : std::nullopt;
}

/// `2026-11-21`, or with a time behind a `T`, which may have a fraction, and `Z` or nothing.
UtcTime time_from(const std::string& name, const std::string& text) {
    std::tm parts{};
    const char* rest = ::strptime(text.c_str(), "%Y-%m-%d", &parts);
    double fraction = 0;
    if (rest != nullptr && *rest == 'T') {
        rest = ::strptime(rest, "T%H:%M:%S", &parts);
        if (rest != nullptr && *rest == '.') {
            rest =
                std::from_chars(rest, text.data() + text.size(), fraction, std::chars_format::fixed)
                    .ptr;
        }
        rest = rest != nullptr && *rest == 'Z' ? rest + 1 : rest;
    }
    if (rest == nullptr || *rest != '\0') {
        throw BadQuery{name + " must be a time as in ISO 8601"};
    }
    const auto microseconds = static_cast<std::int64_t>(std::lround(fraction * 1e6));
    return std::chrono::system_clock::from_time_t(::timegm(&parts)) +
           std::chrono::microseconds(microseconds);
}

std::string cursor_of(std::size_t page) {
    const std::string text = std::to_string(page);
    return transport::encode_base64(std::as_bytes(std::span(text)));
}

std::size_t page_at(const std::string& cursor) {
    try {
        // The HTTP library drops the padding of a value that was sent as it is.
        const auto bytes = transport::decode_base64(cursor, transport::Base64Reading::tolerant);
        const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        if (const auto page = number_in(text, 1'000'000)) {
            return *page;
        }
    } catch (const transport::Error&) {
        // The same as a number that is none.
    }
    throw BadQuery{"cursor is none that was given"};
}

Query query_from(const httplib::Request& request, std::vector<std::string> endpoints) {
    const auto value = [&](const char* name) { return request.get_param_value(name); };
    Query query{.endpoints = std::move(endpoints),
                .start = std::chrono::system_clock::now(),
                .end = {},
                .request_id = value("request_id"),
                .status = value("status")};
    query.start -= query.request_id.empty() ? kDefaultPast : kDefaultPastOfOneRequest;
    if (const std::string start = value("start"); !start.empty()) {
        query.start = time_from("start", start);
    }
    if (const std::string end = value("end"); !end.empty()) {
        query.end = time_from("end", end);
    }
    if (const std::string limit = value("limit"); !limit.empty()) {
        const auto number = number_in(limit, kMaxLimit);
        if (!number) {
            throw BadQuery{"limit must be from 1 to 100"};
        }
        query.limit = *number;
    }
    if (const std::string cursor = value("cursor"); !cursor.empty()) {
        query.page = page_at(cursor);
    }
    const std::string& status = query.status;
    if (!status.empty() && status != "success" && status != "error" && status != "user_error") {
        throw BadQuery{"status must be success, error or user_error"};
    }
    const std::string expansion = value("expand");
    if (!expansion.empty() && expansion != "payloads") {
        throw BadQuery{"expand must be payloads"};
    }
    query.payloads = !expansion.empty();
    return query;
}

std::string_view status_of(const RequestProgress& progress) {
    if (!progress.answer) {
        return "";
    }
    const int status = progress.answer->status;
    return status < 400 ? "success" : status < 500 ? "user_error" : "error";
}

/// All but the status, which may cost the work itself.
bool fits(const LoggedRequest& request, const Query& query) {
    return std::ranges::find(query.endpoints, request.endpoint_id) != query.endpoints.end() &&
           request.sent_at >= query.start && (!query.end || request.sent_at < *query.end) &&
           (query.request_id.empty() || request.request_id == query.request_id);
}

std::vector<LoggedRequest> choose(std::vector<LoggedRequest> requests, const Query& query) {
    std::erase_if(requests, [&](const LoggedRequest& request) {
        return !fits(request, query) ||
               (!query.status.empty() && status_of(request.progress()) != query.status);
    });
    return requests;
}

Json time_or_null(const std::optional<UtcTime>& when) {
    return when ? Json(timestamp(*when) + 'Z') : Json(nullptr);
}

Json duration_or_null(const LoggedRequest& request, const RequestProgress& progress) {
    using Seconds = std::chrono::duration<double>;
    return progress.ended_at ? Json(Seconds(*progress.ended_at - request.sent_at).count())
                             : Json(nullptr);
}

Json item_of(const LoggedRequest& request, bool payloads) {
    const RequestProgress progress = request.progress();
    const auto& answer = progress.answer;
    Json item{{"request_id", request.request_id},
              {"endpoint_id", request.endpoint_id},
              {"started_at", time_or_null(progress.started_at)},
              {"sent_at", time_or_null(request.sent_at)},
              {"ended_at", time_or_null(progress.ended_at)},
              {"status_code", answer ? Json(answer->status) : Json(nullptr)},
              {"duration", duration_or_null(request, progress)}};
    if (payloads) {
        const auto input = request.input ? parse_object(*request.input) : std::nullopt;
        item["json_input"] = input ? *input : Json(nullptr);
        item["json_output"] = answer ? answer->body : Json(nullptr);
    }
    return item;
}

}  // namespace

bool RequestList::serves(std::string_view path) {
    return path == "/api/v1/models/requests/by-endpoint";
}

void RequestList::handle(const httplib::Request& request, httplib::Response& response) const {
    if (!access_.allow_fal(request, response)) {
        return;
    }
    if (request.method != "GET") {
        return refuse_platform(response, 405, "method_not_allowed", "Method Not Allowed");
    }
    auto endpoints = asked_endpoints(request, response);
    if (endpoints.empty()) {
        return;
    }
    try {
        const Query query = query_from(request, std::move(endpoints));
        const auto requests = choose(log_.all(), query);
        const std::size_t begin = std::min((query.page - 1) * query.limit, requests.size());
        const std::size_t end = std::min(begin + query.limit, requests.size());
        Json items = Json::array();
        for (std::size_t i = begin; i < end; ++i) {
            items.push_back(item_of(requests[i], query.payloads));
        }
        const bool has_more = end < requests.size();
        answer_json(response, 200,
                    {{"items", std::move(items)},
                     {"next_cursor", has_more ? Json(cursor_of(query.page + 1)) : Json(nullptr)},
                     {"has_more", has_more}});
    } catch (const BadQuery& bad) {
        refuse_platform(response, 400, "validation_error", bad.reason);
    }
}

}  // namespace editprep::tools::provider_emulator
