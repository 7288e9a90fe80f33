#include "tools/remote/openai_job.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "editprep/transport/error.hpp"
#include "editprep/transport/media_reference.hpp"
#include "editprep/transport/url.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools {
namespace {

using namespace std::string_view_literals;
using std::chrono::milliseconds;
using transport::Errc;
using transport::Error;
using transport::HttpResponse;
using Json = nlohmann::json;
using Outcome = JobLook::Outcome;

// In the order of the contract's section 12.4; media in that of its section 15.3.
constexpr std::array kMediaNames{"url"sv,        "video_url"sv, "output_url"sv,
                                 "result_url"sv, "path"sv,      "b64_json"sv};
constexpr std::array kIdNames{"id"sv, "job_id"sv, "task_id"sv, "request_id"sv, "prediction_id"sv};
constexpr std::array kStatusUrlNames{"status_url"sv, "poll_url"sv, "result_url"sv,
                                     "retrieve_url"sv};
constexpr std::array kStatusNames{"status"sv, "state"sv};

constexpr std::array kFailedWords{"failed"sv, "error"sv, "cancelled"sv, "canceled"sv};
constexpr std::array kSucceededWords{"completed"sv, "complete"sv, "succeeded"sv, "success"sv,
                                     "finished"sv,  "done"sv,     "ready"sv};
constexpr std::array kPendingWords{"queued"sv,     "in_queue"sv,   "pending"sv,   "in_progress"sv,
                                   "processing"sv, "running"sv,    "started"sv,   "starting"sv,
                                   "submitted"sv,  "generating"sv, "rendering"sv, "waiting"sv,
                                   "created"sv,    "accepted"sv,   "preparing"sv, "scheduled"sv};

template <std::size_t Count>
bool is_one_of(const std::array<std::string_view, Count>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// The value of a member, and the number of its object in the order in which objects begin.
struct Found {
    std::size_t object = 0;
    std::string value;
};

/// Walks through JSON and keeps the texts and whole numbers under some names.
class MemberFinder : public nlohmann::json_sax<Json> {
public:
    /// The first in document order of the outermost-first search; the names in their order.
    template <std::size_t Count>
    [[nodiscard]] std::string first_by_name(
        const std::array<std::string_view, Count>& names) const {
        for (const std::string_view name : names) {
            if (const auto& found = of(name)) {
                return found->value;
            }
        }
        return {};
    }

    /// The same, but the place counts before the name.
    template <std::size_t Count>
    [[nodiscard]] std::string first_by_place(
        const std::array<std::string_view, Count>& names) const {
        const Found* first = nullptr;
        for (const std::string_view name : names) {
            const auto& found = of(name);
            if (found && (first == nullptr || found->object < first->object)) {
                first = &*found;
            }
        }
        return first == nullptr ? std::string() : first->value;
    }

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t value) override {
        keep([value] { return std::to_string(value); });
        return true;
    }
    bool number_unsigned(number_unsigned_t value) override {
        keep([value] { return std::to_string(value); });
        return true;
    }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t& value) override {
        if (!value.empty()) {
            keep([&value] { return value; });
        }
        return true;
    }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override {
        open_.push_back({count_++, {}});
        return true;
    }
    bool key(string_t& name) override {
        open_.back().name = name;
        return true;
    }
    bool end_object() override {
        open_.pop_back();
        return true;
    }
    /// What lies in an array belongs to no name.
    bool start_array(std::size_t) override {
        open_.push_back({count_, {}});
        return true;
    }
    bool end_array() override {
        open_.pop_back();
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

private:
    struct Open {
        std::size_t number = 0;
        std::string name;
    };
    static constexpr std::array kNames{
        "url"sv,           "video_url"sv,  "output_url"sv, "result_url"sv,   "path"sv,
        "b64_json"sv,      "id"sv,         "job_id"sv,     "task_id"sv,      "request_id"sv,
        "prediction_id"sv, "status_url"sv, "poll_url"sv,   "retrieve_url"sv, "status"sv,
        "state"sv};

    /// Some answers repeat the request, whose pictures are no results.
    [[nodiscard]] bool is_echo() const {
        return std::any_of(open_.begin(), open_.end() - 1, [](const Open& outer) {
            return outer.name == "request" || outer.name == "input" || outer.name == "inputs" ||
                   outer.name.starts_with("input_");
        });
    }

    template <class Text>
    void keep(const Text& text) {
        if (open_.empty() || is_echo()) {
            return;
        }
        const auto* const name = std::ranges::find(kNames, std::string_view(open_.back().name));
        if (name == kNames.end()) {
            return;
        }
        auto& found = found_[static_cast<std::size_t>(name - kNames.begin())];
        if (!found || open_.back().number < found->object) {
            found = Found{open_.back().number, text()};
        }
    }

    [[nodiscard]] const std::optional<Found>& of(std::string_view name) const {
        return found_[static_cast<std::size_t>(std::ranges::find(kNames, name) - kNames.begin())];
    }

    std::vector<Open> open_;
    std::size_t count_ = 0;
    std::array<std::optional<Found>, kNames.size()> found_{};
};

/// An id may hold slashes; everything else that means something in a URL is written as %XX.
std::string id_in_path(const std::string& id) {
    std::string path;
    for (std::size_t begin = 0;;) {
        const std::size_t slash = std::min(id.find('/', begin), id.size());
        const std::string step = id.substr(begin, slash - begin);
        const bool climbs = step == "." || step == "..";
        path += climbs ? (step == "." ? "%2E" : "%2E%2E") : transport::percent_encode(step);
        if (slash == id.size()) {
            return path;
        }
        path += '/';
        begin = slash + 1;
    }
}

std::string with_id(std::string path, const std::string& id) {
    constexpr auto kPlace = "{id}"sv;
    const std::string encoded = id_in_path(id);
    for (std::size_t i = path.find(kPlace); i != std::string::npos;
         i = path.find(kPlace, i + encoded.size())) {
        path.replace(i, kPlace.size(), encoded);
    }
    return path;
}

std::string content_url_of(const std::string& id, const std::string& base_url,
                           const std::string& status_template) {
    const bool ends_with_id = status_template.ends_with("{id}");
    return base_url + with_id(ends_with_id ? status_template : "/videos/{id}", id) + "/content";
}

/// Empty for what is none, or would lead to another host unsaid.
std::string absolute(const std::string& url, const std::string& base_url) {
    if (url.empty() || url.starts_with("http://") || url.starts_with("https://")) {
        return url;
    }
    try {
        return transport::resolve_reference(base_url, url);
    } catch (const Error&) {
        return {};
    }
}

std::string reason_in(const HttpResponse& response) {
    return "HTTP " + std::to_string(response.status) + ": " +
           without_all_keys(transport::describe_openai_failure(response).message);
}

bool is_worth_another_look(const HttpResponse& response) {
    constexpr int kPassing[] = {408, 409, 425, 429};
    return response.status >= 500 ||
           std::ranges::find(kPassing, response.status) != std::end(kPassing);
}

/// A job that failed may say why in an error of its own, under HTTP status 200.
std::string failure_in(const HttpResponse& response, const std::string& status) {
    HttpResponse as_failure = response;
    as_failure.status = 500;
    const std::string message = transport::describe_openai_failure(as_failure).message;
    return without_all_keys(message.starts_with("HTTP status") ? status : message);
}

/// Some call the address that is asked `result_url`, which is no media then.
bool is_asked(const std::string& media, const OpenAiJob& job) {
    return media == job.status_url || (media.starts_with('/') && job.status_url.ends_with(media));
}

JobLook look_in(HttpResponse response, const OpenAiJob& job) {
    JobLook look;
    if (response.status >= 300) {
        look.reason = reason_in(response);
        look.worth_another_look = is_worth_another_look(response);
        look.response = std::move(response);
        return look;
    }
    const JobAnswer answer = read_job_answer(response.body);
    look.status = answer.status;
    const bool has_media = !answer.media.empty() && !is_asked(answer.media, job);
    if (answer.failed()) {
        look.outcome = Outcome::failed;
        look.reason = failure_in(response, answer.status);
    } else if (has_media && !answer.pending()) {
        look.outcome = Outcome::completed;
    } else if (answer.succeeded() && !job.content_url.empty()) {
        look.outcome = Outcome::completed;
    } else {
        look.outcome = Outcome::waiting;
    }
    look.response = std::move(response);
    return look;
}

}  // namespace

