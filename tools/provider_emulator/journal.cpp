#include "tools/provider_emulator/journal.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "editprep/transport/redaction.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::size_t kMaxRequests = 20'000;
constexpr std::size_t kMaxJobs = 20'000;
constexpr std::size_t kMaxKeys = 16;
/// Shorter ones would be found in everything.
constexpr std::size_t kShortestKey = 8;

/// The HTTP library's own notes among the headers.
constexpr std::array<std::string_view, 4> kNotSent{"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR",
                                                   "LOCAL_PORT"};

bool is_secret(std::string name) {
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name == "authorization" || name == "api-key" || name == "proxy-authorization";
}

/// The scheme as it is, the rest as a digest.
std::string redacted(const std::string& value) {
    const std::size_t blank = value.find(' ');
    const std::string scheme = blank == std::string::npos ? "" : value.substr(0, blank + 1);
    return scheme + "sha256:" + transport::sha256_hex(value.substr(scheme.size()));
}

Json headers_of(const httplib::Request& request) {
    Json headers = Json::array();
    for (const auto& [name, value] : request.headers) {
        if (std::ranges::find(kNotSent, name) == kNotSent.end()) {
            headers.push_back({name, is_secret(name) ? redacted(value) : value});
        }
    }
    return headers;
}

Json parts_of(const httplib::Request& request) {
    Json parts = Json::array();
    for (const auto& [name, part] : request.files) {
        parts.push_back({{"name", name},
                         {"file_name", part.filename},
                         {"content_type", part.content_type},
                         {"bytes", part.content.size()},
                         {"sha256", transport::sha256_hex(part.content)}});
    }
    return parts;
}

}  // namespace

std::uint64_t Journal::begin(const httplib::Request& request, std::string_view fault) {
    Json entry{{"number", 0},
               {"method", request.method},
               {"target", request.target},
               {"headers", headers_of(request)},
               {"status", nullptr}};
    if (!fault.empty()) {
        entry["fault"] = fault;
    }
    const std::lock_guard lock(mutex_);
    remember_key(request.get_header_value("Authorization"));
    leaks_ += holds_a_key(request.target) ? 1U : 0U;
    entry["number"] = ++count_;
    requests_.push_back(std::move(entry));
    if (requests_.size() > kMaxRequests) {
        requests_.pop_front();
    }
    return count_;
}

void Journal::read(std::uint64_t number, const httplib::Request& request) {
    const std::string digest = transport::sha256_hex(request.body);
    const Json parts = parts_of(request);
    const std::lock_guard lock(mutex_);
    bool leaks = holds_a_key(request.body);
    for (const auto& [name, part] : request.files) {
        leaks = leaks || holds_a_key(part.content);
    }
    leaks_ += leaks ? 1U : 0U;
    if (Json* entry = find(number)) {
        (*entry)["body_bytes"] = request.body.size();
        (*entry)["body_sha256"] = digest;
        if (!parts.empty()) {
            (*entry)["parts"] = parts;
        }
    }
}

void Journal::finish(std::uint64_t number, int status, std::string_view fault) {
    const std::lock_guard lock(mutex_);
    if (Json* entry = find(number)) {
        (*entry)["status"] = status;
        if (!fault.empty()) {
            (*entry)["fault"] = fault;
        }
    }
}

void Journal::accept_job(const std::string& request_id, const std::string& model,
                         const std::string& input) {
    Job job{request_id, model, transport::sha256_hex(input)};
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    ++job_count_;
    if (jobs_.size() > kMaxJobs) {
        jobs_.pop_front();
    }
}

Json Journal::to_json() const {
    const std::lock_guard lock(mutex_);
    std::map<std::pair<std::string, std::string>, int> submits;
    for (const Job& job : jobs_) {
        ++submits[{job.model, job.input_sha256}];
    }
    Json jobs = Json::array();
    for (const Job& job : jobs_) {
        jobs.push_back({{"request_id", job.request_id},
                        {"model", job.model},
                        {"input_sha256", job.input_sha256},
                        {"submits", submits[{job.model, job.input_sha256}]}});
    }
    Json requests = Json::array();
    for (const Json& entry : requests_) {
        requests.push_back(entry);
    }
    return {{"request_count", count_},
            {"requests", std::move(requests)},
            {"job_count", job_count_},
            {"jobs", std::move(jobs)},
            {"key_leaks", leaks_}};
}

Json* Journal::find(std::uint64_t number) {
    const std::uint64_t first = count_ - requests_.size() + 1;
    return number < first ? nullptr : &requests_[number - first];
}

bool Journal::holds_a_key(std::string_view text) const {
    return std::ranges::any_of(
        keys_, [&](const std::string& key) { return text.find(key) != std::string_view::npos; });
}

void Journal::remember_key(const std::string& authorization) {
    const std::size_t blank = authorization.find(' ');
    if (blank != std::string::npos && authorization.size() - blank > kShortestKey &&
        keys_.size() < kMaxKeys) {
        keys_.insert(authorization.substr(blank + 1));
    }
}

}  // namespace editprep::tools::provider_emulator
