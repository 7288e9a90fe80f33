#include "tools/generate_batch_media/batch_progress.hpp"

#include <array>
#include <cstdio>

namespace editprep::tools::generate_batch_media {
namespace {

constexpr int kBarColumns = 14;

std::string bar(int done, int total) {
    const int filled = total > 0 ? done * kBarColumns / total : kBarColumns;
    return '[' + std::string(static_cast<std::size_t>(filled), '#') +
           std::string(static_cast<std::size_t>(kBarColumns - filled), '-') + ']';
}

std::string dollars(double amount) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "$%.2f", amount);
    return text.data();
}

}  // namespace

BatchProgress::BatchProgress(const Context& context, bool quiet, int total)
    : line_(context, quiet), start_(std::chrono::steady_clock::now()), total_(total) {}

void BatchProgress::known(bool ok, double cost_usd) {
    const std::scoped_lock lock(mutex_);
    count(ok, cost_usd);
    draw();
}

void BatchProgress::started() {
    const std::scoped_lock lock(mutex_);
    ++running_;
    draw();
}

void BatchProgress::finished(bool ok, double cost_usd) {
    const std::scoped_lock lock(mutex_);
    --running_;
    ++done_here_;
    count(ok, cost_usd);
    draw();
}

void BatchProgress::tick() {
    const std::scoped_lock lock(mutex_);
    draw();
}

void BatchProgress::clear() {
    const std::scoped_lock lock(mutex_);
    line_.clear();
}

void BatchProgress::count(bool ok, double cost_usd) {
    ++done_;
    failed_ += ok ? 0 : 1;
    cost_usd_ += cost_usd;
}

void BatchProgress::draw() { line_.show(text()); }

std::string BatchProgress::text() const {
    const auto elapsed = std::chrono::steady_clock::now() - start_;
    std::string text =
        bar(done_, total_) + ' ' + std::to_string(done_) + '/' + std::to_string(total_);
    if (failed_ > 0) {
        text += ", " + std::to_string(failed_) + " failed";
    }
    text += ", " + std::to_string(running_) + " running";
    if (cost_usd_ > 0) {
        text += ", " + dollars(cost_usd_);
    }
    text += ", " + elapsed_text(elapsed);
    if (done_here_ > 0 && done_ < total_) {
        text += ", " + elapsed_text(elapsed / done_here_ * (total_ - done_)) + " left";
    }
    return text;
}

}  // namespace editprep::tools::generate_batch_media
