#include "editprep/transport/media_retrieval.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "ascii.hpp"
#include "editprep/transport/base64.hpp"
#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/media_type.hpp"
#include "editprep/transport/url.hpp"
#include "new_media_file.hpp"

namespace editprep::transport {
namespace {

using namespace std::string_view_literals;
using Kind = MediaReference::Kind;

/// Twice of what media_type_of wants: pages may begin with comments.
constexpr std::size_t kBeginningBytes = 512;
/// Downloads that break in the middle begin anew.
constexpr int kDownloadAttempts = 3;
constexpr Backoff kDownloadBackoff{.base = std::chrono::milliseconds(500)};
constexpr int kMaxRedirects = 10;

// ---- Names

struct TypeExtension {
    std::string_view media_type;
    std::string_view extension;
};

/// These come before the extension of a URL,
constexpr std::array kCommonTypes{
    TypeExtension{"image/jpeg"sv, ".jpg"sv},      TypeExtension{"image/png"sv, ".png"sv},
    TypeExtension{"image/webp"sv, ".webp"sv},     TypeExtension{"image/gif"sv, ".gif"sv},
    TypeExtension{"video/mp4"sv, ".mp4"sv},       TypeExtension{"video/webm"sv, ".webm"sv},
    TypeExtension{"video/quicktime"sv, ".mov"sv},
};
/// and these after it.
constexpr std::array kOtherTypes{
    TypeExtension{"image/avif"sv, ".avif"sv},      TypeExtension{"image/heic"sv, ".heic"sv},
    TypeExtension{"image/heif"sv, ".heif"sv},      TypeExtension{"image/jxl"sv, ".jxl"sv},
    TypeExtension{"image/bmp"sv, ".bmp"sv},        TypeExtension{"image/tiff"sv, ".tiff"sv},
    TypeExtension{"image/svg+xml"sv, ".svg"sv},    TypeExtension{"image/jpg"sv, ".jpg"sv},
    TypeExtension{"video/x-matroska"sv, ".mkv"sv}, TypeExtension{"video/x-msvideo"sv, ".avi"sv},
    TypeExtension{"video/x-m4v"sv, ".m4v"sv},      TypeExtension{"audio/mpeg"sv, ".mp3"sv},
    TypeExtension{"audio/mp3"sv, ".mp3"sv},        TypeExtension{"audio/wav"sv, ".wav"sv},
    TypeExtension{"audio/x-wav"sv, ".wav"sv},      TypeExtension{"audio/wave"sv, ".wav"sv},
    TypeExtension{"audio/vnd.wave"sv, ".wav"sv},   TypeExtension{"audio/mp4"sv, ".m4a"sv},
    TypeExtension{"audio/x-m4a"sv, ".m4a"sv},      TypeExtension{"audio/aac"sv, ".aac"sv},
    TypeExtension{"audio/ogg"sv, ".ogg"sv},        TypeExtension{"audio/opus"sv, ".opus"sv},
    TypeExtension{"audio/flac"sv, ".flac"sv},      TypeExtension{"audio/x-flac"sv, ".flac"sv},
    TypeExtension{"audio/webm"sv, ".webm"sv},
};
constexpr auto kUnknownExtension = ".bin"sv;

template <std::size_t Count>
std::string_view find_extension(const std::array<TypeExtension, Count>& table,
                                std::string_view media_type) {
    const auto found = std::ranges::find(table, media_type, &TypeExtension::media_type);
    return found == table.end() ? std::string_view() : found->extension;
}

std::string_view known_extension(std::string_view media_type) {
    const std::string_view common = find_extension(kCommonTypes, media_type);
    return common.empty() ? find_extension(kOtherTypes, media_type) : common;
}

/// Without parameters, in lower case.
std::string essence_of(std::string_view media_type) {
    return lower_case(trimmed(media_type.substr(0, media_type.find(';'))));
}

/// As far as it is fit for a file name.
std::string extension_of_path(std::string_view path) {
    constexpr std::size_t kLongest = 8;
    const std::string_view name = path.substr(path.find_last_of('/') + 1);
    const std::size_t dot = name.rfind('.');
    const std::string_view extension =
        dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    const bool fits = !extension.empty() && extension.size() <= kLongest &&
                      std::ranges::all_of(extension, is_letter_or_digit);
    return fits ? '.' + lower_case(extension) : std::string();
}

std::span<const std::byte> as_bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

bool says_nothing(std::string_view essence) {
    return essence.empty() || essence == kUnknownMediaType || essence == "binary/octet-stream"sv;
}

/// The declared type, or what the content shows where that says nothing.
std::string media_type_from(std::string_view declared, std::string_view beginning) {
    std::string essence = essence_of(declared);
    return says_nothing(essence) ? std::string(media_type_of(as_bytes_of(beginning))) : essence;
}

// ---- Contents

/// Something that arrived, of a place that messages may name.
struct Arrival {
    std::string declared_type{};
    std::string url_path{};
    std::string subject{};
};

/// What can be told from a content's beginning.
void check_is_media(std::string_view beginning, const Arrival& arrival) {
    constexpr std::array kPageTypes{"text/html"sv, "application/xhtml+xml"sv, "application/json"sv,
                                    "application/problem+json"sv};
    if (beginning.empty()) {
        throw Error(Errc::not_media, "nothing arrived from " + arrival.subject, arrival.subject);
    }
    std::string page(page_type_of(as_bytes_of(beginning)));
    const std::string declared = essence_of(arrival.declared_type);
    const bool declared_page = std::ranges::find(kPageTypes, declared) != kPageTypes.end();
    if (declared_page && media_type_of(as_bytes_of(beginning)) == kUnknownMediaType) {
        page = declared;
    }
    if (page != kUnknownMediaType) {
        throw Error(Errc::not_media,
                    arrival.subject + " gave a page (" + page + ") in the place of media",
                    arrival.subject, "look at it in a browser: it may be an error message");
    }
}

[[noreturn]] void throw_too_large(const std::string& subject, std::uint64_t limit_bytes) {
    throw Error(
        Errc::too_large,
        subject + " holds more than the " + std::to_string(limit_bytes) + " bytes that are allowed",
        subject, "allow more if you expect it");
}

/// A file in the making, and its beginning.
class IncomingMedia {
public:
    explicit IncomingMedia(const RetrievalOptions& options) : options_(options) {}

