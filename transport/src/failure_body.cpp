#include "failure_body.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "ascii.hpp"
#include "editprep/transport/media_type.hpp"
#include "editprep/transport/redaction.hpp"
#include "json_member.hpp"
#include "utf8.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxShownCharacters = 600;
/// A body may list a fault for every one of a thousand inputs.
constexpr std::size_t kMaxFaults = 5;

std::string as_utf8(std::string_view text) {
    std::string valid;
    while (const auto position = find_invalid_utf8(text)) {
        valid.append(text, 0, *position).append("\xEF\xBF\xBD");
        text.remove_prefix(*position + 1);
    }
    return valid.append(text);
}

std::string in_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool blank = c == ' ' || is_control(c);
        if (!blank) {
            line += c;
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
    }
    return line.substr(0, line.find_last_not_of(' ') + 1);
}

std::string cut_to(std::string text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) {
        return text;
    }
    std::size_t end = max_bytes;
    while (end > 0 && !begins_character(text[end])) {
        --end;
    }
    return text.substr(0, end) + "...";
}

/// Numbers as they are written; nothing for containers.
std::string text_of(const Json& value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    return value.is_number() ? value.dump() : std::string();
}

/// `body`, `image_urls`, 0 -> `image_urls.0`.
std::string place_of(const Json& fault) {
    std::string place;
    const Json& path = json_member(fault, "loc");
    for (std::size_t i = 0; path.is_array() && i < path.size(); ++i) {
        const std::string step = text_of(path[i]);
        const bool root = i == 0 && step == "body";
        if (!root && !step.empty()) {
            place += (place.empty() ? "" : ".") + step;
        }
    }
    return place;
}

/// One entry of a validation body. Its `input` may echo the whole request and stays out.
std::string fault_text(const Json& fault) {
    if (fault.is_string()) {
        return fault.get<std::string>();
    }
    std::string text = text_member(fault, "msg");
    if (text.empty()) {
        text = text_member(fault, "message");
    }
    if (text.empty()) {
        text = text_member(fault, "type");
    }
    const std::string place = place_of(fault);
    return place.empty() || text.empty() ? text : place + ": " + text;
}

std::string faults_text(const Json& faults) {
    std::string text;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        if (i == kMaxFaults) {
            return text + "; and " + std::to_string(faults.size() - i) + " more";
        }
        const std::string fault = fault_text(faults[i]);
        text += (text.empty() || fault.empty() ? "" : "; ") + fault;
    }
    return text;
}

std::string first_of(std::string text, std::string other) {
    return text.empty() ? std::move(other) : std::move(text);
}

void read_json(const Json& body, FailureBody& failure) {
    if (!body.is_object()) {
        failure.message = body.is_string() || body.is_array() ? message_in_failure(body) : "";
        return;
    }
    constexpr auto kNames =
        std::to_array<const char*>({"detail", "error", "message", "errors", "status"});
    for (const char* name : kNames) {
        if (failure.message.empty()) {
            failure.message = message_in_failure(json_member(body, name));
        }
    }
    const Json& error = json_member(body, "error");
    const Json& detail = json_member(body, "detail");
    failure.judges_input = detail.is_array() && !detail.empty();
    failure.type = first_of(text_member(body, "error_type"), text_member(error, "type"));
    if (failure.judges_input) {
        failure.type = first_of(failure.type, text_member(detail.front(), "type"));
    }
    failure.code =
        first_of(text_of(json_member(error, "code")), text_of(json_member(body, "code")));
}

/// Load balancers answer with a page whose title is all there is to know.
std::string title_of(std::string_view page) {
    const std::string lower = lower_case(page);
    const std::size_t open = lower.find("<title");
    const std::size_t begin = open == std::string::npos ? open : lower.find('>', open);
    const std::size_t end = begin == std::string::npos ? begin : lower.find("</title", begin);
    return end == std::string::npos ? "" : std::string(page.substr(begin + 1, end - begin - 1));
}

}  // namespace

std::string message_in_failure(const Json& value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_array()) {
        return faults_text(value);
    }
    constexpr auto kNames = std::to_array<const char*>({"message", "msg", "detail", "reason"});
    for (const char* name : kNames) {
        if (std::string text = text_member(value, name); !text.empty()) {
            return text;
        }
    }
    return {};
}

std::string shown_text(std::string_view text) {
    return cut_to(in_one_line(shorten_payloads(as_utf8(text))), kMaxShownCharacters);
}

FailureBody read_failure_body(const HttpResponse& response) {
    FailureBody failure;
    const Json body = parsed_json(response.body);
    if (!body.is_discarded()) {
        read_json(body, failure);
    } else if (page_type_of(std::as_bytes(std::span(response.body))) == "text/html") {
        failure.message = title_of(response.body);
    } else {
        failure.message = response.body;
    }
    failure.message = shown_text(failure.message);
    if (failure.message.empty()) {
        failure.message = "HTTP status " + std::to_string(response.status);
    }
    return failure;
}

}  // namespace editprep::transport
