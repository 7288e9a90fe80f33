#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "editprep/transport/fal.hpp"
#include "editprep/transport/job_store.hpp"
#include "editprep/transport/openai.hpp"
#include "tools/remote/network.hpp"
#include "tools/remote/progress_line.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/story.hpp"
#include "tools/workflow/provider_choice.hpp"

/// What a call across the network needs of this process.
namespace editprep::tools {

/// Opens nothing before it is used: neither a connection nor the job store.
class RemoteSession {
public:
    /// References must outlive the session.
    RemoteSession(const RemoteProvider& provider, const Context& context, const Story& story,
                  bool quiet);

    [[nodiscard]] const RemoteProvider& provider() const noexcept { return provider_; }
    [[nodiscard]] const Context& context() const noexcept { return context_; }
    [[nodiscard]] const Story& story() const noexcept { return story_; }
    [[nodiscard]] transport::HttpClient& http() noexcept { return network_.http; }
    [[nodiscard]] const transport::Clock& clock() const noexcept { return network_.clock; }
    [[nodiscard]] ProgressLine& progress() noexcept { return progress_; }
    [[nodiscard]] transport::JobStore& jobs();

    /// For the provider of the session, which must be of that kind.
    [[nodiscard]] transport::FalClient fal();
    [[nodiscard]] transport::OpenAiClient openai();

    /// Notes in the job store where a result went; a result that is safe is worth more than the
    /// note, so that a failure is only told.
    void note_saved(std::int64_t job, const std::vector<std::string>& paths);

private:
    void tell_of_interruption();

    const RemoteProvider& provider_;
    const Context& context_;
    const Story& story_;
    Network network_;
    ProgressLine progress_;
    std::optional<transport::JobStore> jobs_;
};

}  // namespace editprep::tools
