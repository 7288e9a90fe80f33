#include "tools/provider_emulator/provider_emulator.hpp"

#include <csignal>
#include <thread>

#include "tools/provider_emulator/server.hpp"
#include "tools/provider_emulator/setup_files.hpp"
#include "tools/remote/model_catalogue.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr const char* kKeyVariable = "EDITPREP_EMULATOR_KEY";

/// SIGTERM and SIGINT, kept from ending the process by themselves from now on, so that they end it
/// orderly whenever they come.
sigset_t hold_back_signals() {
    sigset_t signals{};
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

/// Ends the server, which must outlive this, when one of the signals comes.
class EndBySignal {
public:
    EndBySignal(const sigset_t& signals, Server& server)
        : thread_([signals, &server] {
              int signal = 0;
              ::sigwait(&signals, &signal);
              server.end();
          }) {}
    ~EndBySignal() {
        // Wakes the thread where the server ended by itself.
        ::pthread_kill(thread_.native_handle(), SIGTERM);
        thread_.join();
    }
    EndBySignal(const EndBySignal&) = delete;
    EndBySignal& operator=(const EndBySignal&) = delete;

private:
    std::thread thread_;
};

ServerSettings settings_for(const Options& options, const Context& context) {
    using std::chrono::milliseconds;
    return {.port = options.port,
            .key = context.environment(kKeyVariable),
            .latency = milliseconds(options.latency_ms),
            .job_time = milliseconds(static_cast<std::int64_t>(options.job_seconds * 1000)),
            .answer_size = options.answer_size,
            .echo = options.echo,
            .models = known_models(context.environment)};
}

}  // namespace

void run(const Options& options, const Context& context) {
    const sigset_t signals = hold_back_signals();
    const ServerSettings settings = settings_for(options, context);
    Server server(settings);
    for (const std::string& fault : options.faults) {
        server.faults().add(fault);
    }
    const std::string base_url = "http://127.0.0.1:" + std::to_string(server.bind());
    const bool own_key = settings.key.has_value();
    if (options.setup) {
        write_setup(*options.setup, base_url, own_key);
    }
    context.out("LISTENING " + base_url + '\n' +
                (options.quiet ? std::string() : shell_lines(base_url, own_key)));
    const EndBySignal end_by_signal(signals, server);
    server.serve();
}

}  // namespace editprep::tools::provider_emulator
