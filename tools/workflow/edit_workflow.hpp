#pragma once

#include <functional>
#include <optional>
#include <string>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/edit_options.hpp"
#include "tools/shared/output_options.hpp"
#include "tools/shared/story.hpp"
#include "tools/workflow/edit_summary.hpp"
#include "tools/workflow/local_provider.hpp"
#include "tools/workflow/provider_choice.hpp"

/// From a prepared picture and mask to a saved result: what every editing command does once its own
/// part is done.
namespace editprep::tools {

/// What the edit commands have in common on their command lines.
struct EditSettings {
    EditGroup edit;
    OutputGroup output{};
};

/// References must outlive the call.
struct EditRequest {
    /// The picture as the user knows it; only the preview shows it.
    const imaging::Image& source;
    /// Same size; where the result may differ from what goes in.
    const imaging::Mask& mask;
    /// Where the mask was saved, if it was.
    std::optional<std::string> mask_path;
    std::string prompt;
    /// The edit, should the built-in provider be the one. Called at most once.
    std::function<LocalAnswer()> edit_locally;
};

/// Edits, saves the result as `<out-dir>/<prefix>_<hex8>.png` (unless downloads are off) and the
/// preview. `choice` must be one that can edit here (require_able_to_edit).
[[nodiscard]] EditSummary run_edit(const EditRequest& request, const ProviderChoice& choice,
                                   const EditSettings& settings, const Context& context,
                                   const Story& story);

/// Writes source and mask, and the result when there is one, side by side to --preview, if given.
void save_preview(const OutputGroup& output, const imaging::Image& source,
                  const imaging::Mask& mask, const imaging::Image* result);

/// The preview's path as it is printed; nothing when none was asked for.
[[nodiscard]] std::optional<std::string> preview_path(const OutputGroup& output);

}  // namespace editprep::tools
