#pragma once

#include <optional>

#include "editprep/imaging/geometry.hpp"
#include "editprep/transport/model_registry.hpp"
#include "tools/provider_emulator/fal_videos.hpp"
#include "tools/provider_emulator/file_store.hpp"
#include "tools/provider_emulator/model_call.hpp"

/// What fal's models would answer, with pictures and clips of our own.
namespace editprep::tools::provider_emulator {

/// Pictures here, clips by FalVideos. Several threads may use it at once.
class FalModels {
public:
    /// @param registry which models make clips, and what these accept; must outlive this
    /// @param files    must outlive this; results go there
    /// @param echo     edits give back the picture that was sent
    FalModels(const transport::ModelRegistry& registry, FileStore& files,
              std::optional<imaging::Size> answer_size, bool echo = false)
        : registry_(registry),
          files_(files),
          answer_size_(answer_size),
          echo_(echo),
          videos_(files, answer_size) {}

    [[nodiscard]] ModelAnswer call(const ModelCall& call) const;

private:
    [[nodiscard]] Json run(const ModelCall& call) const;
    [[nodiscard]] Json make_pictures(const ModelCall& call, const Json& input) const;

    const transport::ModelRegistry& registry_;
    FileStore& files_;
    std::optional<imaging::Size> answer_size_;
    bool echo_;
    FalVideos videos_;
};

}  // namespace editprep::tools::provider_emulator
