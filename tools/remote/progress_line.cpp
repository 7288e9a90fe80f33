#include "tools/remote/progress_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "tools/shared/story.hpp"

namespace editprep::tools {
namespace {

constexpr std::chrono::milliseconds kShortestPause{100};
/// A longer line would wrap on a small terminal and could not be written over.
constexpr std::size_t kWidestLine = 79;

std::string megabytes(std::uint64_t size_bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(size_bytes) / 1e6);
    return text;
}

}  // namespace

ProgressLine::ProgressLine(const Context& context, bool quiet)
    : context_(context), enabled_(!quiet && context.interactive && ::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
    try {
        clear();
    } catch (...) {
        // A line that stays on the terminal is no reason to end the process.
        enabled_ = false;
    }
}

void ProgressLine::show(const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    if (!enabled_ || (width_ > 0 && now - last_shown_ < kShortestPause)) {
        return;
    }
    const std::string line = one_line(what).substr(0, kWidestLine);
    const std::size_t leftover = width_ - std::min(width_, line.size());
    context_.err('\r' + line + std::string(leftover, ' '));
    width_ = line.size();
    last_shown_ = now;
}

void ProgressLine::clear() {
    if (width_ > 0) {
        context_.err('\r' + std::string(width_, ' ') + '\r');
        width_ = 0;
    }
}

std::function<void(const transport::Progress&)> ProgressLine::bytes(const std::string& what) {
    if (!enabled_) {
        return {};
    }
    return [this, what](const transport::Progress& progress) {
        const std::uint64_t done = std::max(progress.sent_bytes, progress.received_bytes);
        show(what + ' ' + megabytes(done) +
             (progress.expected_bytes ? " of " + megabytes(*progress.expected_bytes) : "") + " MB");
    };
}

std::string elapsed_text(std::chrono::steady_clock::duration elapsed) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
    const std::string rest = std::to_string(seconds % 60);
    return std::to_string(seconds / 60) + ':' + (rest.size() < 2 ? "0" : "") + rest;
}

}  // namespace editprep::tools
