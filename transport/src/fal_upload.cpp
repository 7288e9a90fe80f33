#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/fal.hpp"
#include "editprep/transport/media_type.hpp"
#include "editprep/transport/url.hpp"
#include "fal_protocol.hpp"
#include "json_member.hpp"

/// Files for models to read: fal names a place in its storage, and the bytes go there.
namespace editprep::transport {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// As @fal-ai/client 1.10.1 does it.
constexpr std::uint64_t kMaxWholeBytes = 90ULL << 20;
constexpr std::uint64_t kPartBytes = 10ULL << 20;
constexpr const char* kStorage = "fal-cdn-v3";
/// Enough for media_type_of.
constexpr std::size_t kSignatureBytes = 256;

/// A content that several requests send one stretch of each. It is read from front to back, so that
/// no stretch reads again what lies before it.
class SharedContent {
public:
    explicit SharedContent(Body content) : content_(std::move(content)) { content_->rewind(); }

    [[nodiscard]] std::size_t read_at(std::uint64_t position, std::span<std::byte> buffer) {
        if (position < position_) {
            content_->rewind();
            position_ = 0;
        }
        std::array<std::byte, 16 << 10> skipped;
        while (position_ < position) {
            const auto wanted = std::min<std::uint64_t>(skipped.size(), position - position_);
            if (advance(std::span(skipped).first(static_cast<std::size_t>(wanted))) == 0) {
                return 0;
            }
        }
        return advance(buffer);
    }

private:
    std::size_t advance(std::span<std::byte> buffer) {
        const std::size_t count = content_->read(buffer);
        position_ += count;
        return count;
    }

    Body content_;
    std::uint64_t position_ = 0;
};

class ContentPart final : public BodySource {
public:
    ContentPart(std::shared_ptr<SharedContent> content, std::uint64_t begin, std::uint64_t size)
        : content_(std::move(content)), begin_(begin), size_(size) {}

    [[nodiscard]] std::uint64_t size_bytes() const override { return size_; }

    [[nodiscard]] std::size_t read(std::span<std::byte> buffer) override {
        const auto wanted = std::min<std::uint64_t>(buffer.size(), size_ - position_);
        const std::size_t count =
            content_->read_at(begin_ + position_, buffer.first(static_cast<std::size_t>(wanted)));
        position_ += count;
        return count;
    }

    void rewind() override { position_ = 0; }

private:
    std::shared_ptr<SharedContent> content_;
    std::uint64_t begin_;
    std::uint64_t size_;
    std::uint64_t position_ = 0;
};

std::string media_type_shown_by(const Body& content) {
    std::array<std::byte, kSignatureBytes> beginning;
    content->rewind();
    const std::size_t count = content->read(beginning);
    content->rewind();
    return std::string(media_type_of(std::span(beginning).first(count)));
}

/// `1700000000000.png`
std::string name_from_time(std::chrono::system_clock::time_point now,
                           const std::string& media_type) {
    const auto time = std::chrono::duration_cast<milliseconds>(now.time_since_epoch());
    const std::size_t begin = media_type.find('/') + 1;
    const std::size_t end = media_type.find_first_of("-;+", begin);
    return std::to_string(time.count()) + "." + media_type.substr(begin, end - begin);
}

std::string json_text(const Json& value) {
    try {
        return value.dump();
    } catch (const Json::exception&) {
        throw Error(Errc::invalid_argument, "the name of an uploaded file must be UTF-8",
                    "file name");
    }
}

/// The storage's address for one more step; its query is a signature and stays byte for byte.
std::string step_url(const std::string& upload_url, const std::string& step) {
    Url url = parse_url(upload_url);
    url.path += "/" + step;
    return url.text();
}

void check_accepted(const HttpResponse& response) {
    if (response.status < 200 || response.status >= 300) {
        throw_fal_status(response, "fal's storage does not take the file");
    }
}

}  // namespace

struct FalClient::UploadPlace {
    std::string upload_url;
    std::string file_url;
};

std::string FalClient::upload(const std::string& path, const FalUploadOptions& options) {
    FalUploadOptions named = options;
    if (named.file_name.empty()) {
        named.file_name = std::filesystem::path(path).filename().string();
    }
    return upload(file_body(path), named);
}

std::string FalClient::upload(const Body& content, const FalUploadOptions& options) {
    FalUploadOptions complete = options;
    if (complete.media_type.empty()) {
        complete.media_type = media_type_shown_by(content);
    }
    if (complete.file_name.empty()) {
        complete.file_name = name_from_time(clock_.now(), complete.media_type);
    }
    if (content->size_bytes() > kMaxWholeBytes) {
        const UploadPlace place = initiate_upload("/storage/upload/initiate-multipart", complete);
        upload_in_parts(place, content, complete);
        return place.file_url;
    }
    const UploadPlace place = initiate_upload("/storage/upload/initiate", complete);
    upload_whole(place, content, complete);
    return place.file_url;
}

