#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "command_fixture.hpp"
#include "test_server.hpp"

namespace editprep::testing {

[[nodiscard]] inline std::vector<std::string> keys_of(const nlohmann::ordered_json& object) {
    std::vector<std::string> keys;
    for (const auto& member : object.items()) {
        keys.push_back(member.key());
    }
    return keys;
}

/// A server with the providers `zeta` and `alpha` of the compatibility cases on it, and commands
/// whose configuration and job store are in a home of their own.
class ProviderTest : public CommandTest {
protected:
    using Json = nlohmann::ordered_json;

    ProviderTest() : server_([this](const RecordedRequest& request) { return answer(request); }) {
        configure({{"zeta", {{"baseUrl", server_.url() + "/v1"}, {"apiKey", "k-zeta"}}},
                   {"alpha", {{"baseUrl", server_.url() + "/v1/"}, {"apiKey", "k-alpha"}}}});
        options.environment["OPENCLAW_CONFIG"] = (home_ / "openclaw.json").string();
        options.environment["EDITPREP_STATE_DIR"] = (home_ / "state").string();
        options.environment["HOME"] = home_.path().string();
    }

    void configure(const Json& providers) const {
        write_text(home_ / "openclaw.json", Json({{"models", {{"providers", providers}}}}).dump());
    }

    /// What every POST is answered with.
    void reply_with(Reply reply) {
        const std::lock_guard lock(mutex_);
        reply_ = std::move(reply);
    }
    void reply_with(const Json& body, int status = 200) {
        reply_with(Reply{.status = status, .body = body.dump()});
    }
    /// The same, depending on the request; it must not set replies itself.
    void reply_by(std::function<Reply(const RecordedRequest&)> decide) {
        const std::lock_guard lock(mutex_);
        decide_ = std::move(decide);
    }
    /// What a GET of this path (without query) is answered with; everything else is a 404.
    void serve(const std::string& path, Reply reply) { serve_in_turn(path, {std::move(reply)}); }
    /// The same, one after the other, and the last for ever.
    void serve_in_turn(const std::string& path, std::vector<Reply> replies) {
        const std::lock_guard lock(mutex_);
        files_[path] = {std::move(replies)};
    }
    void serve_png(const std::string& path, const std::string& fixture) {
        serve(path, {.body = content_of(file(fixture)), .content_type = "image/png"});
    }

    [[nodiscard]] std::string url() const { return server_.url(); }
    [[nodiscard]] std::vector<RecordedRequest> requests() const { return server_.requests(); }

    [[nodiscard]] ProcessResult call(const std::string& command, Arguments arguments) const {
        return run(command, std::move(arguments), options);
    }

    ProcessOptions options;

private:
    struct Served {
        std::vector<Reply> replies;
        std::size_t count = 0;
    };

    [[nodiscard]] Reply answer(const RecordedRequest& request) {
        const std::lock_guard lock(mutex_);
        if (request.method == "POST") {
            return decide_ ? decide_(request) : reply_;
        }
        const auto found = files_.find(request.target.substr(0, request.target.find('?')));
        if (found == files_.end()) {
            return {.status = 404, .body = "{}"};
        }
        Served& served = found->second;
        return served.replies[std::min(served.count++, served.replies.size() - 1)];
    }

    TempFolder home_;
    /// What follows is set by tests while the server's threads answer with it.
    std::mutex mutex_;
    Reply reply_;
    std::function<Reply(const RecordedRequest&)> decide_;
    std::map<std::string, Served> files_;
    /// Last, so that it is gone before what it answers with.
    TestServer server_;
};

}  // namespace editprep::testing
