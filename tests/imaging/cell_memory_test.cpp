#include "backdrop/cell_memory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace editprep::imaging {
namespace {

TEST(CellMemory, GivesOutAgainWhatCameBack) {
    const CellMemory memory(4096);
    void* first = CellMemory::take(1000);
    void* second = CellMemory::take(1000);
    EXPECT_NE(first, second);
    CellMemory::give_back(first, 1000);
    EXPECT_EQ(CellMemory::take(500), first);
    CellMemory::give_back(first, 500);
    CellMemory::give_back(second, 1000);
}

TEST(CellMemory, JoinsGapsWhateverTheOrder) {
    for (const auto& order : {std::array{0, 1, 2}, std::array{0, 2, 1}, std::array{1, 0, 2},
                              std::array{2, 1, 0}, std::array{2, 0, 1}, std::array{1, 2, 0}}) {
        const CellMemory memory(3 * 64);
        std::array<void*, 3> places{};
        for (void*& place : places) {
            place = CellMemory::take(64);
        }
        for (const int i : order) {
            CellMemory::give_back(places[static_cast<std::size_t>(i)], 64);
        }
        EXPECT_EQ(CellMemory::take(3 * 64), places[0]);
        CellMemory::give_back(places[0], 3 * 64);
    }
}

TEST(CellMemory, FallsBackToTheHeap) {
    CellVector<std::uint8_t> without(100, 1);
    {
        const CellMemory memory(256);
        CellVector<std::uint8_t> too_large(257, 2);
        EXPECT_EQ(too_large.back(), 2);
        without = {};
    }
    EXPECT_TRUE(without.empty());
}

TEST(CellMemory, ServesTheInnermostFirst) {
    const CellMemory outer(1024);
    void* const outside = CellMemory::take(64);
    {
        const CellMemory inner(1024);
        void* const inside = CellMemory::take(64);
        CellMemory::give_back(outside, 64);
        CellMemory::give_back(inside, 64);
    }
    EXPECT_EQ(CellMemory::take(1024), outside);
    CellMemory::give_back(outside, 1024);
}

TEST(CellMemory, ListsGrowInIt) {
    const CellMemory memory(20'000);
    void* const first = CellMemory::take(1);
    CellMemory::give_back(first, 1);
    CellVector<std::uint32_t> list;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        list.push_back(i);
    }
    EXPECT_GE(static_cast<void*>(list.data()), first);
    EXPECT_LT(static_cast<void*>(list.data()), static_cast<std::uint8_t*>(first) + 20'000);
    EXPECT_EQ(list.back(), 999U);
}

TEST(CellMemory, KeepsRastersApart) {
    const CellMemory memory(20'000);
    std::mt19937 random(5);
    std::vector<CellVector<std::uint32_t>> rasters(12);
    for (std::uint32_t round = 0; round < 2000; ++round) {
        CellVector<std::uint32_t>& raster = rasters[random() % rasters.size()];
        for (const std::uint32_t value : raster) {
            ASSERT_EQ(value, raster.front());
        }
        raster = CellVector<std::uint32_t>(random() % 900, round);
    }
}

}  // namespace
}  // namespace editprep::imaging
