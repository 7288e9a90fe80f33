#include "tools/provider_emulator/queue.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <thread>

namespace editprep::tools::provider_emulator {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxJobs = 10'000;
/// Inputs may hold whole pictures and clips as data URIs.
constexpr std::size_t kMaxInputBytes = std::size_t{1} << 30;
/// How many jobs seem to be ahead of a new one.
constexpr int kJobsAhead = 3;
constexpr milliseconds kStreamPause{50};
constexpr const char* kLifecycleHeader = "X-Fal-Object-Lifecycle-Preference";

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> segments;
    std::istringstream stream{std::string(text)};
    for (std::string segment; std::getline(stream, segment, '/');) {
        segments.push_back(segment);
    }
    return segments;
}

std::string joined(const std::vector<std::string>& segments, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "" : "/") + segments[i];
    }
    return text;
}

/// What follows a prefix of the path that all paths here have.
std::string_view below(const httplib::Request& request, std::string_view prefix) {
    return path_of(request).substr(prefix.size());
}

/// The start deadline in milliseconds.
std::optional<milliseconds> start_deadline_of(const httplib::Request& request) {
    const std::string text = request.get_header_value("X-Fal-Request-Timeout");
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || seconds < 0 || seconds > 1e6) {
        return std::nullopt;
    }
    return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

bool wants_logs(const httplib::Request& request) {
    const std::string logs = request.get_param_value("logs");
    return logs == "1" || logs == "true";
}

Json log_entry(std::string_view message) {
    return {
        {"message", message}, {"timestamp", timestamp()}, {"level", "INFO"}, {"source", "USER"}};
}

void not_found(httplib::Response& response) {
    answer_json(response, 404, {{"status", "NOT_FOUND"}});
}

ModelAnswer cancelled_answer() {
    const std::string text = "Request was cancelled by the client";
    return {499, {{"detail", text}, {"error_type", "client_cancelled"}}, text, "client_cancelled"};
}

ModelAnswer late_answer() {
    const std::string text = "Request timed out before it was started";
    return {504, {{"detail", text}, {"error_type", "request_timeout"}}, text, "request_timeout"};
}

void send_answer(httplib::Response& response, const ModelAnswer& answer) {
    answer_json(response, answer.status, answer.body);
    if (answer.error_type == "request_timeout") {
        response.set_header("x-fal-request-timeout-type", "user");
    }
    if (answer.body.contains("error_type")) {
        response.set_header("X-Fal-Error-Type", answer.error_type);
    }
}

Json webhook_body(const std::string& id, const ModelAnswer& answer) {
    Json body{{"request_id", id},
              {"gateway_request_id", id},
              {"status", answer.status == 200 ? "OK" : "ERROR"},
              {"payload", answer.body}};
    if (answer.status != 200) {
        body["error"] = "Invalid status code: " + std::to_string(answer.status);
    }
    return body;
}

}  // namespace

std::string base_model(std::string_view endpoint_id) {
    const auto segments = split(endpoint_id);
    const bool longer =
        !segments.empty() && (segments.front() == "workflows" || segments.front() == "comfy");
    return joined(segments, std::min(segments.size(), std::size_t{longer ? 3U : 2U}));
}

Queue::Queue(const Parts& parts, milliseconds job_time) : parts_(parts), job_time_(job_time) {}

void Queue::run(const httplib::Request& request, httplib::Response& response) {
    if (!parts_.access.allow_fal(request, response)) {
        return;
    }
    if (request.method != "POST") {
        return answer_detail(response, 405, "Method Not Allowed");
    }
    const std::string id = new_id();
    const UtcTime sent_at = std::chrono::system_clock::now();
    const ModelCall call{
        .model = std::string(below(request, "/run/")),
        .input = request.body,
        .base_url = base_url_of(request),
        .lifetime = lifetime_in(request, kLifecycleHeader),
        .fault = parts_.faults.take(FaultStage::work, request.method, path_of(request))};
    const ModelAnswer answer = parts_.models.call(call);
    if (answer.status == 200) {
        parts_.journal.accept_job(id, call.model, call.input);
    }
    const RequestProgress progress{sent_at, std::chrono::system_clock::now(), answer};
    parts_.log.add({id, call.model, sent_at, std::make_shared<const std::string>(call.input),
                    [progress] { return progress; }});
    send_answer(response, answer);
    response.set_header("x-fal-request-id", id);
}