bool JobAnswer::failed() const noexcept { return is_one_of(kFailedWords, status); }
bool JobAnswer::succeeded() const noexcept { return is_one_of(kSucceededWords, status); }
bool JobAnswer::pending() const noexcept { return is_one_of(kPendingWords, status); }

JobAnswer read_job_answer(const std::string& body) {
    MemberFinder finder;
    if (!Json::sax_parse(body, &finder)) {
        return {};
    }
    return {.id = finder.first_by_name(kIdNames),
            .status_url = finder.first_by_name(kStatusUrlNames),
            .status = lower_case(finder.first_by_name(kStatusNames)),
            .media = finder.first_by_place(kMediaNames)};
}

OpenAiJob job_of(const JobAnswer& answer, const std::string& base_url,
                 const std::string& status_template) {
    OpenAiJob job{.request_id = answer.id, .status_url = absolute(answer.status_url, base_url)};
    if (!answer.id.empty()) {
        if (job.status_url.empty()) {
            job.status_url = base_url + with_id(status_template, answer.id);
        }
        job.content_url = content_url_of(answer.id, base_url, status_template);
    }
    return job;
}

OpenAiJob openai_job_of(const transport::Job& job) {
    return {.id = job.id,
            .request_id = job.request_id,
            .status_url = job.status_url,
            .content_url = job.response_url};
}

