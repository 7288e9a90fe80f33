#pragma once

#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

/// Requests that may be sent again without making anything twice: those with an `Idempotency-Key`.
namespace editprep::tools::provider_emulator {

/// Keeps the answers to the last keys. An answer that made nothing is not kept: its key may be used
/// anew, with another body too. Several threads may use it at once.
class Idempotency {
public:
    using Work = std::function<void()>;

    /// @param stopping ends every wait when it is raised
    explicit Idempotency(const std::atomic<bool>& stopping) : stopping_(stopping) {}

    /// Fills in the response by `work`, or with what an earlier request of the same key and caller
    /// got. A request whose key is being worked on waits; one with another body is answered 400.
    /// Without a key, and for all but POST, the work is always done.
    void answer(const httplib::Request& request, httplib::Response& response, const Work& work);

private:
    struct Entry {
        std::string request_sha256;
        /// Nothing while it is worked on.
        std::shared_ptr<const httplib::Response> answer;
    };

    /// Whether the caller has to do the work itself, and to end it by `finish`.
    [[nodiscard]] bool begin(const std::string& key, const std::string& request_sha256,
                             httplib::Response& response);
    void finish(const std::string& key, std::shared_ptr<const httplib::Response> answer);
    void drop_oldest();

    const std::atomic<bool>& stopping_;
    std::mutex mutex_;
    std::condition_variable finished_;
    std::unordered_map<std::string, Entry> entries_;
    /// The keys of kept answers.
    std::deque<std::string> oldest_first_;
    std::size_t bytes_ = 0;
};

}  // namespace editprep::tools::provider_emulator
