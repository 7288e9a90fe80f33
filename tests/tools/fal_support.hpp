#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "editprep/transport/fal.hpp"
#include "editprep/transport/job_store.hpp"
#include "remote_support.hpp"
#include "temp_folder.hpp"
#include "test_server.hpp"

namespace editprep::tools {

/// Time that passes only by sleeping.
class FakeTime {
public:
    [[nodiscard]] transport::Clock clock() {
        return {.now = [] { return std::chrono::system_clock::time_point{}; },
                .steady_now = [this] { return now_; },
                .sleep =
                    [this](std::chrono::milliseconds pause) {
                        now_ += pause;
                        return !interrupted;
                    },
                .random = [] { return 0.5; }};
    }

    [[nodiscard]] std::chrono::milliseconds slept() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch());
    }

    bool interrupted = false;

private:
    std::chrono::steady_clock::time_point now_{};
};

/// A client of a server in this process, and a store in a folder of its own.
struct FalSetup {
    explicit FalSetup(const std::string& server_url)
        : fal(http, clock, {server_url, server_url, server_url, server_url},
              transport::Secret("id:test_secret")),
          jobs(transport::JobStore::open(folder / "jobs.db")) {}

    [[nodiscard]] transport::JobStore other_view() const {
        return transport::JobStore::open(folder / "jobs.db");
    }

    testing::TempFolder folder;
    Printed printed;
    Sink err = printed.context().err;
    FakeTime time;
    transport::Clock clock = time.clock();
    transport::HttpClient http{transport::HttpSettings{.user_agent = "test"}};
    transport::FalClient fal;
    transport::JobStore jobs;
};

}  // namespace editprep::tools
