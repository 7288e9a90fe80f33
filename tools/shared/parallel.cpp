#include "tools/shared/parallel.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <system_error>
#include <utility>

namespace editprep::tools {
namespace {

/// Hands out the numbers; the first exception ends that.
class Numbers {
public:
    Numbers(std::size_t count, const std::function<void(std::size_t)>& work)
        : count_(count), work_(work) {}

    void work_on_them() {
        for (std::size_t number = next(); number < count_; number = next()) {
            try {
                work_(number);
            } catch (...) {
                fail(std::current_exception());
            }
        }
    }

    void throw_failure() const {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

private:
    std::size_t next() {
        const std::scoped_lock lock(mutex_);
        return next_ < count_ ? next_++ : count_;
    }

    void fail(std::exception_ptr failure) {
        const std::scoped_lock lock(mutex_);
        next_ = count_;
        if (!failure_) {
            failure_ = std::move(failure);
        }
    }

    std::size_t count_;
    const std::function<void(std::size_t)>& work_;
    std::mutex mutex_;
    std::size_t next_ = 0;
    std::exception_ptr failure_;
};

}  // namespace

int thread_count(int wanted) {
    const int here = static_cast<int>(std::thread::hardware_concurrency());
    return std::clamp(wanted > 0 ? wanted : here, 1, kMostThreads);
}

std::vector<std::jthread> start_threads(std::size_t count,
                                        const std::function<void(const std::stop_token&)>& work) {
    std::vector<std::jthread> threads;
    threads.reserve(count);
    try {
        while (threads.size() < count) {
            threads.emplace_back(work);
        }
    } catch (const std::system_error&) {
    }
    return threads;
}

void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
    Numbers numbers(count, work);
    {
        const std::size_t wanted = std::min(static_cast<std::size_t>(std::max(threads, 1)), count);
        // This thread works too: whatever the system grants beside it only makes it faster.
        const std::vector<std::jthread> helpers =
            start_threads(wanted > 0 ? wanted - 1 : 0,
                          [&numbers](const std::stop_token&) { numbers.work_on_them(); });
        numbers.work_on_them();
    }
    numbers.throw_failure();
}

}  // namespace editprep::tools
