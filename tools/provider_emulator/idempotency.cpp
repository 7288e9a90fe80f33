#include "tools/provider_emulator/idempotency.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include "editprep/transport/redaction.hpp"
#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/openai_request.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr const char* kKeyHeader = "Idempotency-Key";
/// As Stripe has it, whose form others follow.
constexpr std::size_t kMaxKeyBytes = 255;
constexpr std::size_t kMaxAnswers = 10'000;
/// Answers hold whole pictures as base64.
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 30;
/// How often a wait looks whether the emulator is to end.
constexpr std::chrono::milliseconds kSlice{50};

/// A streamed answer as one text, so that it can be sent more than once.
void gather_stream(httplib::Response& response) {
    if (!response.content_provider_) {
        return;
    }
    std::string body;
    bool done = false;
    httplib::DataSink sink;
    sink.write = [&body](const char* bytes, std::size_t size) {
        body.append(bytes, size);
        return true;
    };
    sink.is_writable = [] { return true; };
    sink.done = [&done] { done = true; };
    bool well = true;
    while (!done && well) {
        well = response.content_provider_(body.size(), 0, sink);
    }
    const std::string media_type = response.get_header_value("Content-Type");
    response.content_provider_ = nullptr;
    response.is_chunked_content_provider_ = false;
    response.set_content(body, media_type);
}

void refuse(httplib::Response& response, std::string_view message) {
    answer_openai_error(response, 400, message, "idempotency_error", "", "idempotency_error");
}

}  // namespace

void Idempotency::answer(const httplib::Request& request, httplib::Response& response,
                         const Work& work) {
    const std::string given = request.get_header_value(kKeyHeader);
    if (given.empty() || request.method != "POST") {
        return work();
    }
    if (given.size() > kMaxKeyBytes) {
        return refuse(response, "An Idempotency-Key has at most 255 bytes");
    }
    const std::string caller = request.get_header_value("Authorization");
    const std::string key = transport::sha256_hex(caller + '\n' + given);
    const std::string digest =
        transport::sha256_hex(std::string(path_of(request)) + '\n' + content_of(request));
    if (!begin(key, digest, response)) {
        return;
    }
    try {
        work();
        gather_stream(response);
    } catch (...) {
        finish(key, nullptr);
        throw;
    }
    finish(key,
           response.status == 200 ? std::make_shared<const httplib::Response>(response) : nullptr);
}

bool Idempotency::begin(const std::string& key, const std::string& request_sha256,
                        httplib::Response& response) {
    std::unique_lock lock(mutex_);
    while (true) {
        const auto [entry, is_new] = entries_.try_emplace(key, Entry{request_sha256, nullptr});
        if (is_new) {
            return true;
        }
        if (entry->second.request_sha256 != request_sha256) {
            refuse(response, "This Idempotency-Key was used for another request");
            return false;
        }
        if (entry->second.answer) {
            response = *entry->second.answer;
            response.set_header("Idempotent-Replayed", "true");
            return false;
        }
        if (stopping_) {
            answer_openai_error(response, 409, "A request with this Idempotency-Key is in progress",
                                "idempotency_error");
            return false;
        }
        finished_.wait_for(lock, kSlice);
    }
}

void Idempotency::finish(const std::string& key, std::shared_ptr<const httplib::Response> answer) {
    {
        const std::lock_guard lock(mutex_);
        if (answer) {
            bytes_ += answer->body.size();
            entries_.at(key).answer = std::move(answer);
            oldest_first_.push_back(key);
            drop_oldest();
        } else {
            entries_.erase(key);
        }
    }
    finished_.notify_all();
}

void Idempotency::drop_oldest() {
    while (oldest_first_.size() > kMaxAnswers ||
           (bytes_ > kMaxAnswerBytes && oldest_first_.size() > 1)) {
        const auto oldest = entries_.find(oldest_first_.front());
        bytes_ -= oldest->second.answer->body.size();
        entries_.erase(oldest);
        oldest_first_.pop_front();
    }
}

}  // namespace editprep::tools::provider_emulator
