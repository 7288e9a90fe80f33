#include <benchmark/benchmark.h>

#include "ratio_reporter.hpp"

namespace editprep::benchmarks {
void register_backdrop_benchmarks();
void register_codec_benchmarks();
void register_kernel_benchmarks();
}  // namespace editprep::benchmarks

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    editprep::benchmarks::register_kernel_benchmarks();
    editprep::benchmarks::register_backdrop_benchmarks();
    editprep::benchmarks::register_codec_benchmarks();
    editprep::benchmarks::RatioReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}
