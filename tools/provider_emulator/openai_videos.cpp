#include "tools/provider_emulator/openai_videos.hpp"

#include <algorithm>
#include <ctime>
#include <utility>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/video/error.hpp"
#include "tools/provider_emulator/clip_maker.hpp"
#include "tools/provider_emulator/openai_video_order.hpp"
#include "tools/provider_emulator/picture_maker.hpp"
#include "tools/provider_emulator/picture_size.hpp"
#include "tools/provider_emulator/storage.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::string_view kRoot = "/v1/videos";
/// How long a finished video can be fetched.
constexpr std::time_t kContentSeconds = 3600;
constexpr int kDefaultListLength = 20;
constexpr int kMaxListLength = 100;

Refusal not_found(const std::string& message) {
    return {message, "", "not_found", "invalid_request_error", 404};
}

Refusal no_such_url(const httplib::Request& request) {
    return not_found("Invalid URL (" + request.method + ' ' + std::string(path_of(request)) + ')');
}

void allow_only(const httplib::Request& request, std::string_view method) {
    if (request.method != method) {
        throw Refusal{"Not allowed to " + request.method + " here", "", "", "invalid_request_error",
                      405};
    }
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Brush brush_of(const VideoJob& job) { return brush_for(job.order.prompt, 0); }

/// Drawn, and not taken from the clip.
void answer_still(httplib::Response& response, const VideoJob& job, const char* format) {
    const imaging::Size size{job.order.size.width, job.order.size.height};
    const PictureFile picture = encode_picture(draw_picture(size, brush_of(job)), format);
    response.status = 200;
    response.set_content(picture.content, picture.media_type);
}

}  // namespace

bool OpenAiVideos::serves(std::string_view path) {
    return path == kRoot || path.starts_with(std::string(kRoot) + '/');
}

void OpenAiVideos::handle(const httplib::Request& request, httplib::Response& response) {
    response.set_header("x-request-id", "req_" + new_id());
    if (!parts_.access.allow_openai(request, response)) {
        return;
    }
    try {
        route(request, response);
    } catch (const Refusal& refusal) {
        answer_refusal(response, refusal);
    } catch (const std::system_error& error) {
        answer_openai_error(response, 500, error.what(), "server_error");
    }
}

void OpenAiVideos::route(const httplib::Request& request, httplib::Response& response) {
    const std::string_view path = path_of(request);
    const std::string rest(path.substr(std::min(path.size(), kRoot.size() + 1)));
    const std::size_t slash = rest.find('/');
    const std::string id = rest.substr(0, slash);
    const std::string action = slash == std::string::npos ? "" : rest.substr(slash + 1);
    if (rest.empty() && request.method == "GET") {
        return list(request, response);
    }
    if (rest.empty() || rest == "edits" || rest == "extensions" || action == "remix") {
        allow_only(request, "POST");
        return create(request, response, rest);
    }
    if (action == "content") {
        allow_only(request, "GET");
        return content(request, response, *find(id));
    }
    if (!action.empty()) {
        throw no_such_url(request);
    }
    const auto job = find(id);
    if (request.method == "DELETE") {
        return remove(response, *job);
    }
    allow_only(request, "GET");
    answer_json(response, 200, json_of(*job));
}

void OpenAiVideos::create(const httplib::Request& request, httplib::Response& response,
                          const std::string& how) {
    const VideoForm form = read_video_form(request);
    const FindOrder find_order = [this](const std::string& id) { return finished_order(id); };
    VideoOrder order = how.empty()      ? order_to_create(form, parts_.files, base_url_of(request))
                       : how == "edits" ? order_to_edit(form, find_order)
                       : how == "extensions"
                           ? order_to_extend(form, find_order)
                           : order_to_remix(form, how.substr(0, how.find('/')), find_order);
    const auto fault = parts_.faults.take(FaultStage::work, request.method, path_of(request));
    if (fault && fault->kind == FaultKind::other_size) {
        order.clip.clear();
    }
    const std::string model = order.model;
    const auto job = jobs_.add(std::move(order), fault);
    parts_.journal.accept_job(job->id, model, content_of(request));
    answer_json(response, 200, json_of(*job));
}

void OpenAiVideos::list(const httplib::Request& request, httplib::Response& response) const {
    const std::string limit = request.get_param_value("limit");
    const auto longest = static_cast<std::size_t>(
        limit.empty() ? kDefaultListLength : number_from("limit", limit, 0, kMaxListLength));
    auto jobs = jobs_.all();
    if (request.get_param_value("order") != "asc") {
        std::ranges::reverse(jobs);
    }
    if (const std::string after = request.get_param_value("after"); !after.empty()) {
        const auto last = std::ranges::find(jobs, after, [](const auto& job) { return job->id; });
        if (last == jobs.end()) {
            throw Refusal{"No video has the id '" + after + "'", "after", "invalid_value"};
        }
        jobs.erase(jobs.begin(), last + 1);
    }
    const bool has_more = jobs.size() > longest;
    jobs.resize(std::min(jobs.size(), longest));
    Json data = Json::array();
    for (const auto& job : jobs) {
        data.push_back(json_of(*job));
    }
    answer_json(response, 200,
                {{"object", "list"},
                 {"data", std::move(data)},
                 {"first_id", jobs.empty() ? Json(nullptr) : Json(jobs.front()->id)},
                 {"last_id", jobs.empty() ? Json(nullptr) : Json(jobs.back()->id)},
                 {"has_more", has_more}});
}

