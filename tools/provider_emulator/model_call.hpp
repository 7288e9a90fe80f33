#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/faults.hpp"

/// A call of one of fal's models, and what comes of it.
namespace editprep::tools::provider_emulator {

struct ModelCall {
    /// Any endpoint id: what it does is told from its name and its input.
    std::string model;
    /// As it was sent.
    std::string input;
    /// This emulator's, for the links to results.
    std::string base_url;
    /// How long results are kept.
    std::optional<std::chrono::seconds> lifetime{};
    std::optional<Fault> fault{};
};

struct ModelAnswer {
    /// 200 with the model's output; else an error with the body's `detail`.
    int status = 200;
    Json body;
    /// Of an error: what the queue's status shows.
    std::string error{};
    std::string error_type{};
};

}  // namespace editprep::tools::provider_emulator
