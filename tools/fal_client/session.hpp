#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "editprep/transport/fal.hpp"
#include "editprep/transport/job_store.hpp"
#include "editprep/transport/model_registry.hpp"
#include "tools/remote/network.hpp"
#include "tools/remote/progress_line.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::fal_client {

/// What the subcommands work with. Each part is made when it is first asked for: what needs neither
/// network nor store loads neither libcurl nor SQLite.
class Session {
public:
    /// @param context must outlive the session
    explicit Session(const Context& context) : context_(context) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Declares --quiet and parses. Where a word is missing the usage goes to stdout, and the
    /// command ends with exit code 1.
    /// @param complete asked after parsing
    void parse(CommandLine& line, const Words& words, const std::function<bool()>& complete);

    [[nodiscard]] const Context& context() const noexcept { return context_; }
    [[nodiscard]] Story story() const { return {context_.err, quiet_}; }
    [[nodiscard]] ProgressLine progress() const { return {context_, quiet_}; }

    /// Ends the command with the older client's text on stdout when there is no key.
    [[nodiscard]] transport::FalClient& fal();
    [[nodiscard]] Network& network();
    [[nodiscard]] transport::JobStore& jobs();
    [[nodiscard]] const transport::ModelRegistry& models();

    /// An answer as indented JSON, or as it is when it is none.
    void print(std::string_view reply) const;

private:
    const Context& context_;
    bool quiet_ = false;
    std::unique_ptr<Network> network_;
    std::unique_ptr<transport::FalClient> fal_;
    std::optional<transport::JobStore> jobs_;
    std::optional<transport::ModelRegistry> models_;
};

/// The response, or a Failure with its reason when its status is 300 or more.
[[nodiscard]] transport::HttpResponse require_success(transport::HttpResponse response);

}  // namespace editprep::tools::fal_client
