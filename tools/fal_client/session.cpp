#include "tools/fal_client/session.hpp"

#include <cstdio>
#include <utility>

#include "tools/remote/fal_access.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/remote/model_catalogue.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::fal_client {
namespace {

constexpr std::string_view kNoKey =
    "ERROR: No FAL_KEY found. Set FAL_KEY env var or add to TOOLS.md:\n"
    "  export FAL_KEY=<key id>:<key secret>\n"
    "  FAL_KEY: <key id>:<key secret>\n";

std::string seconds_text(std::chrono::milliseconds delay) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(delay.count()) / 1e3);
    return text;
}

}  // namespace

void Session::parse(CommandLine& line, const Words& words, const std::function<bool()>& complete) {
    line.section("General");
    line.flag("--quiet", quiet_, {.help = "No notes and progress on stderr"});
    line.parse(words);
    if (!complete()) {
        context_.out("Usage" + line.usage().substr(5));
        throw ExitRequest{kFailed};
    }
}

Network& Session::network() {
    if (!network_) {
        network_ = std::make_unique<Network>(context_.environment);
    }
    return *network_;
}

transport::FalClient& Session::fal() {
    if (!fal_) {
        auto endpoints = fal_endpoints(context_.environment);
        auto key = look_for_fal_key({}, context_.environment, story());
        if (key.key.empty()) {
            context_.out(kNoKey);
            throw ExitRequest{kFailed};
        }
        fal_ = std::make_unique<transport::FalClient>(network().http, network().clock,
                                                      std::move(endpoints), std::move(key.key));
        fal_->on_retry([this](const std::string& reason, std::chrono::milliseconds delay) {
            story().note(reason + "; trying again in " + seconds_text(delay));
        });
        fal_->on_deferred_cancel([this] { tell_of_deferred_interruption(context_.err); });
    }
    return *fal_;
}

transport::JobStore& Session::jobs() {
    if (!jobs_) {
        jobs_.emplace(open_job_store(context_.environment, story()));
    }
    return *jobs_;
}

const transport::ModelRegistry& Session::models() {
    if (!models_) {
        models_ = known_models(context_.environment);
    }
    return *models_;
}

void Session::print(std::string_view reply) const {
    if (is_json(reply)) {
        context_.out(indented_json_text(reply, NonAscii::escaped) + '\n');
    } else {
        context_.out(std::string(reply) + (reply.ends_with('\n') ? "" : "\n"));
    }
}

transport::HttpResponse require_success(transport::HttpResponse response) {
    if (response.status >= 300) {
        throw Failure(failure_text(response));
    }
    return response;
}

}  // namespace editprep::tools::fal_client
