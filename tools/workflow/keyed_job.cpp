#include "tools/workflow/keyed_job.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "editprep/transport/error.hpp"
#include "editprep/transport/fal.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/shown_json.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;
using transport::Job;
using transport::JobState;
using Next = EarlierJob::Next;

/// Clocks differ, fal's from ours.
constexpr std::chrono::minutes kClockDifference{2};
/// Providers with such a header keep the keys for a day; Stripe, whose header they took over, says
/// at least 24 hours (https://docs.stripe.com/api/idempotent_requests).
constexpr std::chrono::hours kKeysAreKept{23};

/// A job that was accepted perhaps, with a request id that the provider may not know.
constexpr std::string_view kPerhapsAccepted = "UNKNOWN";

std::string name_of(const Job& job) { return "job " + std::to_string(job.id); }

std::string how_to_forget(const Job& job) {
    return "'fal_client forget " + std::to_string(job.id) + "' takes it off the list";
}

void check_same_request(const Job& job, const RequestIdentity& request,
                        const std::string& provider) {
    const auto refuse = [&](const std::string& difference) {
        throw Failure("the idempotency key " + request.idempotency_key + " belongs to " +
                      name_of(job) + ", which " + difference +
                      "; give another request a key of its own");
    };
    if (job.provider != provider) {
        refuse("went to " + job.provider + ", not to " + provider);
    }
    if (job.model != request.model) {
        refuse("asked " + job.model + ", not " + request.model);
    }
    if (job.input_digest != request.input_digest) {
        refuse("had another input");
    }
}

bool is_same_input(const std::string& listed_json, const nlohmann::json& input) {
    const Json listed = Json::parse(listed_json, nullptr, /*allow_exceptions=*/false);
    return listed.is_object() && nlohmann::json(shown_json(listed)) == input;
}

/// How many jobs of ours may be one and the same entry of fal's list.
std::size_t count_alike(const transport::JobStore& jobs, const Job& job,
                        const nlohmann::json& input) {
    const auto open = jobs.open_jobs(job.provider);
    return static_cast<std::size_t>(std::ranges::count_if(open, [&](const Job& other) {
        return other.state == JobState::unknown_outcome && other.model == job.model &&
               nlohmann::json::parse(other.input_json, nullptr, false) == input;
    }));
}

/// The request ids in fal's list that may be the job's and that no job of ours has.
std::vector<std::string> free_requests(RemoteSession& session, const Job& job,
                                       const nlohmann::json& input) {
    const auto since = transport::submission_time(job) - kClockDifference;
    std::vector<std::string> ids;
    session.fal().visit_recent_requests(job.model, since,
                                        [&](const transport::FalPastRequest& request) {
                                            if (request.sent_at && *request.sent_at >= since &&
                                                !session.jobs().has_request(request.request_id) &&
                                                is_same_input(request.input_json, input)) {
                                                ids.push_back(request.request_id);
                                            }
                                            return true;
                                        });
    return ids;
}

[[noreturn]] void refuse_ambiguous(const Job& job, const std::vector<std::string>& ids) {
    std::string names;
    for (const std::string& id : ids) {
        names += (names.empty() ? "" : ", ") + id;
    }
    throw Failure(name_of(job) + " has an unknown outcome, and fal has " +
                  std::to_string(ids.size()) + " requests of the same input since (" + names +
                  "), more than are known here; 'fal_client result " + job.model +
                  " ID' shows one, " + how_to_forget(job) + " and frees its key");
}

[[noreturn]] void refuse_unknown(const Job& job, const std::string& what_was_tried) {
    throw Failure(name_of(job) + " of the idempotency key " + job.idempotency_key +
                  " may have been accepted, and be charged for (" +
                  job.error.value_or("nothing more is known") + "); " + what_was_tried +
                  "; look at the provider's dashboard, then --resend-unknown sends it again; " +
                  how_to_forget(job));
}

EarlierJob taken(RemoteSession& session, const Job& job) {
    return {Next::take, session.jobs().find(job.id)};
}

/// Of a job that nobody can tell of any more.
EarlierJob resend(RemoteSession& session, const Job& job, const RequestIdentity& request,
                  const std::string& what_was_tried) {
    if (!request.resend_unknown) {
        refuse_unknown(job, what_was_tried);
    }
    session.story().note(name_of(job) + ": " + what_was_tried + "; it is sent again as wished");
    return {Next::send, job};
}

