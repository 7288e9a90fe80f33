#include "tools/shared/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <vector>

namespace editprep::tools {
namespace {

TEST(ThreadCount, IsWhatIsAskedForOrOneAProcessor) {
    EXPECT_EQ(thread_count(1), 1);
    EXPECT_EQ(thread_count(7), 7);
    EXPECT_EQ(thread_count(kMostThreads + 1), kMostThreads);
    EXPECT_EQ(thread_count(0), thread_count(-3));
    EXPECT_GE(thread_count(0), 1);
    EXPECT_LE(thread_count(0), kMostThreads);
}

TEST(StartThreads, WorkUntilTheyAreLetGo) {
    std::atomic<int> stopped = 0;
    {
        const auto threads = start_threads(3, [&](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                std::this_thread::yield();
            }
            ++stopped;
        });
        EXPECT_EQ(threads.size(), 3U);
    }
    EXPECT_EQ(stopped, 3);
    EXPECT_TRUE(start_threads(0, [](const std::stop_token&) { FAIL(); }).empty());
}

TEST(InParallel, HandsOutEachNumberOnce) {
    for (const int threads : {-1, 0, 1, 3, 50}) {
        std::vector<std::atomic<int>> calls(20);
        in_parallel(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
        for (const auto& count : calls) {
            EXPECT_EQ(count, 1) << threads;
        }
    }
    in_parallel(0, 4, [](std::size_t) { FAIL(); });
}

TEST(InParallel, KeepsTheOrderOnOneThread) {
    std::vector<std::size_t> numbers;
    in_parallel(5, 1, [&](std::size_t i) { numbers.push_back(i); });
    EXPECT_EQ(numbers, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(InParallel, WorksOnSeveralThreadsAtOnce) {
    std::atomic<int> here = 0;
    // Each call waits for the other two.
    in_parallel(3, 3, [&](std::size_t) {
        ++here;
        while (here < 3) {
            std::this_thread::yield();
        }
    });
    EXPECT_EQ(here, 3);
}

TEST(InParallel, ThrowsTheFirstFailureOnceAllHaveStopped) {
    std::atomic<int> running = 0;
    std::atomic<std::size_t> calls = 0;
    const auto work = [&](std::size_t i) {
        ++running;
        ++calls;
        if (i == 4) {
            --running;
            throw std::runtime_error("four");
        }
        std::this_thread::yield();
        --running;
    };
    try {
        in_parallel(100'000, 3, work);
        FAIL() << "it went well";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "four");
    }
    EXPECT_EQ(running, 0);
    EXPECT_LT(calls, 100'000U);
}

}  // namespace
}  // namespace editprep::tools
