#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>

namespace editprep::benchmarks {

/// Prints each time and its ratio to the first benchmark of its group. A benchmark's name is
/// `group/what`; the first of a group is its floor (a memcpy, a bare decode). Milliseconds move
/// with the machine; ratios taken in one run are the facts.
class RatioReporter : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(const Context& context) override;
    void ReportRuns(const std::vector<Run>& runs) override;

private:
    std::map<std::string, double> floor_ms_;
};

}  // namespace editprep::benchmarks