bool goes_on(const JobAnswer& answer, const OpenAiJob& job) {
    if (job.status_url.empty() || answer.failed()) {
        return false;
    }
    if (answer.media.empty()) {
        return !answer.succeeded() || job.content_url.empty();
    }
    return !answer.id.empty() && !answer.status.empty() &&
           (answer.pending() || (is_asked(answer.media, job) && !answer.succeeded()));
}

bool is_unusable(const std::string& body, const JobAnswer& answer) {
    const std::size_t begin = body.find_first_not_of(" \t\r\n");
    const bool looks_like_json =
        begin != std::string::npos && (body[begin] == '{' || body[begin] == '[');
    const bool has_name = !answer.id.empty() || !answer.status_url.empty();
    return (looks_like_json && !Json::accept(body)) ||
           (answer.pending() && !has_name && answer.media.empty());
}

bool lies_at_content_url(const JobLook& look, const OpenAiJob& job) {
    if (look.outcome != Outcome::completed || job.content_url.empty()) {
        return false;
    }
    const std::string media = read_job_answer(look.response.body).media;
    return media.empty() || is_asked(media, job);
}

JobLook look_at_openai_job(transport::OpenAiClient& client, const OpenAiJob& job,
                           const OpenAiLookOptions& options) {
    try {
        return look_in(client.retrieve({.url = job.status_url,
                                        .timeouts = options.timeouts,
                                        .any_address = options.any_address,
                                        .longest_wait = options.longest_wait}),
                       job);
    } catch (const Error& error) {
        if (error.errc() == Errc::cancelled) {
            throw;
        }
        JobLook look;
        look.reason = without_all_keys(error.what());
        look.no_connection = error.errc() == Errc::connection_failed;
        look.worth_another_look = look.no_connection || error.errc() == Errc::connection_lost ||
                                  error.errc() == Errc::timed_out;
        return look;
    }
}