    void take(std::span<const std::byte> piece) {
        if (!file_) {
            file_.emplace(std::filesystem::path(options_.name_file(".part")).parent_path());
        }
        const std::size_t missing = kBeginningBytes - beginning_.size();
        beginning_.append(reinterpret_cast<const char*>(piece.data()),
                          std::min(missing, piece.size()));
        file_->write(piece);
    }

    [[nodiscard]] bool has_begun() const noexcept { return file_.has_value(); }

    /// @param fallback the extension where nothing tells another
    SavedMedia save(const Arrival& arrival, std::string_view fallback) {
        check_is_media(beginning_, arrival);
        std::string extension = extension_for(arrival.declared_type, arrival.url_path, beginning_);
        if (extension == kUnknownExtension) {
            extension = fallback;
        }
        SavedMedia saved{.path = options_.name_file(extension),
                         .media_type = media_type_from(arrival.declared_type, beginning_),
                         .size_bytes = file_->size_bytes()};
        file_->publish(saved.path);
        return saved;
    }

private:
    const RetrievalOptions& options_;
    std::optional<NewMediaFile> file_;
    std::string beginning_;
};

SavedMedia save_content(std::span<const std::byte> content, const Arrival& arrival,
                        std::string_view fallback, const RetrievalOptions& options) {
    if (content.size() > options.max_bytes) {
        throw_too_large(arrival.subject, options.max_bytes);
    }
    IncomingMedia media(options);
    if (!content.empty()) {
        media.take(content);
    }
    return media.save(arrival, fallback);
}

SavedMedia save_base64(std::string_view text, const RetrievalOptions& options) {
    const Arrival arrival{.subject = "the base64 of the response"};
    return save_content(decode_base64(text, Base64Reading::tolerant), arrival, ".png", options);
}

DataUri read_data_uri(std::string_view text) {
    try {
        return parse_data_uri(text);
    } catch (const Error& error) {
        const std::string what = error.what();
        const std::size_t reason = std::min(what.rfind(": "), what.size());
        throw Error(error.errc(), "invalid data URL" + what.substr(reason), "data URL");
    }
}

SavedMedia save_data_uri(std::string_view text, const RetrievalOptions& options) {
    Arrival arrival{.subject = "the data URL of the response"};
    const DataUri uri = read_data_uri(text);
    arrival.declared_type = uri.media_type;
    return save_content(uri.content, arrival, kUnknownExtension, options);
}

// ---- Downloads

struct Reason {
    int status = 0;
    std::string_view phrase;
};

/// RFC 9110, section 15, and RFC 6585: what servers of files answer.
constexpr std::array kReasons{
    Reason{400, "Bad Request"sv},
    Reason{401, "Unauthorized"sv},
    Reason{402, "Payment Required"sv},
    Reason{403, "Forbidden"sv},
    Reason{404, "Not Found"sv},
    Reason{405, "Method Not Allowed"sv},
    Reason{406, "Not Acceptable"sv},
    Reason{407, "Proxy Authentication Required"sv},
    Reason{408, "Request Timeout"sv},
    Reason{409, "Conflict"sv},
    Reason{410, "Gone"sv},
    Reason{416, "Range Not Satisfiable"sv},
    Reason{422, "Unprocessable Content"sv},
    Reason{425, "Too Early"sv},
    Reason{429, "Too Many Requests"sv},
    Reason{451, "Unavailable For Legal Reasons"sv},
    Reason{500, "Internal Server Error"sv},
    Reason{501, "Not Implemented"sv},
    Reason{502, "Bad Gateway"sv},
    Reason{503, "Service Unavailable"sv},
    Reason{504, "Gateway Timeout"sv},
};

std::string_view reason_for(int status) {
    const auto* const found = std::ranges::find(kReasons, status, &Reason::status);
    return found == kReasons.end() ? "Unexpected Status"sv : found->phrase;
}

void check_status(const HttpResponse& response) {
    constexpr int kFirstRedirect = 300;
    if (response.status < kFirstRedirect) {
        return;
    }
    const std::string shown = parse_url(response.url).shown();
    throw Error(Errc::http_status,
                std::to_string(response.status) + ' ' + std::string(reason_for(response.status)) +
                    " for " + shown,
                shown);
}

HttpRequest request_for(const Url& url, const RetrievalOptions& options) {
    HttpRequest request{.url = url.text(),
                        .headers = options.headers,
                        .timeouts = options.timeouts,
                        .reach = options.reach,
                        .max_response_bytes = options.max_bytes,
                        .max_redirects = kMaxRedirects,
                        .progress = options.progress};
    if (options.credential && !options.credential_origin.empty() &&
        same_origin(url, parse_url(options.credential_origin))) {
        request.credential = options.credential;
    }
    return request;
}

SavedMedia download_once(const Url& asked, HttpRequest& request, IncomingMedia& media,
                         HttpClient& http, const Clock& clock) {
    const RetryPolicy policy{.retry_response = is_transient};
    request.sink = [&media](std::span<const std::byte> piece) { media.take(piece); };
    const HttpResponse response = send_with_retries(http, request, policy, clock);
    check_status(response);
    const Url url = parse_url(response.url);
    return media.save({.declared_type = response.header("Content-Type").value_or(""),
                       .url_path = extension_of_path(asked.path).empty() ? url.path : asked.path,
                       .subject = url.shown()},
                      kUnknownExtension);
}

bool broke_off(const Error& error) {
    return error.errc() == Errc::connection_lost || error.errc() == Errc::timed_out;
}

SavedMedia download(const std::string& text, const RetrievalOptions& options, HttpClient& http,
                    const Clock& clock) {
    const Url url = parse_url(text);
    HttpRequest request = request_for(url, options);
    for (int attempt = 1;; ++attempt) {
        IncomingMedia media(options);
        try {
            return download_once(url, request, media, http, clock);
        } catch (const Error& error) {
            // Before the first byte came, send_with_retries has done what could be done.
            if (!broke_off(error) || !media.has_begun() || attempt == kDownloadAttempts) {
                throw;
            }
        }
        if (!clock.sleep(kDownloadBackoff.delay(attempt - 1, clock.random()))) {
            throw Error(Errc::cancelled, "cancelled: GET " + url.shown(), url.shown());
        }
    }
}

std::string resolve(const std::string& reference, const RetrievalOptions& options) {
    if (options.origin.empty()) {
        throw Error(Errc::no_media,
                    "relative media path found but no origin is known: " + reference, reference);
    }
    return resolve_reference(options.origin, reference);
}

}  // namespace

std::string extension_for(std::string_view media_type, std::string_view url_path,
                          std::string_view first_bytes) {
    const std::string essence = essence_of(media_type);
    const std::string from_path = extension_of_path(url_path);
    const std::string_view from_content = known_extension(media_type_of(as_bytes_of(first_bytes)));
    const std::array<std::string_view, 6> in_order{
        says_nothing(essence) ? from_content : std::string_view(),
        find_extension(kCommonTypes, essence),
        from_path,
        find_extension(kOtherTypes, essence),
        from_content,
        kUnknownExtension};
    return std::string(*std::ranges::find_if_not(in_order, &std::string_view::empty));
}

SavedMedia save_media(const MediaReference& reference, const RetrievalOptions& options,
                      HttpClient& http, const Clock& clock) {
    switch (reference.kind) {
        case Kind::base64:
            return save_base64(reference.value, options);
        case Kind::data_uri:
            return save_data_uri(reference.value, options);
        case Kind::relative:
            return download(resolve(reference.value, options), options, http, clock);
        case Kind::url:
            break;
    }
    return download(reference.value, options, http, clock);
}

}  // namespace editprep::transport
