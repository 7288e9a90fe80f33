#pragma once

#include <functional>
#include <string>
#include <vector>

#include "editprep/transport/model_registry.hpp"
#include "editprep/video/clip_limits.hpp"
#include "tools/shared/command_line.hpp"

namespace editprep::tools {

/// What clips are held against, and where that was read.
struct ChosenLimits {
    video::ClipLimits clip{};
    /// Of all clips that go into one request; never changed by options.
    video::JointClipLimits together{};
    /// Of the model's data (YYYY-MM-DD); empty without a model.
    std::string source{};
    std::string date{};
};

/// The limits of a model's clip field. Throws UsageError for a model without one.
[[nodiscard]] ChosenLimits limits_of_model(const transport::Model& model);
/// Throws UsageError for an id that is not known, too, with the nearest that is.
[[nodiscard]] ChosenLimits limits_of_model(const transport::ModelRegistry& models,
                                           const std::string& id);

/// --model, and an option for each limit that replaces the model's; `none` removes one.
class LimitGroup {
public:
    LimitGroup();

    /// Under the title "Limits"; the group must outlive the line.
    void add_to(CommandLine& line);

    /// A model's id; `none` for the limits that options set alone.
    [[nodiscard]] const std::string& model() const noexcept { return model_; }

    /// Throws UsageError for an unknown model (with the nearest known id), for one that takes no
    /// clip, and where the least of something is above the largest.
    [[nodiscard]] ChosenLimits limits(const transport::ModelRegistry& models) const;

private:
    using Change = std::function<void(video::ClipLimits&)>;

    std::string model_;
    /// In the order in which they were given.
    std::vector<Change> changes_{};
    SpellOut spell_out_;
};

}  // namespace editprep::tools