FalClient::UploadPlace FalClient::initiate_upload(const std::string& path,
                                                  const FalUploadOptions& options) {
    HttpRequest request =
        request_to("POST", with_parameter(endpoints_.rest_url + path, "storage_type", kStorage));
    if (options.expires_in) {
        set_header(request.headers, "X-Fal-Object-Lifecycle", fal_lifecycle(*options.expires_in));
    }
    request.body = text_body(
        json_text({{"content_type", options.media_type}, {"file_name", options.file_name}}));
    // A place that nothing was put into costs nothing.
    const HttpResponse response =
        send(request,
             {.attempts = 4, .backoff = {seconds(1), seconds(30)}, .retry_response = fal_is_busy});
    if (response.status < 200 || response.status >= 300) {
        throw_fal_status(response, "fal gives no place for the file");
    }
    const Json body = parsed_json(response.body);
    UploadPlace place{.upload_url = text_member(body, "upload_url"),
                      .file_url = text_member(body, "file_url")};
    if (place.upload_url.empty() || place.file_url.empty()) {
        throw Error(Errc::invalid_response,
                    "fal's answer to the upload holds no upload_url and file_url", "upload_url");
    }
    static_cast<void>(parse_url(place.file_url));
    return place;
}

HttpRequest FalClient::storage_request(const std::string& method, const std::string& url,
                                       Body body) const {
    const Url target = parse_url(url);
    const Url rest = parse_url(endpoints_.rest_url);
    const bool beside_loopback = is_loopback_host(rest.host) && is_loopback_host(target.host);
    if (target.scheme != "https" && !beside_loopback) {
        throw Error(Errc::insecure_url, "refusing to upload over plain http to " + target.origin(),
                    target.shown());
    }
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.body = std::move(body);
    request.timeouts.stall = minutes(2);
    // The address came from the network: it must not lead into this one.
    request.reach = {.trusted_hosts = {rest.host}, .loopback_by_name = beside_loopback};
    return request;
}

HttpResponse FalClient::put(HttpRequest request) {
    HttpResponse response = send(request, {.attempts = 3,
                                           .backoff = {milliseconds(500), seconds(5)},
                                           .retry_response = is_transient});
    check_accepted(response);
    return response;
}

void FalClient::upload_whole(const UploadPlace& place, const Body& content,
                             const FalUploadOptions& options) {
    HttpRequest request = storage_request("PUT", place.upload_url, content);
    request.headers = {{"Content-Type", options.media_type}};
    request.progress = options.progress;
    static_cast<void>(put(std::move(request)));
}

void FalClient::upload_in_parts(const UploadPlace& place, const Body& content,
                                const FalUploadOptions& options) {
    const auto shared = std::make_shared<SharedContent>(content);
    const std::uint64_t size = content->size_bytes();
    Json parts = Json::array();
    for (std::uint64_t begin = 0; begin < size; begin += kPartBytes) {
        const std::uint64_t part_size = std::min(kPartBytes, size - begin);
        const std::size_t number = parts.size() + 1;
        HttpRequest request =
            storage_request("PUT", step_url(place.upload_url, std::to_string(number)),
                            std::make_shared<ContentPart>(shared, begin, part_size));
        if (options.progress) {
            request.progress = [&, begin](const Progress& progress) {
                options.progress({.sent_bytes = begin + progress.sent_bytes});
            };
        }
        const HttpResponse response = put(std::move(request));
        const std::string etag = text_member(parsed_json(response.body), "etag");
        if (etag.empty()) {
            throw Error(
                Errc::invalid_response,
                "fal's storage names no etag for part " + std::to_string(number) + " of the file",
                "etag");
        }
        parts.push_back({{"partNumber", number}, {"etag", etag}});
    }
    HttpRequest complete = storage_request("POST", step_url(place.upload_url, "complete"),
                                           text_body(Json{{"parts", parts}}.dump()));
    complete.headers = {{"Content-Type", "application/json"}};
    // What was put together once may not be there to be put together again.
    check_accepted(send(complete, {.attempts = 3,
                                   .backoff = {milliseconds(500), seconds(5)},
                                   .idempotent = false,
                                   .retry_response = [](const HttpResponse& response) {
                                       return response.status == 429 || response.status == 503;
                                   }}));
}

}  // namespace editprep::transport
