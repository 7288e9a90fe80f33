#include "tools/workflow/remote_session.hpp"

#include <utility>

#include "editprep/transport/error.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/job_log.hpp"

namespace editprep::tools {
namespace {

void tell_retry(const Story& story, const std::string& reason, std::chrono::milliseconds delay) {
    story.note(reason + "; trying again in " + std::to_string(delay.count()) + " ms");
}

}  // namespace

RemoteSession::RemoteSession(const RemoteProvider& provider, const Context& context,
                             const Story& story, bool quiet)
    : provider_(provider),
      context_(context),
      story_(story),
      network_(context.environment),
      progress_(context, quiet) {
    if (provider.entry.allow_insecure) {
        transport::HttpSettings settings = network_.http.settings();
        settings.allow_insecure = true;
        network_.http = transport::HttpClient(std::move(settings));
    }
}

transport::JobStore& RemoteSession::jobs() {
    if (!jobs_) {
        jobs_ = open_job_store(context_.environment, story_);
    }
    return *jobs_;
}

transport::FalClient RemoteSession::fal() {
    transport::FalClient client(network_.http, network_.clock, fal_endpoints(context_.environment),
                                provider_.key());
    client.on_retry([this](const std::string& reason, std::chrono::milliseconds delay) {
        tell_retry(story_, reason, delay);
    });
    client.on_deferred_cancel([this] { tell_of_interruption(); });
    return client;
}

transport::OpenAiClient RemoteSession::openai() {
    transport::OpenAiClient client(network_.http, network_.clock, provider_.entry.base_url,
                                   provider_.key());
    client.on_retry([this](const std::string& reason, std::chrono::milliseconds delay) {
        tell_retry(story_, reason, delay);
    });
    client.on_deferred_cancel([this] { tell_of_interruption(); });
    return client;
}

void RemoteSession::tell_of_interruption() {
    progress_.clear();
    tell_of_deferred_interruption(context_.err);
}

void RemoteSession::note_saved(std::int64_t job, const std::vector<std::string>& paths) {
    try {
        jobs().saved(job, paths);
    } catch (const transport::Error& error) {
        story_.warn(error.what());
    }
}

}  // namespace editprep::tools
