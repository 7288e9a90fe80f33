#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "command_fixture.hpp"
#include "test_server.hpp"

namespace editprep::testing {

using Json = nlohmann::ordered_json;

/// Runs fal_client against a server in this process, with an empty home.
class FalTest : public CommandTest {
protected:
    FalTest() {
        std::filesystem::create_directories(file("home"));
        environment_ = {{"HOME", file("home").string()},
                        {"XDG_CONFIG_HOME", ""},
                        {"EDITPREP_STATE_DIR", file("state").string()},
                        {"EDITPREP_FAL_RUN_URL", server_.url()},
                        {"EDITPREP_FAL_QUEUE_URL", server_.url()},
                        {"EDITPREP_FAL_REST_URL", server_.url()},
                        {"EDITPREP_FAL_API_URL", server_.url()},
                        {"FAL_KEY", "uuid-1:test_secret"}};
    }

    /// What the server answers to `METHOD /path`, whatever the query; 404 for everything else.
    void answer(const std::string& request, Reply reply) {
        const std::lock_guard lock(mutex_);
        replies_[request] = std::move(reply);
    }

    void answer_json(const std::string& request, const std::string& body) {
        answer(request, {.body = body});
    }

    [[nodiscard]] ProcessResult fal(Arguments arguments, ProcessOptions options = {}) const {
        for (const auto& [name, value] : environment_) {
            options.environment.emplace(name, value);
        }
        return run("fal_client", std::move(arguments), std::move(options));
    }

    /// Queues a job under that request id.
    void submit(const std::string& request_id, const std::string& model = "some/model") {
        answer_json("POST /" + model, R"({"request_id":")" + request_id + R"("})");
        expect_success(fal({"submit", model, R"({"prompt":"p"})"}));
    }

    [[nodiscard]] Json listed() const {
        const ProcessResult result = fal({"list"});
        expect_success(result);
        return Json::parse(result.out);
    }

    [[nodiscard]] static std::vector<std::string> keys_of(const Json& object) {
        std::vector<std::string> keys;
        for (const auto& member : object.items()) {
            keys.push_back(member.key());
        }
        return keys;
    }

    [[nodiscard]] std::vector<RecordedRequest> requests() const { return server_.requests(); }

    std::map<std::string, std::string> environment_;

private:
    Reply reply_to(const RecordedRequest& request) const {
        const std::lock_guard lock(mutex_);
        const std::string path = request.target.substr(0, request.target.find('?'));
        const auto known = replies_.find(request.method + ' ' + path);
        return known == replies_.end() ? Reply{.status = 404, .body = R"({"detail":"Not Found"})"}
                                       : known->second;
    }

    mutable std::mutex mutex_;
    std::map<std::string, Reply> replies_;

protected:
    TestServer server_{[this](const RecordedRequest& request) { return reply_to(request); }};
};

}  // namespace editprep::testing
