#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "editprep/transport/body_source.hpp"
#include "editprep/transport/http.hpp"
#include "editprep/transport/job_store.hpp"
#include "editprep/transport/model_registry.hpp"
#include "tools/shared/edit_options.hpp"
#include "tools/shared/remote_options.hpp"
#include "tools/workflow/job_file.hpp"
#include "tools/workflow/remote_session.hpp"

/// A request that costs money: planned, shown or sent.
namespace editprep::tools {

/// Any HTTP status; the body as it was received.
struct RemoteAnswer {
    int status = 0;
    std::string body;
    /// In the job store.
    std::int64_t job = 0;
    /// The body is in the job store too.
    bool kept = true;
    /// Nothing was sent: this job of the same idempotency key stands for it. The body is its result
    /// where that is known, and without payloads once it was saved.
    std::optional<transport::Job> earlier{};

    [[nodiscard]] bool ok() const noexcept { return status < 400; }
};

/// An answer that an earlier run got.
[[nodiscard]] RemoteAnswer answer_of(const transport::Job& job);

/// What became of a request whose answer was lost, and what to do, for messages.
[[nodiscard]] std::string lost_answer_hint(std::int64_t job);

struct PlannedCall {
    /// The full URL, as summaries show it.
    std::string url;
    /// What users look for at the provider when it says 404: the path of an endpoint, or a model.
    std::string endpoint;
    std::string content_type = "application/json";
    /// The body as it is sent, but for payloads and keys (shown_json); of a form an object of its
    /// parts.
    nlohmann::ordered_json body;
    /// A prompt is among what is sent.
    bool prompt_used = false;
    /// What it costs, where more than the body tells; else that is asked.
    std::optional<transport::PriceEstimate> price{};
    /// Of the picture that comes back, where the model prices by it and the body does not tell.
    std::optional<imaging::Size> answer_size{};
    /// Writes the job down, sends it, waits for the answer and writes down what it was; with an
    /// idempotency key it first looks for an earlier job, see find_earlier. Throws
    /// transport::Error or Failure where there is no answer; the message says what became of the
    /// job.
    std::function<RemoteAnswer(RemoteSession& session)> send;
};

/// What an edit is to be made of.
struct EditJob {
    std::string model;
    std::string prompt;
    /// The first is the one that is edited.
    std::vector<JobFile> pictures;
    std::optional<JobFile> mask{};
    /// An object: further fields, which replace those of the same name.
    nlohmann::ordered_json extra = nlohmann::ordered_json::object();
};

/// `POST <base URL><endpoint>` as multipart/form-data, or as JSON. Throws Failure for files and
/// prompts beyond OpenAI's limits where the base URL is OpenAI's, unless `skip_validation`, and for
/// a form whose answer would be a stream.
[[nodiscard]] PlannedCall plan_openai_edit(const RemoteProvider& provider, EditJob job,
                                           const std::string& endpoint, RequestForm form,
                                           const RemoteGroup& options);

/// `POST <base URL><endpoint>` with a JSON body as it stands.
[[nodiscard]] PlannedCall plan_openai_generation(const RemoteProvider& provider,
                                                 const std::string& model,
                                                 nlohmann::ordered_json body,
                                                 const std::string& endpoint,
                                                 const RemoteGroup& options);

/// A file in a part of a form.
struct FilePart {
    std::string name;
    JobFile file;
};

/// A request for a video.
struct VideoRequest {
    /// Tokens stand for the files that travel inside.
    nlohmann::ordered_json body;
    std::vector<transport::InlineFile> inline_files{};
    /// With any of these the request is a form.
    std::vector<FilePart> parts{};
    bool as_form = false;

    [[nodiscard]] bool is_form() const noexcept { return as_form || !parts.empty(); }
};

/// Reads what the provider said when it took a job; nothing for an answer that is the end of it,
/// and neither id nor URL for one that leaves the outcome unknown.
using ReadAcceptance = std::function<std::optional<transport::Acceptance>(const std::string& body)>;

/// `POST <base URL><endpoint>`; the job stays open in the store under what `read_acceptance` gives.
[[nodiscard]] PlannedCall plan_openai_video(const RemoteProvider& provider,
                                            const std::string& model, VideoRequest request,
                                            const std::string& endpoint, const RemoteGroup& options,
                                            ReadAcceptance read_acceptance);

/// Where a model takes its picture and its mask. For a model that the registry does not know, from
/// what its id says of its kind.
[[nodiscard]] transport::EditFields edit_fields_of(const transport::Model* model,
                                                   const std::string& model_id);

/// The model's queue, files inside the JSON or uploaded first. Throws Failure for input that does
/// not fit the model, unless `skip_validation`.
/// @param model what the registry knows; may be null, must outlive the call
[[nodiscard]] PlannedCall plan_fal_edit(const transport::FalEndpoints& endpoints, EditJob job,
                                        const transport::Model* model, const RemoteGroup& options,
                                        const Story& story);

/// The same for an input without files.
[[nodiscard]] PlannedCall plan_fal_generation(const transport::FalEndpoints& endpoints,
                                              const std::string& model_id,
                                              nlohmann::ordered_json input,
                                              const transport::Model* model,
                                              const RemoteGroup& options, const Story& story);

/// --extra-json and --extra-json-file merged, the file last. Throws Failure with the messages of
/// the contract's section 3.4.
[[nodiscard]] nlohmann::ordered_json read_extra_json(const RemoteGroup& options);

/// Sets a member of an object, or replaces it in its place.
void merge(nlohmann::ordered_json& object, const nlohmann::ordered_json& members);

/// --timeout: how long one request may take to connect, and be silent.
[[nodiscard]] transport::Timeouts timeouts_of(const RemoteGroup& options);

/// What stands between a planned call and sending it. With --dry-run: prints the request as JSON,
/// `***` in the place of the key, at its end `cost_usd` (a number, or null where no price is known)
/// and `cost_basis` (where the price comes from, or why there is none), and ends the command. With
/// --max-cost: ends it with exit code 3 when the call costs more, or when nothing is known of its
/// price, neither here nor by fal's price list. The list is asked twice at most, each time for no
/// longer than --timeout and half a minute.
/// @param model may be null
void finish_planning(const PlannedCall& call, const transport::Model* model,
                     const RemoteGroup& options, RemoteSession& session);

}  // namespace editprep::tools
