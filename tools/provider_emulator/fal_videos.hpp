#pragma once

#include <optional>

#include "editprep/imaging/geometry.hpp"
#include "editprep/transport/model_registry.hpp"
#include "tools/provider_emulator/file_store.hpp"
#include "tools/provider_emulator/model_call.hpp"

namespace editprep::tools::provider_emulator {

/// fal's video models. Inputs and files are held against what the model accepts; models that edit a
/// clip give back the one that was sent, byte for byte, and all others a pattern of the asked
/// length, shape and resolution, else of 5 seconds and 480 lines. Several threads may use it at
/// once.
class FalVideos {
public:
    /// @param files must outlive this; results go there
    FalVideos(FileStore& files, std::optional<imaging::Size> answer_size)
        : files_(files), answer_size_(answer_size) {}

    /// The model's output. Throws ModelError, or video::Error when no clip can be made.
    [[nodiscard]] Json run(const ModelCall& call, const transport::Model& model,
                           const Json& input) const;

private:
    FileStore& files_;
    std::optional<imaging::Size> answer_size_;
};

}  // namespace editprep::tools::provider_emulator
