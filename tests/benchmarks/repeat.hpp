#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace editprep::benchmarks {

template <class Work>
void repeat(benchmark::State& state, Work work) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(work());
    }
}

/// The floor of most groups: between buffers that are warm in the cache, as far as they fit.
inline void copy_bytes(benchmark::State& state, std::size_t count) {
    const std::vector<std::uint8_t> from(count, 1);
    std::vector<std::uint8_t> to(count);
    repeat(state, [&] {
        std::memcpy(to.data(), from.data(), count);
        benchmark::ClobberMemory();
        return to.data();
    });
}

}  // namespace editprep::benchmarks
