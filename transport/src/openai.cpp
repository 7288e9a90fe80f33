#include "editprep/transport/openai.hpp"

#include <span>
#include <string_view>

#include "ascii.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/event_stream.hpp"
#include "editprep/transport/url.hpp"
#include "failure_body.hpp"
#include "json_member.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

/// As in the contract's section 4.1.
constexpr int kMaxRedirects = 30;

constexpr const char* kOpenAiHost = "api.openai.com";

/// As the official clients see it, and what says "too early".
bool is_passing(const HttpResponse& response) {
    switch (response.status) {
        case 408:
        case 409:
        case 425:
        case 429:
            return true;
        case 501:
            return false;
        default:
            return response.status >= 500;
    }
}

/// An exhausted quota stays exhausted.
bool is_worth_repeating(const HttpResponse& response) {
    const auto advice = response.header("x-should-retry");
    const bool forbidden = advice && equal_ignoring_case(trimmed(*advice), "false");
    return !forbidden && describe_openai_failure(response).code != "insufficient_quota";
}

/// A refusal before anything was made.
bool refused_for_now(const HttpResponse& response) {
    return response.status == 429 && is_worth_repeating(response);
}

/// Of a request that may come twice. 409 says that the first is still being worked on.
bool passes_for_now(const HttpResponse& response) {
    return is_passing(response) && is_worth_repeating(response);
}

template <typename Value>
std::string json_text(const Value& value) {
    try {
        return value.dump();
    } catch (const nlohmann::json::exception&) {
        throw Error(Errc::invalid_argument, "a text of the request is not UTF-8", "request");
    }
}

/// A form has texts only; in JSON numbers and switches have types. What names a person may look
/// like a number and stays a text.
nlohmann::ordered_json typed_value(const std::string& name, const std::string& text) {
    const nlohmann::ordered_json value =
        nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
    const bool names_person = name == "user" || name == "safety_identifier";
    return !names_person && (value.is_number() || value.is_boolean())
               ? value
               : nlohmann::ordered_json(text);
}

FormPart text_part(std::string name, std::string text) {
    return {.name = std::move(name), .content = text_body(std::move(text))};
}

FormPart file_part(std::string name, FormFile file) {
    return {.name = std::move(name),
            .content = std::move(file.content),
            .file_name = std::move(file.file_name),
            .media_type = std::move(file.media_type)};
}

/// A streamed answer on its way to the form of an ordinary one.
class StreamedAnswer {
public:
    explicit StreamedAnswer(const std::function<void(const PartialImage&)>& on_partial)
        : on_partial_(on_partial),
          events_([this](const ServerEvent& event) { take_event(event); }) {}

    void feed(std::span<const std::byte> piece) {
        const std::string_view text(reinterpret_cast<const char*>(piece.data()), piece.size());
        const std::size_t first = text.find_first_not_of(" \t\r\n");
        if (kind_ == Kind::unknown && first != std::string_view::npos) {
            // No line of an event stream begins like this.
            kind_ = text[first] == '{' ? Kind::document : Kind::events;
        }
        if (kind_ == Kind::document) {
            document_ += text;
        } else {
            events_.feed(piece);
        }
    }

    [[nodiscard]] std::string body() {
        if (kind_ == Kind::document) {
            return std::move(document_);
        }
        if (!answer_.contains("data")) {
            throw Error(Errc::invalid_response,
                        "the streamed answer ended before the picture was complete", "stream",
                        "the picture may have been charged all the same");
        }
        return json_text(answer_);
    }

private:
    enum class Kind { unknown, events, document };

    void take_event(const ServerEvent& event) {
        const Json data = parsed_json(event.data);
        std::string type = text_member(data, "type");
        if (type.empty()) {
            type = event.type;
        }
        if (type.ends_with(".partial_image")) {
            take_partial(data);
        } else if (type.ends_with(".completed")) {
            take_completed(data);
        } else if (type == "error" || !json_member(data, "error").is_null()) {
            throw_failure(data);
        }
    }

    void take_partial(const Json& data) const {
        const Json& index = json_member(data, "partial_image_index");
        if (on_partial_) {
            on_partial_({.index = index.is_number_integer() ? index.get<int>() : 0,
                         .b64_json = text_member(data, "b64_json")});
        }
    }

    /// One picture more; what is true of all of them stands beside the list.
    void take_completed(const Json& data) {
        Json image = Json::object();
        for (const char* name : {"b64_json", "url", "revised_prompt", "mime_type"}) {
            if (std::string text = text_member(data, name); !text.empty()) {
                image[name] = std::move(text);
            }
        }
        answer_["data"].push_back(std::move(image));
        for (const char* name : {"background", "output_format", "size", "quality", "usage"}) {
            if (const Json& value = json_member(data, name); !value.is_null()) {
                answer_[name] = value;
            }
        }
        if (const Json& time = json_member(data, "created_at"); !time.is_null()) {
            answer_["created"] = time;
        }
    }

    [[noreturn]] static void throw_failure(const Json& data) {
        const Json& error = json_member(data, "error");
        const std::string reason = shown_text(message_in_failure(error.is_null() ? data : error));
        throw Error(Errc::invalid_response,
                    "the streamed answer ended with an error: " +
                        (reason.empty() ? "without a message" : reason),
                    "stream");
    }

    const std::function<void(const PartialImage&)>& on_partial_;
    EventStream events_;
    Kind kind_ = Kind::unknown;
    std::string document_;
    Json answer_ = Json::object();
};

}  // namespace

bool is_openai(const std::string& base_url) { return parse_url(base_url).host == kOpenAiHost; }