void Queue::handle(const httplib::Request& request, httplib::Response& response) {
    if (!parts_.access.allow_fal(request, response)) {
        return;
    }
    const std::string path(below(request, "/queue/"));
    const auto segments = split(path);
    const auto requests = std::ranges::find(segments, "requests");
    if (requests != segments.end() && requests != segments.begin()) {
        const auto at = static_cast<std::size_t>(requests - segments.begin());
        return answer_for_job(request, response, segments, at);
    }
    if (request.method != "POST" || segments.empty()) {
        return answer_detail(response, 405, "Method Not Allowed");
    }
    submit(request, response, path);
}

void Queue::submit(const httplib::Request& request, httplib::Response& response,
                   const std::string& model) {
    const std::string longest = request.get_param_value("fal_max_queue_length");
    if (!longest.empty() && waiting() > std::strtoull(longest.c_str(), nullptr, 10)) {
        return answer_detail(response, 429, "The queue is longer than fal_max_queue_length");
    }
    const auto fault = parts_.faults.take(FaultStage::work, request.method, path_of(request));
    const auto job = std::make_shared<Job>();
    job->id = new_id();
    job->base_url = base_url_of(request) + "/queue/" + base_model(model) + "/requests/" + job->id;
    job->accepted = Clock::now();
    job->sent_at = std::chrono::system_clock::now();
    job->never_finishes = fault && fault->kind == FaultKind::never_finishes;
    job->call = {.model = model,
                 .input = request.body,
                 .base_url = base_url_of(request),
                 .lifetime = lifetime_in(request, kLifecycleHeader),
                 .fault = fault};
    if (const auto deadline = start_deadline_of(request); deadline && *deadline < job_time_ / 3) {
        job->answer = late_answer();
    }
    keep(job);
    parts_.journal.accept_job(job->id, model, request.body);
    parts_.log.add({job->id, model, job->sent_at, std::make_shared<const std::string>(request.body),
                    [this, kept = std::weak_ptr(job)] {
                        const auto found = kept.lock();
                        return found ? progress_of(*found) : RequestProgress{};
                    }});

    const std::string webhook = request.get_param_value("fal_webhook");
    if (may_call(webhook) && !job->never_finishes) {
        webhooks_.call_at(job->accepted + job_time_, webhook,
                          [this, job] { return webhook_body(job->id, outcome_of(*job)); });
    }
    answer_json(response, 200,
                {{"status", "IN_QUEUE"},
                 {"request_id", job->id},
                 {"response_url", job->base_url},
                 {"status_url", job->base_url + "/status"},
                 {"cancel_url", job->base_url + "/cancel"},
                 {"logs", nullptr},
                 {"metrics", Json::object()},
                 {"queue_position", position_of(*job)}});
    response.set_header("x-fal-request-id", job->id);
}

void Queue::answer_for_job(const httplib::Request& request, httplib::Response& response,
                           const std::vector<std::string>& segments, std::size_t at) {
    const std::string owner_and_app = joined(segments, at);
    if (base_model(owner_and_app) != owner_and_app) {
        return answer_detail(response, 405, "Method Not Allowed");
    }
    const auto job = at + 1 < segments.size() ? find(segments[at + 1]) : nullptr;
    const bool its_own = job && base_model(job->call.model) == owner_and_app;
    if (!its_own) {
        return not_found(response);
    }
    response.set_header("x-fal-request-id", job->id);
    std::string action = request.method;
    for (std::size_t i = at + 2; i < segments.size(); ++i) {
        action += '/' + segments[i];
    }
    if (action == "GET/status") {
        status(request, response, job);
    } else if (action == "GET/status/stream") {
        stream(request, response, job);
    } else if (action == "GET" || action == "GET/response") {
        result(response, *job);
    } else if (action == "PUT/cancel") {
        cancel(response, *job);
    } else {
        answer_detail(response, 405, "Method Not Allowed");
    }
}

void Queue::status(const httplib::Request& request, httplib::Response& response,
                   const std::shared_ptr<Job>& job) {
    const Json body = status_of(*job, wants_logs(request));
    answer_json(response, body["status"] == "COMPLETED" ? 200 : 202, body);
}

void Queue::stream(const httplib::Request& request, httplib::Response& response,
                   const std::shared_ptr<Job>& job) {
    const bool logs = wants_logs(request);
    response.set_chunked_content_provider(
        "text/event-stream",
        [this, job, logs, last = std::string()](std::size_t, httplib::DataSink& sink) mutable {
            const Json body = status_of(*job, logs);
            // Position and phase are all that changes.
            const std::string state =
                body["status"].get<std::string>() + body.value("queue_position", Json()).dump();
            if (state != last) {
                const std::string event = "data: " + body.dump() + "\n\n";
                if (!sink.write(event.data(), event.size())) {
                    return false;
                }
                last = state;
            }
            if (body["status"] == "COMPLETED") {
                sink.done();
                return true;
            }
            std::this_thread::sleep_for(kStreamPause);
            return !parts_.stopping && sink.is_writable();
        });
}

