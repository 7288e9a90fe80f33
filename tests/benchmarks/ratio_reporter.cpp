#include "ratio_reporter.hpp"

#include <cstdio>

namespace editprep::benchmarks {

bool RatioReporter::ReportContext(const Context&) {
    std::printf("%-44s %10s %10s %12s\n", "processor time", "best ms", "x floor", "bytes");
    return true;
}

void RatioReporter::ReportRuns(const std::vector<Run>& runs) {
    double best_ms = 0;
    for (const Run& run : runs) {
        if (run.error_occurred) {
            std::printf("%-44s %s\n", run.benchmark_name().c_str(), run.error_message.c_str());
            return;
        }
        const double seconds = run.cpu_accumulated_time / static_cast<double>(run.iterations);
        const double ms = 1e3 * seconds;
        if (run.run_type == Run::RT_Iteration && (best_ms == 0 || ms < best_ms)) {
            best_ms = ms;
        }
    }
    const std::string name = runs.front().run_name.function_name;
    const std::string group = name.substr(0, name.find('/'));
    const double floor_ms = floor_ms_.try_emplace(group, best_ms).first->second;
    std::printf("%-44s %10.2f %10.2f", name.c_str(), best_ms, best_ms / floor_ms);
    const auto bytes = runs.front().counters.find("bytes");
    if (bytes != runs.front().counters.end()) {
        std::printf(" %12.0f", bytes->second.value);
    }
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace editprep::benchmarks
