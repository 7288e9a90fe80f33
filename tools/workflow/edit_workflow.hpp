#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"
#include "editprep/imaging/preview.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/edit_options.hpp"
#include "tools/shared/output_options.hpp"
#include "tools/shared/story.hpp"
#include "tools/workflow/edit_files.hpp"
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
    /// The picture as the user knows it, and what a composite keeps outside the mask; with --focus
    /// the part that is sent comes from it too. Empty where nothing of it is needed: no mask and no
    /// preview.
    const imaging::Image& source;
    /// What a composite keeps instead, where the source's own colours will not do: it differs from
    /// the source at most where the mask is partial. Nothing: the source.
    const imaging::Image* kept = nullptr;
    /// Same size; where the result may differ from what goes in. Empty for an edit of everything.
    const imaging::Mask& mask;
    /// Where the mask was saved, as summaries show it; nothing if it was not.
    std::optional<std::string> mask_path;
    std::string prompt;
    /// The edit, should the built-in provider be the one. Called at most once.
    std::function<LocalAnswer()> edit_locally;
    /// What a remote provider gets to edit, at least one. Called at most once.
    std::function<std::vector<JobFile>()> pictures;
    /// The mask as it is sent; nothing when the edit has none. Called at most once.
    std::function<JobFile(imaging::MaskEncoding encoding)> mask_to_send{};
    /// The mask goes to models that have a field for it, but not to OpenAI-compatible endpoints,
    /// which see the area to edit in the picture itself.
    bool mask_for_fields_only = false;
};

/// Edits, saves the result as `<out-dir>/<prefix>_<hex8>.png` (unless downloads are off) and the
/// preview. A remote provider's picture is put back under the mask unless --no-composite says
/// otherwise, and is then kept as `<out-dir>/<prefix>_<hex8>_raw<extension>`. Whatever goes wrong
/// once a remote provider answered is told in the summary, so that the answer is printed; see
/// finish. Ends the command after --dry-run.
[[nodiscard]] EditSummary run_edit(const EditRequest& request, const ProviderChoice& choice,
                                   const EditSettings& settings, const Context& context,
                                   const Story& story);

/// Writes source and mask, and the focus and the result when there are such, side by side to
/// --preview, if given.
void save_preview(const OutputGroup& output, const imaging::Image& source,
                  const imaging::Mask& mask, const imaging::Image* result,
                  const std::optional<imaging::PreviewFocus>& focus = std::nullopt);

/// The preview's path as it is printed; nothing when none was asked for.
[[nodiscard]] std::optional<std::string> preview_path(const OutputGroup& output);

}  // namespace editprep::tools
