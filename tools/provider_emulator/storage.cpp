#include "tools/provider_emulator/storage.hpp"

#include <charconv>
#include <utility>

#include "editprep/transport/redaction.hpp"
#include "tools/provider_emulator/answers.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::size_t kMaxUploads = 1000;
constexpr int kMaxParts = 10'000;
constexpr std::size_t kMaxPartBytes = std::size_t{1} << 30;

/// Characters that a client must neither decode nor encode again.
std::string new_signature() {
    return "expires=900&scope=upload%2Fwrite&signature=" + new_id() + "%2B%3D";
}

std::string etag_of(std::string_view content) {
    return '"' + transport::sha256_hex(content).substr(0, 32) + '"';
}

std::optional<int> part_number(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool fits = error == std::errc() && end == text.data() + text.size() && number >= 1 &&
                      number <= kMaxParts;
    return fits ? std::optional(number) : std::nullopt;
}

}  // namespace

void Storage::initiate(const httplib::Request& request, httplib::Response& response) {
    if (!access_.allow_fal(request, response)) {
        return;
    }
    const std::string_view path = path_of(request);
    const bool multipart = path == "/rest/storage/upload/initiate-multipart";
    if (!multipart && path != "/rest/storage/upload/initiate") {
        return answer_detail(response, 404, "Not Found");
    }
    if (request.method != "POST") {
        return answer_detail(response, 405, "Method Not Allowed");
    }
    const auto wish = parse_object(request.body);
    const Json media_type = wish ? wish->value("content_type", Json()) : Json();
    const Json name = wish ? wish->value("file_name", Json()) : Json();
    if (!media_type.is_string() || !name.is_string()) {
        return answer_detail(response, 422, "content_type and file_name must be texts");
    }
    Upload upload{.query = new_signature(),
                  .media_type = media_type.get<std::string>(),
                  .file_path = FileStore::new_path(name.get<std::string>()),
                  .multipart = multipart,
                  .lifetime = lifetime_in(request, "X-Fal-Object-Lifecycle"),
                  .parts = {}};
    const std::string id = new_id();
    const std::string base_url = base_url_of(request);
    answer_json(response, 200,
                {{"file_url", base_url + upload.file_path},
                 {"upload_url", base_url + "/upload/" + id + '?' + upload.query}});
    const std::lock_guard lock(mutex_);
    uploads_.emplace(id, std::move(upload));
    oldest_first_.push_back(id);
    if (oldest_first_.size() > kMaxUploads) {
        const auto oldest = uploads_.find(oldest_first_.front());
        drop_parts(oldest->second);
        uploads_.erase(oldest);
        oldest_first_.pop_front();
    }
}

void Storage::upload(const httplib::Request& request, httplib::Response& response) {
    std::string_view rest = path_of(request).substr(std::string_view("/upload/").size());
    const std::size_t slash = rest.find('/');
    const std::string id(rest.substr(0, slash));
    const std::string_view step =
        slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);

    const std::lock_guard lock(mutex_);
    Upload* upload = admit(request, response, id);
    if (upload == nullptr) {
        return;
    }
    if (request.method == "PUT" && step.empty() && !upload->multipart) {
        put_whole(request, response, *upload);
    } else if (request.method == "PUT" && upload->multipart) {
        put_part(request, response, *upload, step);
    } else if (request.method == "POST" && upload->multipart && step == "complete") {
        complete(request, response, *upload);
    } else {
        answer_detail(response, 405, "Method Not Allowed");
    }
}

Storage::Upload* Storage::admit(const httplib::Request& request, httplib::Response& response,
                                const std::string& id) {
    if (request.has_header("Authorization")) {
        answer_detail(response, 400, "a signed upload takes no Authorization header");
        return nullptr;
    }
    const auto found = uploads_.find(id);
    if (found == uploads_.end() || query_of(request) != found->second.query) {
        answer_detail(response, 403, "the signature does not match");
        return nullptr;
    }
    return &found->second;
}

void Storage::put_whole(const httplib::Request& request, httplib::Response& response,
                        Upload& upload) {
    if (request.get_header_value("Content-Type") != upload.media_type) {
        return answer_detail(response, 403, "the content type is not the one that was signed");
    }
    store(upload, request.body);
    response.status = 200;
}

void Storage::put_part(const httplib::Request& request, httplib::Response& response, Upload& upload,
                       std::string_view number) {
    const auto part = part_number(number);
    if (!part) {
        return answer_detail(response, 400, "the part number must be from 1 to 10000");
    }
    std::string& content = upload.parts[*part];
    part_bytes_ += request.body.size() - content.size();
    content = request.body;
    if (part_bytes_ > kMaxPartBytes) {
        drop_parts(upload);
        return answer_detail(response, 413, "the emulator holds no more than 1 GiB of parts");
    }
    answer_json(response, 200, {{"partNumber", *part}, {"etag", etag_of(request.body)}});
}

void Storage::complete(const httplib::Request& request, httplib::Response& response,
                       Upload& upload) {
    const auto wish = parse_object(request.body);
    const Json parts = wish ? wish->value("parts", Json::array()) : Json::array();
    if (parts.empty() || parts.size() != upload.parts.size()) {
        return answer_detail(response, 400, "the list of parts is not what was uploaded");
    }
    std::string content;
    auto part = upload.parts.begin();
    for (const Json& entry : parts) {
        const bool fits = entry.is_object() && entry.value("partNumber", Json()) == part->first &&
                          entry.value("etag", Json()) == etag_of(part->second);
        if (!fits) {
            return answer_detail(response, 400,
                                 "part " + std::to_string(part->first) +
                                     " is missing, out of order or has another etag");
        }
        content += part->second;
        ++part;
    }
    drop_parts(upload);
    store(upload, std::move(content));
    answer_json(response, 200, Json::object());
}

void Storage::drop_parts(Upload& upload) {
    for (const auto& [number, content] : upload.parts) {
        part_bytes_ -= content.size();
    }
    upload.parts.clear();
}

void Storage::store(Upload& upload, std::string content) {
    StoredFile file{std::move(content), upload.media_type};
    if (upload.lifetime) {
        file.expires_at = std::chrono::steady_clock::now() + *upload.lifetime;
    }
    files_.put(upload.file_path, std::move(file));
}

void Storage::download(const httplib::Request& request, httplib::Response& response) {
    const std::string path(path_of(request));
    const auto fault = faults_.take(FaultStage::file, request.method, path);
    const bool expired = fault && fault->kind == FaultKind::expired_link;
    const auto file = expired ? nullptr : files_.find(path);
    if (!file) {
        return answer_detail(response, 404, "File not found");
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return answer_detail(response, 405, "Method Not Allowed");
    }
    send_file(response, file);
}

void send_file(httplib::Response& response, const std::shared_ptr<const StoredFile>& file) {
    response.status = 200;
    response.set_content_provider(
        file->content.size(), file->media_type,
        [file](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
            return sink.write(file->content.data() + offset, length);
        });
}

}  // namespace editprep::tools::provider_emulator
