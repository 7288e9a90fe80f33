#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/provider_emulator/access.hpp"
#include "tools/provider_emulator/fal_models.hpp"
#include "tools/provider_emulator/faults.hpp"
#include "tools/provider_emulator/job_phase.hpp"
#include "tools/provider_emulator/journal.hpp"
#include "tools/provider_emulator/request_log.hpp"
#include "tools/provider_emulator/webhooks.hpp"

namespace editprep::tools::provider_emulator {

/// fal's synchronous calls and its queue. The work of a job is done when someone first asks for its
/// outcome, which nobody can tell from outside. Several threads may use it at once.
class Queue {
public:
    struct Parts {
        const Access& access;
        const FalModels& models;
        FaultPlan& faults;
        Journal& journal;
        RequestLog& log;
        /// Ends streams when it is raised.
        const std::atomic<bool>& stopping;
    };

    /// @param job_time from a job's acceptance to its end; a third of it the job waits
    Queue(const Parts& parts, std::chrono::milliseconds job_time);

    /// `POST /run/<endpoint id>`
    void run(const httplib::Request& request, httplib::Response& response);
    /// Everything below `/queue/`.
    void handle(const httplib::Request& request, httplib::Response& response);

private:
    using Clock = std::chrono::steady_clock;

    struct Job {
        std::string id;
        std::string base_url;
        Clock::time_point accepted;
        UtcTime sent_at;
        bool never_finishes = false;
        std::atomic<bool> cancelled = false;

        std::mutex mutex;
        std::optional<UtcTime> cancelled_at;
        /// Until there is an answer.
        ModelCall call;
        std::optional<ModelAnswer> answer;
    };

    void submit(const httplib::Request& request, httplib::Response& response,
                const std::string& model);
    void answer_for_job(const httplib::Request& request, httplib::Response& response,
                        const std::vector<std::string>& segments, std::size_t at);
    void status(const httplib::Request& request, httplib::Response& response,
                const std::shared_ptr<Job>& job);
    void stream(const httplib::Request& request, httplib::Response& response,
                const std::shared_ptr<Job>& job);
    void result(httplib::Response& response, Job& job);
    void cancel(httplib::Response& response, Job& job);

    [[nodiscard]] std::shared_ptr<Job> find(const std::string& id) const;
    void keep(const std::shared_ptr<Job>& job);
    [[nodiscard]] std::size_t waiting() const;

    [[nodiscard]] JobPhase phase_of(const Job& job) const;
    [[nodiscard]] int position_of(const Job& job) const;
    [[nodiscard]] const ModelAnswer& outcome_of(Job& job);
    /// Once there is an answer: a clip inside it takes hundreds of megabytes.
    void forget_input(Job& job);
    [[nodiscard]] Json status_of(Job& job, bool logs);
    [[nodiscard]] RequestProgress progress_of(Job& job);

    Parts parts_;
    std::chrono::milliseconds job_time_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<Job>> jobs_;
    std::deque<std::string> oldest_first_;
    std::size_t input_bytes_ = 0;
    Webhooks webhooks_;
};

/// Owner and app of an endpoint id, with which jobs are asked for: one segment more behind
/// `workflows` and `comfy`.
[[nodiscard]] std::string base_model(std::string_view endpoint_id);

}  // namespace editprep::tools::provider_emulator