void Queue::result(httplib::Response& response, Job& job) {
    if (phase_of(job) != JobPhase::over) {
        return answer_detail(response, 400, "Request is still in progress");
    }
    send_answer(response, outcome_of(job));
}

void Queue::cancel(httplib::Response& response, Job& job) {
    if (phase_of(job) == JobPhase::over) {
        return answer_json(response, 400, {{"status", "ALREADY_COMPLETED"}});
    }
    const std::lock_guard lock(job.mutex);
    job.cancelled_at = std::chrono::system_clock::now();
    job.cancelled = true;
    answer_json(response, 202, {{"status", "CANCELLATION_REQUESTED"}});
}

std::shared_ptr<Queue::Job> Queue::find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(id);
    return found == jobs_.end() ? nullptr : found->second;
}

void Queue::keep(const std::shared_ptr<Job>& job) {
    const std::lock_guard lock(mutex_);
    input_bytes_ += job->call.input.size();
    jobs_.emplace(job->id, job);
    oldest_first_.push_back(job->id);
    while (oldest_first_.size() > kMaxJobs ||
           (input_bytes_ > kMaxInputBytes && oldest_first_.size() > 1)) {
        const auto oldest = jobs_.extract(oldest_first_.front());
        input_bytes_ -= oldest ? oldest.mapped()->call.input.size() : 0;
        oldest_first_.pop_front();
    }
}

std::size_t Queue::waiting() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(
        jobs_, [this](const auto& entry) { return phase_of(*entry.second) == JobPhase::waiting; }));
}

JobPhase Queue::phase_of(const Job& job) const {
    return job.cancelled ? JobPhase::over
                         : phase_after(Clock::now() - job.accepted, job_time_,
                                       job.never_finishes && parts_.faults.lasts(*job.call.fault));
}

int Queue::position_of(const Job& job) const {
    const auto left = job.accepted + job_time_ / 3 - Clock::now();
    const auto step = std::max<Clock::duration>(job_time_ / 3 / kJobsAhead, milliseconds(1));
    return std::clamp(static_cast<int>(left / step), 0, kJobsAhead - 1);
}

const ModelAnswer& Queue::outcome_of(Job& job) {
    const std::lock_guard lock(job.mutex);
    if (!job.answer) {
        job.answer = job.cancelled ? cancelled_answer() : parts_.models.call(job.call);
        forget_input(job);
    }
    return *job.answer;
}

void Queue::forget_input(Job& job) {
    const std::lock_guard lock(mutex_);
    if (jobs_.contains(job.id)) {
        input_bytes_ -= job.call.input.size();
    }
    job.call.input = std::string();
}

Json Queue::status_of(Job& job, bool logs) {
    const JobPhase phase = phase_of(job);
    Json body{{"status", "IN_QUEUE"},
              {"request_id", job.id},
              {"response_url", job.base_url},
              {"status_url", job.base_url + "/status"},
              {"cancel_url", job.base_url + "/cancel"}};
    if (phase == JobPhase::waiting) {
        body["queue_position"] = position_of(job);
        return body;
    }
    Json lines = Json::array({log_entry("Started")});
    body["status"] = "IN_PROGRESS";
    if (phase == JobPhase::over) {
        const ModelAnswer& answer = outcome_of(job);
        body["status"] = "COMPLETED";
        body["metrics"] = {
            {"inference_time", std::chrono::duration<double>(job_time_).count() * 2 / 3}};
        if (answer.status != 200) {
            body["error"] = answer.error;
            body["error_type"] = answer.error_type;
        }
        lines.push_back(log_entry("Finished"));
    }
    body["logs"] = logs ? lines : Json(nullptr);
    return body;
}

RequestProgress Queue::progress_of(Job& job) {
    RequestProgress progress;
    const JobPhase phase = phase_of(job);
    if (phase == JobPhase::over) {
        progress.answer = outcome_of(job);
        const std::lock_guard lock(job.mutex);
        progress.ended_at = job.cancelled_at.value_or(job.sent_at + job_time_);
    }
    const UtcTime started_at = job.sent_at + job_time_ / 3;
    if (phase != JobPhase::waiting && progress.ended_at.value_or(started_at) >= started_at) {
        progress.started_at = started_at;
    }
    return progress;
}

}  // namespace editprep::tools::provider_emulator
