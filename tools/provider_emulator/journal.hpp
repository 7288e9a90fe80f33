#pragma once

#include <httplib.h>

#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "tools/provider_emulator/answers.hpp"

/// What the emulator was asked, for tests and for people who look for a mistake in their requests.
namespace editprep::tools::provider_emulator {

/// Holds the last requests and jobs; no secret and no body, only their digests. Several threads may
/// use it at once.
class Journal {
public:
    /// A request whose head has arrived. The number that stands for it from then on.
    std::uint64_t begin(const httplib::Request& request, std::string_view fault);
    /// Its body has arrived.
    void read(std::uint64_t number, const httplib::Request& request);
    /// Its answer is ready. An empty fault leaves the one that is noted.
    void finish(std::uint64_t number, int status, std::string_view fault);

    /// Work was accepted that a real service would charge for.
    void accept_job(const std::string& request_id, const std::string& model,
                    const std::string& input);

    [[nodiscard]] Json to_json() const;

private:
    struct Job {
        std::string request_id;
        std::string model;
        std::string input_sha256;
    };

    /// Null when it was dropped already.
    [[nodiscard]] Json* find(std::uint64_t number);
    [[nodiscard]] bool holds_a_key(std::string_view text) const;
    void remember_key(const std::string& authorization);

    mutable std::mutex mutex_;
    std::deque<Json> requests_;
    std::uint64_t count_ = 0;
    std::deque<Job> jobs_;
    std::uint64_t job_count_ = 0;
    /// The secrets of Authorization headers, to find them where they do not belong.
    std::set<std::string> keys_;
    std::uint64_t leaks_ = 0;
};

}  // namespace editprep::tools::provider_emulator
