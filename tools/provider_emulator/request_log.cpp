#include "tools/provider_emulator/request_log.hpp"

#include <utility>

namespace editprep::tools::provider_emulator {
namespace {

constexpr std::size_t kMaxRequests = 10'000;
/// Inputs may hold whole pictures and clips as data URIs.
constexpr std::size_t kMaxInputBytes = std::size_t{256} << 20;

}  // namespace

void RequestLog::add(LoggedRequest request) {
    const std::lock_guard lock(mutex_);
    input_bytes_ += request.input->size();
    requests_.push_back(std::move(request));
    while (input_bytes_ > kMaxInputBytes) {
        LoggedRequest& oldest = requests_[without_input_++];
        input_bytes_ -= oldest.input->size();
        oldest.input = nullptr;
    }
    if (requests_.size() > kMaxRequests) {
        if (without_input_ > 0) {
            --without_input_;
        } else {
            input_bytes_ -= requests_.front().input->size();
        }
        requests_.pop_front();
    }
}

std::vector<LoggedRequest> RequestLog::all() const {
    const std::lock_guard lock(mutex_);
    return {requests_.rbegin(), requests_.rend()};
}

}  // namespace editprep::tools::provider_emulator
