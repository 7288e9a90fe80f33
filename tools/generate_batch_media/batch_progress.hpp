#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "tools/remote/progress_line.hpp"
#include "tools/shared/context.hpp"

namespace editprep::tools::generate_batch_media {

/// One line on a terminal: a bar, items done and failed of how many, those that run, the cost so
/// far, time gone and time to go. Several threads may use it at once.
class BatchProgress {
public:
    BatchProgress(const Context& context, bool quiet, int total);

    /// An item that an earlier run had done, or that is not run at all.
    void known(bool ok, double cost_usd);
    void started();
    void finished(bool ok, double cost_usd);
    /// Draws it again, as time goes by.
    void tick();
    void clear();

private:
    void count(bool ok, double cost_usd);
    void draw();
    [[nodiscard]] std::string text() const;

    std::mutex mutex_;
    ProgressLine line_;
    std::chrono::steady_clock::time_point start_;
    int total_ = 0;
    int running_ = 0;
    /// Failed ones among them.
    int done_ = 0;
    int failed_ = 0;
    /// Done by this run: only they tell how long the others will take.
    int done_here_ = 0;
    double cost_usd_ = 0;
};

}  // namespace editprep::tools::generate_batch_media
