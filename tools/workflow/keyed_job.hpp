#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "editprep/transport/job_store.hpp"
#include "tools/shared/remote_options.hpp"
#include "tools/workflow/remote_session.hpp"

/// Requests under a name of the user's (--idempotency-key): whatever was sent under it before is
/// gone on with, so that nothing is paid for twice.
namespace editprep::tools {

/// What tells a request from others; without a key nothing is looked for.
struct RequestIdentity {
    std::string model;
    std::string idempotency_key{};
    /// See digest_of; empty without a key.
    std::string input_digest{};
    bool resend_unknown = false;
};

/// Of a request as it is shown (PlannedCall::body): files count by their content, not by their
/// names, some of which are made up anew each time.
[[nodiscard]] std::string digest_of(const std::string& endpoint,
                                    const nlohmann::ordered_json& shown);

/// @param shown see digest_of
[[nodiscard]] RequestIdentity identify(const RemoteGroup& options, const std::string& model,
                                       const std::string& endpoint,
                                       const nlohmann::ordered_json& shown);

struct EarlierJob {
    enum class Next {
        /// Nothing was sent, or nothing is owed for it: a new job, begun after this one if there is
        /// one.
        send,
        /// This job, whose outcome is unknown: the provider knows it by its `sent_key`.
        send_again,
        /// What this job brings, or brought.
        take,
    };
    Next next = Next::send;
    std::optional<transport::Job> job{};

    [[nodiscard]] bool is_taken() const noexcept { return next == Next::take; }
    /// See transport::NewJob::after.
    [[nodiscard]] std::int64_t id() const noexcept { return job ? job->id : 0; }
};

/// Looks for what was sent under the key. A job of unknown outcome is asked for at the provider
/// where that is possible. Throws Failure when the key belongs to another request, when another
/// process is sending it, and when nobody can tell what became of it, unless it is to be sent again
/// then; transport::Error where the provider cannot be asked.
[[nodiscard]] EarlierJob find_earlier(RemoteSession& session, const RequestIdentity& request);

}  // namespace editprep::tools
