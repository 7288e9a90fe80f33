#include "backdrop/row_sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace editprep::imaging {
namespace {

using Rows = std::vector<unsigned>;

/// Something that depends on the row, its neighbours and the order in which stages come.
unsigned mixed(const Rows& before, int row) {
    const int last = static_cast<int>(before.size()) - 1;
    const auto at = [&](int y) { return before[static_cast<std::size_t>(std::clamp(y, 0, last))]; };
    return 31 * at(row - 1) + 17 * at(row) + 7 * at(row + 1) + 1;
}

Rows stage_by_stage(int rows, int stages) {
    Rows values(static_cast<std::size_t>(rows), 1);
    for (int stage = 0; stage < stages; ++stage) {
        const Rows before = values;
        for (int row = 0; row < rows; ++row) {
            values[static_cast<std::size_t>(row)] = mixed(before, row);
        }
    }
    return values;
}

Rows in_one_sweep(int rows, int stages, int threads) {
    const Rows first(static_cast<std::size_t>(rows), 1);
    std::vector<Rows> left(static_cast<std::size_t>(stages), first);
    sweep_rows(rows, stages, threads, [&](int, int stage, int row) {
        const Rows& before = stage == 0 ? first : left[static_cast<std::size_t>(stage) - 1];
        left[static_cast<std::size_t>(stage)][static_cast<std::size_t>(row)] = mixed(before, row);
    });
    return left.back();
}

TEST(RowSweep, GivesWhatOneStageAfterTheOtherGives) {
    for (const int rows : {1, 2, 3, 7, 64, 301}) {
        for (const int stages : {1, 2, 7}) {
            for (const int threads : {1, 2, 3, 8}) {
                EXPECT_EQ(in_one_sweep(rows, stages, threads), stage_by_stage(rows, stages))
                    << rows << " rows, " << stages << " stages, " << threads << " threads";
            }
        }
    }
}

TEST(RowSweep, FollowsARowBehind) {
    std::vector<int> order;
    sweep_rows(4, 3, 1, [&](int, int stage, int row) { order.push_back(10 * stage + row); });
    EXPECT_EQ(order, (std::vector<int>{0, 1, 10, 2, 11, 20, 3, 12, 21, 13, 22, 23}));
}

TEST(RowSweep, NumbersItsThreads) {
    std::vector<int> seen(200);
    sweep_rows(200, 1, 3,
               [&](int thread, int, int row) { seen[static_cast<std::size_t>(row)] = thread; });
    EXPECT_GE(*std::min_element(seen.begin(), seen.end()), 0);
    EXPECT_LT(*std::max_element(seen.begin(), seen.end()), 3);
}

TEST(RowSweep, HasNothingToDoWithoutRows) {
    sweep_rows(0, 3, 2, [](int, int, int) { FAIL(); });
}

}  // namespace
}  // namespace editprep::imaging
