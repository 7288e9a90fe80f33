#include "tools/video_preflight/clip_looks.hpp"

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "editprep/video/error.hpp"
#include "tools/shared/parallel.hpp"

namespace editprep::tools::video_preflight {
namespace {

/// For each thread: a clip that takes long holds up those behind it, and no more than these.
constexpr std::size_t kWaitingPerThread = 32;

ClipLook look_at(std::string path, const video::ClipLimits& limits) {
    ClipLook look{.path = std::move(path)};
    if (look.path.starts_with("http://") || look.path.starts_with("https://")) {
        look.error = "a URL cannot be looked at; download it first";
        return look;
    }
    try {
        look.verdict = check_clip(look.path, limits);
    } catch (const video::Error& error) {
        if (error.errc() == video::Errc::module_unavailable) {
            throw;
        }
        look.error = error.what();
        if (!error.next_step().empty()) {
            look.error += "; " + error.next_step();
        }
    }
    return look;
}

/// Where threads leave what they saw until its turn comes.
class OrderedLooks {
public:
    OrderedLooks(const NextPath& next, const video::ClipLimits& limits, std::size_t most_waiting)
        : next_(next), limits_(limits), most_waiting_(most_waiting) {}

    /// What each thread does.
    void work(const std::stop_token& stop) {
        try {
            while (auto item = next_item(stop)) {
                leave(item->first, look_at(std::move(item->second), limits_), stop);
            }
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (failure_ == nullptr) {
                failure_ = std::current_exception();
            }
            changed_.notify_all();
        }
    }

    /// The next one in order; nothing behind the last.
    std::optional<ClipLook> take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] {
            return failure_ != nullptr || looks_.contains(taken_) || count_ == taken_;
        });
        const auto found = looks_.find(taken_);
        if (found == looks_.end()) {
            if (failure_ != nullptr) {
                std::rethrow_exception(failure_);
            }
            return std::nullopt;
        }
        ClipLook look = std::move(found->second);
        looks_.erase(found);
        ++taken_;
        changed_.notify_all();
        return look;
    }

private:
    std::optional<std::pair<std::size_t, std::string>> next_item(const std::stop_token& stop) {
        const std::lock_guard reading(reading_);
        if (at_end_ || stop.stop_requested()) {
            return std::nullopt;
        }
        if (auto path = next_(stop)) {
            return std::pair(read_++, std::move(*path));
        }
        at_end_ = true;
        const std::lock_guard lock(mutex_);
        count_ = read_;
        changed_.notify_all();
        return std::nullopt;
    }

    void leave(std::size_t number, ClipLook look, const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, stop, [&] { return number < taken_ + most_waiting_; });
        looks_.emplace(number, std::move(look));
        changed_.notify_all();
    }

    const NextPath& next_;
    const video::ClipLimits& limits_;
    const std::size_t most_waiting_;

    std::mutex reading_;
    std::size_t read_ = 0;
    bool at_end_ = false;

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<std::size_t, ClipLook> looks_;
    std::size_t taken_ = 0;
    /// Of all; known at the end.
    std::optional<std::size_t> count_;
    std::exception_ptr failure_;
};

void look_one_by_one(const NextPath& next, const video::ClipLimits& limits,
                     const std::function<void(ClipLook)>& take) {
    const std::stop_token never;
    while (auto path = next(never)) {
        take(look_at(std::move(*path), limits));
    }
}

}  // namespace

void look_at_clips(int jobs, const NextPath& next, const video::ClipLimits& limits,
                   const std::function<void(ClipLook)>& take) {
    if (jobs <= 1) {
        look_one_by_one(next, limits, take);
        return;
    }
    const auto wanted = static_cast<std::size_t>(jobs);
    OrderedLooks looks(next, limits, wanted * kWaitingPerThread);
    const std::vector<std::jthread> threads =
        start_threads(wanted, [&looks](const std::stop_token& stop) { looks.work(stop); });
    if (threads.empty()) {
        look_one_by_one(next, limits, take);
        return;
    }
    while (auto look = looks.take()) {
        take(std::move(*look));
    }
}

}  // namespace editprep::tools::video_preflight
