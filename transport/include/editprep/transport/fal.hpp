#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/body_source.hpp"
#include "editprep/transport/http.hpp"
#include "editprep/transport/retry.hpp"
#include "editprep/transport/secret.hpp"

/// fal: synchronous calls, the queue, storage and prices.
///
/// Responses with any HTTP status are values; Error is thrown where there is none.
namespace editprep::transport {

/// Base URLs without trailing slashes.
struct FalEndpoints {
    std::string run_url = "https://fal.run";
    std::string queue_url = "https://queue.fal.run";
    std::string rest_url = "https://rest.fal.ai";
    std::string api_url = "https://api.fal.ai/v1";
};

enum class FalPriority { normal, low };

/// For run and submit; absent members are not sent.
struct FalCallOptions {
    std::optional<FalPriority> priority{};
    /// Sticky routing.
    std::optional<std::string> hint{};
    /// Deadline for the start, in seconds, more than 1.
    std::optional<double> start_timeout_seconds{};
    /// How long the outputs are kept; nothing keeps the account's setting.
    std::optional<std::chrono::seconds> expires_in{};
    std::optional<std::string> webhook{};
    /// In the place of the client's own of the same names.
    std::vector<Header> headers{};
    std::function<void(const Progress&)> progress{};
    /// Of one attempt; unset, a run may be silent for 10 minutes and a submit for 2.
    std::optional<Timeouts> timeouts{};
};

/// Where a call goes, and what it says beside its input and the key.
struct FalCallHead {
    std::string url;
    std::vector<Header> headers;
};

/// What FalClient::submit and run send. Throws invalid_argument for an endpoint id that is none,
/// and for options outside their range.
[[nodiscard]] FalCallHead fal_submit_head(const FalEndpoints& endpoints, const std::string& model,
                                          const FalCallOptions& options);
[[nodiscard]] FalCallHead fal_run_head(const FalEndpoints& endpoints, const std::string& model,
                                       const FalCallOptions& options);

/// `immediate`, `1h`, `1d`, `7d`, `30d`, `1y`, or a number of seconds above 0; nothing for `never`.
/// Throws invalid_argument for anything else.
[[nodiscard]] std::optional<std::chrono::seconds> parse_fal_expiry(std::string_view text);

/// Owner and app, what status, result and cancel use of an endpoint id: `fal-ai/flux` of
/// `fal-ai/flux/dev/image-to-image`; one segment more behind `workflows` and `comfy`.
[[nodiscard]] std::string fal_base_model(std::string_view endpoint_id);

/// Throws invalid_argument for an endpoint id that would not stay one path on the queue's host:
/// empty segments, `.` and `..`, blanks, and characters that a path would have to escape.
void check_fal_endpoint_id(std::string_view endpoint_id);

/// What a queue knows a job by. URLs of another origin than the queue's are not followed.
struct FalRequest {
    std::string model;
    std::string request_id;
    std::string status_url{};
    std::string response_url{};
    std::string cancel_url{};
};

struct FalStatus {
    /// As it came, in upper case: IN_QUEUE, IN_PROGRESS, COMPLETED, ...; `UNKNOWN` when missing.
    std::string status;
    std::optional<std::int64_t> queue_position{};
    /// A job that failed is COMPLETED with an error.
    std::optional<std::string> error{};
    std::optional<std::string> error_type{};
    std::vector<std::string> log_lines{};

    [[nodiscard]] bool waiting() const;
    [[nodiscard]] bool failed() const;
    [[nodiscard]] bool completed() const { return status == "COMPLETED" && !error; }
};

/// Throws invalid_response unless the text is a JSON object.
[[nodiscard]] FalStatus parse_fal_status(std::string_view body);
/// The submit answer's ids and URLs. Throws invalid_response without a request id.
[[nodiscard]] FalRequest parse_fal_submission(std::string_view model, std::string_view body);

/// The message of an error body in any of its shapes, never an echoed input; else the status.
struct FalFailure {
    std::string message;
    /// `error_type`, or the first `type` of a validation body.
    std::string type;
    /// The server says, or its documentation does, that trying again may help.
    bool worth_retrying = false;
};
[[nodiscard]] FalFailure describe_fal_failure(const HttpResponse& response);

enum class CancelOutcome { requested, already_completed, not_found };

struct FalUploadOptions {
    /// Empty for what the content shows.
    std::string media_type{};
    /// Empty for the file's own, or a name made from the time.
    std::string file_name{};
    std::optional<std::chrono::seconds> expires_in{};
    std::function<void(const Progress&)> progress{};
};

struct FalPrice {
    std::string endpoint_id;
    double unit_price = 0;
    std::string unit;
    std::string currency;
};

/// For how long to ask, where the answer is no more than a help.
struct FalPatience {
    Timeouts timeouts{};
    /// All together. No pause between two is longer than the time for which one may be silent.
    int attempts = 1;
};

/// A request as fal's platform lists it once it has it.
struct FalPastRequest {
    std::string request_id;
    std::string endpoint_id;
    /// Nothing where fal does not tell.
    std::optional<std::chrono::system_clock::time_point> sent_at{};
    /// As JSON, payloads included; empty where fal keeps it no more.
    std::string input_json{};
};

class FalClient {
public:
    /// All references must outlive the client.
    FalClient(HttpClient& http, const Clock& clock, FalEndpoints endpoints, Secret key);

