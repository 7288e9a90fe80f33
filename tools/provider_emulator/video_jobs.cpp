#include "tools/provider_emulator/video_jobs.hpp"

#include <algorithm>
#include <utility>

#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/file_store.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::size_t kMaxJobs = 10'000;

}  // namespace

std::shared_ptr<VideoJob> VideoJobs::add(VideoOrder order, std::optional<Fault> fault) {
    const auto job = std::make_shared<VideoJob>();
    job->id = "video_" + new_id();
    job->order = std::move(order);
    job->accepted = std::chrono::steady_clock::now();
    job->created_at = std::time(nullptr);
    job->fault = std::move(fault);
    job->file_path = FileStore::new_path("video.mp4");
    const std::lock_guard lock(mutex_);
    jobs_.push_back(job);
    if (jobs_.size() > kMaxJobs) {
        jobs_.pop_front();
    }
    return job;
}

std::shared_ptr<VideoJob> VideoJobs::find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(jobs_, id, [](const auto& job) { return job->id; });
    return found == jobs_.end() ? nullptr : *found;
}

void VideoJobs::remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    std::erase_if(jobs_, [&](const auto& job) { return job->id == id; });
}

std::vector<std::shared_ptr<VideoJob>> VideoJobs::all() const {
    const std::lock_guard lock(mutex_);
    return {jobs_.begin(), jobs_.end()};
}

}  // namespace editprep::tools::provider_emulator
