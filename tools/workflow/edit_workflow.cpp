#include "tools/workflow/edit_workflow.hpp"

#include <nlohmann/json.hpp>

#include "editprep/imaging/image_file.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/output_folders.hpp"
#include "tools/shared/run_tool.hpp"
#include "tools/workflow/remote_edit.hpp"

namespace editprep::tools {
namespace {

std::string save_result(const LocalAnswer& answer, const EditGroup& edit, const Context& context) {
    const std::string folder =
        edit.out_dir.value_or(default_output_folders(context.environment).images);
    std::string path = new_file_path(folder, edit.prefix, ".png");
    if (answer.file.empty()) {
        imaging::write_image(path, answer.picture, imaging::Overwrite::own_files);
    } else {
        imaging::write_file(path, answer.file, imaging::Overwrite::own_files);
    }
    return path;
}

/// A mask of nothing or of everything is allowed, but seldom what was meant.
void warn_of_extremes(const imaging::Mask& mask, const Story& story) {
    if (imaging::selected_bounds(mask).empty()) {
        story.warn("the mask selects nothing: nothing was changed");
    } else if (imaging::coverage_fraction(mask) == 1.0) {
        story.warn("the mask selects the whole picture: nothing of it was kept");
    }
}

void print_dry_run(const LocalAnswer& answer, const EditRequest& request,
                   const ProviderChoice& choice, const Context& context) {
    nlohmann::ordered_json json;
    json["dry_run"] = true;
    json["provider"] = choice.name;
    json["mask"] = request.mask_path ? nlohmann::ordered_json(*request.mask_path) : nullptr;
    json["response"] = response_of(answer);
    json["cost_usd"] = 0;
    context.out(indented_json(json) + '\n');
}

EditSummary edit_locally(const EditRequest& request, const ProviderChoice& choice,
                         const EditSettings& settings, const Context& context, const Story& story) {
    if (!request.prompt.empty()) {
        story.warn("the local provider cannot follow a prompt; what it does is chosen with --fill");
    }
    if (settings.edit.focus) {
        story.note("the local provider needs no --focus: it fills at full resolution anyway");
    }
    const LocalAnswer answer = request.edit_locally();
    warn_of_extremes(request.mask, story);
    if (settings.edit.remote.dry_run) {
        print_dry_run(answer, request, choice, context);
        throw ExitRequest{kDone};
    }

    EditSummary summary;
    summary.model = settings.edit.model.empty() ? choice.name : settings.edit.model;
    summary.provider = choice.name;
    summary.mask = request.mask_path;
    summary.response = one_line_json(response_of(answer));
    // First the preview: should it fail, no result is left that nobody was told of.
    save_preview(settings.output, request.source, request.mask, &answer.picture);
    summary.preview = preview_path(settings.output);
    if (!settings.edit.no_download) {
        summary.downloaded = save_result(answer, settings.edit, context);
    }
    return summary;
}

}  // namespace

EditSummary run_edit(const EditRequest& request, const ProviderChoice& choice,
                     const EditSettings& settings, const Context& context, const Story& story) {
    if (settings.edit.focus_padding && !settings.edit.focus) {
        story.warn("--focus-padding has no effect without --focus");
    }
    return choice.is_local() ? edit_locally(request, choice, settings, context, story)
                             : edit_remotely(request, choice, settings, context, story);
}

void save_preview(const OutputGroup& output, const imaging::Image& source,
                  const imaging::Mask& mask, const imaging::Image* result,
                  const std::optional<imaging::PreviewFocus>& focus) {
    if (output.preview) {
        imaging::write_image(*output.preview,
                             imaging::render_preview(source, mask, result, {.focus = focus}),
                             output.rule());
    }
}

std::optional<std::string> preview_path(const OutputGroup& output) {
    return output.preview ? std::optional(display_path(*output.preview)) : std::nullopt;
}

}  // namespace editprep::tools
