#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "editprep/imaging/geometry.hpp"
#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/faults.hpp"
#include "tools/provider_emulator/file_store.hpp"

/// What fal's models would answer, with pictures of our own.
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

class FalModels {
public:
    /// @param files must outlive this; results go there
    FalModels(FileStore& files, std::optional<imaging::Size> answer_size)
        : files_(files), answer_size_(answer_size) {}

    [[nodiscard]] ModelAnswer call(const ModelCall& call) const;

private:
    [[nodiscard]] Json run(const ModelCall& call) const;

    FileStore& files_;
    std::optional<imaging::Size> answer_size_;
};

}  // namespace editprep::tools::provider_emulator