void write_down(transport::JobStore& jobs, const OpenAiJob& job, const JobLook& look,
                const Sink& err) {
    const std::string name = "job " + std::to_string(job.id);
    const auto still_waiting = [&] { jobs.still_waiting(job.id, look.status, std::nullopt); };
    switch (look.outcome) {
        case Outcome::waiting:
            write_after_sending(err, name + " is not finished", still_waiting);
            break;
        case Outcome::completed:
            if (lies_at_content_url(look, job)) {
                write_after_sending(err, name + " is completed", still_waiting);
            } else {
                write_after_sending(err, name + " is completed", [&] {
                    jobs.completed(job.id, process_keys().without_keys(look.response.body));
                });
            }
            break;
        case Outcome::failed:
            write_after_sending(err, name + " failed: " + look.reason,
                                [&] { jobs.failed(job.id, look.status, look.reason); });
            break;
        case Outcome::unclear:
            write_after_sending(err, name + " is unclear: " + look.reason,
                                [&] { jobs.look_failed(job.id, look.reason); });
            break;
    }
}

OpenAiWatch::OpenAiWatch(transport::OpenAiClient& client, transport::JobStore& jobs, OpenAiJob job,
                         PollOptions options, const transport::Clock& clock, ProgressLine& progress,
                         Sink err)
    : client_(client),
      jobs_(jobs),
      job_(std::move(job)),
      options_(options),
      clock_(clock),
      progress_(progress),
      err_(std::move(err)),
      start_(clock.steady_now()) {
    options_.look.longest_wait =
        std::max(options_.look.longest_wait, options_.interval * options_.max_polls);
}

JobLook OpenAiWatch::look_once() {
    JobLook look = look_at_openai_job(client_, job_, options_.look);
    // What cannot be written at one look cannot at the next.
    write_down(jobs_, job_, look, [this](std::string_view line) {
        if (!std::exchange(told_, true)) {
            err_(line);
        }
    });
    return look;
}

milliseconds OpenAiWatch::pause_after(const JobLook& look) const {
    const auto requested = look.outcome == Outcome::unclear
                               ? transport::requested_delay(look.response, clock_.now())
                               : std::nullopt;
    return std::max(options_.interval, requested.value_or(options_.interval));
}

JobLook OpenAiWatch::until_finished() {
    JobLook look;
    look.reason = "no poll was made";
    milliseconds pause = polls_ == 0 ? milliseconds(0) : options_.interval;
    for (; polls_ < options_.max_polls; ++polls_) {
        if (pause > options_.look.longest_wait) {
            look.reason += "; the server asks to wait longer than the polls last";
            break;
        }
        if (pause > milliseconds(0) && !clock_.sleep(pause)) {
            throw Error(Errc::cancelled, "cancelled: waiting for " + job_.request_id);
        }
        look = look_once();
        const bool may_change = look.outcome == Outcome::waiting ||
                                (look.outcome == Outcome::unclear && look.worth_another_look);
        if (!may_change) {
            ++polls_;
            progress_.clear();
            return look;
        }
        const std::string word = look.status.empty() ? "no status" : look.status;
        progress_.show((look.outcome == Outcome::waiting ? word : look.reason) + ", " +
                       elapsed_text(clock_.steady_now() - start_));
        pause = pause_after(look);
    }
    progress_.clear();
    look.outcome = Outcome::waiting;
    look.reason = "not finished after " + std::to_string(polls_) +
                  (polls_ == 1 ? " poll" : " polls") +
                  (look.reason.empty() ? "" : " (" + look.reason + ')');
    return look;
}

std::string how_to_resume_video(std::int64_t job) {
    const std::string name = std::to_string(job);
    return "generate_video --resume " + name + ", or: fal_client collect " + name;
}

}  // namespace editprep::tools