void OpenAiVideos::remove(httplib::Response& response, const VideoJob& job) {
    if (phase_of(job) != JobPhase::over) {
        throw Refusal{"A video can be deleted once it is completed or failed", "", ""};
    }
    jobs_.remove(job.id);
    answer_json(response, 200, {{"id", job.id}, {"object", "video.deleted"}, {"deleted", true}});
}

void OpenAiVideos::content(const httplib::Request& request, httplib::Response& response,
                           VideoJob& job) {
    const std::string asked = request.get_param_value("variant");
    const std::string variant = asked.empty() ? "video" : asked;
    if (status_of(job) == "failed") {
        throw not_found("The video failed, there is nothing to download");
    }
    if (phase_of(job) != JobPhase::over) {
        throw not_found("Video is not ready yet, use GET /v1/videos/{video_id} to check status.");
    }
    const auto fault = parts_.faults.take(FaultStage::file, request.method, path_of(request));
    if ((fault && fault->kind == FaultKind::expired_link) ||
        std::time(nullptr) >= completed_at(job) + kContentSeconds) {
        throw not_found("The video's content has expired");
    }
    if (variant == "thumbnail" || variant == "spritesheet") {
        return answer_still(response, job, variant == "thumbnail" ? "webp" : "jpeg");
    }
    if (variant != "video") {
        throw Refusal{"Invalid value: '" + variant +
                          "'. Supported values are: 'video', 'thumbnail', and 'spritesheet'.",
                      "variant", "invalid_value"};
    }
    const auto clip = clip_of(job);
    if (fault && fault->kind == FaultKind::redirect_content) {
        return response.set_redirect(other_host_of(request) + job.file_path, 302);
    }
    send_file(response, clip);
}

std::shared_ptr<const StoredFile> OpenAiVideos::clip_of(VideoJob& job) {
    const std::lock_guard lock(job.making);
    if (auto stored = parts_.files.find(job.file_path)) {
        return stored;
    }
    StoredFile file{job.order.clip, job.order.clip_type};
    if (job.has_fault(FaultKind::not_an_image)) {
        file.content = "This is not a clip.\n";
    } else if (job.order.clip.empty()) {
        const imaging::Size size =
            sent_size({job.order.size.width, job.order.size.height}, job.fault, answer_size_);
        file.content = make_clip({.size = encodable(size.width, size.height),
                                  .duration = std::chrono::seconds(job.order.seconds),
                                  .seed = brush_of(job).seed});
    }
    parts_.files.put(job.file_path, std::move(file));
    return parts_.files.find(job.file_path);
}

std::shared_ptr<VideoJob> OpenAiVideos::find(const std::string& id) const {
    auto job = jobs_.find(id);
    if (!job) {
        throw not_found("Video with id '" + id + "' not found.");
    }
    return job;
}

VideoOrder OpenAiVideos::finished_order(const std::string& id) const {
    const auto job = find(id);
    if (status_of(*job) != "completed") {
        throw Refusal{"The video '" + id + "' is not completed", "video", "invalid_value"};
    }
    return job->order;
}

Json OpenAiVideos::json_of(const VideoJob& job) const {
    const std::string_view status = status_of(job);
    const bool completed = status == "completed";
    const VideoOrder& order = job.order;
    Json error = nullptr;
    if (status == "failed") {
        error = {{"code", "moderation_blocked"},
                 {"message", "Your request was blocked by our moderation system."}};
    }
    return {{"id", job.id},
            {"object", "video"},
            {"model", order.model},
            {"status", status},
            {"progress", progress_of(job)},
            {"created_at", job.created_at},
            {"completed_at", completed ? Json(completed_at(job)) : Json(nullptr)},
            {"expires_at", completed ? Json(completed_at(job) + kContentSeconds) : Json(nullptr)},
            {"prompt", order.prompt},
            {"size", imaging::to_string({order.size.width, order.size.height})},
            {"seconds", std::to_string(order.seconds)},
            {"remixed_from_video_id", text_or_null(order.remixed_from)},
            {"error", std::move(error)}};
}

JobPhase OpenAiVideos::phase_of(const VideoJob& job) const {
    const bool never_finishes =
        job.has_fault(FaultKind::never_finishes) && parts_.faults.lasts(*job.fault);
    return phase_after(std::chrono::steady_clock::now() - job.accepted, job_time_, never_finishes);
}

std::string_view OpenAiVideos::status_of(const VideoJob& job) const {
    switch (phase_of(job)) {
        case JobPhase::waiting:
            return "queued";
        case JobPhase::running:
            return "in_progress";
        case JobPhase::over:
            break;
    }
    return job.has_fault(FaultKind::job_fails) ? "failed" : "completed";
}

int OpenAiVideos::progress_of(const VideoJob& job) const {
    switch (phase_of(job)) {
        case JobPhase::waiting:
            return 0;
        case JobPhase::over:
            return job.has_fault(FaultKind::job_fails) ? 0 : 100;
        case JobPhase::running:
            break;
    }
    const auto age = std::chrono::steady_clock::now() - job.accepted;
    const double share =
        std::chrono::duration<double>(age) /
        std::chrono::duration<double>(std::max(job_time_, std::chrono::milliseconds(1)));
    return static_cast<int>(std::clamp(100 * share, 1.0, 99.0));
}

std::time_t OpenAiVideos::completed_at(const VideoJob& job) const {
    return job.created_at + std::chrono::ceil<std::chrono::seconds>(job_time_).count();
}

}  // namespace editprep::tools::provider_emulator
