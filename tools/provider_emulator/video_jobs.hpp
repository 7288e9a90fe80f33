#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "editprep/video/media_info.hpp"
#include "tools/provider_emulator/faults.hpp"
#include "tools/provider_emulator/job_phase.hpp"

/// The jobs of OpenAI's videos.
namespace editprep::tools::provider_emulator {

/// What was asked for, complete and checked.
struct VideoOrder {
    std::string model;
    std::string prompt;
    video::FrameSize size;
    int seconds = 0;
    /// Empty unless it is a remix.
    std::string remixed_from{};
    /// The clip that is edited, which is the result too; empty for one of our own.
    std::string clip{};
    std::string clip_type = "video/mp4";
};

/// Nothing of it changes once it is among the jobs but the mutex.
struct VideoJob {
    std::string id;
    VideoOrder order;
    std::chrono::steady_clock::time_point accepted;
    /// Unix time.
    std::time_t created_at = 0;
    std::optional<Fault> fault{};
    /// Where its content is kept among the files.
    std::string file_path;
    /// Held while the content is made.
    std::mutex making{};

    [[nodiscard]] bool has_fault(FaultKind kind) const { return fault && fault->kind == kind; }
};

/// Holds the last jobs. Several threads may use it at once.
class VideoJobs {
public:
    [[nodiscard]] std::shared_ptr<VideoJob> add(VideoOrder order, std::optional<Fault> fault);
    /// Null when there is none.
    [[nodiscard]] std::shared_ptr<VideoJob> find(const std::string& id) const;
    void remove(const std::string& id);
    /// In the order in which they came.
    [[nodiscard]] std::vector<std::shared_ptr<VideoJob>> all() const;

private:
    mutable std::mutex mutex_;
    std::deque<std::shared_ptr<VideoJob>> jobs_;
};

}  // namespace editprep::tools::provider_emulator
