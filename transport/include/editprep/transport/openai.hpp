#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "editprep/transport/body_source.hpp"
#include "editprep/transport/http.hpp"
#include "editprep/transport/retry.hpp"
#include "editprep/transport/secret.hpp"

/// OpenAI-compatible endpoints, at OpenAI and elsewhere: nothing here knows one vendor's lists.
///
/// Responses with any HTTP status are values; Error is thrown where there is none.
namespace editprep::transport {

struct OpenAiCall {
    /// Appended to the base URL as it is: `/images/edits`.
    std::string endpoint;
    Timeouts timeouts{};
    std::uint64_t max_response_bytes = 256 << 20;
    std::function<void(const Progress&)> progress{};
    /// The header by which the provider knows a request that comes again: it makes and charges for
    /// nothing twice, so that the call is also repeated after lost answers and passing failures.
    /// Only for providers that say so; empty for none.
    std::optional<Header> idempotency{};
};

/// A look at something that the provider keeps, such as a job of video.
struct OpenAiLook {
    /// Absolute. The key goes along only where this has the origin of the base URL.
    std::string url;
    Timeouts timeouts{};
    std::uint64_t max_response_bytes = 256 << 20;
    /// Private addresses too, whoever named them.
    bool any_address = false;
    /// A longer `Retry-After` is not waited for: the response is the outcome.
    std::chrono::milliseconds longest_wait{120'000};
};

/// A picture or mask of a form.
struct FormFile {
    Body content;
    std::string file_name;
    std::string media_type;
};

/// `POST /images/edits`. Parts are sent in the order model, prompt, images, mask, fields.
struct ImageEditForm {
    std::string model;
    std::string prompt;
    /// One is sent as `image`, several as `image[]` each.
    std::vector<FormFile> images;
    std::optional<FormFile> mask{};
    /// Further text parts: size, n, quality, ...
    std::vector<std::pair<std::string, std::string>> fields{};
};

/// Limits of OpenAI's `/images/edits`, from its API reference (2026-08); compatible servers mostly
/// take more, so they hold for the base URL of OpenAI only.
struct OpenAiImageLimits {
    std::size_t max_images = 16;
    std::uint64_t max_image_bytes = 50'000'000;
    std::uint64_t max_mask_bytes = 4'000'000;
    std::size_t max_prompt_characters = 32'000;
};

/// The base URL is OpenAI's own, where OpenAI's limits hold.
[[nodiscard]] bool is_openai(const std::string& base_url);

/// What an error body says, whatever its shape; "HTTP status 502" where it says nothing.
struct OpenAiFailure {
    /// One line without payloads.
    std::string message;
    std::string type;
    /// Such as `insufficient_quota`; numbers as they are written.
    std::string code;
};
[[nodiscard]] OpenAiFailure describe_openai_failure(const HttpResponse& response);

/// One partial image of a streamed answer.
struct PartialImage {
    int index = 0;
    std::string b64_json;
};

class OpenAiClient {
public:
    /// @param base_url without trailing slashes, for example https://api.openai.com/v1
    /// All references must outlive the client.
    OpenAiClient(HttpClient& http, const Clock& clock, std::string base_url, Secret key);

    /// Told before each pause of a retry.
    void on_retry(std::function<void(const std::string&, std::chrono::milliseconds)> tell);
    /// Told when the cancel flag is raised while a post is under way, which is finished all the
    /// same (HttpRequest::finish_despite_cancel).
    void on_deferred_cancel(std::function<void()> tell);

    /// Posts JSON. Creating media costs money: unless the call has an idempotency header, it is
    /// tried again only when no connection came about, and after a 429 that is not for an exhausted
    /// quota. The cancel flag ends it until it is sent, and its retries.
    [[nodiscard]] HttpResponse post_json(const OpenAiCall& call, Body json);

    /// Posts multipart/form-data; the same rules.
    [[nodiscard]] HttpResponse post_form(const OpenAiCall& call, std::vector<FormPart> parts);

    [[nodiscard]] HttpResponse edit_image(const OpenAiCall& call, ImageEditForm form);

    /// The same by JSON, pictures and mask as data URIs in `images[].image_url` and
    /// `mask.image_url`. Fields that read as numbers, `true` or `false` are sent as such, but never
    /// those that name a person (`user`, `safety_identifier`).
    [[nodiscard]] HttpResponse edit_image_json(const OpenAiCall& call, ImageEditForm form);

    /// Posts JSON with `"stream": true` in it; partial images go to `on_partial`, and the
    /// response's body is the completed event in the form of an ordinary answer
    /// (`data[].b64_json`). A server that answers without a stream is understood too. Throws
    /// invalid_response for a stream that ends early or with an error.
    [[nodiscard]] HttpResponse post_json_streamed(
        const OpenAiCall& call, Body json,
        const std::function<void(const PartialImage&)>& on_partial);

    /// Gets JSON. Looking does no harm: tried again after connections that broke, 408, 409, 425,
    /// 429 and every 5xx but 501, a few times.
    [[nodiscard]] HttpResponse retrieve(const OpenAiLook& look);

    [[nodiscard]] const std::string& base_url() const noexcept { return base_url_; }

private:
    [[nodiscard]] HttpRequest request_to(const OpenAiCall& call) const;
    [[nodiscard]] HttpResponse create(HttpRequest request, const OpenAiCall& call);

    HttpClient& http_;
    const Clock& clock_;
    std::string base_url_;
    Secret key_;
    std::function<void(const std::string&, std::chrono::milliseconds)> on_retry_;
    std::function<void()> on_deferred_cancel_;
};

}  // namespace editprep::transport
