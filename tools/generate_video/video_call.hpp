#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "editprep/transport/job_store.hpp"
#include "editprep/transport/model_registry.hpp"
#include "tools/generate_video/generate_video.hpp"
#include "tools/remote/openai_job.hpp"
#include "tools/workflow/remote_call.hpp"
#include "tools/workflow/remote_session.hpp"

/// From the options to a request, and from a request to its end, for either kind of provider.
namespace editprep::tools::generate_video {

/// How --image went, for the summary.
struct ImageUse {
    std::string field;
    /// `data-url`, `path` or `url`; `upload` for a file that fal was sent first.
    std::string transport;
};

/// What a request, or going on with a job, came to.
struct VideoOutcome {
    enum class End {
        /// The provider refused the request.
        refused,
        /// `resolved` is the last answer, which may refer to no media.
        finished,
        failed,
        /// The job goes on at the provider, or nobody can tell.
        unfinished,
    };
    End end = End::refused;
    /// To the request; when a job was resumed, the first that was seen.
    RemoteAnswer first{};
    std::string resolved{};
    /// Of a bad end, and of none.
    std::string reason{};
    /// An HTTP status that ended the polls; 0 when none did.
    int poll_status = 0;
    /// As it was sent, payloads shortened, as JSON text.
    std::string request{};
    /// Where an earlier run of the same idempotency key saved it; a file may be gone.
    std::vector<std::string> saved_files{};
    bool files_are_there = false;
};

/// Saves the content that lies at the URL; false when there is none yet.
using SaveContent = std::function<bool(const std::string& url)>;

struct VideoCall {
    /// For a dry run, the price and messages.
    PlannedCall planned;
    std::optional<ImageUse> image{};
    /// Sends the request and waits for the job. Where an earlier job of the same idempotency key
    /// stands for it, that is all of the outcome (`first.earlier`), and is to be gone on with.
    /// @param save_content may be empty: then a finished job is the end
    std::function<VideoOutcome(RemoteSession& session, const SaveContent& save_content)> run;
};

/// What the planning needs beside the options; references must outlive the call's use.
struct VideoPlan {
    const Options& options;
    /// Trimmed.
    std::string prompt;
    const RemoteProvider& provider;
    std::string model;
    /// What the registry knows; may be null.
    const transport::Model* known = nullptr;
    const Context& context;
    const Story& story;
};

/// Throws Failure for what the provider does not take.
[[nodiscard]] VideoCall plan_openai_call(const VideoPlan& plan);
[[nodiscard]] VideoCall plan_fal_call(const VideoPlan& plan);

/// Goes on with a job of the store that is not finished.
[[nodiscard]] VideoOutcome resume_openai_job(const transport::Job& job, const Options& options,
                                             RemoteSession& session,
                                             const SaveContent& save_content);
[[nodiscard]] VideoOutcome resume_fal_job(const transport::Job& job, const Options& options,
                                          RemoteSession& session);

/// The text is the name of something across the network, or the thing itself.
[[nodiscard]] bool is_url(const std::string& text);

/// Throws Failure, in the words of the contract, unless it is a URL or a file.
/// @param kind `image`, `video`, `audio`
void check_exists(const std::string& kind, const std::string& text);

/// --seconds, else --duration; nothing without either. Throws Failure with the contract's messages.
[[nodiscard]] std::optional<std::int64_t> wanted_seconds(const Options& options);

}  // namespace editprep::tools::generate_video