EarlierJob find_at_fal(RemoteSession& session, const Job& job, const RequestIdentity& request) {
    const auto input = nlohmann::json::parse(job.input_json, nullptr, false);
    std::vector<std::string> ids;
    try {
        ids = free_requests(session, job, input);
    } catch (const transport::Error& error) {
        if (error.errc() != transport::Errc::http_status) {
            throw;
        }
        return resend(session, job, request, error.what());
    }
    if (ids.size() > count_alike(session.jobs(), job, input)) {
        refuse_ambiguous(job, ids);
    }
    // Of several jobs with one input each may have any; another process may have been faster.
    for (const std::string& id : ids) {
        if (session.jobs().found(job.id, {.request_id = id})) {
            session.story().note(name_of(job) + " was found at fal as request " + id);
            return taken(session, job);
        }
    }
    return resend(
        session, job, request,
        "fal's list of requests does not have it; it shows a request only once that has ended, so "
        "one that may still be queued or running must be waited for");
}

/// A request id that came with an unclear answer is either known to the queue or was never taken.
EarlierJob look_at_perhaps_accepted(RemoteSession& session, const Job& job,
                                    const RequestIdentity& request) {
    transport::FalClient fal = session.fal();
    const JobLook look = look_at_job(fal, request_of(job));
    constexpr int kNotFound = 404;
    return look.outcome == JobLook::Outcome::unclear && look.response.status == kNotFound
               ? resend(session, job, request, "fal does not know its request " + job.request_id)
               : taken(session, job);
}

EarlierJob find_at_openai(RemoteSession& session, const Job& job, const RequestIdentity& request) {
    const bool is_known_by_key =
        !job.sent_key.empty() && !session.provider().entry.idempotency_header.empty();
    const auto age = session.clock().now() - transport::submission_time(job);
    if (is_known_by_key && age < kKeysAreKept) {
        return {Next::send_again, job};
    }
    return resend(session, job, request,
                  is_known_by_key ? session.provider().name + " may have forgotten its key by now"
                                  : session.provider().name + " cannot be asked what became of it");
}

/// Neither its answer is there nor anything to ask after it by.
bool is_lost(const Job& job, const RemoteProvider& provider) {
    return job.state == JobState::unknown_outcome ||
           (job.state == JobState::waiting && !provider.is_fal() && job.status_url.empty());
}

void drop_names(Json& value) {
    if (value.is_object() && value.contains("sha256")) {
        value.erase("file_name");
    }
    if (value.is_structured()) {
        for (Json& member : value) {
            drop_names(member);
        }
    }
}

}  // namespace

std::string digest_of(const std::string& endpoint, const Json& shown) {
    Json nameless = shown;
    drop_names(nameless);
    return transport::sha256_hex(endpoint + '\n' + one_line_json(nameless));
}

RequestIdentity identify(const RemoteGroup& options, const std::string& model,
                         const std::string& endpoint, const Json& shown) {
    RequestIdentity request{.model = model,
                            .idempotency_key = options.idempotency_key,
                            .resend_unknown = options.resend_unknown};
    if (!request.idempotency_key.empty()) {
        request.input_digest = digest_of(endpoint, shown);
    }
    return request;
}

EarlierJob find_earlier(RemoteSession& session, const RequestIdentity& request) {
    if (request.idempotency_key.empty()) {
        return {};
    }
    const auto job = session.jobs().find_key(request.idempotency_key);
    if (!job || job->state == JobState::refused || job->state == JobState::failed) {
        return {Next::send, job};
    }
    const RemoteProvider& provider = session.provider();
    check_same_request(*job, request, provider.name);
    if (job->state == JobState::sending) {
        throw Failure(name_of(*job) + " of the idempotency key " + request.idempotency_key +
                      " is being sent by another process; run the command again once that one is "
                      "done");
    }
    if (is_lost(*job, provider)) {
        return provider.is_fal() ? find_at_fal(session, *job, request)
                                 : find_at_openai(session, *job, request);
    }
    if (job->state == JobState::waiting && provider.is_fal() && job->status == kPerhapsAccepted) {
        return look_at_perhaps_accepted(session, *job, request);
    }
    session.story().note(name_of(*job) + " of the idempotency key " + request.idempotency_key +
                         " is " + transport::name_of(job->state) + ": nothing is sent again");
    return {Next::take, job};
}

}  // namespace editprep::tools
