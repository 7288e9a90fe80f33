#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "editprep/imaging/geometry.hpp"
#include "editprep/transport/model_registry.hpp"
#include "tools/provider_emulator/access.hpp"
#include "tools/provider_emulator/fal_models.hpp"
#include "tools/provider_emulator/faults.hpp"
#include "tools/provider_emulator/file_store.hpp"
#include "tools/provider_emulator/idempotency.hpp"
#include "tools/provider_emulator/journal.hpp"
#include "tools/provider_emulator/openai_images.hpp"
#include "tools/provider_emulator/openai_videos.hpp"
#include "tools/provider_emulator/pricing.hpp"
#include "tools/provider_emulator/queue.hpp"
#include "tools/provider_emulator/request_list.hpp"
#include "tools/provider_emulator/request_log.hpp"
#include "tools/provider_emulator/storage.hpp"

namespace editprep::tools::provider_emulator {

struct ServerSettings {
    /// 0 chooses a free one.
    int port = 0;
    std::optional<std::string> key{};
    std::chrono::milliseconds latency{0};
    std::chrono::milliseconds job_time{0};
    std::optional<imaging::Size> answer_size{};
    /// Edits of pictures give back what was sent.
    bool echo = false;
    /// What the video models accept, and all prices.
    transport::ModelRegistry models{};
};

/// All services behind one port of 127.0.0.1, told apart by the path's beginning: `/run`, `/queue`,
/// `/rest`, `/upload`, `/files`, `/api/v1` (fal), `/v1` (OpenAI) and `/_emulator` (this program).
class Server final : public httplib::Server {
public:
    explicit Server(const ServerSettings& settings);

    [[nodiscard]] FaultPlan& faults() noexcept { return faults_; }

    /// The port; throws Failure when it cannot be had.
    int bind();
    /// Returns after end().
    void serve();
    /// From any thread, before serve() too; returns when serve() is about to.
    void end();

private:
    bool process_and_close_socket(socket_t socket) override;
    void register_handlers();
    void answer(const httplib::Request& request, httplib::Response& response);
    void delay() const;
    void route(const httplib::Request& request, httplib::Response& response);
    void route_openai(const httplib::Request& request, httplib::Response& response);
    void control(const httplib::Request& request, httplib::Response& response);
    void control_faults(const httplib::Request& request, httplib::Response& response);

    ServerSettings settings_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> served_ = false;
    FaultPlan faults_;
    Journal journal_;
    RequestLog request_log_;
    FileStore files_;
    Access access_;
    FalModels models_;
    Queue queue_;
    Storage storage_;
    Pricing pricing_;
    RequestList request_list_;
    OpenAiImages openai_images_;
    OpenAiVideos openai_videos_;
    Idempotency idempotency_;
};

}  // namespace editprep::tools::provider_emulator
