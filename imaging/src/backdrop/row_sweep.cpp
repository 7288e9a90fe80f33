#include "backdrop/row_sweep.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace editprep::imaging {
namespace {

class Sweep {
public:
    using Work = std::function<void(int thread, int stage, int row)>;

    Sweep(int rows, int stages, const Work& work)
        : rows_(rows),
          stages_(stages),
          work_(work),
          awaited_(static_cast<std::size_t>(rows) * static_cast<std::size_t>(stages)) {
        for (int stage = 0; stage < stages; ++stage) {
            for (int row = 0; row < rows; ++row) {
                awaited(stage, row) = std::min(row + 1, rows - 1) - std::max(row - 1, 0) + 1;
            }
        }
    }

    /// Begins with one row after the other, as long as there are any.
    void run(int thread) {
        for (int row = next_++; row < rows_; row = next_++) {
            advance(thread, 0, row);
        }
    }

private:
    /// How many rows of the stage before have to be done yet.
    std::atomic<int>& awaited(int stage, int row) {
        return awaited_[static_cast<std::size_t>(stage) * static_cast<std::size_t>(rows_) +
                        static_cast<std::size_t>(row)];
    }

    /// Does a stage of a row, and everything that has waited for nothing else.
    void advance(int thread, int stage, int row) {
        work_(thread, stage, row);
        if (stage + 1 == stages_) {
            return;
        }
        for (int near = std::max(row - 1, 0); near <= std::min(row + 1, rows_ - 1); ++near) {
            if (--awaited(stage + 1, near) == 0) {
                advance(thread, stage + 1, near);
            }
        }
    }

    int rows_;
    int stages_;
    const Work& work_;
    std::vector<std::atomic<int>> awaited_;
    std::atomic<int> next_ = 0;
};

}  // namespace

void sweep_rows(int rows, int stages, int threads,
                const std::function<void(int thread, int stage, int row)>& work) {
    Sweep sweep(rows, stages, work);
    std::vector<std::jthread> helpers;
    try {
        for (int thread = 1; thread < std::min(threads, rows); ++thread) {
            helpers.emplace_back([&sweep, thread] { sweep.run(thread); });
        }
    } catch (const std::system_error&) {
        // Whatever the system grants beside this thread only makes it faster.
    }
    sweep.run(0);
}

}  // namespace editprep::imaging