OpenAiFailure describe_openai_failure(const HttpResponse& response) {
    FailureBody body = read_failure_body(response);
    return {.message = std::move(body.message),
            .type = std::move(body.type),
            .code = std::move(body.code)};
}

OpenAiClient::OpenAiClient(HttpClient& http, const Clock& clock, std::string base_url, Secret key)
    : http_(http), clock_(clock), base_url_(std::move(base_url)), key_(std::move(key)) {}

void OpenAiClient::on_retry(std::function<void(const std::string&, milliseconds)> tell) {
    on_retry_ = std::move(tell);
}

void OpenAiClient::on_deferred_cancel(std::function<void()> tell) {
    on_deferred_cancel_ = std::move(tell);
}

HttpRequest OpenAiClient::request_to(const OpenAiCall& call) const {
    HttpRequest request;
    request.method = "POST";
    request.url = base_url_ + call.endpoint;
    request.headers = {{"Accept", "application/json"}};
    if (call.idempotency) {
        request.headers.push_back(*call.idempotency);
    }
    if (!key_.empty()) {
        request.credential = Credential{.prefix = "Bearer ", .key = key_};
    }
    request.timeouts = call.timeouts;
    request.max_response_bytes = call.max_response_bytes;
    request.max_redirects = kMaxRedirects;
    // The host is the user's choice, but where it redirects to is not.
    request.reach = {.trusted_hosts = {parse_url(request.url).host}};
    request.progress = call.progress;
    request.send_once = true;
    request.finish_despite_cancel = true;
    request.cancel_deferred = on_deferred_cancel_;
    return request;
}

HttpResponse OpenAiClient::create(HttpRequest request, const OpenAiCall& call) {
    const bool idempotent = call.idempotency.has_value();
    return send_with_retries(http_, request,
                             {.attempts = 3,
                              .backoff = {milliseconds(500), milliseconds(8'000)},
                              .idempotent = idempotent,
                              .retry_response = idempotent ? passes_for_now : refused_for_now,
                              .on_retry = on_retry_},
                             clock_);
}

HttpResponse OpenAiClient::post_json(const OpenAiCall& call, Body json) {
    HttpRequest request = request_to(call);
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = std::move(json);
    return create(std::move(request), call);
}

HttpResponse OpenAiClient::post_form(const OpenAiCall& call, std::vector<FormPart> parts) {
    HttpRequest request = request_to(call);
    FormBody form = form_body(std::move(parts));
    request.headers.push_back({"Content-Type", form.content_type});
    request.body = std::move(form.body);
    return create(std::move(request), call);
}

HttpResponse OpenAiClient::edit_image(const OpenAiCall& call, ImageEditForm form) {
    std::vector<FormPart> parts;
    parts.push_back(text_part("model", std::move(form.model)));
    parts.push_back(text_part("prompt", std::move(form.prompt)));
    const char* image_name = form.images.size() == 1 ? "image" : "image[]";
    for (FormFile& image : form.images) {
        parts.push_back(file_part(image_name, std::move(image)));
    }
    if (form.mask) {
        parts.push_back(file_part("mask", *std::move(form.mask)));
    }
    for (auto& [name, value] : form.fields) {
        parts.push_back(text_part(std::move(name), std::move(value)));
    }
    return post_form(call, std::move(parts));
}

HttpResponse OpenAiClient::edit_image_json(const OpenAiCall& call, ImageEditForm form) {
    using OrderedJson = nlohmann::ordered_json;
    std::vector<InlineFile> files;
    const auto as_image_url = [&](FormFile& file) {
        files.push_back({new_inline_token(), std::move(file.content), std::move(file.media_type)});
        return OrderedJson{{"image_url", files.back().token}};
    };
    OrderedJson body{{"model", form.model}, {"prompt", form.prompt}};
    body["images"] = OrderedJson::array();
    for (FormFile& image : form.images) {
        body["images"].push_back(as_image_url(image));
    }
    if (form.mask) {
        body["mask"] = as_image_url(*form.mask);
    }
    for (const auto& [name, value] : form.fields) {
        body[name] = typed_value(name, value);
    }
    return post_json(call, json_body(json_text(body), std::move(files)));
}

HttpResponse OpenAiClient::post_json_streamed(
    const OpenAiCall& call, Body json, const std::function<void(const PartialImage&)>& on_partial) {
    StreamedAnswer answer(on_partial);
    HttpRequest request = request_to(call);
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = std::move(json);
    request.sink = [&](std::span<const std::byte> piece) { answer.feed(piece); };
    HttpResponse response = create(std::move(request), call);
    if (response.ok()) {
        response.body = answer.body();
    }
    return response;
}

HttpResponse OpenAiClient::retrieve(const OpenAiLook& look) {
    const Url base = parse_url(base_url_);
    HttpRequest request;
    request.url = look.url;
    request.headers = {{"Accept", "application/json"}};
    if (!key_.empty() && same_origin(parse_url(look.url), base)) {
        request.credential = Credential{.prefix = "Bearer ", .key = key_};
    }
    request.timeouts = look.timeouts;
    request.max_response_bytes = look.max_response_bytes;
    request.max_redirects = kMaxRedirects;
    request.reach = {.any_address = look.any_address, .trusted_hosts = {base.host}};
    return send_with_retries(http_, request,
                             {.attempts = 3,
                              .backoff = {milliseconds(500), milliseconds(8'000)},
                              .longest_wait = look.longest_wait,
                              .retry_response = is_passing,
                              .on_retry = on_retry_},
                             clock_);
}

}  // namespace editprep::transport