    /// Told before each pause of a retry.
    void on_retry(std::function<void(const std::string&, std::chrono::milliseconds)> tell);
    /// Told when the cancel flag is raised while `run` or `submit` is under way, which is finished
    /// all the same (HttpRequest::finish_despite_cancel).
    void on_deferred_cancel(std::function<void()> tell);

    /// Waits for the result on one connection. Not repeated after anything was sent.
    [[nodiscard]] HttpResponse run(const std::string& model, Body input,
                                   const FalCallOptions& options);

    /// Never repeated once the queue may have accepted it: then the Error says so
    /// (may_have_been_received). Tried again when no connection came about, and after 429, 502, 503
    /// and 504 without `x-fal-request-id`.
    [[nodiscard]] HttpResponse submit(const std::string& model, Body input,
                                      const FalCallOptions& options);
    /// Each attempt may be silent for 30 seconds.
    /// @param time_limit for the only attempt then; without it there are several
    [[nodiscard]] HttpResponse status(const FalRequest& request, bool logs,
                                      std::optional<std::chrono::milliseconds> time_limit = {});

    /// The status as a stream of events, until it is complete or the stream ends; the response's
    /// body is empty then.
    [[nodiscard]] HttpResponse follow(const FalRequest& request, bool logs,
                                      const std::function<void(const FalStatus&)>& on_status);
    /// @param time_limit as of status
    [[nodiscard]] HttpResponse result(const FalRequest& request,
                                      std::optional<std::chrono::milliseconds> time_limit = {});
    /// Throws http_status for any other answer than the three.
    [[nodiscard]] CancelOutcome cancel(const FalRequest& request);

    /// The URL under which a model can read the file. Above 90 MiB in parts of 10 MiB. The storage
    /// is told by fal and gets no key. Throws http_status when fal or the storage refuses.
    [[nodiscard]] std::string upload(const std::string& path, const FalUploadOptions& options);
    [[nodiscard]] std::string upload(const Body& content, const FalUploadOptions& options);

    /// Throws http_status when fal refuses, also for an id that it does not know.
    /// @param patience without it there are several attempts of two minutes each
    [[nodiscard]] std::vector<FalPrice> prices(const std::vector<std::string>& endpoint_ids,
                                               const std::optional<FalPatience>& patience = {});

    /// The requests of the key's account to that endpoint since then, page by page, until `visit`
    /// returns false. One that is in the queue may not be listed before it has ended. Throws
    /// http_status when fal refuses, and invalid_response for a list that cannot be read.
    void visit_recent_requests(const std::string& model,
                               std::chrono::system_clock::time_point since,
                               const std::function<bool(const FalPastRequest&)>& visit);

    [[nodiscard]] const FalEndpoints& endpoints() const noexcept { return endpoints_; }

private:
    [[nodiscard]] HttpRequest request_to(const std::string& method, const std::string& url) const;
    [[nodiscard]] HttpRequest call_to(FalCallHead head, Body input,
                                      const FalCallOptions& options) const;
    [[nodiscard]] HttpResponse look(HttpRequest request, RetryPolicy policy,
                                    std::optional<std::chrono::milliseconds> time_limit);
    [[nodiscard]] HttpResponse send(const HttpRequest& request, RetryPolicy policy);

    struct UploadPlace;
    [[nodiscard]] UploadPlace initiate_upload(const std::string& path,
                                              const FalUploadOptions& options);
    void upload_whole(const UploadPlace& place, const Body& content,
                      const FalUploadOptions& options);
    void upload_in_parts(const UploadPlace& place, const Body& content,
                         const FalUploadOptions& options);
    [[nodiscard]] HttpRequest storage_request(const std::string& method, const std::string& url,
                                              Body body) const;
    [[nodiscard]] HttpResponse put(HttpRequest request);

    HttpClient& http_;
    const Clock& clock_;
    FalEndpoints endpoints_;
    Secret key_;
    std::function<void(const std::string&, std::chrono::milliseconds)> on_retry_;
    std::function<void()> on_deferred_cancel_;
};

}  // namespace editprep::transport
