#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// A stand-in for fal and OpenAI on this machine: it speaks their protocols, charges nothing and
/// misbehaves on request.
namespace editprep::tools::provider_emulator {

struct Options {
    int port = 0;
    /// Specifications as in faults.hpp.
    std::vector<std::string> faults;
    int latency_ms = 0;
    double job_seconds = 0.2;
    std::optional<imaging::Size> answer_size;
    /// Edits give back the picture that was sent.
    bool echo = false;
    /// A folder.
    std::optional<std::string> setup;
    bool quiet = false;
};

/// Touches no file. Throws UsageError or InfoRequest.
[[nodiscard]] Options parse(const Words& words);

/// Serves until SIGTERM or SIGINT.
void run(const Options& options, const Context& context);

}  // namespace editprep::tools::provider_emulator
