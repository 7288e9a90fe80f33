#pragma once

#include <httplib.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "editprep/imaging/geometry.hpp"
#include "tools/provider_emulator/access.hpp"
#include "tools/provider_emulator/faults.hpp"
#include "tools/provider_emulator/file_store.hpp"
#include "tools/provider_emulator/journal.hpp"
#include "tools/provider_emulator/video_jobs.hpp"

namespace editprep::tools::provider_emulator {

/// OpenAI's `/v1/videos`, as it was and as compatible servers have it, with clips of our own. A
/// clip that is uploaded to be edited comes back as it was sent. Several threads may use it at
/// once.
class OpenAiVideos {
public:
    struct Parts {
        const Access& access;
        FileStore& files;
        FaultPlan& faults;
        Journal& journal;
    };

    /// @param job_time from a job's acceptance to its end; a third of it the job waits
    OpenAiVideos(const Parts& parts, std::chrono::milliseconds job_time,
                 std::optional<imaging::Size> answer_size)
        : parts_(parts), job_time_(job_time), answer_size_(answer_size) {}

    [[nodiscard]] static bool serves(std::string_view path);

    /// Everything at and below `/v1/videos`.
    void handle(const httplib::Request& request, httplib::Response& response);

private:
    void route(const httplib::Request& request, httplib::Response& response);
    void create(const httplib::Request& request, httplib::Response& response,
                const std::string& how);
    void list(const httplib::Request& request, httplib::Response& response) const;
    void remove(httplib::Response& response, const VideoJob& job);
    void content(const httplib::Request& request, httplib::Response& response, VideoJob& job);

    /// Throws Refusal when there is none.
    [[nodiscard]] std::shared_ptr<VideoJob> find(const std::string& id) const;
    [[nodiscard]] VideoOrder finished_order(const std::string& id) const;
    [[nodiscard]] std::shared_ptr<const StoredFile> clip_of(VideoJob& job);
    [[nodiscard]] Json json_of(const VideoJob& job) const;
    [[nodiscard]] JobPhase phase_of(const VideoJob& job) const;
    [[nodiscard]] std::string_view status_of(const VideoJob& job) const;
    [[nodiscard]] int progress_of(const VideoJob& job) const;
    [[nodiscard]] std::time_t completed_at(const VideoJob& job) const;

    Parts parts_;
    std::chrono::milliseconds job_time_;
    std::optional<imaging::Size> answer_size_;
    VideoJobs jobs_;
};

}  // namespace editprep::tools::provider_emulator
