#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "tools/provider_emulator/answers.hpp"

namespace editprep::tools::provider_emulator {

/// Calls back when jobs are done, on a thread of its own; to the loopback only, once, unsigned.
class Webhooks {
public:
    using Clock = std::chrono::steady_clock;

    Webhooks() = default;
    ~Webhooks();
    Webhooks(const Webhooks&) = delete;
    Webhooks& operator=(const Webhooks&) = delete;

    /// @param make_body called when it is time, from the other thread
    void call_at(Clock::time_point time, std::string url, std::function<Json()> make_body);

private:
    struct Delivery {
        std::string url;
        std::function<Json()> make_body;
    };

    void deliver_all();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Clock::time_point, Delivery> due_;
    bool ending_ = false;
    std::thread thread_;
};

/// Whether a webhook may be called: http or https on the loopback.
[[nodiscard]] bool may_call(const std::string& url);

}  // namespace editprep::tools::provider_emulator
