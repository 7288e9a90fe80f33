#include "tools/provider_emulator/webhooks.hpp"

#include <httplib.h>

#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"

namespace editprep::tools::provider_emulator {
namespace {

void post(const std::string& text, const Json& body) {
    const transport::Url url = transport::parse_url(text);
    httplib::Client client(url.origin());
    client.set_connection_timeout(5);
    client.set_read_timeout(15);
    const std::string target = url.query.empty() ? url.path : url.path + '?' + url.query;
    // Whether anyone listens is no concern of the job's.
    [[maybe_unused]] const auto answer = client.Post(target, body.dump(), "application/json");
}

}  // namespace

Webhooks::~Webhooks() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Webhooks::call_at(Clock::time_point time, std::string url, std::function<Json()> make_body) {
    const std::lock_guard lock(mutex_);
    due_.emplace(time, Delivery{std::move(url), std::move(make_body)});
    if (!thread_.joinable()) {
        thread_ = std::thread([this] { deliver_all(); });
    }
    changed_.notify_all();
}

void Webhooks::deliver_all() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
        if (due_.empty()) {
            changed_.wait(lock);
        } else if (const auto time = due_.begin()->first; time > Clock::now()) {
            changed_.wait_until(lock, time);
        } else {
            const Delivery delivery = std::move(due_.begin()->second);
            due_.erase(due_.begin());
            lock.unlock();
            post(delivery.url, delivery.make_body());
            lock.lock();
        }
    }
}

bool may_call(const std::string& url) {
    try {
        return transport::is_loopback_host(transport::parse_url(url).host);
    } catch (const transport::Error&) {
        return false;
    }
}

}  // namespace editprep::tools::provider_emulator
