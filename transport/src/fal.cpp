#include "editprep/transport/fal.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "editprep/transport/event_stream.hpp"
#include "editprep/transport/url.hpp"
#include "failure_body.hpp"
#include "fal_protocol.hpp"

namespace editprep::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A result may hold its pictures as data URIs (`sync_mode`).
constexpr std::uint64_t kMaxResultBytes = 256 << 20;
constexpr int kMaxRedirects = 5;
/// A queue may be silent until a job's turn comes.
constexpr minutes kStreamStall{10};
/// A queue that works tells a status at once.
constexpr seconds kStatusStall{30};
/// fal takes so many ids in one request.
constexpr std::size_t kMaxPricedAtOnce = 50;
/// Of at most 100: an input may hold its pictures as data URIs.
constexpr const char* kRequestsOfPage = "25";

/// Attempts and pauses as those of @fal-ai/client 1.10.1.
RetryPolicy queue_policy() {
    return {.attempts = 4, .backoff = {seconds(1), seconds(60)}, .retry_response = fal_is_busy};
}

RetryPolicy status_policy() {
    return {.attempts = 6,
            .backoff = {seconds(1), seconds(30)},
            .retry_response = [](const HttpResponse& response) {
                return response.status == 500 || fal_is_busy(response);
            }};
}

/// With a request id the queue has made a job of it, whatever the status says.
bool refused_unseen(const HttpResponse& response) {
    return fal_is_busy(response) && !response.header("x-fal-request-id");
}

/// Not what a model said of its input: that stays as it is.
bool not_yet_the_outcome(const HttpResponse& response) {
    return fal_is_busy(response) && !read_failure_body(response).judges_input;
}

void limit(HttpRequest& request, RetryPolicy& policy, const FalPatience& patience) {
    request.timeouts = patience.timeouts;
    policy.attempts = patience.attempts;
    policy.longest_wait = patience.timeouts.stall;
    policy.backoff.cap = std::min(policy.backoff.cap, patience.timeouts.stall);
}

/// The end of a stream that the server leaves open.
struct JobCompleted {};

FalCallHead head_of(const std::string& base_url, const std::string& model,
                    const FalCallOptions& options) {
    FalCallHead head{base_url + "/" + fal_endpoint_path(model), fal_call_headers(options)};
    if (options.webhook) {
        head.url = with_parameter(head.url, "fal_webhook", *options.webhook);
    }
    return head;
}

const char* logs_value(bool logs) { return logs ? "1" : "0"; }

}  // namespace

FalCallHead fal_submit_head(const FalEndpoints& endpoints, const std::string& model,
                            const FalCallOptions& options) {
    FalCallHead head = head_of(endpoints.queue_url, model, options);
    set_default_header(head.headers, "X-Fal-Queue-Priority", "normal");
    return head;
}

FalCallHead fal_run_head(const FalEndpoints& endpoints, const std::string& model,
                         const FalCallOptions& options) {
    return head_of(endpoints.run_url, model, options);
}

FalClient::FalClient(HttpClient& http, const Clock& clock, FalEndpoints endpoints, Secret key)
    : http_(http), clock_(clock), endpoints_(std::move(endpoints)), key_(std::move(key)) {}

void FalClient::on_retry(std::function<void(const std::string&, milliseconds)> tell) {
    on_retry_ = std::move(tell);
}

void FalClient::on_deferred_cancel(std::function<void()> tell) {
    on_deferred_cancel_ = std::move(tell);
}

HttpRequest FalClient::request_to(const std::string& method, const std::string& url) const {
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.headers = fal_common_headers();
    request.credential = Credential{.prefix = "Key ", .key = key_};
    request.timeouts.stall = minutes(2);
    request.max_redirects = method == "GET" ? kMaxRedirects : 0;
    // The host is the user's choice, but where it redirects to is not.
    request.reach = {.trusted_hosts = {parse_url(url).host}};
    return request;
}

HttpRequest FalClient::call_to(FalCallHead head, Body input, const FalCallOptions& options) const {
    HttpRequest request = request_to("POST", head.url);
    request.headers = std::move(head.headers);
    request.body = std::move(input);
    request.progress = options.progress;
    request.send_once = true;
    request.finish_despite_cancel = true;
    request.cancel_deferred = on_deferred_cancel_;
    if (options.timeouts) {
        request.timeouts = *options.timeouts;
    }
    return request;
}

HttpResponse FalClient::send(const HttpRequest& request, RetryPolicy policy) {
    policy.on_retry = on_retry_;
    return send_with_retries(http_, request, policy, clock_);
}

HttpResponse FalClient::look(HttpRequest request, RetryPolicy policy,
                             std::optional<milliseconds> time_limit) {
    if (time_limit) {
        request.timeouts.total = std::max(*time_limit, milliseconds(1));
        policy.attempts = 1;
    }
    return send(request, std::move(policy));
}

