#include "tools/remote/network.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <initializer_list>

#include "tools/shared/story.hpp"

namespace editprep::tools {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch these");

/// Of the clock that never goes back; 0 before the first signal.
std::atomic<std::int64_t> first_signal_ms{0};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

/// clock_gettime is one of the few calls that a signal handler may make.
std::int64_t now_ms() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

/// Programs such as timeout(1) send one signal to the process and once more to its group: that is
/// no second wish.
constexpr std::int64_t kSameWishMs = 300;

extern "C" void take_signal(int signal) {
    const int saved_errno = errno;
    const std::int64_t now = now_ms();
    std::int64_t first = 0;
    if (first_signal_ms.compare_exchange_strong(first, now)) {
        interrupted = true;
    } else if (now - first > kSameWishMs) {
        std::signal(signal, SIG_DFL);
        std::raise(signal);
    }
    errno = saved_errno;
}

/// A signal that the process was started to ignore, as under nohup, stays ignored.
void obey(int signal) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
        struct sigaction action {};
        action.sa_handler = take_signal;
        ::sigaction(signal, &action, nullptr);
    }
}

std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        if (auto value = environment(name)) {
            return *value;
        }
    }
    return {};
}

/// What is named after the loopback is this machine's: no proxy can reach it, and a key on its way
/// there, which may travel in the clear, is not for a proxy to see.
std::string without_proxy(const Environment& environment) {
    const std::string given = first_of(environment, {"no_proxy", "NO_PROXY"});
    return given + (given.empty() ? "" : ",") + "localhost,127.0.0.1,::1";
}

}  // namespace

const std::atomic<bool>& interruption() {
    static const bool once = [] {
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
            obey(signal);
        }
        return true;
    }();
    static_cast<void>(once);
    return interrupted;
}

transport::HttpSettings network_settings(const Environment& environment) {
    return {
        .user_agent = "editprep/" EDITPREP_VERSION,
        .http_proxy = first_of(environment, {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}),
        .https_proxy =
            first_of(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
        .no_proxy = without_proxy(environment),
        .ca_bundle =
            first_of(environment, {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}),
        .cancel = &interruption()};
}

void tell_of_deferred_interruption(const Sink& err) {
    Story(err, /*quiet=*/false)
        .note(
            "interrupted, but the request is being paid for: waiting for its answer; a second "
            "signal ends at once, and then what became of it stays unknown");
}

Network::Network(const Environment& environment)
    : http(network_settings(environment)), clock(transport::system_clock(&interruption())) {}

transport::EnvironmentLookup lookup_in(const Environment& environment) {
    return [environment](const std::string& name) { return environment(name.c_str()); };
}

}  // namespace editprep::tools