HttpResponse FalClient::run(const std::string& model, Body input, const FalCallOptions& options) {
    HttpRequest request =
        call_to(fal_run_head(endpoints_, model, options), std::move(input), options);
    if (!options.timeouts) {
        request.timeouts.stall = minutes(10);
    }
    request.max_response_bytes = kMaxResultBytes;
    return send(request, {.backoff = {milliseconds(500), seconds(15)}, .idempotent = false});
}

HttpResponse FalClient::submit(const std::string& model, Body input,
                               const FalCallOptions& options) {
    HttpRequest request =
        call_to(fal_submit_head(endpoints_, model, options), std::move(input), options);
    RetryPolicy policy = queue_policy();
    policy.idempotent = false;
    policy.retry_response = refused_unseen;
    return send(request, std::move(policy));
}

HttpResponse FalClient::status(const FalRequest& request, bool logs,
                               std::optional<milliseconds> time_limit) {
    const std::string url = fal_step_url(endpoints_.queue_url, request, FalStep::status);
    HttpRequest get = request_to("GET", with_parameter(url, "logs", logs_value(logs)));
    get.timeouts.stall = kStatusStall;
    return look(std::move(get), status_policy(), time_limit);
}

HttpResponse FalClient::follow(const FalRequest& request, bool logs,
                               const std::function<void(const FalStatus&)>& on_status) {
    const std::string url = fal_step_url(endpoints_.queue_url, request, FalStep::status_stream);
    HttpRequest stream = request_to("GET", with_parameter(url, "logs", logs_value(logs)));
    // Both, as the official client says.
    set_header(stream.headers, "Accept", "application/json, text/event-stream");
    stream.timeouts.stall = kStreamStall;
    // Every event may repeat the whole log.
    stream.max_response_bytes = kMaxResultBytes;
    EventStream events([&](const ServerEvent& event) {
        const FalStatus status = parse_fal_status(event.data);
        on_status(status);
        if (status.status == "COMPLETED") {
            throw JobCompleted();
        }
    });
    stream.sink = [&](std::span<const std::byte> piece) { events.feed(piece); };
    try {
        return send(stream, status_policy());
    } catch (const JobCompleted&) {
        return {.status = 200, .headers = {}, .body = {}, .url = stream.url};
    }
}

HttpResponse FalClient::result(const FalRequest& request, std::optional<milliseconds> time_limit) {
    HttpRequest get =
        request_to("GET", fal_step_url(endpoints_.queue_url, request, FalStep::result));
    get.max_response_bytes = kMaxResultBytes;
    RetryPolicy policy = queue_policy();
    policy.retry_response = not_yet_the_outcome;
    return look(std::move(get), std::move(policy), time_limit);
}

CancelOutcome FalClient::cancel(const FalRequest& request) {
    const std::string url = fal_step_url(endpoints_.queue_url, request, FalStep::cancel);
    return fal_cancel_outcome(send(request_to("PUT", url), queue_policy()));
}

std::vector<FalPrice> FalClient::prices(const std::vector<std::string>& endpoint_ids,
                                        const std::optional<FalPatience>& patience) {
    std::vector<FalPrice> prices;
    for (std::size_t begin = 0; begin < endpoint_ids.size(); begin += kMaxPricedAtOnce) {
        std::string url = endpoints_.api_url + "/models/pricing";
        const std::size_t end = std::min(begin + kMaxPricedAtOnce, endpoint_ids.size());
        for (std::size_t i = begin; i < end; ++i) {
            url = with_parameter(url, "endpoint_id", endpoint_ids[i]);
        }
        HttpRequest get = request_to("GET", url);
        RetryPolicy policy = status_policy();
        if (patience) {
            limit(get, policy, *patience);
        }
        const HttpResponse response = send(get, std::move(policy));
        if (response.status != 200) {
            throw_fal_status(response, "fal tells no prices");
        }
        std::ranges::move(parse_fal_prices(response.body), std::back_inserter(prices));
    }
    return prices;
}

void FalClient::visit_recent_requests(const std::string& model,
                                      std::chrono::system_clock::time_point since,
                                      const std::function<bool(const FalPastRequest&)>& visit) {
    std::string url =
        with_parameter(endpoints_.api_url + "/models/requests/by-endpoint", "endpoint_id", model);
    url = with_parameter(url, "start", fal_time(since));
    url = with_parameter(url, "expand", "payloads");
    url = with_parameter(url, "limit", kRequestsOfPage);
    std::string cursor;
    do {
        HttpRequest get =
            request_to("GET", cursor.empty() ? url : with_parameter(url, "cursor", cursor));
        get.max_response_bytes = kMaxResultBytes;
        const HttpResponse response = send(get, status_policy());
        if (response.status != 200) {
            throw_fal_status(response, "fal does not list its requests");
        }
        FalRequestPage page = parse_fal_request_page(response.body);
        if (!std::ranges::all_of(page.requests, visit)) {
            return;
        }
        // A page that names itself as the next would have no end.
        cursor = page.next_cursor == cursor ? std::string() : std::move(page.next_cursor);
    } while (!cursor.empty());
}

}  // namespace editprep::transport
